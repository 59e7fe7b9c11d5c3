import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import { workerPrincipal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import { fileDatabase, testOrganization } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, test } from 'vitest';
import { CONTEXT_WEIGHTS, contextOf, SearchSettings } from './context.ts';
import type { SearchInput } from './interfaces.ts';
import { makeSearch } from './search.ts';
import { notedJobs, storeContent, type TestContent } from './testing.ts';

const database = fileDatabase();
const embedder = fakeEmbedder();

async function organization(contents: readonly TestContent[], settings: object = {}) {
  const { principal } = await testOrganization(database());
  const worker = workerPrincipal(principal.orgId);
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`
        update docent.organizations
           set settings = ${JSON.stringify(settings)}::jsonb
         where org_id = ${principal.orgId}`,
    ),
  );
  const ids = await storeContent(
    database(),
    principal,
    contents.map((content) => ({ embedder, ...content })),
  );
  const search = makeSearch({
    database: database(),
    jobs: notedJobs(),
    embedder,
    embedderById: () => null,
    log: { warn: () => {} },
  });
  const ask = async (query: string, who: Principal = principal, more: Partial<SearchInput> = {}) =>
    (
      await search(
        who,
        { query, filters: {}, limit: 10, mode: 'hybrid', ...more },
        { signal: AbortSignal.timeout(60_000) },
      )
    ).passages;
  const change = (statement: ReturnType<typeof sql>) =>
    database().withPrincipal(worker, (tx) => run(tx, statement));
  /** Tags of the contents that were found. */
  const order = (passages: readonly { contentId: string }[]) =>
    passages.map(({ contentId }) => contents[ids.indexOf(contentId)]?.tags?.[0]);
  return { orgId: principal.orgId, principal, ids, ask, order, change };
}

/** Words, vectors and the reranker tell these from the others, and not from each other. */
const twins = [
  { title: 'Party', chunks: ['Guests leave the party late.'], tags: ['other'] },
  { title: 'Leave', chunks: ['Parental leave lasts twelve weeks.'], tags: ['one'] },
  { title: 'Leave', chunks: ['Parental leave lasts twelve weeks.'], tags: ['two'] },
];

async function inDepartments(contents: readonly TestContent[], settings?: object) {
  const made = await organization(contents, settings);
  const { orgId, principal, ids, change } = made;
  const department = newId();
  await database().withPrincipal(principal, (tx) =>
    run(
      tx,
      sql`insert into docent.departments (org_id, id, name) values (${orgId}, ${department}, 'Sales')`,
    ),
  );
  await change(sql`
    update docent.content
       set department_id = ${department}
     where org_id = ${orgId}
       and id = ${ids.at(-1) ?? ''}`);
  return { ...made, department };
}

test('content of the own department, or of one above it, comes first among equals', async () => {
  const { principal, department, ask, order } = await inDepartments(twins);
  const query = 'How long is parental leave?';

  const stranger = await ask(query);
  const member = await ask(query, { ...principal, departmentIds: [department] });
  const below = await ask(query, { ...principal, departmentPath: [department] });

  expect(order(stranger)).toEqual(['one', 'two', 'other']);
  expect(stranger.map(({ context }) => context)).toEqual([0, 0, 0]);
  expect(order(member)).toEqual(['two', 'one', 'other']);
  expect(order(below)).toEqual(['two', 'one', 'other']);
  expect(member[0]?.context).toBeCloseTo(CONTEXT_WEIGHTS.department);
  expect(member.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
});

test('a passage that answers is not overtaken by one that is only near', async () => {
  const { principal, department, ask, order } = await inDepartments([
    { title: 'Leave', chunks: ['Parental leave lasts twelve weeks.'], tags: ['answer'] },
    { title: 'Party', chunks: ['The party of the department lasts long.'], tags: ['own'] },
  ]);

  const found = await ask('How long is parental leave?', {
    ...principal,
    departmentIds: [department],
  });

  expect(order(found)[0]).toBe('answer');
});

test('an organization can switch it off, and what is wrong in its settings is the default', async () => {
  const off = { search: { context: { department: 0, language: 0, course: 0 } } };
  const { principal, department, ask, order } = await inDepartments(twins, off);

  const member = await ask('parental leave', { ...principal, departmentIds: [department] });

  expect(order(member)).toEqual(['one', 'two', 'other']);
  expect(SearchSettings.parse(null).context).toEqual(CONTEXT_WEIGHTS);
  expect(SearchSettings.parse({ context: { course: 7, language: 0.1 } }).context).toEqual({
    ...CONTEXT_WEIGHTS,
    language: 0.1,
  });
});

test('content of a course that one is in the middle of comes first, until it is completed', async () => {
  const { orgId, principal, ids, ask, order, change } = await organization(twins);
  const course = newId();
  await change(
    sql`insert into docent.courses (org_id, id, title) values (${orgId}, ${course}, 'A course')`,
  );
  await change(sql`
    insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
    values (${orgId}, ${newId()}, 'covers', 'content', ${ids[2] ?? ''}, 'course', ${course})`);
  await change(sql`
    insert into docent.learning_progress (org_id, id, user_id, course_id, status, occurred_at, source)
    values (${orgId}, ${newId()}, ${principal.userId}, ${course}, 'in_progress', now(), 'test')`);

  const during = await ask('parental leave');
  await change(sql`
    update docent.learning_progress
       set status = 'completed',
           completed_at = now()
     where org_id = ${orgId}`);
  const after = await ask('parental leave');

  expect(order(during)).toEqual(['two', 'one', 'other']);
  expect(order(after)).toEqual(['one', 'two', 'other']);
});

test('content in the language of the question, else in the language of the caller, comes first', async () => {
  const { orgId, ask, order, change } = await organization([
    { title: 'VPN', chunks: ['VPN Router 17'], language: 'en', tags: ['en'] },
    { title: 'VPN', chunks: ['VPN Router 17'], language: 'de', tags: ['de'] },
  ]);

  const german = await ask('Wie verbinde ich mich mit dem VPN Router?');
  const english = await ask('How do I connect to the VPN router?');
  const untold = await ask('VPN router');
  await change(sql`
    update docent.users
       set preferences = '{"language": "de"}'
     where org_id = ${orgId}`);
  const own = await ask('VPN router');

  expect(order(german)).toEqual(['de', 'en']);
  expect(order(english)).toEqual(['en', 'de']);
  expect(order(untold)).toEqual(['en', 'de']);
  expect(order(own)).toEqual(['de', 'en']);
});

test('where all candidates or none have context, scores are those of nobody in particular', async () => {
  const { principal, ask } = await organization(twins);
  const someone = { ...principal, departmentIds: [newId()] };

  const passages = await ask('How long is parental leave?', someone);
  const words = await ask('How long is parental leave?', someone, { mode: 'words' });

  expect([...passages, ...words].map(({ context }) => context)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(contextOf(someone, 'en', { department: 0, language: 0, course: 0 })).toBeNull();
});
