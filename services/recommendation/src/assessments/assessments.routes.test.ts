import { randomUUID } from 'node:crypto';
import { ShownAttempt } from '@docent/contracts/learningAssessments';
import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sampleAssessment, type TestLearning, testLearning } from '../testing.ts';

const database = fileDatabase();
const learning = (options: Parameters<typeof testLearning>[0] = {}) =>
  testLearning({ database: database(), ...options });

const Questions = z.array(z.looseObject({ id: z.uuid(), type: z.string() }));
/** Right answers of the sample, by type. */
const RIGHT: Record<string, unknown> = {
  single: ['b'],
  multiple: ['a', 'c'],
  text: ' paris!',
  numeric: '3,14',
};

function answersTo(questions: unknown, more: Record<string, unknown> = {}) {
  return Object.fromEntries(
    Questions.parse(questions).map(({ id, type }) => [id, { ...RIGHT, ...more }[type]]),
  );
}

async function taking(app: TestLearning, more: object = {}) {
  const trainer = await app.person('trainer');
  const learner = await app.person('learner');
  const id = await app.make('/v1/assessments', sampleAssessment(more), trainer);
  const start = () => app.send('POST', `/v1/assessments/${id}/attempts`, { as: learner });
  const submit = (attempt: unknown, answers: object, as = learner) =>
    app.send('POST', `/v1/attempts/${attempt}/submit`, { as, body: { answers } });
  return { trainer, learner, id, start, submit };
}

test('learners never see answers: neither in the assessment, nor in the questions of an attempt', async () => {
  const app = await learning();
  const { learner, id, start } = await taking(app);

  const assessment = await app.send('GET', `/v1/assessments/${id}`, { as: learner });
  const questions = await app.send('GET', `/v1/assessments/${id}/questions`, { as: learner });
  const attempt = await start();
  const again = await app.send('GET', `/v1/attempts/${attempt.body.id}`, { as: learner });

  expect(assessment.body).toMatchObject({ title: 'Sample', questionCount: 4 });
  expect(questions.status).toBe(403);
  expect(attempt.status).toBe(201);
  expect(Questions.parse(attempt.body.questions).map(({ type }) => type)).toEqual([
    'single',
    'multiple',
    'text',
    'numeric',
  ]);
  expect(again.body.results).toBeNull();
  for (const { body } of [assessment, attempt, again]) {
    expect(JSON.stringify(body)).not.toMatch(/Paris|3\.14|"answer"|tolerance|explanation/);
  }
  const keys = await app.database.withPrincipal(learner.principal, (tx) =>
    tx.query(sql`select id from docent.assessment_keys where org_id = ${app.principal.orgId}`),
  );
  expect(keys.rows).toEqual([]);
});

test('questions of a draft are for those who write it, until it is published', async () => {
  const app = await learning();
  const { trainer, learner, id } = await taking(app, { status: 'draft' });
  const seen = async ({ principal }: typeof learner) => {
    const { rows } = await app.database.withPrincipal(principal, (tx) =>
      tx.query(sql`
        select id
          from docent.assessment_questions
         where org_id = ${principal.orgId}
           and assessment_id = ${id}`),
    );
    return rows.length;
  };

  const draft = [await seen(learner), await seen(trainer)];
  await app.send('PATCH', `/v1/assessments/${id}`, { as: trainer, body: { status: 'published' } });
  const published = await seen(learner);
  await app.send('PATCH', `/v1/assessments/${id}`, { as: trainer, body: { status: 'draft' } });

  expect(draft).toEqual([0, 4]);
  expect(published).toBe(4);
  expect(await seen(learner)).toBe(0);
});

test('attempts of an assessment that is not there, or not for the caller, are 404', async () => {
  const app = await learning();
  const { learner, id } = await taking(app, { status: 'draft' });
  const attemptsOf = async (assessment: string, as = learner) =>
    (await app.send('GET', `/v1/assessments/${assessment}/attempts`, { as })).status;

  expect(await attemptsOf(randomUUID())).toBe(404);
  expect(await attemptsOf(id)).toBe(404);
  expect(await attemptsOf(id, app)).toBe(200);
});

test('what is handed in counts for mastery without anybody reading it', async () => {
  const app = await learning();
  const { learner, start, submit } = await taking(app);
  const attempt = await start();
  await submit(attempt.body.id, answersTo(attempt.body.questions));

  await app.work();

  const rows = await app.rows(sql`
    select answers
      from docent.user_mastery
     where org_id = ${app.principal.orgId}
       and user_id = ${learner.principal.userId}`);
  expect(rows).toEqual([{ answers: 4 }]);
});

test('an attempt is graded, passes its course and skill, and its answers ask for mastery', async () => {
  const app = await learning();
  const courseId = await app.make('/v1/courses', { title: 'C', moveOn: 'passed' });
  const skillId = await app.make('/v1/skills', { name: 'S' });
  const { learner, start, submit } = await taking(app, { courseId, skillId, passingScore: 60 });
  const { body } = await start();

  const graded = await submit(body.id, answersTo(body.questions, { multiple: ['a'] }));

  expect(graded).toMatchObject({
    status: 200,
    body: { status: 'submitted', score: 87.5, passed: true },
  });
  const { results } = z
    .object({ results: z.array(z.looseObject({ score: z.number(), answer: z.unknown() })) })
    .parse(graded.body);
  expect(results.map(({ score }) => score)).toEqual([1, 0.5, 1, 1]);
  expect(results.every(({ answer }) => answer === null)).toBe(true);
  for (const item of [courseId, skillId]) {
    const progress = await app.send('GET', `/v1/progress/me/${item}`, { as: learner });
    expect(progress.body).toMatchObject({ status: 'completed', source: 'docent' });
  }
  const replays = await app.rows(sql`
    select user_id
      from docent.mastery_replays
     where org_id = ${app.principal.orgId}`);
  expect(replays).toEqual([{ user_id: learner.principal.userId }]);
});

test('a failed attempt completes nothing; a question that is left out is wrong', async () => {
  const app = await learning();
  const courseId = await app.make('/v1/courses', { title: 'C' });
  const { learner, start, submit } = await taking(app, { courseId });
  const { body } = await start();

  const graded = await submit(body.id, {});

  expect(graded.body).toMatchObject({ score: 0, passed: false });
  expect(
    (await app.send('GET', `/v1/progress/me/${courseId}`, { as: learner })).body,
  ).toMatchObject({ status: 'in_progress', completedAt: null });
});

test.each([
  ['score', null, null],
  ['questions', 4, null],
  ['answers', 4, { options: ['b'] }],
])('after submitting, %s are told', async (feedback, count, answer) => {
  const app = await learning();
  const { start, submit } = await taking(app, { feedback });
  const { body } = await start();

  const graded = await submit(body.id, answersTo(body.questions));

  const results = z.array(z.looseObject({})).nullable().parse(graded.body.results);
  expect(results?.length ?? null).toBe(count);
  expect(results?.[0]?.answer ?? null).toEqual(answer);
  const questions = z.array(z.unknown()).nullable().parse(graded.body.questions);
  expect(questions?.length ?? null).toBe(count);
});

test('an attempt tells what it changed in the skills of its questions', async () => {
  const app = await learning();
  const skillId = await app.make('/v1/skills', { name: 'Geography' });
  const question = { type: 'text', prompt: 'Capital?', skillId, answer: { accepted: ['Paris'] } };
  const { learner, start, submit } = await taking(app, { questions: Array(3).fill(question) });
  const take = async () => {
    const { body } = await start();
    await submit(body.id, answersTo(body.questions));
    const read = await app.send('GET', `/v1/attempts/${body.id}`, { as: learner });
    return ShownAttempt.parse(read.body).skills;
  };

  const [first, second, third] = [await take(), await take(), await take()];

  expect(first).toEqual([
    { skillId, name: 'Geography', questions: 3, answers: 3, levelBefore: null, level: null },
  ]);
  expect(second).toMatchObject([{ answers: 6, levelBefore: null, level: expect.any(Number) }]);
  expect(third[0]?.levelBefore).toBe(second[0]?.level);
  expect(third[0]?.level).toBeGreaterThan(second[0]?.level ?? 5);
});

describe('an attempt', () => {
  test('that is open is gone on with, and handed in once', async () => {
    const app = await learning();
    const { start, submit } = await taking(app);
    const [one, two] = [await start(), await start()];

    const first = await submit(one.body.id, {});
    const second = await submit(one.body.id, answersTo(one.body.questions));

    expect(two.body.id).toBe(one.body.id);
    expect([first.status, second.status]).toEqual([200, 409]);
  });

  test('is not taken after its time, and then counts as one that was used', async () => {
    let now = new Date('2026-05-01T10:00:00Z');
    const app = await learning({ clock: () => now });
    const { learner, start, submit } = await taking(app, { timeLimitMinutes: 10, maxAttempts: 2 });
    const { body } = await start();
    expect(body.deadlineAt).toBe('2026-05-01T10:10:00.000Z');

    now = new Date('2026-05-01T10:11:00Z');
    const late = await submit(body.id, answersTo(body.questions));
    const expired = await app.send('GET', `/v1/attempts/${body.id}`, { as: learner });
    const second = await start();
    now = new Date('2026-05-01T10:20:59Z');
    const inTime = await submit(second.body.id, answersTo(second.body.questions));
    const third = await start();

    expect(late).toMatchObject({ status: 409, body: { detail: expect.stringContaining('time') } });
    expect(expired.body).toMatchObject({ status: 'expired', passed: false, score: null });
    expect(inTime.body).toMatchObject({ status: 'submitted', score: 100, timeTakenSeconds: 599 });
    expect(third).toMatchObject({ status: 409, body: { maxAttempts: 2 } });
  });

  test('is one’s own; its trainer sees it, HR managers see the score, nobody else anything', async () => {
    const app = await learning();
    const department = await app.department('D');
    const { trainer, id, submit } = await taking(app);
    const learner = await app.member('learner', department);
    const hr = await app.member('hr_manager', department);
    const others = [await app.person('learner'), await app.person('trainer')];
    const { body } = await app.send('POST', `/v1/assessments/${id}/attempts`, { as: learner });
    const url = `/v1/attempts/${body.id}`;

    for (const as of [...others, trainer, hr]) {
      expect((await submit(body.id, {}, as)).status).toBe(404);
    }
    await submit(body.id, answersTo(body.questions), learner);

    for (const as of others) {
      expect((await app.send('GET', url, { as })).status).toBe(404);
      const list = await app.send('GET', `/v1/assessments/${id}/attempts`, { as });
      expect(list.body.items).toEqual([]);
    }
    expect((await app.send('GET', url, { as: hr })).body).toMatchObject({
      score: 100,
      results: null,
    });
    const seen = await app.send('GET', url, { as: trainer });
    expect(z.array(z.unknown()).parse(seen.body.results)).toHaveLength(4);
    const mine = await app.send('GET', '/v1/attempts', { as: learner });
    expect(mine.body.items).toMatchObject([{ id: body.id, score: 100, assessmentTitle: 'Sample' }]);
  });

  test('of an assessment without questions, archived, a draft or not there cannot begin', async () => {
    const app = await learning();
    const learner = await app.person('learner');
    const start = async (more: object) => {
      const id = await app.make('/v1/assessments', sampleAssessment(more));
      return (await app.send('POST', `/v1/assessments/${id}/attempts`, { as: learner })).status;
    };

    expect(await start({ questions: [] })).toBe(409);
    expect(await start({ status: 'archived' })).toBe(409);
    expect(await start({ status: 'draft' })).toBe(404);
  });

  test('refuses answers to questions that it does not ask', async () => {
    const app = await learning();
    const { start, submit } = await taking(app);
    const { body } = await start();

    const foreign = await submit(body.id, { '00000000-0000-4000-8000-000000000000': 'x' });

    expect(foreign.status).toBe(400);
  });
});

describe('questions', () => {
  const one = { type: 'text', prompt: 'One?', answer: { accepted: ['1'] } };
  const two = { type: 'text', prompt: 'Two?', answer: { accepted: ['2'] } };

  test('keep their ids; one that was answered is retired, another one goes', async () => {
    const app = await learning();
    const { id, trainer, start, submit } = await taking(app, { questions: [one, two] });
    const url = `/v1/assessments/${id}/questions`;
    const before = Questions.parse((await app.send('GET', url, { as: trainer })).body.questions);
    const { body } = await start();
    await submit(body.id, {});

    const put = await app.send('PUT', url, {
      as: trainer,
      body: { questions: [{ ...two, id: before[1]?.id, prompt: 'Two, then?' }, one] },
    });
    const last = await app.send('PUT', url, {
      as: trainer,
      body: { questions: [{ ...two, id: before[1]?.id }] },
    });

    expect(put.body.questions).toMatchObject([
      { id: before[1]?.id, prompt: 'Two, then?', retired: false },
      { prompt: 'One?', retired: false },
      { id: before[0]?.id, retired: true },
    ]);
    expect(Questions.parse(last.body.questions).map(({ id }) => id)).toEqual([
      before[1]?.id,
      before[0]?.id,
    ]);
  });

  test('are not written over what somebody else has changed meanwhile', async () => {
    const app = await learning();
    const { id, trainer } = await taking(app, { questions: [one] });
    const url = `/v1/assessments/${id}/questions`;
    const read = await app.send('GET', url, { as: trainer });
    const ifMatch = { 'if-match': String(read.headers.etag) };

    const first = await app.send('PUT', url, {
      as: trainer,
      headers: ifMatch,
      body: { questions: [one, two] },
    });
    const second = await app.send('PUT', url, {
      as: trainer,
      headers: ifMatch,
      body: { questions: [two] },
    });

    expect([first.status, second.status]).toEqual([200, 412]);
    const now = await app.send('GET', url, { as: trainer });
    expect(now.body.questions).toMatchObject([{ prompt: 'One?' }, { prompt: 'Two?' }]);
    expect(now.headers.etag).toBe(first.headers.etag);
  });

  test('make edges to the skills that they test, by their weight', async () => {
    const app = await learning();
    const skillId = await app.make('/v1/skills', { name: 'A' });
    const other = await app.make('/v1/skills', { name: 'B' });
    const questions = [
      { ...one, skillId, weight: 3 },
      { ...two, skillId: other, weight: 1 },
    ];
    const id = await app.make('/v1/assessments', { title: 'T', questions });
    const edges = async () => {
      const { body } = await app.send('GET', `/v1/edges?type=assesses&fromId=${id}`);
      return z
        .array(z.object({ to: z.object({ title: z.string() }), weight: z.number() }))
        .parse(body.items)
        .map(({ to, weight }) => [to.title, weight])
        .sort();
    };

    expect(await edges()).toEqual([
      ['A', 0.75],
      ['B', 0.25],
    ]);
    await app.send('PUT', `/v1/assessments/${id}/questions`, {
      body: { questions: [{ ...one, skillId }] },
    });
    expect(await edges()).toEqual([['A', 1]]);
  });

  test.each([
    { ...one, answer: { accepted: [] } },
    { ...one, answer: { options: ['a'] } },
    { type: 'single', prompt: '?', options: [{ id: 'a', text: 'A' }], answer: { options: ['a'] } },
    {
      type: 'single',
      prompt: '?',
      options: [
        { id: 'a', text: 'A' },
        { id: 'a', text: 'B' },
      ],
      answer: { options: ['a'] },
    },
    {
      type: 'single',
      prompt: '?',
      options: [
        { id: 'a', text: 'A' },
        { id: 'b', text: 'B' },
      ],
      answer: { options: ['c'] },
    },
    { type: 'numeric', prompt: '?', answer: { value: 1, tolerance: -1 } },
  ])('refuse %j', async (question) => {
    const app = await learning();

    const { status } = await app.send('POST', '/v1/assessments', {
      body: { title: 'T', questions: [question] },
    });

    expect(status).toBe(400);
  });

  test('of another assessment are not taken over', async () => {
    const app = await learning();
    const first = await app.make('/v1/assessments', { title: 'A', questions: [one] });
    const second = await app.make('/v1/assessments', { title: 'B' });
    const [theirs] = Questions.parse(
      (await app.send('GET', `/v1/assessments/${first}/questions`)).body.questions,
    );

    const { status } = await app.send('PUT', `/v1/assessments/${second}/questions`, {
      body: { questions: [{ ...one, id: theirs?.id }] },
    });

    expect(status).toBe(409);
  });
});

test('an assessment that somebody has taken is archived, not deleted', async () => {
  const app = await learning();
  const { id, start } = await taking(app);
  await start();

  expect((await app.send('DELETE', `/v1/assessments/${id}`)).status).toBe(409);
  expect(
    (await app.send('PATCH', `/v1/assessments/${id}`, { body: { status: 'archived' } })).status,
  ).toBe(200);
});
