import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
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
