import * as oauth from 'oauth4webapi';
import type { Oidc } from './config.ts';
import type { StoredSession } from './store.ts';

const PENDING = 'docent.sign-in';

/** What is remembered while the person is at the issuer. */
interface Pending {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
  readonly returnTo: string;
}

/**
 * Leaves for the issuer's sign-in page: authorization code with PKCE (RFC 7636), as a public client.
 *
 * @param returnTo address below /app/ to come back to.
 */
export async function leaveForSignIn(oidc: Oidc, returnTo: string): Promise<void> {
  const server = await discover(oidc);
  if (server.authorization_endpoint === undefined) {
    throw new Error('The sign-in service does not say where to sign in.');
  }
  const pending: Pending = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    returnTo,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const address = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: oidc.clientId,
    redirect_uri: redirectUri(),
    response_type: 'code',
    scope: oidc.scope,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    state: pending.state,
    nonce: pending.nonce,
    ...(oidc.audience === null ? {} : { audience: oidc.audience }),
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  location.assign(address);
}

/**
 * Back from the issuer: the code is exchanged for an access token.
 *
 * @throws Error when the sign-in was not started here, was refused, or the issuer's answer is not right.
 */
export async function finishSignIn(
  oidc: Oidc,
  address: URL,
): Promise<{ session: StoredSession; returnTo: string }> {
  const text = sessionStorage.getItem(PENDING);
  if (text === null) throw new Error('This sign-in was not started in this tab. Start it again.');
  sessionStorage.removeItem(PENDING);
  const pending: Pending = JSON.parse(text);
  const server = await discover(oidc);
  const client = { client_id: oidc.clientId };
  const parameters = oauth.validateAuthResponse(server, client, address, pending.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    pending.verifier,
    options(oidc),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: pending.nonce,
  });
  return { session: sessionOf(tokens, null), returnTo: pending.returnTo };
}

/** A new access token without the person; null when the issuer wants to see them. */
export async function refresh(oidc: Oidc, session: StoredSession): Promise<StoredSession | null> {
  if (session.refreshToken === null) return null;
  try {
    const server = await discover(oidc);
    const client = { client_id: oidc.clientId };
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      oauth.None(),
      session.refreshToken,
      options(oidc),
    );
    const tokens = await oauth.processRefreshTokenResponse(server, client, response);
    return sessionOf(tokens, session.refreshToken);
  } catch {
    return null;
  }
}

async function discover(oidc: Oidc): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(oidc.issuer);
  const response = await oauth.discoveryRequest(issuer, options(oidc));
  return oauth.processDiscoveryResponse(issuer, response);
}

/** An issuer on this machine is for trying out; the server refuses its tokens in production. */
function options({ issuer }: Oidc) {
  const { protocol, hostname } = new URL(issuer);
  const local = protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname);
  return { [oauth.allowInsecureRequests]: local };
}

function redirectUri(): string {
  return new URL('/app/signed-in', location.origin).href;
}

function sessionOf(
  tokens: oauth.TokenEndpointResponse,
  refreshToken: string | null,
): StoredSession {
  return {
    kind: 'oidc',
    token: tokens.access_token,
    expiresAt: tokens.expires_in === undefined ? null : Date.now() + tokens.expires_in * 1000,
    refreshToken: tokens.refresh_token ?? refreshToken,
  };
}
