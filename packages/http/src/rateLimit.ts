import type { Bucket, Cache, Taken } from '@docent/cache/interfaces';
import { memoryCache } from '@docent/cache/memory';
import { AppError } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from './authentication.ts';
import { originOf, recordSecurityEvent, type SecurityEvents } from './securityEvents.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How many requests this one counts as; 1 when missing. 0: not limited (health checks). */
    cost?: number;
  }
}

/** Requests a minute, 1 to 1,000,000 each; as many may come at once. */
export interface RateLimits {
  /** Of a person who signed in. */
  readonly user: number;
  /** Of an API key that has no limit of its own. */
  readonly key: number;
  /** Of everybody in an organization together. */
  readonly organization: number;
  /** Of an address: public pages, what is not there, and requests that could not be authenticated. */
  readonly ip: number;
  /** Processes that share the limits: each allows its part while the shared count is away. 1 or more. */
  readonly processes: number;
}

export interface RateLimiter {
  /**
   * Counts a request of somebody who is known, and tells them what is left.
   * @throws AppError `rate_limited`
   */
  count(request: FastifyRequest, reply: FastifyReply, principal: Principal): Promise<void>;
  /**
   * The same authenticator; whoever fails too often at one address is told so. Valid callers at the same address
   * are not concerned: nobody can lock out a victim.
   */
  guard(authenticator: Authenticator): Authenticator;
}

/** What limits nobody: for tests and tools. */
export const noLimits: RateLimiter = {
  count: async () => {},
  guard: (authenticator) => authenticator,
};

interface Limit extends Bucket {
  readonly name: 'key' | 'user' | 'organization' | 'address';
}

/**
 * Rate limits by key, person, organization and address, counted in the cache and, while that is away, in this
 * process.
 */
export function registerRateLimits(
  app: FastifyInstance,
  {
    cache,
    limits,
    securityEvents,
  }: { cache: Cache; limits: RateLimits; securityEvents: SecurityEvents },
): RateLimiter {
  const own = memoryCache();

  // Before anything is looked up: pages that anybody may see, and paths that lead nowhere.
  app.addHook('onRequest', async (request, reply) => {
    const { public: isPublic, cost = 1 } = request.routeOptions.config;
    if (cost === 0 || !(request.is404 || isPublic === true)) return;
    const limit = ofAddress(request.ip);
    const taken = await take([limit], cost);
    if (taken.refused === null) return;
    securityEvents.record({
      kind: 'limit_exceeded',
      orgId: null,
      origin: originOf(request),
      details: { limit: limit.name, perMinute: limit.perMinute },
    });
    throw refusal(reply, [limit], taken);
  });

  return {
    async count(request, reply, principal) {
      const { cost = 1 } = request.routeOptions.config;
      if (cost === 0) return;
      const asked = limitsOf(principal);
      const taken = await take(asked, cost);
      tell(reply, asked, taken);
      if (taken.refused === null) return;
      const error = refusal(reply, asked, taken);
      const { name = 'organization', perMinute = 0 } = asked[taken.refused] ?? {};
      recordSecurityEvent(request, 'limit_exceeded', { limit: name, perMinute });
      throw error;
    },
    guard: (authenticator) => ({
      ...authenticator,
      async authenticate(authorization, origin) {
        try {
          return await authenticator.authenticate(authorization, origin);
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'unauthenticated') throw error;
          const limit = ofAddress(origin.ip);
          const taken = await take([limit], 1);
          if (taken.refused === null) throw error;
          securityEvents.record({
            kind: 'limit_exceeded',
            orgId: null,
            origin,
            details: { limit: limit.name, perMinute: limit.perMinute },
          });
          throw limited(limit, taken);
        }
      },
    }),
  };

  function limitsOf({ orgId, userId, apiKeyId, rateLimitPerMinute }: Principal): Limit[] {
    const caller: Limit =
      apiKeyId === undefined
        ? { name: 'user', key: `limit:{${orgId}}:user:${userId}`, perMinute: limits.user }
        : {
            name: 'key',
            key: `limit:{${orgId}}:key:${apiKeyId}`,
            perMinute: rateLimitPerMinute ?? limits.key,
          };
    const organization: Limit = {
      name: 'organization',
      key: `limit:{${orgId}}`,
      perMinute: limits.organization,
    };
    return [caller, organization];
  }

  function ofAddress(ip: string): Limit {
    return { name: 'address', key: `limit:{${networkOf(ip)}}`, perMinute: limits.ip };
  }

  async function take(asked: readonly Limit[], cost: number): Promise<Taken> {
    const shared = await cache.take(asked, cost);
    if (shared !== null) return shared;
    const parts = asked.map(({ key, perMinute }) => ({
      key,
      perMinute: Math.max(1, Math.floor(perMinute / limits.processes)),
    }));
    const taken = await own.take(parts, cost);
    if (taken === null) throw new Error('the memory of this process always counts');
    return taken;
  }
}

/** One customer of a provider has all addresses of an IPv6 network of 64 bits. */
function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!ip.includes(':')) return ip;
  const [start = '', end = ''] = ip.split('::');
  const [first, last] = [start, end].map((half) => half.split(':').filter((part) => part !== ''));
  const zeros = Array.from({ length: 8 - (first?.length ?? 0) - (last?.length ?? 0) }, () => '0');
  return [...(first ?? []), ...(ip.includes('::') ? zeros : []), ...(last ?? [])]
    .slice(0, 4)
    .map((part) => part.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}

/** As draft-ietf-httpapi-ratelimit-headers-10 has them: `q` units in `w` seconds; `r` left, all back in `t` seconds. */
function tell(reply: FastifyReply, asked: readonly Limit[], { left }: Taken): void {
  const policies = asked.map(({ name, perMinute }) => `"${name}";q=${perMinute};w=60`);
  const states = asked.map(({ name }, index) => {
    const { units = 0, fullInMs = 0 } = left[index] ?? {};
    return `"${name}";r=${units};t=${Math.ceil(fullInMs / 1000)}`;
  });
  reply.header('ratelimit-policy', policies.join(', ')).header('ratelimit', states.join(', '));
}

function refusal(reply: FastifyReply, asked: readonly Limit[], taken: Taken): AppError {
  tell(reply, asked, taken);
  const limit = asked[taken.refused ?? 0];
  if (limit === undefined) throw new Error('a limit that nobody asked about refused');
  return limited(limit, taken);
}

function limited({ name, perMinute }: Limit, { retryAfterMs }: Taken): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new AppError(
    'rate_limited',
    `This ${name} may make ${perMinute} requests a minute. Try again in ${retryAfterSeconds} s.`,
    { details: { limit: name, perMinute, retryAfterSeconds } },
  );
}
