import { workerPrincipal } from '@docent/core/principal';
import { many, one, run, sql } from '@docent/database/sql';
import { addUser, fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { masteryOf } from './elo.ts';
import { retrievability } from './forgetting.ts';
import { catchUpLearner, catchUpOrganization } from './mastery.ts';
import { testPractice } from './testing.ts';

const database = fileDatabase();

const Level = z.object({
  userId: z.uuid(),
  answers: z.int(),
  enough: z.boolean(),
  mastery: z.number(),
  retention: z.number(),
});

/** Somebody who answers three questions of two skills, and how to see what is known of people. */
async function setUp() {
  const practice = await testPractice(database());
  const { orgId, admin } = practice;
  const [sql1, git] = [await practice.skill('SQL'), await practice.skill('Git')];
  const questions = [
    { id: await practice.question(sql1), skill: sql1 },
    { id: await practice.question(sql1, 5), skill: sql1 },
    { id: await practice.question(git, 1), skill: git },
  ];
  const worker = workerPrincipal(orgId);
  return {
    ...practice,
    skills: { sql: sql1, git },
    person: async () => (await addUser(database(), admin, 'learner')).userId,
    /** @param which question, @param score, @param minute */
    give: async (userId: string, which: number, score: number, minute: number) => {
      const question = questions[which];
      if (!question) throw new Error('there is no such question');
      return practice.answer(userId, question.id, question.skill, score, minute);
    },
    levels: (userId: string) =>
      database().withPrincipal(worker, (tx) =>
        many(
          tx,
          Level,
          sql`
            select user_id as "userId", answers, enough, mastery, retention
              from docent.skill_levels
             where org_id = ${orgId}
               and user_id = ${userId}
             order by skill_id`,
        ),
      ),
    difficulties: () =>
      database().withPrincipal(worker, (tx) =>
        many(
          tx,
          z.object({ value: z.number(), answers: z.int() }),
          sql`
            select value, answers
              from docent.item_difficulty
             where org_id = ${orgId}
             order by question_id`,
        ),
      ),
  };
}

/** Which question, its score, the minute. */
const course: readonly (readonly [number, number, number])[] = [
  [0, 1, 1],
  [1, 0, 2],
  [2, 1, 3],
  [0, 1, 4],
  [1, 1, 5],
  [1, 0.5, 6],
];

test('answers count in the order they were given, whatever order they came in', async () => {
  const inOrder = await setUp();
  const late = await setUp();
  const [first, second] = [await inOrder.person(), await late.person()];

  for (const answer of course) {
    await inOrder.give(first, ...answer);
    await catchUpLearner(database(), inOrder.orgId, first);
  }
  for (const index of [3, 0, 5, 1, 4, 2]) {
    await late.give(second, ...(course[index] ?? [0, 0, 0]));
    if (index !== 0) await catchUpLearner(database(), late.orgId, second);
  }

  const known = await inOrder.levels(first);
  expect(known).toHaveLength(2);
  for (const [index, level] of (await late.levels(second)).entries()) {
    expect(level.answers).toBe(known[index]?.answers);
    expect(level.mastery).toBeCloseTo(known[index]?.mastery ?? Number.NaN, 10);
  }
  const [expected, actual] = [await inOrder.difficulties(), await late.difficulties()];
  expect(actual.map(({ answers }) => answers)).toEqual([2, 3, 1]);
  for (const [index, { value }] of actual.entries()) {
    expect(value).toBeCloseTo(expected[index]?.value ?? Number.NaN, 10);
  }
});

test('nothing is counted twice', async () => {
  const { give, levels, person, orgId } = await setUp();
  const userId = await person();
  for (const answer of course) await give(userId, ...answer);

  const counted = await catchUpLearner(database(), orgId, userId);
  const before = await levels(userId);
  const again = await catchUpLearner(database(), orgId, userId);

  expect([counted, again]).toEqual([true, false]);
  expect((await levels(userId)).map(({ mastery }) => mastery)).toEqual(
    before.map(({ mastery }) => mastery),
  );
});

test('answers within one millisecond count once each', async () => {
  const { orgId, person, question, skill, levels } = await setUp();
  const userId = await person();
  const [skillId] = [await skill('Fast')];
  const questionId = await question(skillId);
  for (const microsecond of ['100', '200', '900']) {
    await database().withPrincipal(workerPrincipal(orgId), (tx) =>
      run(
        tx,
        sql`
          insert into docent.attempt_answers (org_id, id, user_id, question_id, skill_id, score, answered_at, source)
          values (${orgId}, gen_random_uuid(), ${userId}, ${questionId}, ${skillId}, 1,
            ${`2026-01-01T00:00:00.123${microsecond}Z`}::timestamptz, 'elsewhere')`,
      ),
    );
    await catchUpLearner(database(), orgId, userId);
  }

  expect((await levels(userId)).map(({ answers }) => answers)).toEqual([3]);
});

test('an answer that is taken back leaves no trace in the learner nor in the question', async () => {
  const { give, levels, person, orgId, takeBack, difficulties } = await setUp();
  const [userId, other] = [await person(), await person()];
  await give(other, 0, 0, 1);
  await give(userId, 0, 1, 2);
  await catchUpOrganization(database(), orgId);
  const before = { levels: await levels(userId), difficulties: await difficulties() };
  const mistaken = await give(userId, 0, 0, 3);
  await catchUpLearner(database(), orgId, userId);

  await takeBack(mistaken);
  await catchUpLearner(database(), orgId, userId);

  const [level] = await levels(userId);
  expect(level?.mastery).toBeCloseTo(before.levels[0]?.mastery ?? Number.NaN, 10);
  const [difficulty] = await difficulties();
  expect(difficulty?.value).toBeCloseTo(before.difficulties[0]?.value ?? Number.NaN, 10);
  expect(difficulty?.answers).toBe(2);
});

test('a learner whose only answer is taken back is as unknown as before', async () => {
  const { give, levels, person, orgId, takeBack } = await setUp();
  const userId = await person();
  const only = await give(userId, 0, 1, 1);
  await catchUpLearner(database(), orgId, userId);

  await takeBack(only);
  await catchUpLearner(database(), orgId, userId);

  expect(await levels(userId)).toEqual([]);
});

test('two people who answer at once both count in the difficulty', async () => {
  const { give, person, orgId, difficulties } = await setUp();
  const people = [await person(), await person(), await person()];
  for (const [index, userId] of people.entries()) {
    await give(userId, 0, 1, index);
    await give(userId, 1, 0, index + 10);
  }

  await Promise.all(people.map((userId) => catchUpLearner(database(), orgId, userId)));

  expect((await difficulties()).map(({ answers }) => answers)).toEqual([3, 3]);
});

test('four answers are not enough, five are', async () => {
  const { give, levels, person, orgId } = await setUp();
  const userId = await person();
  for (const minute of [1, 2, 3, 4]) await give(userId, 0, 1, minute);
  await catchUpLearner(database(), orgId, userId);

  const [few] = await levels(userId);
  await give(userId, 0, 1, 5);
  await catchUpLearner(database(), orgId, userId);
  const [enough] = await levels(userId);

  expect(few).toMatchObject({ answers: 4, enough: false });
  expect(enough).toMatchObject({ answers: 5, enough: true });
});

test('the database works mastery and retention out as the code does', async () => {
  const { admin } = await setUp();
  const last = new Date('2026-01-01T00:00:00Z');
  const now = new Date('2026-04-11T06:00:00Z');

  const row = await database().withPrincipal(admin, (tx) =>
    one(
      tx,
      z.object({ mastery: z.number(), retention: z.number() }),
      sql`
        select docent.mastery(0.4, -1.2, 0.3) as mastery,
               docent.retention(7.5, ${last}::timestamptz, ${now}::timestamptz) as retention`,
    ),
  );

  expect(row.mastery).toBeCloseTo(masteryOf({ user: 0.4, userSkill: -1.2, skill: 0.3 }), 12);
  expect(row.retention).toBeCloseTo(retrievability({ stability: 7.5 }, last, now), 4);
});
