import { memoryCache } from '@docent/cache/memory';
import { newId } from '@docent/core/ids';
import { type Principal, type Role, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { run, sql } from '@docent/database/sql';
import { createKey } from '@docent/http/apiKey';
import { type Caller, type TestApp, testApp } from '@docent/test/app';
import { type WaitingJobs, waitingJobs } from '@docent/test/jobs';
import { fakeEmbedder } from '@docent/test/models';
import { z } from 'zod';
import { proposeLinks } from './links/links.ts';
import { catchUpOrganization } from './mastery/mastery.ts';
import { recommendationService } from './plugin.ts';
import { refoldCourse } from './progress/fold.store.ts';
import { withdrawStatement } from './xapi/withdraw.ts';

export interface TestLearning extends TestApp {
  readonly jobs: WaitingJobs;
  /** A JSON request; `as` is the administrator unless said. */
  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    options?: { body?: object | string; as?: Caller; headers?: Record<string, string> },
  ): Promise<{ status: number; body: Record<string, unknown>; headers: Record<string, unknown> }>;
  /** The same, and the answer's id. */
  make(url: string, body: object, as?: Caller): Promise<string>;
  department(name: string, parentId?: string): Promise<string>;
  member(role: Role, departmentId: string): Promise<Caller>;
  /** Does the work that waits. */
  work(): Promise<void>;
  /** Rows of a statement as a worker of the organization sees them. */
  rows(statement: ReturnType<typeof sql>): Promise<unknown[]>;
}

/** The service on an app of its own; jobs wait until a test runs them. */
export async function testLearning(
  options: {
    database?: Database;
    embedder?: ReturnType<typeof fakeEmbedder>;
    clock?: () => Date;
  } = {},
): Promise<TestLearning> {
  const jobs = waitingJobs();
  const embedder = options.embedder ?? fakeEmbedder();
  const base = await testApp({
    ...(options.database === undefined ? {} : { database: options.database }),
    plugins: (app, database) =>
      app.register(recommendationService, {
        database,
        jobs,
        cache: memoryCache(),
        embedderById: (id) => (id === embedder.id ? embedder : null),
        worker: false,
        ...(options.clock === undefined ? {} : { clock: options.clock }),
      }),
  });
  const { database, principal } = base;
  const worker = workerPrincipal(principal.orgId);

  const learning: TestLearning = {
    ...base,
    jobs,
    async send(method, url, { body, as, headers = {} } = {}) {
      const response = await base.request(method, url, {
        key: as?.key ?? base.key,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      return {
        status: response.statusCode,
        body: response.body === '' ? {} : z.record(z.string(), z.unknown()).parse(response.json()),
        headers: response.headers,
      };
    },
    async make(url, body, as) {
      const answer = await learning.send('POST', url, { body, ...(as ? { as } : {}) });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return z.uuid().parse(answer.body.id);
    },
    department: (name, parentId) =>
      database.withPrincipal(worker, async (tx) => {
        const id = newId();
        await run(
          tx,
          sql`
            insert into docent.departments (org_id, id, parent_id, name)
            values (${principal.orgId}, ${id}, ${parentId ?? null}, ${name})`,
        );
        return id;
      }),
    member: (role, departmentId) => member(database, principal, role, departmentId),
    async work() {
      for (const { orgId, courseId } of jobs.waiting['refold-course'].splice(0)) {
        await database.withPrincipal(workerPrincipal(orgId), (tx) =>
          refoldCourse(tx, orgId, courseId),
        );
      }
      for (const withdrawal of jobs.waiting['withdraw-statement'].splice(0)) {
        await withdrawStatement({ database, jobs }, withdrawal);
      }
      for (const { orgId } of jobs.waiting['replay-mastery'].splice(0)) {
        await catchUpOrganization(database, orgId);
      }
      const embedderById = (id: string) => (id === embedder.id ? embedder : null);
      for (const { orgId } of jobs.waiting['propose-links'].splice(0)) {
        await proposeLinks({ database, embedderById }, orgId);
      }
    },
    rows: (statement) =>
      database.withPrincipal(worker, async (tx) => (await tx.query(statement)).rows),
  };
  return learning;
}

async function member(
  database: Database,
  { orgId }: Principal,
  role: Role,
  departmentId: string,
): Promise<Caller> {
  const key = createKey('test');
  const userId = newId();
  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await run(
      tx,
      sql`
        insert into docent.users (org_id, id, email, name, role, department_id)
        values (${orgId}, ${userId}, ${`${userId}@test.example`}, ${role}, ${role}, ${departmentId})`,
    );
    await run(
      tx,
      sql`
        insert into docent.api_keys (org_id, id, user_id, name, secret_hash, last_four, scopes)
        values (${orgId}, ${key.id}, ${userId}, 'test', ${key.secretHash}, ${key.lastFour}, '{*}')`,
    );
  });
  return {
    key: key.token,
    principal: {
      orgId,
      userId,
      role,
      departmentIds: [departmentId],
      apiKeyId: key.id,
      scopes: ['*'],
    },
  };
}

/** Four questions, one of each type; all right: b, a + c, Paris, 3.14. */
export function sampleAssessment(more: object = {}): object {
  return {
    title: 'Sample',
    questions: [
      {
        type: 'single',
        prompt: 'Which letter is second?',
        options: [
          { id: 'a', text: 'A' },
          { id: 'b', text: 'B' },
        ],
        answer: { options: ['b'] },
      },
      {
        type: 'multiple',
        prompt: 'Which are not B?',
        options: [
          { id: 'a', text: 'A' },
          { id: 'b', text: 'B' },
          { id: 'c', text: 'C' },
        ],
        answer: { options: ['a', 'c'] },
      },
      { type: 'text', prompt: 'Capital of France?', answer: { accepted: ['Paris'] } },
      { type: 'numeric', prompt: 'Pi?', answer: { value: 3.14, tolerance: 0.01 } },
    ],
    ...more,
  };
}
