import { AppError } from '@docent/core/errors';
import type { Database } from '@docent/database/database';
import { z } from 'zod';
import type { App } from './app.ts';
import { problems } from './problem.ts';

/** Longer than a healthy database ever takes for nothing, shorter than a probe's patience. */
const PING_MS = 2_000;

/**
 * GET /live: the process answers. GET /ready: it can do its work, which takes the database and
 * whatever the service names; not models nor a cache, whose loss makes it worse but not useless.
 */
export function registerHealth(
  app: App,
  {
    database,
    ready,
    state,
  }: {
    database: Database;
    ready: (() => Promise<void>) | undefined;
    state: { readonly stopping: boolean };
  },
): void {
  const config = { public: true, cost: 0 };
  app.get(
    '/live',
    {
      config,
      logLevel: 'warn',
      schema: {
        operationId: 'live',
        summary: 'The process answers',
        tags: ['health'],
        response: { 200: z.object({ status: z.literal('live') }) },
      },
    },
    async () => ({ status: 'live' as const }),
  );
  app.get(
    '/ready',
    {
      config,
      logLevel: 'warn',
      schema: {
        operationId: 'ready',
        summary: 'The service can do its work',
        tags: ['health'],
        response: {
          200: z.object({ status: z.literal('ready') }),
          ...problems('database_unavailable', 'shutting_down'),
        },
      },
    },
    async () => {
      if (state.stopping) throw new AppError('shutting_down', 'The service is stopping.');
      await withinTime(database.ping());
      await ready?.();
      return { status: 'ready' as const };
    },
  );
}

async function withinTime(answer: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('database_unavailable', `The database is silent for ${PING_MS} ms.`));
    }, PING_MS);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
