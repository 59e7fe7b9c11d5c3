import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { type TestLearning, testLearning } from '../testing.ts';

const database = fileDatabase();
const learning = () => testLearning({ database: database() });

function load(app: TestLearning, kind: string, body: string, type = 'text/csv') {
  return app.send('POST', `/v1/learning/import/${kind}`, {
    body,
    headers: { 'content-type': type },
  });
}
const SKILLS = `name,category,level,externalUri,prerequisites
Linux,Technical,1,urn:linux,
Containers,Technical,2,,Linux
"Orchestration, large",Technical,4,,Containers|Linux
`;

test('skills come with their prerequisites, and again they change nothing', async () => {
  const app = await learning();

  const first = await load(app, 'skills', SKILLS);
  const second = await load(app, 'skills', SKILLS);
  const third = await load(app, 'skills', 'name;level;externalUri\nGNU/Linux;2;urn:linux\n');

  expect(first.body).toMatchObject({ created: 3, refused: 0, dryRun: false });
  expect(second.body).toMatchObject({ created: 0, updated: 0, unchanged: 3 });
  expect(third.body).toMatchObject({ updated: 1 });
  const { body } = await app.send('GET', '/v1/skills?q=orchestration');
  expect(body.items).toMatchObject([
    { level: 4, prerequisites: [{ title: 'Containers' }, { title: 'GNU/Linux' }] },
  ]);
});

test('a dry run says what would happen and writes nothing', async () => {
  const app = await learning();

  const dry = await load(app, 'skills?dryRun=true', SKILLS);

  expect(dry.body).toMatchObject({ dryRun: true, created: 3 });
  expect((await app.send('GET', '/v1/skills')).body.items).toEqual([]);
});

test('each row says what is wrong with it, and the others are taken', async () => {
  const app = await learning();
  const rows = [
    { name: 'A' },
    { name: 'B', prerequisites: ['A'] },
    { name: 'A', prerequisites: ['B'] },
    { name: 'C', level: 9 },
    { name: 'D', prerequisites: ['Nowhere'] },
    { name: 'E', colour: 'red' },
  ].map((row) => JSON.stringify(row));

  const { body } = await load(app, 'skills', rows.join('\n'), 'application/x-ndjson');

  expect(body).toMatchObject({ created: 2, refused: 4 });
  expect(body.items).toMatchObject([
    { line: 1, status: 'created' },
    { line: 2, status: 'created' },
    { line: 3, status: 'refused', problem: { detail: expect.stringContaining('“B” → “A” → “B”') } },
    { line: 4, status: 'refused', problem: { detail: expect.stringContaining('level') } },
    { line: 5, status: 'refused', problem: { code: 'not_found' } },
    { line: 6, status: 'refused', problem: { detail: expect.stringContaining('colour') } },
  ]);
  expect((await app.send('GET', '/v1/skills?q=D')).body.items).toEqual([]);
});

test('courses, edges and targets refer to others by name', async () => {
  const app = await learning();
  await app.department('Platform');
  await load(app, 'skills', 'name\nLinux\nNetworks\n');

  const courses = await load(
    app,
    'courses',
    'title,durationMinutes,objectives,skills,prerequisites\nShell,60,pipes|files,Linux,\nKernel,90,,Linux,Shell\n',
  );
  const edges = await load(
    app,
    'edges',
    'type,fromKind,from,toKind,to,weight\nteaches,course,Kernel,skill,networks,0.5\nprerequisite,course,Kernel,course,Shell,\nteaches,skill,Linux,course,Shell,\n',
  );
  const targets = await load(
    app,
    'targets',
    'jobRole,department,skill,level\nAdmin,Platform,Linux,4\nadmin,Platform,Linux,5\n,,Linux,3\nAdmin,Nowhere,Linux,3\n',
  );

  expect(courses.body).toMatchObject({ created: 2 });
  expect(edges.body).toMatchObject({
    created: 1,
    refused: 2,
    items: [{ status: 'created' }, { problem: { code: 'conflict' } }, { problem: {} }],
  });
  expect(targets.body).toMatchObject({ created: 1, updated: 1, refused: 2 });
  const { body } = await app.send('GET', '/v1/courses?q=kernel');
  expect(body.items).toMatchObject([
    {
      durationMinutes: 90,
      prerequisites: [{ title: 'Shell' }],
      skills: [{ title: 'Linux' }, { title: 'Networks' }],
    },
  ]);
});

test('is for those who write the graph; what cannot be read is refused as a whole', async () => {
  const app = await learning();
  const learner = await app.person('learner');
  const headers = { 'content-type': 'text/csv' };

  const refused = await app.send('POST', '/v1/learning/import/skills', {
    as: learner,
    body: SKILLS,
    headers,
  });
  const broken = await load(app, 'skills', 'name,level\n"A,1\n');
  const empty = await load(app, 'skills', 'name,level\n');
  const json = await load(app, 'skills', '{}', 'application/json');
  const many = await load(app, 'skills', `name\n${'x\n'.repeat(2_001)}`);

  expect([refused, broken, empty, json, many].map(({ status }) => status)).toEqual([
    403, 400, 400, 400, 413,
  ]);
});
