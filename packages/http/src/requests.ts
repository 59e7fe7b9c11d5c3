import { once } from 'node:events';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { checkAccess } from '@docent/core/access';
import { AppError } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Authenticator } from './authentication.ts';
import { errorTable, pathOf, sendProblem } from './problem.ts';
import type { RateLimiter } from './rateLimit.ts';
import { originOf } from './securityEvents.ts';
import { refuseUnstorable } from './storable.ts';

export type ProxyTrust = boolean | number | string | string[];

declare module 'fastify' {
  interface FastifyRequest {
    /** Ids of who is calling, for the log; empty before and without authentication. */
    readonly caller: Partial<Pick<Principal, 'orgId' | 'userId' | 'apiKeyId'>>;
  }
}

const API_CSP = "default-src 'none'; frame-ancestors 'none'";

/**
 * While the app stops, a connection ends with its response: kept alive, it would keep the server from
 * closing for 72 s. `localhost` is two servers (IPv4 and IPv6), of which Fastify waits for one only:
 * so requests are counted here.
 */
export function registerConnections(
  app: FastifyInstance,
  state: { readonly stopping: boolean },
): { drained: () => Promise<void>; cut: () => void } {
  const answering = new Set<ServerResponse>();
  app.addHook('onRequest', async (_request, { raw }) => {
    answering.add(raw);
    raw.once('close', () => answering.delete(raw));
  });
  app.addHook('onResponse', async (request) => {
    if (state.stopping) request.raw.socket.destroySoon();
  });
  return {
    async drained() {
      for (const response of answering) {
        if (!response.closed) await once(response, 'close');
      }
    },
    cut() {
      for (const response of answering) response.destroy();
    },
  };
}

/** Headers that every response carries, unless its route has set them. */
export function registerHeaders(app: FastifyInstance, state: { readonly stopping: boolean }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': API_CSP,
    });
  });
  app.addHook('onSend', async (_request, reply) => {
    if (state.stopping) reply.header('connection', 'close');
  });
}

/**
 * `request.signal`: aborted when the client leaves before the response ended, and when the time is
 * over. Fastify's own one follows the request's `close`, which comes as soon as the body is read.
 */
export function registerLifetime(app: FastifyInstance, requestTimeoutMs: number): void {
  app.addHook('onRequest', async (request, reply) => {
    const controller = new AbortController();
    Object.defineProperty(request, 'signal', { value: controller.signal });
    const timeoutMs = request.routeOptions.config.timeoutMs ?? requestTimeoutMs;
    const timer = setTimeout(() => {
      // A stream that is open has no end to wait for.
      if (reply.sent) return;
      const error = new AppError(
        'request_timeout',
        `The answer took longer than ${timeoutMs} ms and was given up.`,
        { details: { timeoutMs } },
      );
      controller.abort(error);
      if (!reply.sent) sendProblem(request, reply, error);
    }, timeoutMs);
    reply.raw.once('close', () => {
      clearTimeout(timer);
      if (!reply.raw.writableFinished) {
        controller.abort(new DOMException('The client has disconnected.', 'AbortError'));
      }
    });
  });
}

/** Refuses, at start, routes that say neither that they are public nor which scope they need. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  // Only when all are known: a plugin's own hook may declare its routes after this one has run.
  app.addHook('onReady', async () => {
    const open = routes.filter(({ config }) => config?.public !== true && !config?.scope);
    if (open.length === 0) return;
    const names = open.map(({ method, url }) => `${String(method)} ${url}`).join(', ');
    throw new Error(
      `These routes declare neither config.public nor config.scope ('any': every valid key): ${names}`,
    );
  });
}

/** Authenticates, before the body is read, everything that is not public. */
export function registerAuthentication(
  app: FastifyInstance,
  authenticator: Authenticator,
  limiter: RateLimiter,
  state: { readonly stopping: boolean },
): void {
  const principals = new WeakMap<FastifyRequest, Principal>();
  app.decorateRequest('principal', {
    getter() {
      const principal = principals.get(this);
      if (principal === undefined) throw new Error(`${this.url} is public: it has no principal`);
      return principal;
    },
  });
  app.decorateRequest('caller', {
    getter() {
      const { orgId, userId, apiKeyId } = principals.get(this) ?? {};
      return {
        ...(orgId === undefined ? {} : { orgId }),
        ...(userId === undefined ? {} : { userId }),
        ...(apiKeyId === undefined ? {} : { apiKeyId }),
      };
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    const { public: isPublic, scope = 'any', roles } = request.routeOptions.config;
    if (request.is404 || isPublic === true) return;
    if (state.stopping) {
      throw new AppError('shutting_down', 'The service is stopping; try again in a moment.');
    }
    const origin = originOf(request);
    const caller = await authenticator.authenticate(request.headers.authorization, origin);
    const principal = { ...caller, origin };
    principals.set(request, principal);
    await limiter.count(request, reply, principal);
    checkAccess(principal, { scope, roles });
  });
}

/** JSON only (a plugin may add another parser), and nothing in a request that cannot be stored. */
export function registerBodyRules(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  app.addHook('preValidation', async (request) => {
    refuseUnstorable(request.params, 'params');
    refuseUnstorable(request.query, 'querystring');
    refuseUnstorable(request.body, 'body');
  });
}

/** 405 with `Allow` where another method would have found a route, else 404. */
export function registerUnmatched(app: FastifyInstance): void {
  const routes: { methods: string[]; pattern: RegExp }[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    routes.push({ methods: [method].flat(), pattern: patternOf(url) });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const allowed = new Set(
      routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods),
    );
    if (allowed.size === 0) {
      const sentence = `There is nothing at ${request.method} ${path}.`;
      return sendProblem(request, reply, new AppError('no_such_route', sentence));
    }
    const allow = [...allowed].sort().join(', ');
    const sentence = `${path} does not take ${request.method}; it takes ${allow}.`;
    return sendProblem(
      request,
      reply.header('allow', allow),
      new AppError('method_not_allowed', sentence),
    );
  });
}

/** What matches a route's url as the router does it: `:name` is one part of a path, `*` any rest. */
function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
}

/** Answers what is not HTTP at all, or too slow to be: there is no request to speak of yet. */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const status =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 408
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? 431
        : 400;
  const body = JSON.stringify({
    type: '/docs/errors#invalid_request',
    title: errorTable.invalid_request.title,
    status,
    detail: `The request could not be read: ${STATUS_CODES[status] ?? 'bad request'}.`,
    instance: '/',
    code: 'invalid_request',
  });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
