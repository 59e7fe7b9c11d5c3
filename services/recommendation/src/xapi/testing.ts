import { randomUUID } from 'node:crypto';
import type { Database } from '@docent/database/database';
import { sql } from '@docent/database/sql';
import type { Caller } from '@docent/test/app';
import { type TestLearning, testLearning } from '../testing.ts';

export const ADL = 'http://adlnet.gov/expapi/verbs/';
export const PROGRESS = 'https://w3id.org/xapi/cmi5/result/extensions/progress';
export const VIDEO = 'https://w3id.org/xapi/video/extensions/progress';
export const COURSE = 'https://lms.example.com/courses/42';
export const QUESTION = 'https://h5p.example.com/quiz?subContentId=7';
export const QUIZ = 'https://lms.example.com/quiz/1';

/** An LMS that sends statements about a learner, U-123, with a course, a quiz and a question of its own. */
export async function lms(database: Database) {
  const app = await testLearning({ database });
  const courseId = await app.make('/v1/courses', { title: 'C', externalUri: COURSE });
  const skillId = await app.make('/v1/skills', { name: 'S' });
  const quiz = await app.make('/v1/assessments', {
    title: 'Quiz',
    externalUri: QUIZ,
    courseId,
    questions: [
      { type: 'text', prompt: '?', answer: { accepted: ['x'] }, skillId, externalUri: QUESTION },
    ],
  });
  const learner = await app.person('learner');
  const { userId } = learner.principal;
  const account = { homePage: 'https://idp.example.com', name: 'U-123' };
  await app.rows(sql`
    update docent.users
       set external_id = 'u-123'
     where org_id = ${app.principal.orgId}
       and id = ${userId}`);
  return {
    app,
    courseId,
    skillId,
    quiz,
    learner,
    userId,
    say: (verb: string, more: object = {}) => ({
      id: randomUUID(),
      actor: { objectType: 'Agent', account },
      verb: { id: verb.includes(':') ? verb : `${ADL}${verb}` },
      object: { id: COURSE },
      timestamp: '2026-03-01T10:00:00Z',
      ...more,
    }),
    progress: async () => (await app.send('GET', `/v1/progress/${userId}/${courseId}`)).body,
  };
}

export function request(
  app: TestLearning,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
  { as = app, version = '1.0.3' }: { as?: Caller; version?: string | null } = {},
) {
  return app.request(method, `/xapi/${path}`, {
    key: as.key,
    headers: {
      'content-type': 'application/json',
      ...(version === null ? {} : { 'x-experience-api-version': version }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export const post = (app: TestLearning, body: unknown, as?: Caller) =>
  request(app, 'POST', 'statements', body, as === undefined ? {} : { as });
