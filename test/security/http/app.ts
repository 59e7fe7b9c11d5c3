import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryCache } from '@docent/cache/memory';
import { type Role, roles, type Scope, scopes, workerPrincipal } from '@docent/core/principal';
import { insertKey } from '@docent/directory/people.store';
import { createKey } from '@docent/http/apiKey';
import { type App, createApp } from '@docent/http/app';
import { waitingJobs } from '@docent/test/jobs';
import { fakeEmbedder } from '@docent/test/models';
import type { LightMyRequestResponse } from 'fastify';
import { loadConfig } from '../../../scripts/start/config.ts';
import { mountServices } from '../../../scripts/start/mount.ts';
import { type Matrix, openMatrix } from '../matrix/matrix.ts';
import { personOf } from '../matrix/world.ts';
import { rights } from '../rights/all.ts';
import { type Operation, operationsOf } from './openapi.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Request {
  readonly method: Method;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface HttpWorld {
  /** The rows that requests meet: those of the matrix. */
  readonly matrix: Matrix;
  readonly app: App;
  readonly operations: readonly Operation[];
  /** Bearer tokens: with all rights of the role, and narrowed to one scope. */
  readonly keys: Readonly<Record<Role, string>>;
  readonly scoped: ReadonlyMap<`${Role} ${Scope}`, string>;
  send(request: Request, key: string | null): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** Every service on one app, as the start mounts them, on a database with rows of every kind. */
export async function openHttp(): Promise<HttpWorld> {
  const matrix = await openMatrix(rights);
  const { database, world } = matrix;
  const folder = await mkdtemp(join(tmpdir(), 'docent-security-'));
  const app = await createApp({ title: 'Security', log: false, database });
  const close = async () => {
    await app.close();
    await matrix.drop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const embedder = fakeEmbedder();
    const models = {
      embedder,
      embedderById: () => embedder,
      chatModel: null,
      reranker: null,
      close: async () => undefined,
    };
    const config = loadConfig({ DOCENT_DATA_DIR: folder, WORKER: 'off', NODE_ENV: 'test' }, false);
    await mountServices(
      app,
      { database, models, cache: memoryCache(), jobs: waitingJobs() },
      config,
    );
    await app.ready();
    const keyOf = async (role: Role, allowed: readonly string[]) => {
      const key = createKey('test');
      await database.withPrincipal(workerPrincipal(world.home), (tx) =>
        insertKey(tx, world.home, {
          ...key,
          userId: personOf(world, role).id,
          name: `${role} ${allowed}`,
          scopes: allowed,
        }),
      );
      return key.token;
    };
    const scoped = new Map<`${Role} ${Scope}`, string>();
    for (const role of roles) {
      for (const scope of scopes) scoped.set(`${role} ${scope}`, await keyOf(role, [scope]));
    }
    const keys = {
      learner: await keyOf('learner', ['*']),
      trainer: await keyOf('trainer', ['*']),
      hr_manager: await keyOf('hr_manager', ['*']),
      admin: await keyOf('admin', ['*']),
    };
    const document = (await app.inject({ method: 'GET', url: '/openapi.json' })).json();
    return {
      matrix,
      app,
      operations: operationsOf(document),
      keys,
      scoped,
      close,
      send: ({ method, url, headers = {}, body }, key) =>
        app.inject({
          method,
          url,
          headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
          ...(body === undefined ? {} : { payload: body as object }),
        }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
