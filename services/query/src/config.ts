import { cacheEnv } from '@docent/cache/config';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { httpEnv } from '@docent/http/config';
import { modelsEnv } from '@docent/models/config';
import { z } from 'zod';
import { chatEnv } from './chat/settings.ts';

/** Settings of the query service, beside those of the packages that it stands on. */
export const queryEnv = {
  ...chatEnv,
  /** `off`: this process answers requests only, another one does the work in the background. */
  WORKER: z.enum(['on', 'off']).default('on'),
};

export type QueryConfig = Readonly<z.output<z.ZodObject<typeof queryEnv>>>;

/**
 * Settings of a query service that runs alone.
 *
 * @throws Error that names every wrong one.
 */
export function loadConfig(variables: Record<string, string | undefined>) {
  return parseEnv(
    { ...httpEnv, ...databaseEnv, ...cacheEnv, ...modelsEnv, ...queryEnv },
    variables,
  );
}
