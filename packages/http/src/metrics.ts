import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Memory, CPU, event loop: of the process, however many apps it has. Made when first asked for. */
let processMetrics: Registry | undefined;

/** What others of this package count. */
export interface HttpMetrics {
  securityEvent(kind: string): void;
}

/**
 * GET /metrics in the Prometheus text format: time and number of requests by route, requests under
 * way, open event streams, and the process. Labels are routes, never addresses: their number is fixed.
 */
export function registerMetrics(app: FastifyInstance): HttpMetrics {
  const registry = new Registry();
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request’s first byte to the response’s last, in seconds',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const inFlight = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that are being answered, open event streams included',
    registers: [registry],
  });
  new Gauge({
    name: 'http_event_streams_open',
    help: 'Event streams with a reader',
    registers: [registry],
    collect() {
      this.set(app.openStreams.size);
    },
  });

  app.addHook('onRequest', async (_request, reply) => {
    inFlight.inc();
    // `close` comes after every response, also one whose reader left before its end.
    reply.raw.once('close', () => inFlight.dec());
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
    const labels = { method: request.method, route, status: reply.raw.statusCode };
    duration.observe(labels, reply.elapsedTime / 1000);
  });
  app.get(
    '/metrics',
    { schema: { hide: true }, config: { public: true, cost: 0 }, logLevel: 'warn' },
    async (_request, reply) => {
      processMetrics ??= startProcessMetrics();
      const all = Registry.merge([processMetrics, registry]);
      return reply.type(all.contentType).send(await all.metrics());
    },
  );

  const securityEvents = new Counter({
    name: 'security_events_total',
    help: 'Failed sign-ins, lock-outs, limits exceeded, by kind',
    labelNames: ['kind'],
    registers: [registry],
  });
  return { securityEvent: (kind) => securityEvents.inc({ kind }) };
}

function startProcessMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
