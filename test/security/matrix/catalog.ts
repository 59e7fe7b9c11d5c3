import type { Database } from '@docent/database/database';
import { z } from 'zod';
import { systemQuery } from '../../../packages/database/src/internal/system.ts';

const Column = z.object({
  name: z.string(),
  type: z.string(),
  notNull: z.boolean(),
  hasDefault: z.boolean(),
  generated: z.boolean(),
  selectable: z.boolean(),
  updatable: z.boolean(),
  /** The first value of a check constraint that lists them. */
  listed: z.string().nullable(),
});
export type Column = z.infer<typeof Column>;

const ForeignKey = z.object({
  columns: z.array(z.string()),
  table: z.string(),
  refers: z.array(z.string()),
});

const Policy = z.object({
  name: z.string(),
  command: z.enum(['all', 'select', 'insert', 'update', 'delete']),
  permissive: z.boolean(),
  using: z.string().nullable(),
  check: z.string().nullable(),
  /** Quoted, with commas. */
  roles: z.string(),
  /** It says something about the application, not only about the owner of the table. */
  binding: z.boolean(),
});
export type Policy = z.infer<typeof Policy>;

const Table = z.object({
  name: z.string(),
  secured: z.boolean(),
  forced: z.boolean(),
  columns: z.array(Column),
  /** Verbs of which the application has the right at all; `all`: any of them. */
  granted: z.record(z.enum(['all', 'select', 'insert', 'update', 'delete']), z.boolean()),
  key: z.array(z.string()),
  foreignKeys: z.array(ForeignKey),
  policies: z.array(Policy),
});
export type Table = z.infer<typeof Table>;

/** Every table of the schema docent as the application sees it in the catalogs; partitions are part of theirs. */
export async function readCatalog(database: Database): Promise<Table[]> {
  const { rows } = await systemQuery(database)(CATALOG);
  return z
    .array(z.object({ table: Table }))
    .parse(rows)
    .map(({ table }) => table);
}

/** Partitions, which nobody may reach but through their table. */
export async function openPartitions(database: Database): Promise<string[]> {
  const { rows } = await systemQuery(database)(`
    select c.relname as name
    from pg_class c
    where c.relnamespace = 'docent'::regnamespace
      and c.relispartition
      and c.relkind in ('r', 'p')
      and has_table_privilege(current_user, c.oid, 'select, insert, update, delete, truncate')
    order by 1`);
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
}

/** Tables of any other schema that the application may read or write, as schema.table. */
export async function tablesElsewhere(database: Database): Promise<string[]> {
  const { rows } = await systemQuery(database)(`
    select n.nspname || '.' || c.relname as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname not in ('docent', 'pg_catalog', 'information_schema')
      and n.nspname not like 'pg_toast%'
      and c.relkind in ('r', 'p', 'v', 'm', 'f')
      and has_schema_privilege(current_user, n.oid, 'usage')
      and has_table_privilege(current_user, c.oid, 'select, insert, update, delete, truncate')
    order by 1`);
  return z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
}

const CATALOG = `
select jsonb_build_object(
  'name', c.relname,
  'secured', c.relrowsecurity,
  'forced', c.relforcerowsecurity,
  'granted', jsonb_build_object(
    'all', has_any_column_privilege(current_user, c.oid, 'select, insert, update')
      or has_table_privilege(current_user, c.oid, 'delete'),
    'select', has_any_column_privilege(current_user, c.oid, 'select'),
    'insert', has_any_column_privilege(current_user, c.oid, 'insert'),
    'update', has_any_column_privilege(current_user, c.oid, 'update'),
    'delete', has_table_privilege(current_user, c.oid, 'delete')),
  'columns', (
    select jsonb_agg(jsonb_build_object(
      'name', a.attname,
      'type', format_type(a.atttypid, null),
      'notNull', a.attnotnull,
      'hasDefault', a.atthasdef or a.attidentity <> '',
      'generated', a.attgenerated <> '' or a.attidentity = 'a',
      'selectable', has_column_privilege(current_user, c.oid, a.attnum, 'select'),
      'updatable', has_column_privilege(current_user, c.oid, a.attnum, 'update'),
      'listed', (
        select (regexp_match(pg_get_constraintdef(k.oid), a.attname || ' = ANY \\(ARRAY\\[''([^'']*)'''))[1]
        from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        order by 1
        limit 1)
    ) order by a.attnum)
    from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'key', (
    select coalesce(jsonb_agg(a.attname order by k.place), '[]')
    from pg_index x
    cross join unnest(x.indkey) with ordinality k (attnum, place)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where x.indrelid = c.oid and x.indisprimary and k.place <= x.indnkeyatts),
  'foreignKeys', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'columns', (select jsonb_agg(a.attname order by k.place)
        from unnest(f.conkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum),
      'table', r.relname,
      'refers', (select jsonb_agg(a.attname order by k.place)
        from unnest(f.confkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = r.oid and a.attnum = k.attnum)
    ) order by f.conname), '[]')
    from pg_constraint f
    join pg_class r on r.oid = f.confrelid
    where f.conrelid = c.oid and f.contype = 'f'),
  'policies', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'name', p.polname,
      'command', case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert'
        when 'w' then 'update' else 'delete' end,
      'permissive', p.polpermissive,
      'using', pg_get_expr(p.polqual, p.polrelid),
      'check', pg_get_expr(p.polwithcheck, p.polrelid),
      'roles', (select string_agg(coalesce(quote_ident(r.rolname), 'public'), ', ')
        from unnest(p.polroles) o (oid) left join pg_roles r on r.oid = o.oid),
      'binding', p.polroles = '{0}' or p.polroles && array(
        select r.oid from pg_roles r where pg_has_role(current_user, r.oid, 'usage'))
    ) order by p.polname), '[]')
    from pg_policy p
    where p.polrelid = c.oid)
) as table
from pg_class c
where c.relnamespace = 'docent'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
order by c.relname`;
