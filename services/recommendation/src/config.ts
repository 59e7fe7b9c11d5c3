import { cacheEnv } from '@docent/cache/config';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { httpEnv } from '@docent/http/config';
import { modelsEnv } from '@docent/models/config';
import { z } from 'zod';

/** Settings of the recommendation service, beside those of the packages that it stands on. */
export const recommendationEnv = {
  /** `off`: this process answers requests only, another one does the work in the background. */
  WORKER: z.enum(['on', 'off']).default('on'),
  /** Analytics older than this are worked out anew in the background when somebody reads them, minutes. */
  ANALYTICS_REFRESH_MINUTES: z.coerce.number().min(1).max(10_080).default(60),
};

/**
 * Settings of a recommendation service that runs alone.
 *
 * @throws Error that names every wrong one.
 */
export function loadConfig(variables: Record<string, string | undefined>) {
  return parseEnv(
    { ...httpEnv, ...databaseEnv, ...cacheEnv, ...modelsEnv, ...recommendationEnv },
    variables,
  );
}
