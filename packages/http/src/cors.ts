import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What a page of another origin may read of a response beside its body. */
const EXPOSED = [
  'Content-Disposition',
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
  'X-Vercel-AI-UI-Message-Stream',
];

/** What it may send. `User-Agent`: the AI SDK adds its name to it where a browser lets it. */
const ALLOWED = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'User-Agent',
  'X-Request-Id',
];

/** Time that a browser may remember what it was told. */
const MAX_AGE_SECONDS = 7_200;

/**
 * Lets pages of these origins call the API with a bearer token. Never with cookies: there are none. Pages of other
 * origins get answers that their browser keeps from them, as without it. Before authentication: a browser's
 * question has no token, and a refusal must be readable too. A route with headers of its own says
 * `config: { cors: false }`.
 */
export async function registerCors(
  app: FastifyInstance,
  origins: readonly string[],
): Promise<void> {
  if (origins.length === 0) return;
  const options = {
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: MAX_AGE_SECONDS,
  };
  // The plugin's route for all other OPTIONS leads to the answer that they get without it.
  app.addHook('onRoute', (route) => {
    if (route.method === 'OPTIONS' && route.url === '*') {
      route.config = { ...route.config, public: true };
    }
  });
  await app.register(cors, {
    delegator: (request: FastifyRequest, done) =>
      done(null, { ...options, preflight: isPreflight(request) }),
  });
}

function isPreflight({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}
