import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
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

test('a course that needs what it teaches is refused, whichever of the two comes first', async () => {
  const app = await learning();
  await load(app, 'skills', 'name\nS\nT\n');
  await load(app, 'courses', 'title,skills\nC,S\nD,\n');

  const edges = await load(
    app,
    'edges',
    'type,fromKind,from,toKind,to\n' +
      'prerequisite,skill,S,course,C\n' +
      'prerequisite,skill,T,course,D\n' +
      'teaches,course,D,skill,T\n',
  );
  const course = await load(app, 'courses', 'title,skills\nD,T\n');

  const cycle = (names: string) => ({ code: 'conflict', detail: expect.stringContaining(names) });
  expect(edges.body.items).toMatchObject([
    { line: 2, status: 'refused', problem: cycle('“S” → “C” → “S”') },
    { line: 3, status: 'created' },
    { line: 4, status: 'refused', problem: cycle('“D” → “T” → “D”') },
  ]);
  expect(course.body.items).toMatchObject([
    { status: 'refused', problem: cycle('“D” → “T” → “D”') },
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

test('assessments and their questions come in two files, and again they change nothing', async () => {
  const app = await learning();
  await load(app, 'skills', 'name\nGeography\n');
  await load(app, 'courses', 'title\nEurope\n');
  const assessments = 'title,course,passingScore,externalUri\nCapitals,Europe,60,urn:capitals\n';
  const questions = `assessment,type,prompt,options,answer,tolerance,skill,difficulty
Capitals,single,Capital of France?,Lyon|Paris|Nice,Paris,,Geography,1
urn:capitals,multiple,Which are capitals?,Oslo|Bergen|Rome,Oslo|Rome,,Geography,
Capitals,text,Capital of Greece?,,Athens|Athina,,Geography,
Capitals,numeric,How many are in the EU?,,27,0,,4
`;

  const made = await load(app, 'assessments', assessments);
  const asked = await load(app, 'questions', questions);
  const again = [
    await load(app, 'assessments', assessments),
    await load(app, 'questions', questions),
  ];

  expect(made.body).toMatchObject({ created: 1, refused: 0 });
  expect(asked.body).toMatchObject({ created: 4, refused: 0 });
  expect(again.map(({ body }) => body.unchanged)).toEqual([1, 4]);
  const { body } = await app.send('GET', '/v1/assessments');
  expect(body.items).toMatchObject([{ title: 'Capitals', passingScore: 60, questionCount: 4 }]);
  const [{ id = '' } = {}] = z.array(z.object({ id: z.uuid() })).parse(body.items);
  const stored = await app.send('GET', `/v1/assessments/${id}/questions`);
  expect(stored.body.questions).toMatchObject([
    { type: 'single', options: [{}, { id: 'o2', text: 'Paris' }, {}], answer: { options: ['o2'] } },
    { type: 'multiple', answer: { options: ['o1', 'o3'] } },
    { type: 'text', answer: { accepted: ['Athens', 'Athina'] } },
    { type: 'numeric', difficulty: 4, answer: { value: 27, tolerance: 0 } },
  ]);
});

test('a question that changes keeps its id and its options theirs; others stay', async () => {
  const app = await learning();
  await load(app, 'assessments', 'title\nCapitals\n');
  const row = {
    assessment: 'Capitals',
    type: 'single',
    prompt: 'Capital of France?',
    options: ['Lyon', 'Paris'],
    answer: 'Paris',
  };
  const other = { assessment: 'Capitals', type: 'numeric', prompt: 'Two?', answer: 2 };
  const lines = (...rows: object[]) => rows.map((each) => JSON.stringify(each)).join('\n');
  const ndjson = 'application/x-ndjson';
  const first = await load(app, 'questions', lines(row, other), ndjson);

  const changed = { ...row, options: ['Paris', 'Nice'], weight: 2 };
  const second = await load(app, 'questions', lines(changed), ndjson);

  const ids = ({ body }: typeof first) =>
    z
      .array(z.object({ id: z.uuid() }))
      .parse(body.items)
      .map(({ id }) => id);
  expect(second.body).toMatchObject({ updated: 1 });
  expect(ids(second)[0]).toBe(ids(first)[0]);
  const { body } = await app.send('GET', '/v1/assessments');
  expect(body.items).toMatchObject([{ questionCount: 2 }]);
});

test('each row of questions says what is wrong with it', async () => {
  const app = await learning();
  await load(app, 'assessments', 'title\nOne\nTwo\n');
  const question = { assessment: 'One', type: 'text', prompt: '?', answer: 'x' };
  const rows = [
    { ...question, externalUri: 'urn:q' },
    { ...question, assessment: 'Two', externalUri: 'urn:q' },
    { ...question, assessment: 'Three' },
    { ...question, type: 'single', prompt: 'a', options: ['y', 'z'] },
    { ...question, type: 'single', prompt: 'b' },
    { ...question, type: 'numeric', prompt: 'c' },
    { ...question, prompt: 'd', skill: 'Nothing' },
  ].map((row) => JSON.stringify(row));

  const { body } = await load(app, 'questions', rows.join('\n'), 'application/x-ndjson');

  expect(body).toMatchObject({ created: 1, refused: 6 });
  expect(body.items).toMatchObject([
    { status: 'created' },
    { problem: { code: 'conflict' } },
    { problem: { code: 'not_found' } },
    { problem: { detail: 'The answer “x” is not among the options.' } },
    { status: 'refused' },
    { problem: { detail: 'The answer to a numeric question is one number.' } },
    { problem: { code: 'not_found' } },
  ]);
});
