import type { Cache } from '@docent/cache/interfaces';
import { memoryCache } from '@docent/cache/memory';
import { newId } from '@docent/core/ids';
import { VERSION } from '@docent/core/version';
import type { Database } from '@docent/database/database';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { createAuthenticator } from './authentication.ts';
import { registerCors } from './cors.ts';
import { registerDenials } from './denied.ts';
import { registerHealth } from './health.ts';
import { createKeySets } from './jwks.ts';
import { createLockout } from './lockout.ts';
import { type LogOptions, loggerOptions, registerAccessLog } from './logging.ts';
import { registerMetrics } from './metrics.ts';
import { registerOpenApi } from './openapi.ts';
import { sendProblem } from './problem.ts';
import { noLimits, type RateLimits, registerRateLimits } from './rateLimit.ts';
import {
  answerMalformed,
  type ProxyTrust,
  registerAuthentication,
  registerBodyRules,
  registerConnections,
  registerHeaders,
  registerLifetime,
  registerUnmatched,
  requireDeclaredAccess,
} from './requests.ts';
import { createSecurityEvents } from './securityEvents.ts';
import { createOpenStreams } from './sse.ts';

/** A Fastify instance whose routes are typed by their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module 'fastify' {
  interface FastifyInstance {
    readonly stopping: {
      /** Turns new requests away, says farewell to open streams, waits for what is being answered. */
      drain(): Promise<void>;
      /** Ends every request that is being answered, whatever it is doing. */
      cut(): void;
    };
  }
}

export interface AppOptions {
  readonly title: string;
  readonly database: Database;
  /** Counts what must be limited across processes; in this process alone when absent. */
  readonly cache?: Cache;
  /** Keys of token issuers may come from http://localhost; never in production. */
  readonly allowLocalIssuers?: boolean;
  readonly version?: string;
  /** Where `/` leads: the description of the API, unless there are pages. */
  readonly home?: string;
  /** `false`: no log at all. */
  readonly log?: LogOptions | false;
  /** Largest body in bytes of a route without a `bodyLimit` of its own. */
  readonly bodyLimitBytes?: number;
  /** Longest time to answer in milliseconds, of a route without `config.timeoutMs`. */
  readonly requestTimeoutMs?: number;
  /** Requests a minute that callers may make; without it nobody is limited. */
  readonly rateLimits?: RateLimits;
  /** Proxies whose X-Forwarded-* headers are believed; none unless given. */
  readonly trustProxy?: ProxyTrust;
  /** Origins whose pages may call from a browser; none but the app's own unless given. */
  readonly corsOrigins?: readonly string[];
  /** Asked by /ready after the database has answered; throws an AppError when something is missing. */
  readonly ready?: () => Promise<void>;
}

/**
 * An app with everything that services share: validation, OpenAPI, problems, authentication, limits,
 * log, health, metrics, event streams that end when it stops. Services register as plugins.
 */
export async function createApp({
  title,
  database,
  cache = memoryCache(),
  allowLocalIssuers = false,
  version = VERSION,
  home = '/docs',
  log = { level: 'info' },
  bodyLimitBytes = 1_048_576,
  requestTimeoutMs = 30_000,
  rateLimits,
  trustProxy = false,
  corsOrigins = [],
  ready,
}: AppOptions): Promise<App> {
  const app: App = Fastify({
    ...loggerOptions(log),
    bodyLimit: bodyLimitBytes,
    // A number is how many proxies stand in front: the nearest is hop 0.
    trustProxy: typeof trustProxy === 'number' ? (_, hop) => hop < trustProxy : trustProxy,
    // Receiving a whole request may take as long as a large upload over a slow line.
    requestTimeout: 600_000,
    routerOptions: { maxParamLength: 500 },
    requestIdHeader: false,
    genReqId: (request) => requestId(request.headers['x-request-id']),
    // Requests that come while the app stops are answered by us, as a problem.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, error),
    clientErrorHandler: answerMalformed,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, error));

  const state = { stopping: false };
  const connections = registerConnections(app, state);
  const openStreams = createOpenStreams();
  app.decorate('openStreams', openStreams);
  registerHeaders(app, state);
  await registerCors(app, corsOrigins);
  registerLifetime(app, requestTimeoutMs);
  const metrics = registerMetrics(app);
  const securityEvents = createSecurityEvents(database, {
    log: app.log,
    count: metrics.securityEvent,
  });
  app.decorate('securityEvents', securityEvents);
  const authenticator = createAuthenticator({
    database,
    securityEvents,
    lockout: createLockout(cache),
    keySets: createKeySets({
      allowLocalHttp: allowLocalIssuers,
      onError: (err, uri) => app.log.warn({ err, uri }, 'could not fetch the keys of an issuer'),
    }),
    onError: (err) => app.log.warn({ err }, 'could not note the use of an API key'),
  });
  const leave = async () => {
    state.stopping = true;
    await openStreams.stopAll();
  };
  app.decorate('stopping', {
    async drain() {
      await leave();
      await connections.drained();
    },
    cut: connections.cut,
  });
  // Not in onClose: those run last registered first, the database's before this one.
  app.addHook('preClose', async () => {
    await leave();
    await authenticator.close();
    await securityEvents.close();
  });

  registerAccessLog(app);
  requireDeclaredAccess(app);
  const limiter =
    rateLimits === undefined
      ? noLimits
      : registerRateLimits(app, { cache, limits: rateLimits, securityEvents });
  registerAuthentication(app, limiter.guard(authenticator), limiter, state);
  registerDenials(app);
  registerBodyRules(app);
  registerUnmatched(app);
  await registerOpenApi(app, { title, version, home });
  registerHealth(app, { database, ready, state });
  return app;
}

/** Signals closer together than this are one. */
const TWICE_MS = 500;

export interface ServeOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Time that running requests and streams have to end after a signal, in milliseconds. */
  readonly graceMs?: number;
}

/**
 * Listens, and stops the process well on SIGTERM or SIGINT: not ready any more, open streams get
 * their last event, running requests end, everything closes, exit code 0. After `graceMs` what
 * still runs is cut off; a second signal ends the process at once.
 *
 * @returns the address, `http://host:port`.
 * @throws Error with a sentence for the person who started it, when it cannot listen; what a plugin
 *   throws at start.
 */
export async function serve(
  app: App,
  { host, port, graceMs = 25_000 }: ServeOptions,
): Promise<string> {
  try {
    await app.ready();
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw error instanceof Error && 'syscall' in error ? listenFailure(error, host, port) : error;
  }

  let stoppingSince: number | undefined;
  const stop = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      // One Ctrl-C under npm comes twice: from the terminal, and passed on by npm.
      if (performance.now() - stoppingSince > TWICE_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    app.log.info({ signal }, 'stopping');
    const cut = setTimeout(() => {
      app.log.warn({ graceMs }, 'cutting off what still runs');
      app.stopping.cut();
      setTimeout(() => process.exit(1), 5_000).unref();
    }, graceMs);
    cut.unref();
    // Drained before `close`, which gives its hooks 30 s, and not a second address of localhost.
    app.stopping
      .drain()
      .then(() => app.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          app.log.error({ err: error }, 'could not stop well');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);

  const address = app.server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  return `http://${host.includes(':') ? `[${host}]` : host}:${listening}`;
}

function listenFailure(error: Error & { code?: unknown }, host: string, port: number): Error {
  const { code } = error;
  const sentence =
    code === 'EADDRINUSE'
      ? `Port ${port} is in use on ${host}: stop what listens there, or set PORT to another one.`
      : code === 'EACCES'
        ? `This user may not listen on port ${port}: set PORT to one above 1023.`
        : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
          ? `This machine has no address ${host}: set HOST to one that it has.`
          : `Cannot listen on ${host}:${port}.`;
  return new Error(sentence, { cause: error });
}

/** A caller's own id when it is harmless in a log, else a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : newId();
}
