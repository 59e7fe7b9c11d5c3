import { fileDatabase } from '@docent/test/database';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { systemQuery } from './internal/system.ts';

// What must be true of every table that is there now or comes later, asked of the catalogs as docent_app.

const database = fileDatabase();
let tables: string[];

async function rows<R extends z.ZodType>(row: R, text: string): Promise<z.output<R>[]> {
  const found = await systemQuery(database())(text);
  return z.array(row).parse(found.rows);
}

const Name = z.object({ name: z.string() });
const names = async (text: string) => (await rows(Name, text)).map(({ name }) => name);

beforeAll(async () => {
  tables = await names(`
    select relname as name
    from pg_class
    where relnamespace = 'docent'::regnamespace and relkind in ('r', 'p')
    order by 1`);
});

test('there are tables to look at', () => {
  expect(tables).toEqual(expect.arrayContaining(['organizations', 'users', 'content', 'chunks']));
});

test('row-level security is enabled and forced on every table', async () => {
  const secured = await names(`
    select relname as name
    from pg_class
    where relnamespace = 'docent'::regnamespace and relrowsecurity and relforcerowsecurity
    order by 1`);

  expect(secured).toEqual(tables);
});

test('every table has a restrictive policy of the organization for every command', async () => {
  const Policy = z.object({
    name: z.string(),
    command: z.string(),
    using: z.string().nullable(),
    check: z.string().nullable(),
  });
  const policies = await rows(
    Policy,
    `select c.relname as name, p.polcmd::text as command,
       pg_get_expr(p.polqual, p.polrelid) as using,
       pg_get_expr(p.polwithcheck, p.polrelid) as check
     from pg_policy p
     join pg_class c on c.oid = p.polrelid
     where c.relnamespace = 'docent'::regnamespace and not p.polpermissive`,
  );
  const wall = "org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid";

  for (const table of tables) {
    const own = policies.filter(({ name }) => name === table);
    const covers = (command: string, side: 'using' | 'check') =>
      own.some(
        (policy) =>
          ['*', command].includes(policy.command) &&
          // The exceptions: keys and issuers may be read by their names before it is known whose they
          // are, and an organization by the administrators of those above it.
          (['api_keys', 'issuers', 'organizations'].includes(table) && command === 'r'
            ? policy[side]?.includes(wall)
            : policy[side] === `(${wall})`),
      );
    expect({
      table,
      select: covers('r', 'using'),
      insert: covers('a', 'check'),
      update: covers('w', 'using') && covers('w', 'check'),
      delete: covers('d', 'using'),
    }).toEqual({ table, select: true, insert: true, update: true, delete: true });
  }
});

test('every table shows its rows only to a principal that holds, asked once for each statement', async () => {
  const signed = await names(`
    select c.relname as name
    from pg_policy p
    join pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'docent'::regnamespace
      and not p.polpermissive
      and p.polcmd = '*'
      and p.polroles = '{0}'
      and pg_get_expr(p.polqual, p.polrelid) ~ '^\\( SELECT (docent\\.)?principal_holds\\(\\) AS principal_holds\\)$'
    order by 1`);

  expect(signed).toEqual(tables);
});

test('a table shows and takes nothing that no policy speaks of', async () => {
  const open = await names(`
    select c.relname || ': ' || p.polname as name
    from pg_policy p
    join pg_class c on c.oid = p.polrelid
    where c.relnamespace = 'docent'::regnamespace
      and p.polpermissive
      and p.polroles = '{0}'
      and 'true' in (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))`);

  expect(open).toEqual([]);
});

test('the organization comes first in every primary key, unique constraint and unique index', async () => {
  const others = await names(`
    select i.relname as name
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
    where i.relnamespace = 'docent'::regnamespace
      and x.indisunique
      -- What a token says of its issuer leads to one organization.
      and i.relname <> 'issuers_bound_once'
      and a.attname is distinct from 'org_id'`);
  const withoutPrimaryKey = await names(`
    select relname as name
    from pg_class c
    where relnamespace = 'docent'::regnamespace
      and relkind in ('r', 'p')
      and not exists (select from pg_index x where x.indrelid = c.oid and x.indisprimary)`);

  expect(others).toEqual([]);
  expect(withoutPrimaryKey).toEqual([]);
});

test('every foreign key carries the organization on both sides', async () => {
  const others = await names(`
    select c.conname as name
    from pg_constraint c
    where c.connamespace = 'docent'::regnamespace
      and c.contype = 'f'
      -- The parent of an organization is another one.
      and c.conname <> 'organizations_parent'
      and not exists (
        select
        from unnest(c.conkey, c.confkey) k (mine, theirs)
        join pg_attribute m on m.attrelid = c.conrelid and m.attnum = k.mine
        join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.theirs
        where m.attname = 'org_id' and t.attname = 'org_id'
      )`);

  expect(others).toEqual([]);
});

test('no foreign key clears the organization when what it refers to is deleted', async () => {
  const clearing = await names(`
    select conname as name
    from pg_constraint c
    where connamespace = 'docent'::regnamespace
      and contype = 'f'
      and confdeltype in ('n', 'd')
      and (
        confdelsetcols is null
        or (
          select attnum
          from pg_attribute
          where attrelid = conrelid and attname = 'org_id'
        ) = any (confdelsetcols)
      )`);

  expect(clearing).toEqual([]);
});

test('every table that has updated_at keeps it by a trigger', async () => {
  const without = await names(`
    select c.relname as name
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'updated_at'
    where c.relnamespace = 'docent'::regnamespace
      and c.relkind = 'r'
      and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'touch_updated_at')`);

  expect(without).toEqual([]);
});

test('times have a zone', async () => {
  const without = await names(`
    select attrelid::regclass || '.' || attname as name
    from pg_attribute
    join pg_class c on c.oid = attrelid
    where c.relnamespace = 'docent'::regnamespace and c.relkind = 'r'
      and atttypid = 'timestamp'::regtype`);

  expect(without).toEqual([]);
});

test('views show what the caller may see', async () => {
  const others = await names(`
    select relname as name
    from pg_class
    where relnamespace = 'docent'::regnamespace
      and relkind in ('v', 'm')
      and not coalesce(reloptions @> array['security_invoker=true'], false)`);

  expect(others).toEqual([]);
});

test('functions that run with the rights of their owner are known and fix their search path', async () => {
  const Definer = z.object({ name: z.string(), trigger: z.boolean(), path: z.string().nullable() });
  const definers = await rows(
    Definer,
    `select proname::text as name, prorettype = 'trigger'::regtype as trigger,
       (select c from unnest(proconfig) c where c like 'search\\_path=%') as path
     from pg_proc
     where pronamespace = 'docent'::regnamespace and prosecdef
     order by 1`,
  );
  const known = (trigger: boolean) =>
    definers.filter((definer) => definer.trigger === trigger).map(({ name }) => name);

  // What the application can call: each of these looks at who is calling, or shows and changes no row.
  expect(known(false)).toEqual([
    'active_people',
    'begin_as',
    'ensure_audit_partitions',
    'ensure_embedding_index',
    'known_statements',
    'open_session',
    'principal_holds',
    'question_is_used',
    'record_action',
    'stored_bytes',
    'take_back_statement',
  ]);
  // What follows a change that a policy has let through, within the organization of the row.
  expect(known(true)).toEqual([
    'audit_chain',
    'audit_changes',
    'fill_department',
    'mark_mastery_stale',
    'move_department',
    'note_completion',
    'note_feedback',
    'note_uptake',
    'request_mastery_replay',
    'touch_catalogue',
    'touch_learners',
  ]);
  // Temporary objects last: nobody can put their own in the way.
  for (const { name, path } of definers) {
    expect({ name, path }).toEqual({ name, path: expect.stringMatching(/, pg_temp$/) });
  }
});

test('the application owns nothing, passes by nothing and can truncate nothing', async () => {
  const Rights = z.object({
    role: z.string(),
    powerful: z.boolean(),
    owned: z.number(),
    truncate: z.array(z.string()),
    create: z.array(z.string()),
  });
  const [rights] = await rows(
    Rights,
    `select current_user::text as role,
       (
         select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
         from pg_roles where rolname = current_user
       ) as powerful,
       (
         select count(*)::int from pg_shdepend
         where refobjid = current_user::regrole and deptype = 'o'
       ) as owned,
       array(
         select oid::regclass::text from pg_class
         where relkind in ('r', 'p')
           and relnamespace::regnamespace::text in ('docent', 'docent_meta', 'pgboss')
           and has_table_privilege(oid, 'truncate, trigger, references')
       ) as truncate,
       array(
         select nspname::text from pg_namespace
         where has_schema_privilege(oid, 'create')
           and nspname !~ '^pg_'
       ) as create`,
  );

  expect(rights).toEqual({
    role: 'docent_app',
    powerful: false,
    owned: 0,
    truncate: [],
    create: [],
  });
});

test('the search operator may be pushed below row-level security', async () => {
  const [operator] = await rows(
    z.object({ leakproof: z.boolean() }),
    `select proleakproof as leakproof from pg_proc
     where oid = 'pg_catalog.ts_match_vq(tsvector,tsquery)'::regprocedure`,
  );

  expect(operator).toEqual({ leakproof: true });
});
