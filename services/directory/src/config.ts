import { cacheEnv } from '@docent/cache/config';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { httpEnv } from '@docent/http/config';
import { z } from 'zod';

/** Settings of the directory service alone. */
export const directoryEnv = {
  /** Longest life of an API key that is made over HTTP. */
  API_KEY_MAX_DAYS: z.coerce.number().int().min(1).max(3_650).default(365),
};

export interface AccessConfig {
  /** Longest life of an API key, days. */
  readonly apiKeyMaxDays: number;
  /** Keys of token issuers may come from http://localhost; never in production. */
  readonly allowLocalIssuers: boolean;
}

/** What is not set: as in an environment where nothing is. */
export function accessConfigOf(env: {
  readonly API_KEY_MAX_DAYS?: number | undefined;
  readonly NODE_ENV?: string | undefined;
}): AccessConfig {
  const { API_KEY_MAX_DAYS } = z.object(directoryEnv).parse(env);
  return { apiKeyMaxDays: API_KEY_MAX_DAYS, allowLocalIssuers: env.NODE_ENV !== 'production' };
}

/** Settings of the directory service. @throws Error that names every wrong one. */
export function loadConfig(variables: Record<string, string | undefined>) {
  return parseEnv({ ...httpEnv, ...databaseEnv, ...cacheEnv, ...directoryEnv }, variables);
}

/** Settings of a command that only uses the database. @throws Error that names every wrong one. */
export function loadDatabaseConfig(variables: Record<string, string | undefined>) {
  return parseEnv(databaseEnv, variables);
}
