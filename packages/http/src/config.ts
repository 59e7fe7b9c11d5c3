import { z } from 'zod';

const perMinute = z.coerce.number().int().min(1).max(1_000_000);

/** Scheme, host and port, as a browser sends them. */
const Origin = z
  .string()
  .refine(
    (text) =>
      URL.canParse(text) &&
      /^https?:$/.test(new URL(text).protocol) &&
      new URL(text).origin === text,
    'must be origins such as https://portal.example, without a path',
  );

/** Settings of everything that answers HTTP; a service adds its own to them in its config file. */
export const httpEnv = {
  /** Address to listen on: 0.0.0.0 in production; elsewhere only this machine can reach it. */
  HOST: z.string().min(1).optional(),
  /** 0: any free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Largest body of a route that has no limit of its own. */
  BODY_LIMIT_BYTES: z.coerce.number().int().min(1_024).max(1_000_000_000).default(1_048_576),
  /** Longest time to answer; an event stream that is open has no limit. */
  REQUEST_TIMEOUT_MS: z.coerce.number().int().min(100).max(3_600_000).default(30_000),
  /**
   * Proxies whose X-Forwarded-* headers are believed: how many stand in front, or their addresses
   * (comma separated). Unset: none.
   */
  TRUST_PROXY: z
    .string()
    .transform((text) => (/^\d+$/.test(text) ? Number(text) : text))
    .optional(),
  /**
   * Origins (comma separated, such as https://portal.example) whose pages may call the API from a browser, with
   * a bearer token; `*`: those of any. Unset: none but the API's own.
   */
  CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .pipe(z.array(z.union([z.literal('*'), Origin])))
    .optional(),
  /** Time that running requests and streams have to end after SIGTERM. */
  SHUTDOWN_GRACE_MS: z.coerce.number().int().min(0).max(600_000).default(25_000),
  /** A misspelt `production` would open a demo organization: only these. */
  NODE_ENV: z.enum(['production', 'development', 'test']).optional(),
  /** Requests a minute of a person who signed in. Answers count as ten, uploads as five. */
  RATE_LIMIT_USER_PER_MINUTE: perMinute.default(1_200),
  /** Requests a minute of an API key that has no limit of its own. */
  RATE_LIMIT_KEY_PER_MINUTE: perMinute.default(6_000),
  /** Requests a minute of everybody in an organization together. */
  RATE_LIMIT_ORGANIZATION_PER_MINUTE: perMinute.default(12_000),
  /** Requests a minute of an address that cannot be authenticated, or asks for public pages. */
  RATE_LIMIT_ADDRESS_PER_MINUTE: perMinute.default(300),
  /** Processes that share the limits through Redis: while it is away, each allows its part of them. */
  RATE_LIMIT_PROCESSES: z.coerce.number().int().min(1).max(1_000).default(1),
};

export type HttpEnv = Readonly<z.output<z.ZodObject<typeof httpEnv>>>;

/** Address to listen on. */
export function hostOf(env: Pick<HttpEnv, 'HOST' | 'NODE_ENV'>): string {
  return env.HOST ?? (env.NODE_ENV === 'production' ? '0.0.0.0' : 'localhost');
}

/** Options of `createApp` that come from the environment. */
export function appOptionsOf(env: HttpEnv) {
  return {
    log: { level: env.LOG_LEVEL },
    bodyLimitBytes: env.BODY_LIMIT_BYTES,
    requestTimeoutMs: env.REQUEST_TIMEOUT_MS,
    allowLocalIssuers: env.NODE_ENV !== 'production',
    rateLimits: {
      user: env.RATE_LIMIT_USER_PER_MINUTE,
      key: env.RATE_LIMIT_KEY_PER_MINUTE,
      organization: env.RATE_LIMIT_ORGANIZATION_PER_MINUTE,
      ip: env.RATE_LIMIT_ADDRESS_PER_MINUTE,
      processes: env.RATE_LIMIT_PROCESSES,
    },
    ...(env.TRUST_PROXY === undefined ? {} : { trustProxy: env.TRUST_PROXY }),
    ...(env.CORS_ORIGINS === undefined ? {} : { corsOrigins: env.CORS_ORIGINS }),
  };
}

/** Options of `serve` that come from the environment. */
export function serveOptionsOf(env: HttpEnv) {
  return { host: hostOf(env), port: env.PORT, graceMs: env.SHUTDOWN_GRACE_MS };
}
