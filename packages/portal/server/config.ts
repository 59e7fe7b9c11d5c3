import { z } from 'zod';

const origins = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
  .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)));

/** Settings of the pages. */
export const portalEnv = {
  /** `off`: the process serves the API only. */
  PORTAL: z.enum(['on', 'off']).default('on'),
  /** Issuer (OpenID Connect) whose sign-in page people are sent to. An organization must believe it: POST /v1/issuers. */
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  /** The portal's id at that issuer: a public client with the redirect address `https://…/app/signed-in`. */
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_SCOPE: z.string().min(1).default('openid profile email'),
  /** Sent as `audience` where the issuer makes tokens for an API by that name. */
  OIDC_AUDIENCE: z.string().min(1).optional(),
  /** Origins besides the issuer's own that its token endpoint is at (comma separated). */
  OIDC_ORIGINS: origins.default([]),
};

export type PortalEnv = Readonly<z.output<z.ZodObject<typeof portalEnv>>>;

/** How people sign in, as the pages are told. */
export interface SignInConfig {
  /** Choosing a person of the demo company is enough. */
  readonly demo: boolean;
  readonly oidc: {
    readonly issuer: string;
    readonly clientId: string;
    readonly scope: string;
    readonly audience: string | null;
  } | null;
}

/** @throws Error when only one of issuer and client id is set. */
export function signInOf(env: PortalEnv, demo: boolean): SignInConfig {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = env;
  if ((issuer === undefined) !== (clientId === undefined)) {
    throw new Error('OIDC_ISSUER and OIDC_CLIENT_ID belong together: set both or none.');
  }
  const audience = env.OIDC_AUDIENCE ?? null;
  const oidc =
    issuer === undefined || clientId === undefined
      ? null
      : { issuer, clientId, scope: env.OIDC_SCOPE, audience };
  return { demo, oidc };
}

/** Where the pages may send requests besides to their own origin. */
export function connectOrigins(env: PortalEnv): string[] {
  const { OIDC_ISSUER: issuer, OIDC_ORIGINS: others } = env;
  return issuer === undefined ? [] : [...new Set([new URL(issuer).origin, ...others])];
}
