import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, type DocentClient } from '@docent/client/client';
import { isAlive, readInstance } from '../start/instance.ts';
import { Failure } from './terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A client of the service that `DOCENT_URL` and `DOCENT_KEY` name, or of the one that runs on this
 * machine, as its demo organization's trainer.
 *
 * @throws Failure with one sentence when there is neither.
 */
export function connect(env: Record<string, string | undefined>): DocentClient {
  const url = env.DOCENT_URL || undefined;
  const key = env.DOCENT_KEY || undefined;
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new Failure('DOCENT_URL must look like http://localhost:3000.');
  }
  if (url !== undefined && key !== undefined) return createClient({ url, key });

  const instance = readInstance(resolve(root, env.DOCENT_DATA_DIR || '.docent'));
  if (url !== undefined && url !== instance.running?.url) {
    throw new Failure('DOCENT_URL is set, but not DOCENT_KEY: set both.');
  }
  if (instance.running === null || !isAlive(instance)) throw new Failure(NOT_RUNNING);
  const local = key ?? instance.demo?.keys.trainer;
  if (local === undefined) {
    throw new Failure('Docent runs here without a demo organization: set DOCENT_KEY.');
  }
  return createClient({ url: instance.running.url, key: local });
}

export const NOT_RUNNING =
  'Docent is not running here. Start it with `npm start`, or set DOCENT_URL and DOCENT_KEY.';
