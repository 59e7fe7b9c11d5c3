import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { addUser, fileDatabase, testOrganization } from '@docent/test/database';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from './database.ts';
import { many, run, type Sql, sql } from './sql.ts';

// The rules of the policies that people would notice. The matrix of test/security asks every cell.

const database = fileDatabase();
const Id = z.object({ id: z.string() });
let company: Awaited<ReturnType<typeof makeCompany>>;

/** Board ← Sales ← Export, and Lab beside them. */
async function makeCompany(db: Database) {
  const { orgId, principal: admin } = await testOrganization(db);
  const [board, sales, exports, lab] = [newId(), newId(), newId(), newId()];
  await db.withPrincipal(admin, async (tx) => {
    for (const [id, parent, name] of [
      [board, null, 'Board'],
      [sales, board, 'Sales'],
      [exports, sales, 'Export'],
      [lab, board, 'Lab'],
    ]) {
      await run(
        tx,
        sql`
          insert into docent.departments (org_id, id, parent_id, name)
          values (${orgId}, ${id}, ${parent}, ${name})`,
      );
    }
  });
  const person = (role: 'learner' | 'trainer' | 'hr_manager', departmentId: string) =>
    addUser(db, admin, role, { departmentId });
  const manager = await person('hr_manager', sales);
  return {
    orgId,
    admin,
    worker: workerPrincipal(orgId),
    departments: { board, sales, exports, lab },
    manager: { ...manager, departmentIds: [sales, exports] },
    seller: { ...(await person('learner', sales)), departmentPath: [board] },
    exporter: { ...(await person('learner', exports)), departmentPath: [sales, board] },
    chemist: { ...(await person('learner', lab)), departmentPath: [board] },
    author: await person('trainer', lab),
    other: await person('trainer', sales),
  };
}

beforeAll(async () => {
  company = await makeCompany(database());
});

const as = (who: Principal, statement: Sql) =>
  database().withPrincipal(who, (tx) => run(tx, statement));
const ids = async (who: Principal, statement: Sql) =>
  (await database().withPrincipal(who, (tx) => many(tx, Id, statement))).map(({ id }) => id);

async function content(
  owner: Principal,
  rights: {
    status?: string;
    visibility?: string;
    departments?: string[];
    roles?: string[];
    users?: string[];
    departmentId?: string;
  } = {},
): Promise<string> {
  const id = newId();
  await as(
    owner,
    sql`
      insert into docent.content (org_id, id, title, content_type, created_by, status, visibility,
             visible_to_departments, visible_to_roles, visible_to_users, department_id)
      values (${owner.orgId}, ${id}, 'Some content', 'reference', ${owner.userId},
              ${rights.status ?? 'published'}, ${rights.visibility ?? 'organization'},
              ${rights.departments ?? []}, ${rights.roles ?? []}, ${rights.users ?? []},
              ${rights.departmentId ?? null})`,
  );
  return id;
}

async function readersOf(id: string): Promise<string[]> {
  const seen: string[] = [];
  const { admin, manager, seller, exporter, chemist, author, other } = company;
  for (const [name, who] of Object.entries({
    admin,
    manager,
    seller,
    exporter,
    chemist,
    author,
    other,
  })) {
    const found = await ids(who, sql`select id from docent.content where id = ${id}`);
    if (found.length > 0) seen.push(name);
  }
  return seen;
}

const everybody = ['admin', 'manager', 'seller', 'exporter', 'chemist', 'author', 'other'];

test('published content of the organization is seen by everybody', async () => {
  expect(await readersOf(await content(company.author))).toEqual(everybody);
});

test.each(['draft', 'archived'])('%s content is seen by its owner and admins', async (status) => {
  const id = await content(company.author, { status });

  expect(await readersOf(id)).toEqual(['admin', 'author']);
});

test('content for a department is seen by its people and those below, and by HR of those', async () => {
  const { sales, exports } = company.departments;

  const forSales = await content(company.author, {
    visibility: 'restricted',
    departments: [sales],
  });
  const forExport = await content(company.author, {
    visibility: 'restricted',
    departments: [exports],
  });

  expect(await readersOf(forSales)).toEqual([
    'admin',
    'manager',
    'seller',
    'exporter',
    'author',
    'other',
  ]);
  expect(await readersOf(forExport)).toEqual(['admin', 'manager', 'exporter', 'author']);
});

test('content for roles and people is seen by these', async () => {
  const forTrainers = await content(company.author, {
    visibility: 'restricted',
    roles: ['trainer'],
  });
  const forOne = await content(company.author, {
    visibility: 'restricted',
    users: [company.chemist.userId],
  });
  const forNobody = await content(company.author, { visibility: 'restricted' });

  expect(await readersOf(forTrainers)).toEqual(['admin', 'author', 'other']);
  expect(await readersOf(forOne)).toEqual(['admin', 'chemist', 'author']);
  expect(await readersOf(forNobody)).toEqual(['admin', 'author']);
});

test('what is made of a content has its rights from the start and whenever they change', async () => {
  const { orgId, worker, author, chemist, seller } = company;
  const id = await content(author, { visibility: 'restricted', users: [chemist.userId] });
  const chunk = newId();
  await database().withPrincipal(worker, async (tx) => {
    await run(
      tx,
      sql`
        insert into docent.content_versions (org_id, content_id, version, file_name, media_type,
               size_bytes, sha256)
        values (${orgId}, ${id}, 1, 'a.md', 'text/markdown', 1, ${Buffer.alloc(32)})`,
    );
    await run(
      tx,
      sql`
        insert into docent.chunks (org_id, id, content_id, version, ordinal, content, start_offset,
               end_offset, token_count, hash)
        values (${orgId}, ${chunk}, ${id}, 1, 0, 'text', 0, 4, 1, ${Buffer.alloc(32)})`,
    );
    await run(
      tx,
      sql`
        insert into docent.chunk_search (org_id, chunk_id, content_id, config, tsv)
        values (${orgId}, ${chunk}, ${id}, 'simple', 'text')`,
    );
    await run(
      tx,
      sql`
        insert into docent.embedding_models (org_id, id, dimensions, status)
        values (${orgId}, 'm', 2, 'active')`,
    );
    await run(
      tx,
      sql`
        insert into docent.chunk_embeddings (org_id, model_id, chunk_id, content_id, hash, embedding)
        values (${orgId}, 'm', ${chunk}, ${id}, ${Buffer.alloc(32)}, '[1,0]')`,
    );
  });
  const parts = (who: Principal) =>
    ids(
      who,
      sql`
        select 'version' as id from docent.content_versions where content_id = ${id}
        union all select 'chunk' from docent.chunks where content_id = ${id}
        union all select 'words' from docent.chunk_search where content_id = ${id}
        union all select 'vector' from docent.chunk_embeddings where content_id = ${id}`,
    );
  const all = ['version', 'chunk', 'words', 'vector'];

  expect(await parts(chemist)).toEqual(all);
  expect(await parts(seller)).toEqual([]);

  const moved = await as(
    author,
    sql`update docent.content set visible_to_users = ${[seller.userId]} where id = ${id}`,
  );

  expect(moved).toBe(1);
  expect(await parts(chemist)).toEqual([]);
  expect(await parts(seller)).toEqual(all);
  await as(author, sql`update docent.content set visibility = 'organization' where id = ${id}`);
  expect(await parts(chemist)).toEqual(all);
  await as(author, sql`update docent.content set status = 'archived' where id = ${id}`);
  expect(await parts(seller)).toEqual([]);
  expect(await parts(author)).toEqual(all);
});

test('trainers change and delete what is their own, admins everything, others nothing', async () => {
  const id = await content(company.author);
  const rename = sql`update docent.content set title = 'Changed' where id = ${id}`;
  const remove = sql`delete from docent.content where id = ${id}`;

  expect(await as(company.author, rename)).toBe(1);
  expect(await as(company.admin, rename)).toBe(1);
  for (const who of [company.other, company.seller, company.manager]) {
    expect(await as(who, rename)).toBe(0);
    expect(await as(who, remove)).toBe(0);
  }
  expect(await as({ ...company.author, scopes: ['content:read'] }, remove)).toBe(0);
  await expect(content(company.seller)).rejects.toThrow(/row-level security/);
  await expect(
    as(
      company.author,
      sql`update docent.content set created_by = ${company.other.userId} where id = ${id}`,
    ),
  ).rejects.toThrow(/row-level security/);
  expect(await as(company.author, remove)).toBe(1);
});

test('a grant of content:write reaches as far as it says', async () => {
  const { lab, sales } = company.departments;
  const ofLab = await content(company.author, { departmentId: lab, status: 'draft' });
  const ofSales = await content(company.author, { departmentId: sales, status: 'draft' });
  const granted = (extent: 'organization' | 'department' | 'own'): Principal => ({
    ...company.chemist,
    grants: [{ scope: 'content:write', extent }],
  });
  const rename = (id: string) => sql`update docent.content set title = 'Changed' where id = ${id}`;

  expect(await as(granted('organization'), rename(ofSales))).toBe(1);
  expect(await as(granted('department'), rename(ofLab))).toBe(1);
  expect(await as(granted('department'), rename(ofSales))).toBe(0);
  expect(await as(granted('own'), rename(ofLab))).toBe(0);
  const own = await content(granted('own'));
  expect(await as(granted('own'), rename(own))).toBe(1);
  expect(await as(company.chemist, rename(own))).toBe(0);
});

test('nobody adds a version to content that is not theirs', async () => {
  const id = await content(company.author);
  const adding = as(
    company.other,
    sql`
      insert into docent.content_versions (org_id, content_id, version, file_name, media_type,
             size_bytes, sha256)
      values (${company.orgId}, ${id}, 1, 'a.md', 'text/markdown', 1, ${Buffer.alloc(32)})`,
  );

  await expect(adding).rejects.toThrow(/row-level security/);
});

test('people see colleagues as far as these let themselves be found, HR their departments', async () => {
  const { orgId, admin, exporter, seller, chemist, manager } = company;
  const hide = (who: Principal, visibility: string) =>
    as(who, sql`update docent.users set visibility = ${visibility} where id = ${who.userId}`);
  const sees = async (who: Principal, whom: Principal) =>
    (
      await ids(
        who,
        sql`select id from docent.users where org_id = ${orgId} and id = ${whom.userId}`,
      )
    ).length === 1;

  expect(await sees(chemist, seller)).toBe(true);
  expect(await hide(seller, 'department')).toBe(1);
  expect(await sees(chemist, seller)).toBe(false);
  expect(await sees({ ...chemist, departmentIds: seller.departmentIds }, seller)).toBe(true);
  await hide(exporter, 'hidden');
  expect(await sees(seller, exporter)).toBe(false);
  expect(await sees(exporter, exporter)).toBe(true);
  expect(await sees(manager, exporter)).toBe(true);
  expect(await sees(admin, exporter)).toBe(true);
  await hide(chemist, 'hidden');
  expect(await sees(manager, chemist)).toBe(false);
  for (const who of [seller, exporter, chemist]) await hide(who, 'organization');
});

test.each([
  ['role', sql`role = 'admin'`],
  ['department', sql`department_id = null`],
  ['status', sql`status = 'deactivated'`],
  ['e-mail', sql`email = 'somebody@else.example'`],
  ['name', sql`name = 'Somebody Else'`],
])('of themselves people do not change their %s', async (_, change) => {
  const { seller } = company;

  const changing = as(seller, sql`update docent.users set ${change} where id = ${seller.userId}`);

  await expect(changing).rejects.toMatchObject({ code: '42501' });
});

test('people change their preferences, and nobody else’s', async () => {
  const { seller, chemist, manager } = company;
  const change = (whom: Principal) =>
    sql`update docent.users set preferences = '{"theme":"dark"}' where id = ${whom.userId}`;

  expect(await as(seller, change(seller))).toBe(1);
  expect(await as(chemist, change(seller))).toBe(0);
  expect(await as(manager, change(seller))).toBe(0);
});

test('whom somebody granted directory:write does not promote anybody', async () => {
  const { seller, chemist } = company;
  const helper: Principal = {
    ...chemist,
    grants: [{ scope: 'directory:write', extent: 'organization' }],
  };
  const set = (change: Sql, whom: Principal) =>
    as(helper, sql`update docent.users set ${change} where id = ${whom.userId}`);

  expect(await set(sql`name = 'Renamed'`, seller)).toBe(1);
  await expect(set(sql`role = 'trainer'`, seller)).rejects.toMatchObject({ code: '42501' });
  await expect(set(sql`department_id = null`, chemist)).rejects.toMatchObject({ code: '42501' });
  expect(await set(sql`name = 'Renamed'`, company.admin)).toBe(0);
});

test('a key makes keys of its owner, with no more scopes than it has', async () => {
  const { orgId, seller, chemist } = company;
  const make = (who: Principal, owner: Principal, scopes: string[]) =>
    as(
      who,
      sql`
        insert into docent.api_keys (org_id, id, user_id, name, secret_hash, last_four, scopes)
        values (${orgId}, ${newId()}, ${owner.userId}, 'a key', ${Buffer.of(1)}, 'abcd', ${scopes})`,
    );
  const narrow = { ...seller, scopes: ['keys:write', 'search'] };

  expect(await make(seller, seller, ['*'])).toBe(1);
  expect(await make(narrow, seller, ['search'])).toBe(1);
  await expect(make(narrow, seller, ['chat'])).rejects.toThrow(/row-level security/);
  await expect(make(narrow, seller, ['*'])).rejects.toThrow(/row-level security/);
  await expect(make({ ...seller, scopes: ['search'] }, seller, ['search'])).rejects.toThrow(
    /row-level security/,
  );
  await expect(make(chemist, seller, ['search'])).rejects.toThrow(/row-level security/);
  expect(
    await ids(chemist, sql`select id from docent.api_keys where user_id = ${seller.userId}`),
  ).toEqual([]);
});

test('a message belongs to a conversation of the same person', async () => {
  const { orgId, seller, chemist } = company;
  const conversation = newId();
  await as(
    seller,
    sql`
      insert into docent.conversations (org_id, id, user_id, title)
      values (${orgId}, ${conversation}, ${seller.userId}, 'Mine')`,
  );
  const write = (who: Principal) =>
    as(
      who,
      sql`
        insert into docent.messages (org_id, id, conversation_id, user_id, role, text, status)
        values (${orgId}, ${newId()}, ${conversation}, ${who.userId}, 'user', 'Hello', 'complete')`,
    );

  expect(await write(seller)).toBe(1);
  await expect(write(chemist)).rejects.toMatchObject({ code: 'conflict' });
});

test('events are written by their person and read by HR of the department they were in', async () => {
  const { orgId, admin, manager, seller, chemist } = company;
  const write = (who: Principal, whom: Principal) =>
    as(
      who,
      sql`
        insert into docent.analytics_events (org_id, id, event_type, user_id)
        values (${orgId}, ${newId()}, 'test', ${whom.userId})`,
    );
  await write(seller, seller);
  await write(chemist, chemist);
  const seen = async (who: Principal) =>
    (await ids(who, sql`select id from docent.analytics_events where event_type = 'test'`)).length;

  await expect(write(seller, chemist)).rejects.toThrow(/row-level security/);
  expect(await seen(seller)).toBe(1);
  expect(await seen(manager)).toBe(1);
  expect(await seen(admin)).toBe(2);
});

test.each(['term_df', 'search_stats', 'embedding_models'])(
  'nobody but workers takes rows of %s away',
  async (table) => {
    const { orgId, admin, worker } = company;
    const remove: Record<string, Sql> = {
      term_df: sql`delete from docent.term_df where org_id = ${orgId}`,
      search_stats: sql`delete from docent.search_stats where org_id = ${orgId}`,
      embedding_models: sql`delete from docent.embedding_models where org_id = ${orgId}`,
    };
    const statement = remove[table];
    if (statement === undefined) throw new Error(table);
    await database().withPrincipal(worker, async (tx) => {
      await run(
        tx,
        sql`
          insert into docent.term_df (org_id, config, lexeme, df)
          values (${orgId}, 'simple', 'word', 2) on conflict do nothing`,
      );
      await run(
        tx,
        sql`
          insert into docent.search_stats (org_id, config, chunk_count)
          values (${orgId}, 'simple', 2) on conflict do nothing`,
      );
    });

    expect(await as(admin, statement)).toBe(0);
    expect(await as(worker, statement)).toBeGreaterThan(0);
  },
);
