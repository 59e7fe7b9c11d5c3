import { EvaluationQuestion, EvaluationSet } from '@docent/contracts/evaluationSets';
import { Evaluation, EvaluationResult } from '@docent/contracts/evaluations';
import { parseEnv } from '@docent/core/env';
import type { Database } from '@docent/database/database';
import type { ChatModel } from '@docent/models/interfaces';
import { type Caller, type TestApp, testApp } from '@docent/test/app';
import { testCache } from '@docent/test/cache';
import { waitingJobs } from '@docent/test/jobs';
import { fakeEmbedder } from '@docent/test/models';
import { z } from 'zod';
import { queryEnv } from '../config.ts';
import { queryService } from '../plugin.ts';
import { storeContent } from '../search/testing.ts';
import { type RunDeps, runChunk } from './run.ts';

/** What the organization of the tests knows. */
const CONTENTS = [
  {
    title: 'Vacation policy',
    chunks: [
      'Every employee has 25 vacation days a year. Unused vacation days expire on 31 March.',
    ],
  },
  {
    title: 'Travel policy',
    chunks: ['Maria Lopez approves travel above 500 euros. Trains are preferred to planes.'],
  },
  {
    title: 'Security handbook',
    chunks: ['Passwords have at least 14 characters. Lock the screen.'],
  },
];

export type TestEvaluations = Awaited<ReturnType<typeof testEvaluations>>;

/** The query service with three contents, a trainer, and jobs that wait until a test works them off. */
export async function testEvaluations({
  chatModel = null,
  ...others
}: {
  chatModel?: ChatModel | null;
  database?: Database;
} = {}) {
  const embedder = fakeEmbedder();
  const jobs = waitingJobs();
  const cache = await testCache();
  const settings = parseEnv(queryEnv, { WORKER: 'off' });
  const problems: { details: object; message: string }[] = [];
  const note = (details: object, message: string) => void problems.push({ details, message });
  let worker: RunDeps | undefined;
  const test: TestApp = await testApp({
    ...others,
    plugins: async (app, database) => {
      const deps = { database, jobs, embedder, embedderById: () => embedder, chatModel };
      worker = {
        ...deps,
        reranker: null,
        settings,
        clock: () => performance.now(),
        log: { warn: note, error: note },
      };
      await app.register(queryService, { ...deps, reranker: null, cache, config: settings });
    },
  });
  if (worker === undefined) throw new Error('the app has no worker');
  const deps = worker;
  const contentIds = await storeContent(
    test.database,
    test.principal,
    CONTENTS.map((content) => ({ ...content, embedder })),
  );
  const trainer = await test.person('trainer');

  const send = async <S extends z.ZodType>(
    schema: S,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    as: Pick<Caller, 'key'> = trainer,
  ): Promise<z.output<S>> => {
    const response = await test.request(method, url, { key: as.key, ...(body ? { body } : {}) });
    if (response.statusCode >= 400) throw new Error(`${response.statusCode} ${response.body}`);
    return schema.parse(response.statusCode === 204 ? null : response.json());
  };

  return {
    ...test,
    jobs,
    problems,
    trainer,
    contentIds,
    deps,
    send,
    /** A set with these questions, confirmed. */
    async set(name: string, questions: readonly object[], as: Pick<Caller, 'key'> = trainer) {
      const set = await send(EvaluationSet, 'POST', '/v1/evaluation-sets', { name }, as);
      for (const question of questions) {
        await send(
          EvaluationQuestion,
          'POST',
          `/v1/evaluation-sets/${set.id}/questions`,
          question,
          as,
        );
      }
      return set;
    },
    start: (setId: string, body: object = {}, as: Pick<Caller, 'key'> = trainer) =>
      send(Evaluation, 'POST', '/v1/evaluations', { setId, ...body }, as),
    get: (id: string, as: Pick<Caller, 'key'> = trainer) =>
      send(Evaluation, 'GET', `/v1/evaluations/${id}`, undefined, as),
    async results(id: string, query = '', as: Pick<Caller, 'key'> = trainer) {
      const page = z.object({
        items: z.array(EvaluationResult),
        nextCursor: z.string().nullable(),
      });
      return (await send(page, 'GET', `/v1/evaluations/${id}/results${query}`, undefined, as))
        .items;
    },
    /** Works off the jobs that wait, and those that they enqueue. */
    async work(
      options: Partial<Pick<RunDeps, 'onAsked' | 'chatModel'>> & {
        signal?: AbortSignal;
        attempt?: number;
      } = {},
    ) {
      const { signal = new AbortController().signal, attempt = 1, ...others } = options;
      for (;;) {
        const data = jobs.waiting['run-evaluation'].shift();
        if (data === undefined) return;
        await runChunk({ ...deps, ...others }, { data, signal, attempt, last: attempt >= 5 });
      }
    },
  };
}

/** Three that pass with the built-in answers, and one that must not be answered. */
export function goldenQuestions(contentIds: readonly string[]) {
  return [
    {
      question: 'How many vacation days does every employee have?',
      expectedContents: [{ contentId: contentIds[0] }],
      expectedAnswers: ['25'],
    },
    {
      question: 'Who approves travel above 500 euros?',
      expectedContents: [{ title: 'Travel policy' }],
      expectedAnswers: ['Maria Lopez'],
    },
    {
      question: 'How many characters do passwords have at least?',
      expectedContents: [{ title: 'security handbook', page: 1 }],
      expectedAnswers: ['14', 'fourteen'],
    },
    { question: 'What does the canteen serve on Fridays?', answerable: false },
  ];
}
