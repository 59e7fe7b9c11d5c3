import { EvaluationComparison } from '@docent/contracts/evaluations';
import { AppError } from '@docent/core/errors';
import { workerPrincipal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { scriptedChatModel } from '@docent/test/models';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { goldenQuestions, testEvaluations } from './testing.ts';

const database = fileDatabase();

test('asks the questions of a set in the background, judges the answers and keeps the results', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, work, get, results } = evaluations;
  const set = await evaluations.set('Basics', goldenQuestions(contentIds));

  const started = await evaluations.start(set.id, { label: 'first' });
  await work();

  const done = await get(started.id);
  const all = await results(started.id);
  expect(started).toMatchObject({ status: 'queued', questions: 4, asked: 0, percent: 0 });
  expect(done).toMatchObject({
    status: 'done',
    asked: 4,
    percent: 100,
    label: 'first',
    chatModel: null,
    settings: { abstainBelow: 0.4, passages: 8, mode: 'hybrid', rerank: true },
    figures: {
      questions: 4,
      failed: 0,
      outcomes: { answer: 3, abstain: 1, clarify: 0 },
      measures: {
        passed: { mean: 1, standardError: 0, questions: 4 },
        ndcg: { mean: 1, questions: 3 },
        contained: { mean: 1, questions: 3 },
        citedExpected: { mean: 1, questions: 3 },
        support: { mean: 1, questions: 3 },
      },
      embeddingModels: [evaluations.deps.embedder.id],
    },
  });
  expect(
    all.map(({ position, outcome, passed, firstRank }) => [position, outcome, passed, firstRank]),
  ).toEqual([
    [1, 'answer', true, 1],
    [2, 'answer', true, 1],
    [3, 'answer', true, 1],
    [4, 'abstain', true, null],
  ]);
  expect(all[0]?.answer).toContain('25 vacation days');
  expect(all[0]?.ms.total).toBeGreaterThan(0);
});

test('a candidate setting changes the answers, and a comparison says where and whether it is noise', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, work, send, results } = evaluations;
  const set = await evaluations.set('Compared', goldenQuestions(contentIds));
  const current = await evaluations.start(set.id);
  const timid = await evaluations.start(set.id, { settings: { abstainBelow: 1, vectorShare: 0 } });
  await work();

  const compared = await send(
    EvaluationComparison,
    'GET',
    `/v1/evaluations/${timid.id}/compare?with=${current.id}`,
  );
  const worse = await results(timid.id, `?filter=worse&with=${current.id}`);
  const better = await results(current.id, `?filter=better&with=${timid.id}&limit=2`);
  const failed = await results(timid.id, '?filter=failed');

  expect(compared).toMatchObject({
    pairs: 4,
    better: 0,
    worse: 3,
    same: 1,
    sentence: 'No difference beyond noise on 4 questions.',
    settings: [
      { name: 'abstainBelow', from: 0.4, to: 1 },
      { name: 'vectorShare', from: null, to: 0 },
    ],
  });
  expect(compared.measures.find(({ measure }) => measure === 'passed')).toMatchObject({
    from: 1,
    to: 0.25,
    difference: -0.75,
    standardError: expect.closeTo(0.25, 10),
    beyondNoise: false,
    sentence:
      'passed: no difference beyond noise (1.000 → 0.250, −0.750 ± 0.250; 3 of 4 questions differ).',
  });
  expect(worse.map(({ position }) => position)).toEqual([1, 2, 3]);
  expect(better.map(({ position }) => position)).toEqual([1, 2]);
  expect(failed.map(({ position }) => position)).toEqual([1, 2, 3]);
});

test('a run that is cancelled keeps what was answered, and asks no more', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, work, request, trainer, get, results } = evaluations;
  const set = await evaluations.set('Cancelled', goldenQuestions(contentIds));
  const started = await evaluations.start(set.id);
  const cancel = () =>
    request('POST', `/v1/evaluations/${started.id}/cancel`, { key: trainer.key });

  await work({ onAsked: async (_, position) => void (position === 2 && (await cancel())) });

  const cancelled = await get(started.id);
  const again = await cancel();
  const all = await results(started.id);
  expect(cancelled).toMatchObject({
    status: 'cancelled',
    asked: 2,
    percent: 50,
    figures: { questions: 2 },
  });
  expect(again.json()).toEqual(cancelled);
  expect(all.map(({ status }) => status)).toEqual(['done', 'done', 'waiting', 'waiting']);
});

test('a run keeps its questions, whatever becomes of the set meanwhile', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, work, request, trainer, get, results } = evaluations;
  const questions = goldenQuestions(contentIds);
  const set = await evaluations.set('Edited', questions);
  const started = await evaluations.start(set.id);
  const remove = () => request('DELETE', `/v1/evaluation-sets/${set.id}`, { key: trainer.key });

  await work({ onAsked: async (_, position) => void (position === 1 && (await remove())) });

  const done = await get(started.id);
  const all = await results(started.id);
  expect(done).toMatchObject({ status: 'done', asked: 4, setId: null, setName: 'Edited' });
  expect(all.map(({ question }) => question)).toEqual(questions.map(({ question }) => question));
});

test('a run that was cut off goes on with the question that has no result', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, work, jobs, get } = evaluations;
  const set = await evaluations.set('Cut off', goldenQuestions(contentIds));
  const started = await evaluations.start(set.id);
  const stop = new AbortController();
  const reason = new AppError('shutting_down', 'The process is stopping.');
  const asked: number[] = [];
  const onAsked = async (_: string, position: number) => {
    asked.push(position);
    if (position === 2) stop.abort(reason);
  };

  await expect(work({ onAsked, signal: stop.signal })).rejects.toThrow(reason);
  const cut = await get(started.id);
  jobs.waiting['run-evaluation'].push({
    orgId: evaluations.principal.orgId,
    evaluationId: started.id,
  });
  await work({ onAsked });

  expect(cut).toMatchObject({ status: 'running', asked: 2, percent: 50 });
  expect(asked).toEqual([1, 2, 3, 4]);
  expect(await get(started.id)).toMatchObject({ status: 'done', asked: 4 });
});

test('questions are asked with the rights of who asked for the run, as they are by then', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, work, get, results, principal } = evaluations;
  const set = await evaluations.set('Rights', goldenQuestions(contentIds).slice(0, 1));
  const ofTrainer = await evaluations.start(set.id);
  const ofAdmin = await evaluations.start(set.id, {}, evaluations);
  const later = await evaluations.start(set.id);
  const { orgId } = principal;
  await evaluations.database.withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        update docent.content
           set visibility = 'restricted'
         where org_id = ${orgId}
           and id = ${contentIds[0]}`,
    ),
  );
  const [atOnce, ...rest] = evaluations.jobs.waiting['run-evaluation'].splice(0);
  if (atOnce) evaluations.jobs.waiting['run-evaluation'].push(atOnce);
  await work();
  await evaluations.database.withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        update docent.users
           set role = 'learner'
         where org_id = ${orgId}
           and id = ${evaluations.trainer.principal.userId}`,
    ),
  );

  evaluations.jobs.waiting['run-evaluation'].push(...rest);
  await work();

  expect((await results(ofTrainer.id, '', evaluations))[0]).toMatchObject({
    passed: false,
    firstRank: null,
  });
  expect((await results(ofAdmin.id, '', evaluations))[0]).toMatchObject({
    passed: true,
    firstRank: 1,
  });
  expect(await get(later.id, evaluations)).toMatchObject({
    status: 'failed',
    asked: 0,
    error: { code: 'forbidden' },
  });
});

test('runs belong to who asked for them, administrators see all; nobody else does', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, request } = evaluations;
  const set = await evaluations.set('Whose', goldenQuestions(contentIds));
  const mine = await evaluations.start(set.id);
  const colleague = await evaluations.person('trainer');
  const learner = await evaluations.person('learner');
  const stranger = await evaluations.secondOrganization();
  const statuses = async (key: string) =>
    Promise.all(
      [
        ['GET', `/v1/evaluations/${mine.id}`],
        ['GET', `/v1/evaluations/${mine.id}/results`],
        ['GET', `/v1/evaluations/${mine.id}/export`],
        ['GET', `/v1/evaluations/${mine.id}/compare?with=${mine.id}`],
        ['GET', `/v1/evaluation-sets/${set.id}`],
      ].map(async ([, url = '']) => (await request('GET', url, { key })).statusCode),
    );

  expect(await statuses(evaluations.key)).toEqual([200, 200, 200, 200, 200]);
  expect(await statuses(colleague.key)).toEqual([404, 404, 404, 404, 200]);
  expect(await statuses(stranger.key)).toEqual([404, 404, 404, 404, 404]);
  expect(await statuses(learner.key)).toEqual([403, 403, 403, 403, 403]);
  const started = await request('POST', '/v1/evaluations', {
    key: learner.key,
    body: { setId: set.id },
  });
  const foreign = await request('POST', '/v1/evaluations', {
    key: stranger.key,
    body: { setId: set.id },
  });
  const cancelled = await request('POST', `/v1/evaluations/${mine.id}/cancel`, {
    key: colleague.key,
  });
  expect([started, foreign, cancelled].map(({ statusCode }) => statusCode)).toEqual([
    403, 404, 404,
  ]);
});

test('a run ends when the token budget is used up, and when the model stays away', async () => {
  const down = new AppError('model_unavailable', 'The model is not there.');
  const evaluations = await testEvaluations({
    database: database(),
    chatModel: scriptedChatModel(() => [down]),
  });
  const { contentIds, work, get, results, principal } = evaluations;
  const [first, ...others] = goldenQuestions(contentIds);
  const asMany = Array.from({ length: 7 }, (_, n) => ({
    ...first,
    question: `${first?.question} (${n})`,
  }));
  const set = await evaluations.set('Model', [...asMany, ...others]);
  const away = await evaluations.start(set.id);
  await work();
  const { orgId } = principal;
  await evaluations.database.withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`
        update docent.organizations
           set max_tokens_per_month = 1
         where org_id = ${orgId}`,
    ),
  );

  const broke = await evaluations.start(set.id);
  const quoted = await evaluations.start(set.id, { settings: { answerer: 'extractive' } });
  await work();

  expect(await get(away.id)).toMatchObject({
    status: 'failed',
    asked: 5,
    chatModel: 'fake:scripted',
    error: { code: 'model_unavailable' },
    figures: { questions: 0, failed: 5 },
  });
  expect((await results(away.id))[0]).toMatchObject({ status: 'failed', passed: null });
  expect(await get(broke.id)).toMatchObject({
    status: 'failed',
    asked: 1,
    error: { code: 'budget_exhausted' },
  });
  expect(await get(quoted.id)).toMatchObject({ status: 'done', asked: 10, chatModel: null });
});

test('a chat model is asked as in a conversation, in none, and its tokens are counted', async () => {
  const chatModel = scriptedChatModel([
    'Every employee has 25 vacation days a year [1].',
    { usage: { promptTokens: 100, completionTokens: 11 } },
  ]);
  const evaluations = await testEvaluations({ database: database(), chatModel });
  const { contentIds, work, get, results, principal } = evaluations;
  const set = await evaluations.set('Generated', goldenQuestions(contentIds).slice(0, 1));
  const started = await evaluations.start(set.id);
  await work();

  const counts = await evaluations.database.withPrincipal(principal, async (tx) => {
    const { rows } = await tx.query(sql`
      select (select count(*)::int from docent.conversations where org_id = ${principal.orgId}) as conversations,
             (select count(*)::int from docent.analytics_events where org_id = ${principal.orgId}) as events`);
    return rows;
  });
  expect(await get(started.id)).toMatchObject({
    chatModel: 'fake:scripted',
    figures: { tokens: 111, measures: { passed: { mean: 1 } } },
  });
  expect((await results(started.id))[0]).toMatchObject({
    answer: 'Every employee has 25 vacation days a year [1].',
    tokens: 111,
    citations: [{ contentId: contentIds[0], supported: true }],
  });
  expect(counts).toEqual([{ conversations: 0, events: 0 }]);
});

test('a run tells whether a chat model judged its citations; without one, none does', async () => {
  const chatModel = scriptedChatModel((turns) =>
    turns[0]?.content.startsWith('You check whether statements are supported')
      ? ['{"supported": []}']
      : ['Every employee has 25 vacation days a year [1].'],
  );
  const evaluations = await testEvaluations({ database: database(), chatModel });
  const { contentIds, work, get, results } = evaluations;
  const set = await evaluations.set('Judged', goldenQuestions(contentIds).slice(0, 1));
  const byWords = await evaluations.start(set.id);
  const byModel = await evaluations.start(set.id, { settings: { citationJudge: 'model' } });
  const quoted = await evaluations.start(set.id, {
    settings: { citationJudge: 'model', answerer: 'extractive' },
  });
  await work();

  const told = [];
  for (const { id } of [byWords, byModel, quoted]) {
    const [result] = await results(id);
    const { settings } = await get(id);
    told.push([settings.citationJudge, result?.citations.map(({ supported }) => supported)]);
  }
  expect(told).toEqual([
    ['off', [true]],
    ['model', [false]],
    ['off', [true, true]],
  ]);
});

test('results are exported as CSV in which nothing is a formula', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { work, request, trainer } = evaluations;
  const set = await evaluations.set('For “Excel”', [
    { question: '=HYPERLINK("https://example.org")', answerable: false },
  ]);
  const started = await evaluations.start(set.id);
  await work();

  const { body, headers } = await request('GET', `/v1/evaluations/${started.id}/export`, {
    key: trainer.key,
  });

  expect(headers['content-disposition']).toMatch(
    /^attachment; filename="For-Excel_\d{4}-\d\d-\d\d\.csv"$/,
  );
  expect(body).toMatch(/^\uFEFFposition,question,/);
  expect(body).toContain(`"'=HYPERLINK(""https://example.org"")"`);
});

test('a request is refused when there is nothing to ask, too much under way, or a setting nobody knows', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { request, trainer, contentIds } = evaluations;
  const empty = await evaluations.set('Empty', []);
  const set = await evaluations.set('Full', goldenQuestions(contentIds).slice(0, 1));
  const start = (body: object, headers: Record<string, string> = {}) =>
    request('POST', '/v1/evaluations', { key: trainer.key, body, headers });

  const nothing = await start({ setId: empty.id });
  const unknown = await start({ setId: set.id, settings: { temperature: 1 } });
  const first = await start({ setId: set.id }, { 'idempotency-key': 'once' });
  const replayed = await start({ setId: set.id }, { 'idempotency-key': 'once' });
  for (let n = 0; n < 4; n += 1) await evaluations.start(set.id);
  const sixth = await start({ setId: set.id });

  expect([nothing, unknown, first, replayed, sixth].map(({ statusCode }) => statusCode)).toEqual([
    409, 400, 202, 202, 409,
  ]);
  const id = z.object({ id: z.uuid() });
  expect(id.parse(replayed.json())).toEqual(id.parse(first.json()));
});

test('a run that cannot be gone on with ends with the figures of what was answered', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, work, get, jobs, principal } = evaluations;
  const set = await evaluations.set('Broken', goldenQuestions(contentIds));
  const broken = await evaluations.start(set.id);
  const deadly = await evaluations.start(set.id);
  const { orgId } = principal;
  const again = { orgId, evaluationId: broken.id };
  const [, later] = jobs.waiting['run-evaluation'].splice(0);
  const fails = async (_: string, position: number) => {
    if (position === 2) throw new AppError('database_unavailable', 'The database is away.');
  };

  jobs.waiting['run-evaluation'].push(again);
  await expect(work({ onAsked: fails })).rejects.toThrow('away');
  jobs.waiting['run-evaluation'].push(again);
  await work({ attempt: 5, onAsked: async () => fails('', 2) });
  if (later) jobs.waiting['run-evaluation'].push(later);
  await work({ attempt: 6 });

  expect(await get(broken.id)).toMatchObject({
    status: 'failed',
    asked: 3,
    error: { code: 'database_unavailable' },
    figures: { questions: 3 },
  });
  expect(await get(deadly.id)).toMatchObject({
    status: 'failed',
    asked: 0,
    error: { code: 'internal_error', detail: 'The process died over it 5 times.' },
  });
  expect(evaluations.problems).toHaveLength(1);
});
