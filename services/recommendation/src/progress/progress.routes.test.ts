import { sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TestLearning, testLearning } from '../testing.ts';

const database = fileDatabase();
const learning = () => testLearning({ database: database() });

const DAY = (day: number) => `2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`;

async function withCourse(more: object = {}) {
  const app = await learning();
  const courseId = await app.make('/v1/courses', { title: 'Course', ...more });
  const learner = await app.person('learner');
  const { userId } = learner.principal;
  const url = `/v1/progress/${userId}/${courseId}`;
  const put = (
    body: object,
    as = app as Parameters<typeof app.send>[2] extends infer _ ? typeof learner : never,
  ) => app.send('PUT', url, { body, as });
  return { app, courseId, learner, userId, url, put };
}

test('a learner reports and reads their own progress', async () => {
  const { app, learner, courseId, put } = await withCourse();

  const reported = await put(
    { progress: 40, occurredAt: DAY(1), source: 'lms', eventId: '1' },
    learner,
  );
  const list = await app.send('GET', '/v1/progress/me', { as: learner });
  const events = await app.send('GET', `/v1/progress/me/${courseId}/events`, { as: learner });

  expect(reported).toMatchObject({
    status: 200,
    body: {
      courseId,
      skillId: null,
      title: 'Course',
      status: 'in_progress',
      progress: 40,
      startedAt: DAY(1),
      completedAt: null,
      source: 'lms',
    },
  });
  expect(list.body.items).toEqual([reported.body]);
  expect(events.body.items).toMatchObject([{ source: 'lms', eventId: '1', progress: 40 }]);
});
