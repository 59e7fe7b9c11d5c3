import { cacheEnv } from '@docent/cache/config';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { httpEnv } from '@docent/http/config';
import { modelsEnv } from '@docent/models/config';

/**
 * Settings of a recommendation service that runs alone.
 *
 * @throws Error that names every wrong one.
 */
export function loadConfig(variables: Record<string, string | undefined>) {
  return parseEnv({ ...httpEnv, ...databaseEnv, ...cacheEnv, ...modelsEnv }, variables);
}
