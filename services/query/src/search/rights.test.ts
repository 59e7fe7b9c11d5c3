import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import { addUser, fileDatabase, testOrganization } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, test } from 'vitest';
import type { SearchInput } from './interfaces.ts';
import { makeSearch } from './search.ts';
import { notedJobs, storeContent, type TestContent } from './testing.ts';

const database = fileDatabase();
const embedder = fakeEmbedder();
const modes: SearchInput['mode'][] = ['words', 'vectors', 'hybrid'];

async function organization(contents: (who: { insider: Principal }) => readonly TestContent[]) {
  const { principal: admin } = await testOrganization(database());
  const insider = await addUser(database(), admin, 'learner');
  const outsider = await addUser(database(), admin, 'learner');
  const ids = await storeContent(
    database(),
    admin,
    contents({ insider }).map((content) => ({ embedder, ...content })),
  );
  const search = makeSearch({
    database: database(),
    jobs: notedJobs(),
    embedder,
    embedderById: () => null,
    log: { warn: () => {} },
  });
  const titles = async (
    who: Principal,
    query: string,
    mode: SearchInput['mode'],
    limit = 10,
    filters: SearchInput['filters'] = {},
  ) => {
    const input: SearchInput = { query, mode, limit, filters, withNeighbours: 1 };
    const { passages } = await search(who, input, { signal: AbortSignal.timeout(60_000) });
    return passages.map(({ title }) => title).sort();
  };
  return { admin, insider, outsider, ids, titles };
}

const question = 'salary bands of next year';

test.each(modes)('by %s, restricted content is found by whom it is for', async (mode) => {
  const { admin, insider, outsider, titles } = await organization(({ insider: { userId } }) => [
    { title: 'Secret', chunks: ['The salary bands of next year.'], visibleTo: { users: [userId] } },
    { title: 'Open', chunks: ['The salary day is the tenth.'] },
  ]);

  expect(await titles(insider, question, mode)).toEqual(['Open', 'Secret']);
  expect(await titles(admin, question, mode)).toEqual(['Open', 'Secret']);
  expect(await titles(outsider, question, mode)).toEqual(['Open']);
});

test.each(modes)('by %s, drafts and archived content are found by nobody', async (mode) => {
  const { admin, insider, titles } = await organization(() => [
    { title: 'Draft', chunks: ['The salary bands of next year.'], status: 'draft' },
    { title: 'Archived', chunks: ['The salary bands of next year.'], status: 'archived' },
    { title: 'Published', chunks: ['The salary bands of next year.'] },
  ]);

  expect(await titles(admin, question, mode)).toEqual(['Published']);
  expect(await titles(insider, question, mode)).toEqual(['Published']);
});

test.each(modes)(
  'by %s, content that one may not see takes no place among the candidates',
  async (mode) => {
    const hidden = Array.from({ length: 130 }, (_, n) => ({
      title: `Secret ${n}`,
      chunks: ['salary bands of next year'],
      visibleTo: { users: [newId()] },
    }));
    const { outsider, titles } = await organization(() => [
      ...hidden,
      { title: 'Open', chunks: ['The salary day is the tenth, as in the year before.'] },
    ]);

    expect(await titles(outsider, question, mode, 3)).toEqual(['Open']);
  },
);

test('a right that is taken away is gone from the next search', async () => {
  const { admin, insider, ids, titles } = await organization(({ insider: { userId } }) => [
    { title: 'Secret', chunks: ['The salary bands of next year.'], visibleTo: { users: [userId] } },
  ]);
  const before = await titles(insider, question, 'hybrid');

  await database().withPrincipal(admin, (tx) =>
    run(
      tx,
      sql`
        update docent.content
           set visible_to_users = '{}'
         where org_id = ${admin.orgId}
           and id = ${ids[0]}`,
    ),
  );

  expect(before).toEqual(['Secret']);
  expect(await titles(insider, question, 'hybrid')).toEqual([]);
});

test('content for a department is found by people of those below it, wherever these move', async () => {
  const above = newId();
  const { insider, titles } = await organization(() => [
    {
      title: 'Secret',
      chunks: ['The salary bands of next year.'],
      visibleTo: { departments: [above] },
    },
  ]);
  const below: Principal = { ...insider, departmentIds: [newId()], departmentPath: [above] };

  expect(await titles(below, question, 'hybrid')).toEqual(['Secret']);
  expect(await titles({ ...below, departmentPath: [newId()] }, question, 'hybrid')).toEqual([]);
});

test.each(modes)(
  'by %s, only what is in effect is found; who may change the rest can ask for it',
  async (mode) => {
    const at = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const { admin, outsider, titles } = await organization(() => [
      { title: 'Last year', chunks: ['The salary bands of last year.'], expiresAt: at(-1) },
      { title: 'Now', chunks: ['The salary bands.'], effectiveFrom: at(-1), expiresAt: at(1) },
      { title: 'Always', chunks: ['The salary day is the tenth.'] },
      { title: 'Next year', chunks: ['The salary bands of next year.'], effectiveFrom: at(1) },
    ]);
    const found = (who: Principal, state?: 'effective' | 'upcoming' | 'expired') =>
      titles(who, question, mode, 10, state ? { state } : {});

    expect(await found(outsider)).toEqual(['Always', 'Now']);
    expect(await found(admin)).toEqual(['Always', 'Now']);
    expect(await found(admin, 'effective')).toEqual(['Always', 'Now']);
    expect(await found(admin, 'upcoming')).toEqual(['Next year']);
    expect(await found(admin, 'expired')).toEqual(['Last year']);
    expect(await found(outsider, 'upcoming')).toEqual([]);
    expect(await found(outsider, 'expired')).toEqual([]);
  },
);
