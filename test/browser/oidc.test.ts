import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { demoPeople } from '@docent/directory/demo';
import { chromiumPath, filePortal } from '@docent/test/browser';
import { believe } from '@docent/test/issuer';
import { late } from '@docent/test/shaking';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const CLIENT = 'docent-portal';
const AUDIENCE = 'https://docent.example';

/** An OpenID Connect issuer on this machine: discovery, authorization code with PKCE, refresh, keys. */
async function openIssuer() {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const codes = new Map<string, { challenge: string; nonce: string }>();
  const grants: string[] = [];
  let seconds = 300;
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  const url = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;

  return {
    url,
    grants,
    /** Access tokens last so long from now on; less than minus a minute is over for everybody. */
    lasting(next: number) {
      seconds = next;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await late();
    const asked = new URL(request.url ?? '/', url);
    response.setHeader('access-control-allow-origin', '*');
    const send = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (asked.pathname === '/.well-known/openid-configuration') {
      return void send(200, {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
        id_token_signing_alg_values_supported: ['ES256'],
      });
    }
    if (asked.pathname === '/keys') {
      const key = { ...(await exportJWK(pair.publicKey)), alg: 'ES256', use: 'sig', kid: '1' };
      return void send(200, { keys: [key] });
    }
    if (asked.pathname === '/authorize') {
      const given = asked.searchParams;
      const code = randomUUID();
      codes.set(code, {
        challenge: given.get('code_challenge') ?? '',
        nonce: given.get('nonce') ?? '',
      });
      const back = new URL(given.get('redirect_uri') ?? '');
      const refused =
        given.get('client_id') !== CLIENT || given.get('code_challenge_method') !== 'S256';
      back.search = new URLSearchParams({
        state: given.get('state') ?? '',
        ...(refused ? { error: 'invalid_request' } : { code }),
      }).toString();
      return void response.writeHead(302, { location: back.href }).end();
    }
    const form = new URLSearchParams(await text(request));
    const grant = form.get('grant_type') ?? '';
    grants.push(grant);
    const kept = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const good =
      grant === 'refresh_token' ? form.get('refresh_token') === 'r' : kept?.challenge === verifier;
    if (!good) return void send(400, { error: 'invalid_grant' });
    send(200, {
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: 'r',
      access_token: await sign({ aud: AUDIENCE, email: demoPeople.learner.email }),
      ...(kept === undefined ? {} : { id_token: await sign({ aud: CLIENT, nonce: kept.nonce }) }),
    });
  }

  function sign(claims: Record<string, unknown>): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: url, sub: 'lea', iat: now - 400, exp: now + seconds, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: '1' })
      .sign(pair.privateKey);
  }
}

describe.skipIf(chromiumPath === undefined)('signing in at an OpenID Connect issuer', async () => {
  const issuer = await openIssuer();
  afterAll(issuer.close);
  const portal = filePortal({ env: { OIDC_ISSUER: issuer.url, OIDC_CLIENT_ID: CLIENT } });
  beforeAll(async () => {
    const { database, demo } = portal();
    const row = { url: issuer.url, audience: AUDIENCE, jwksUri: `${issuer.url}/keys` };
    await believe(database, demo.orgId, row, { linkByEmail: true });
  });

  test('goes there and comes back to the address that was asked for', async () => {
    const page = await portal().open('/app/learning/skills');
    await page.getByRole('button', { name: 'Sign in with your company account' }).click();

    await signedIn(page);

    expect(new URL(page.url()).pathname).toBe('/app/learning/skills');
    expect(issuer.grants).toEqual(['authorization_code']);
  });

  test('renews the token without the person, and asks them when that is over', async () => {
    const page = await portal().open('/app/chat');
    issuer.lasting(-120);
    await page.getByRole('button', { name: 'Sign in with your company account' }).click();
    await page.getByRole('heading', { name: 'You could not be signed in' }).waitFor();
    issuer.lasting(300);
    await page.getByRole('button', { name: 'Start again' }).click();
    await page.getByRole('button', { name: 'Sign in with your company account' }).click();
    await signedIn(page);
    await page.evaluate(`
      const kept = JSON.parse(sessionStorage.getItem('docent.session'));
      sessionStorage.setItem('docent.session', JSON.stringify({ ...kept, token: 'a.b.c' }));`);

    await page.reload();

    await signedIn(page);
    expect(issuer.grants.at(-1)).toBe('refresh_token');
  });

  test('who is back before other tabs had their time to answer stays signed in', async () => {
    const page = await portal().open('/app/chat');
    await page.addInitScript(`
      const wait = window.setTimeout;
      window.setTimeout = (call, ms) => wait(call, ms < 150 ? ms : ms + 2000);`);
    await page.getByRole('button', { name: 'Sign in with your company account' }).click();
    await signedIn(page);

    // As late as every timer that was set before.
    await page.evaluate(`new Promise((done) => setTimeout(done, 200))`);

    await signedIn(page);
  });

  test('an answer that was not asked for in this tab signs nobody in', async () => {
    const page = await portal().open('/app/signed-in?code=stolen&state=x');

    await page.getByText('This sign-in was not started in this tab').waitFor();

    expect(await page.evaluate(`sessionStorage.getItem('docent.session')`)).toBeNull();
  });
});

/** The page of sign-in has the person's name as well, among those of the demo company. */
async function signedIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.getByText('Lea Learner').waitFor();
}
