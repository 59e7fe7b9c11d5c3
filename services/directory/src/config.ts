import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { httpEnv } from '@docent/http/config';

/** Settings of the directory service. @throws Error that names every wrong one. */
export function loadConfig(variables: Record<string, string | undefined>) {
  return parseEnv({ ...httpEnv, ...databaseEnv }, variables);
}

/** Settings of a command that only uses the database. @throws Error that names every wrong one. */
export function loadDatabaseConfig(variables: Record<string, string | undefined>) {
  return parseEnv(databaseEnv, variables);
}
