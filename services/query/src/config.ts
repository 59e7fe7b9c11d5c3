import { cacheEnv } from '@docent/cache/config';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { httpEnv } from '@docent/http/config';
import { modelsEnv } from '@docent/models/config';
import { type ChatSettings, chatEnv } from './chat/settings.ts';

/** Settings of the query service, beside those of the packages that it stands on. */
export const queryEnv = { ...chatEnv };

export type QueryConfig = ChatSettings;

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
