import { parseEnv as parseEnvFile } from 'node:util';
import { cacheEnv } from '@docent/cache/config';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { directoryEnv } from '@docent/directory/config';
import { httpEnv } from '@docent/http/config';
import { ingestionEnv } from '@docent/ingestion/config';
import { modelsEnv } from '@docent/models/config';
import { portalEnv } from '@docent/portal/config';
import { queryEnv } from '@docent/query/config';
import { recommendationEnv } from '@docent/recommendation/config';
import { z } from 'zod';

/** Every setting of an installation that runs in one process. */
export const startEnv = {
  ...httpEnv,
  ...databaseEnv,
  ...cacheEnv,
  ...directoryEnv,
  ...modelsEnv,
  ...recommendationEnv,
  ...ingestionEnv,
  ...queryEnv,
  ...portalEnv,
  /** Whether the demo organization gets a company to try with. Default: on when embedded and not in production. */
  DEMO_COMPANY: z.enum(['on', 'off']).optional(),
};

export type StartConfig = ReturnType<typeof loadConfig>;

/** Whether this process fills the demo organization: it must be the one that works in the background. */
export function bringsCompany(config: StartConfig): boolean {
  const { DEMO_COMPANY, DATABASE_URL, NODE_ENV, WORKER } = config;
  if (NODE_ENV === 'production' || WORKER === 'off') return false;
  return (DEMO_COMPANY ?? (DATABASE_URL === undefined ? 'on' : 'off')) === 'on';
}

/** Settings of the commands, and what Node and its libraries read. */
const OTHERS =
  /^(?:DOCENT_(?:URL|KEY)|EVAL_DIR|TZ|LANG|NODE_\w+|NO_COLOR|FORCE_COLOR|(?:\w+_)?PROXY|PG\w+)$/i;

/** @returns names in an .env file that are no settings of Docent: a misspelt one would be passed over in silence. */
export function unknownSettings(envFile: string): string[] {
  const names = Object.keys(parseEnvFile(envFile));
  return names.filter((name) => !Object.hasOwn(startEnv, name) && !OTHERS.test(name));
}

/**
 * @param isTerminal somebody watches: warnings are logged, not each request.
 * @throws Error that names every wrong setting at once, never its value.
 */
export function loadConfig(env: Record<string, string | undefined>, isTerminal: boolean) {
  const level = env.LOG_LEVEL || (isTerminal ? 'warn' : undefined);
  return parseEnv(startEnv, { ...env, LOG_LEVEL: level });
}
