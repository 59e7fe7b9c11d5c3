import type { ImportedRow } from '@docent/contracts/directoryPeople';
import { newId } from '@docent/core/ids';
import { run, sql } from '@docent/database/sql';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { directoryService } from '../../plugin.ts';

const fileDb = fileDatabase();

interface Importing extends TestApp {
  csv(text: string | Buffer, query?: string): ReturnType<TestApp['request']>;
  ndjson(rows: readonly unknown[], query?: string): ReturnType<TestApp['request']>;
  people(query?: string): Promise<Record<string, unknown>[]>;
}

async function start(): Promise<Importing> {
  const app = await testApp({
    database: fileDb(),
    plugins: (fastify, database) => fastify.register(directoryService, { database }),
  });
  const post = (type: string, body: string | Buffer, query = '') =>
    app.request('POST', `/v1/users/import?${query}`, { body, headers: { 'content-type': type } });
  return {
    ...app,
    csv: (text, query) => post('text/csv', text, query),
    ndjson: (rows, query) =>
      post(
        'application/x-ndjson',
        rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'),
        query,
      ),
    people: async (query = '') =>
      (await app.request('GET', `/v1/users?limit=100&${query}`)).json().items,
  };
}

const outcomes = (response: { json(): { rows: { outcome: string }[] } }) =>
  response.json().rows.map(({ outcome }) => outcome);
const reasons = (response: { json(): { rows: { reason?: string }[] } }) =>
  response.json().rows.map(({ reason }) => reason ?? '');

test('a CSV of people is imported with departments by path and managers of later rows, and again it changes nothing', async () => {
  const app = await start();
  const text = [
    'External ID,E-Mail,Full name,Department,Job title,Manager,Role',
    'e1,ada@import.example,"Lovelace, Ada",Operations/Engineering,Analyst,e2,',
    'e2,bob@import.example,Bob,Operations,Lead,,trainer',
  ].join('\r\n');

  const first = await app.csv(text, 'createDepartments=true');
  const again = await app.csv(text, 'createDepartments=true');

  expect(first.statusCode, first.body).toBe(200);
  expect(first.json()).toMatchObject({
    dryRun: false,
    created: 2,
    refused: 0,
    departmentsCreated: ['Operations', 'Operations/Engineering'],
  });
  expect(again.json()).toMatchObject({
    created: 0,
    updated: 0,
    unchanged: 2,
    departmentsCreated: [],
  });
  expect(again.json().rows.map(({ id }: { id: string }) => id)).toEqual(
    first.json().rows.map(({ id }: { id: string }) => id),
  );
  const [ada] = await app.people('externalId=e1');
  expect(ada).toMatchObject({
    name: 'Lovelace, Ada',
    email: 'ada@import.example',
    role: 'learner',
    jobTitle: 'Analyst',
    department: { name: 'Engineering' },
    manager: { name: 'Bob' },
  });
});

test('a dry run says the same and writes nothing', async () => {
  const app = await start();
  const rows = [
    { email: 'dry@import.example', name: 'Dry', department: 'Desert' },
    { email: 'nobody', name: 'Nobody' },
  ];

  const dry = await app.ndjson(rows, 'dryRun=true&createDepartments=true');
  const count = (await app.people()).length;
  const real = await app.ndjson(rows, 'createDepartments=true');

  expect(dry.json()).toMatchObject({ dryRun: true, created: 1, refused: 1 });
  expect(dry.json().rows[0]).toEqual({
    row: 1,
    line: 1,
    name: 'Dry',
    email: 'dry@import.example',
    outcome: 'created',
    id: null,
  });
  expect(dry.json().departmentsCreated).toEqual(['Desert']);
  expect(count).toBe(1);
  expect(outcomes(real)).toEqual(outcomes(dry));
  expect((await app.people()).length).toBe(2);
});

test('a refused row is told with its line of the file, and whose it is', async () => {
  const app = await start();

  const response = await app.request('POST', '/v1/users/import?dryRun=true', {
    headers: { 'content-type': 'text/csv' },
    body: 'email,name,jobTitle\n\nok@lines.example,Fine,"of two\nlines"\nno address,Nora,"x\ny"\na@lines.example,One,b,too many\n',
  });

  const rows = response
    .json()
    .rows.map(({ line, name, email, outcome }: ImportedRow) => [line, name, email, outcome]);
  expect(rows).toEqual([
    [3, 'Fine', 'ok@lines.example', 'created'],
    [5, 'Nora', 'no address', 'refused'],
    [7, 'One', 'a@lines.example', 'refused'],
  ]);
});

test('one bad row loses nothing else, and each says what is wrong with it', async () => {
  const app = await start();

  const response = await app.ndjson([
    { email: 'good@import.example', name: 'Good' },
    'not JSON',
    { email: 'x', name: 'X' },
    { name: 'No address' },
    { email: 'y@import.example', name: 'Y', shoeSize: 43 },
    { email: 'z@import.example', name: 'Z', org_id: newId() },
    { email: 'GOOD@import.example', name: 'Twice' },
    { email: 'd@import.example', name: 'D', department: 'Nowhere' },
    { email: 'r@import.example', name: 'R', role: 'king' },
    { email: 'n@import.example', name: 'N\u0000' },
    ['a list'],
    { email: 'i@import.example', name: 'I', departmentId: newId() },
    { email: 'm@import.example', name: 'M', manager: 'm@import.example' },
    { email: 'last@import.example', name: 'Last' },
  ]);

  expect(outcomes(response)).toEqual(['created', ...Array(12).fill('refused'), 'created']);
  expect(reasons(response)).toEqual([
    '',
    'The line is not JSON.',
    expect.stringMatching(/^email: /),
    'A new person needs email and name.',
    expect.stringMatching(/shoeSize/),
    expect.stringMatching(/org_id/),
    'An earlier row is about the same person.',
    'There is no department Nowhere.',
    expect.stringMatching(/^role: /),
    expect.stringMatching(/cannot be stored/),
    expect.stringMatching(/object/),
    expect.stringMatching(/^There is no department/),
    'Nobody is their own manager.',
    '',
  ]);
  expect((await app.people('q=import.example')).map(({ name }) => name)).toEqual(['Good', 'Last']);
});

test('a person is found by external id, then by e-mail address', async () => {
  const app = await start();
  await app.ndjson([
    { email: 'one@import.example', name: 'One', externalId: 'x1' },
    { email: 'two@import.example', name: 'Two' },
  ]);

  const response = await app.ndjson([
    { externalId: 'x1', email: 'uno@import.example' },
    { email: 'TWO@import.example', externalId: 'x2', jobTitle: 'Second' },
    { externalId: 'x9', email: 'uno@import.example', name: 'Thief' },
  ]);

  expect(outcomes(response)).toEqual(['updated', 'updated', 'refused']);
  const [one] = await app.people('externalId=x1');
  const [two] = await app.people('externalId=x2');
  expect(one).toMatchObject({ email: 'uno@import.example', name: 'One' });
  expect(two).toMatchObject({ name: 'Two', jobTitle: 'Second' });
});

test('an empty cell says nothing, null in NDJSON takes away', async () => {
  const app = await start();
  await app.ndjson([
    { email: 'e@import.example', name: 'E', jobTitle: 'Cook', learningProfile: { pace: 'slow' } },
  ]);

  const csv = await app.csv('email;jobTitle\ne@import.example;');
  const ndjson = await app.ndjson([{ email: 'e@import.example', jobTitle: null }]);

  expect([outcomes(csv), outcomes(ndjson)]).toEqual([['unchanged'], ['updated']]);
  expect((await app.people('q=e@import.example'))[0]).toMatchObject({
    jobTitle: null,
    learningProfile: { pace: 'slow' },
  });
});

test('semicolons, tabs and a byte order mark are read as they are', async () => {
  const app = await start();

  const semicolons = await app.csv('\ufeffemail;name\ns@import.example;"Semi; Colon"\n');
  const tabs = await app.csv('email\tname\tpreferences\nt@import.example\tTab\t{"language":"hu"}');

  expect([outcomes(semicolons), outcomes(tabs)]).toEqual([['created'], ['created']]);
  expect((await app.people('q=import.example')).map(({ name }) => name)).toEqual([
    'Semi; Colon',
    'Tab',
  ]);
});

test('people beyond the plan are refused, and the last administrator is kept', async () => {
  const app = await start();
  const { orgId } = app.principal;
  await app.database.withPrincipal({ ...app.principal, role: 'worker' }, (tx) =>
    run(tx, sql`update docent.organizations set max_users = 2 where org_id = ${orgId}`),
  );

  const response = await app.ndjson([
    { email: 'admin@test.example', role: 'learner' },
    { email: 'a@import.example', name: 'A' },
    { email: 'b@import.example', name: 'B' },
    { email: 'c@import.example', name: 'C', status: 'deactivated' },
  ]);

  expect(outcomes(response)).toEqual(['refused', 'created', 'refused', 'created']);
  expect(reasons(response)[0]).toMatch(/last active administrator/);
  expect(reasons(response)[2]).toMatch(/as its plan allows: 2/);
});

test('a refused row makes no department', async () => {
  const app = await start();

  const response = await app.ndjson(
    [{ email: 'admin@test.example', role: 'learner', department: 'Ghost' }],
    'createDepartments=true',
  );

  expect(response.json()).toMatchObject({ refused: 1, departmentsCreated: [] });
  expect((await app.request('GET', '/v1/departments')).json().items).toEqual([]);
});

test.each([
  ['a column that is not known', 'email,shoe size\na@b.example,43', 400],
  ['a column twice', 'email,mail\na@b.example,a@b.example', 400],
  ['no header', '', 400],
  ['quotes that never end', 'email,name\na@b.example,"never', 400],
  ['text that is not UTF-8', Buffer.from([0x65, 0xff, 0xfe, 0x0a]), 400],
])('a CSV with %s is refused as a whole', async (_what, text, status) => {
  const app = await start();

  const response = await app.csv(text);

  expect(response.statusCode, response.body).toBe(status);
  expect(response.json().code).toBe('invalid_request');
});

test('a row of CSV with too many cells is refused alone', async () => {
  const app = await start();

  const response = await app.csv('email,name\na@import.example,A,B\nb@import.example,B');

  expect(outcomes(response)).toEqual(['refused', 'created']);
});

const many = (count: number) =>
  `email,name,department\n${Array.from({ length: count }, (_, n) => `many${n}@import.example,Many ${n},Dept ${n % 50}`).join('\n')}`;

test('rows of several batches are imported, and again they change nothing', async () => {
  const app = await start();

  const first = await app.csv(many(2_500), 'createDepartments=true');
  const again = await app.csv(many(2_500));

  expect(first.json()).toMatchObject({ created: 2_500, refused: 0 });
  expect(first.json().departmentsCreated).toHaveLength(50);
  expect(again.json()).toMatchObject({ created: 0, unchanged: 2_500 });
}, 60_000);

test('10,000 rows are taken and 10,001 are not', async () => {
  const app = await start();

  const most = await app.csv(many(10_000));
  const more = await app.csv(many(10_001));

  expect(most.json()).toMatchObject({ created: 0, refused: 10_000 });
  expect([more.statusCode, more.json().code]).toEqual([413, 'too_large']);
});

test('a body without end, of another type or from somebody else is refused', async () => {
  const app = await start();
  const { key } = await app.person('hr_manager');
  const url = '/v1/users/import';
  const csv = { 'content-type': 'text/csv' };

  const large = await app.csv(`email,name\n${'a@b.example,A\n'.repeat(2 * 1024 * 1024)}`);
  const json = await app.request('POST', url, { body: { email: 'a@b.example' } });
  const nothing = await app.request('POST', url);
  const other = await app.request('POST', url, { key, headers: csv, body: 'email\n' });

  expect([large, json, nothing, other].map(({ statusCode }) => statusCode)).toEqual([
    413, 415, 415, 403,
  ]);
});

test.each([
  ['CSV without an end of line', 'text/csv', 'x'.repeat(3_000_000)],
  ['CSV with a row that is too long', 'text/csv', `email,name\n${'x'.repeat(3_000_000)}`],
  ['NDJSON with a row that is too long', 'application/x-ndjson', 'x'.repeat(3_000_000)],
])('%s is refused at once', async (_what, type, body) => {
  const app = await start();

  const response = await app.request('POST', '/v1/users/import', {
    body,
    headers: { 'content-type': type },
  });

  expect([response.statusCode, response.json().code]).toEqual([413, 'too_large']);
});

test('an import touches nobody of another organization', async () => {
  const app = await start();
  const stranger = await app.secondOrganization();

  const response = await app.request('POST', '/v1/users/import', {
    key: stranger.key,
    headers: { 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({ email: 'admin@test.example', jobTitle: 'Theirs' }),
  });

  expect(response.json()).toMatchObject({ updated: 1 });
  expect((await app.people('q=admin@test.example'))[0]).toMatchObject({ jobTitle: null });
});
