import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { testLearning } from '../testing.ts';

const database = fileDatabase();

test('people declare their own level, their manager confirms it, nobody else has a say', async () => {
  const app = await testLearning({ database: database() });
  const skillId = await app.make('/v1/skills', { name: 'SQL' });
  const [sales, data] = [await app.department('Sales'), await app.department('Data')];
  const learner = await app.member('learner', sales);
  const manager = await app.member('hr_manager', sales);
  const outsider = await app.member('hr_manager', data);
  const colleague = await app.member('learner', sales);
  const url = `/v1/users/${learner.principal.userId}/skill-declarations`;
  const put = (as: typeof learner, level: number) =>
    app.send('PUT', `${url}/${skillId}`, { as, body: { level } });

  const own = await put(learner, 4);
  const confirmed = await put(manager, 3);
  const again = await put(learner, 5);

  expect(own.body).toMatchObject({ kind: 'self', level: 4, skillName: 'SQL' });
  expect(confirmed.body).toMatchObject({ kind: 'manager', level: 3 });
  expect(again.body).toMatchObject({ id: own.body.id, level: 5 });
  expect((await put(outsider, 1)).status).toBe(403);
  expect((await put(colleague, 1)).status).toBe(403);
  expect((await put(learner, 6)).status).toBe(400);
  expect((await app.send('GET', url, { as: learner })).body.items).toMatchObject([
    { kind: 'self', level: 5 },
    { kind: 'manager', level: 3 },
  ]);
  expect((await app.send('GET', url, { as: outsider })).status).toBe(404);
  expect((await app.send('GET', url, { as: colleague })).status).toBe(404);
  expect((await app.send('DELETE', `${url}/${skillId}`, { as: learner })).status).toBe(204);
  expect((await app.send('GET', url, { as: manager })).body.items).toMatchObject([
    { kind: 'manager' },
  ]);
});

test('that somebody completed a skill is a declaration when they say it, and evidence when others do', async () => {
  const app = await testLearning({ database: database() });
  const skillId = await app.make('/v1/skills', { name: 'Git', level: 2 });
  const learner = await app.person('learner');
  const { userId } = learner.principal;
  const complete = (as?: typeof learner) =>
    app.send('PUT', `/v1/progress/${userId}/${skillId}`, {
      body: { status: 'completed', occurredAt: '2026-03-01T10:00:00Z' },
      ...(as === undefined ? {} : { as }),
    });
  const skill = async () => (await app.send('GET', `/v1/users/${userId}/skills/${skillId}`)).body;

  await complete(learner);
  const claimed = await skill();
  await app.send('PUT', `/v1/users/${userId}/skill-declarations/${skillId}`, {
    as: learner,
    body: { level: 1 },
  });
  const declared = await skill();
  await complete();
  const completed = await skill();

  expect(claimed).toMatchObject({ evidence: 'declared', level: 2, completedAt: null });
  expect(declared).toMatchObject({ evidence: 'declared', level: 1, completedAt: null });
  expect(completed).toMatchObject({
    evidence: 'completed',
    level: 5,
    declaredLevel: 1,
    completedAt: '2026-03-01T10:00:00.000Z',
  });
});

test('a skill whose assessment was passed here is completed, not declared', async () => {
  const app = await testLearning({ database: database() });
  const skillId = await app.make('/v1/skills', { name: 'Capitals' });
  const quiz = await app.make('/v1/assessments', {
    title: 'Quiz',
    skillId,
    questions: [{ type: 'text', prompt: 'Of France?', answer: { accepted: ['Paris'] } }],
  });
  const learner = await app.person('learner');
  const begun = await app.send('POST', `/v1/assessments/${quiz}/attempts`, { as: learner });
  const [question] = z.array(z.object({ id: z.uuid() })).parse(begun.body.questions);

  const submitted = await app.send('POST', `/v1/attempts/${begun.body.id}/submit`, {
    as: learner,
    body: { answers: { [question?.id ?? '']: 'Paris' } },
  });

  const { userId } = learner.principal;
  const skill = await app.send('GET', `/v1/users/${userId}/skills/${skillId}`, { as: learner });
  expect(submitted.body).toMatchObject({ passed: true });
  expect(skill.body).toMatchObject({ evidence: 'completed', level: 5 });
});
