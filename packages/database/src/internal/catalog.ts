import type { ClientBase } from 'pg';
import { z } from 'zod';

/**
 * The schemas of Docent as text, read from the catalogs: the same for the same schema, on a server and
 * embedded, whatever order things were made in. (PGlite has no pg_dump.)
 */
export async function dumpSchema(client: Pick<ClientBase, 'query'>): Promise<string> {
  await client.query('begin read only');
  // Names are written with their schema, whatever the connection looks through otherwise.
  await client.query('set local search_path to pg_catalog');
  const { rows } = await client.query(CATALOG);
  await client.query('rollback');
  const lines = z.array(z.object({ line: z.string() })).parse(rows);
  return `${lines.map(({ line }) => line).join('\n')}\n`;
}

/** One row for each statement-like line; `part` orders the kinds of things within a table. */
const CATALOG = `
with spaces as (
  select oid, nspname, nspacl, nspowner
  from pg_namespace
  where nspname in ('docent', 'docent_meta', 'docent_private')
),
relations as (
  select c.*, s.nspname || '.' || c.relname as label
  from pg_class c
  join spaces s on s.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'p', 'S', 'm')
),
own_functions as (
  select p.*, s.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as label
  from pg_proc p
  join spaces s on s.oid = p.pronamespace
),
lines as (
  select 1 as chapter, nspname::text as label, 0 as part, '' as name, 'schema ' || nspname as line
  from spaces

  union all
  select 1, s.nspname, 1, a.privilege_type,
    'grant ' || lower(a.privilege_type) || ' on schema ' || s.nspname || ' to ' || coalesce(g.rolname, 'public')
  from spaces s
  cross join aclexplode(s.nspacl) a
  left join pg_roles g on g.oid = a.grantee
  where a.grantee <> s.nspowner

  union all
  select 2, label, 0, '',
    case relkind when 'v' then 'view ' when 'S' then 'sequence ' when 'm' then 'materialized view ' else 'table ' end
      || label
      || coalesce(' with (' || (select string_agg(o, ', ' order by o collate "C") from unnest(reloptions) o) || ')', '')
      || case when relrowsecurity then ' row level security' else '' end
      || case when relforcerowsecurity then ' forced' else '' end
  from relations

  union all
  select 2, r.label, 1, to_char(a.attnum, 'FM0000'),
    '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end
      || case when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
           else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end
      || case when a.attstorage <> t.typstorage then ' storage '
           || case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'm' then 'main' else 'extended' end
           else '' end
  from relations r
  join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
  where r.relkind <> 'S'

  union all
  -- PostgreSQL 18 lists "not null" as constraints too; the columns say it already.
  select 2, r.label, 2, c.conname, '  constraint ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
  from relations r
  join pg_constraint c on c.conrelid = r.oid and c.contype <> 'n'

  union all
  select 2, r.label, 3, i.relname, '  ' || d.def
  from relations r
  join pg_index x on x.indrelid = r.oid
  join pg_class i on i.oid = x.indexrelid
  cross join lateral (select pg_get_indexdef(i.oid) as def) d
  where not exists (select from pg_constraint c where c.conindid = i.oid and c.contype in ('p', 'u', 'x'))

  union all
  select 2, r.label, 4, p.polname,
    '  policy ' || p.polname || case when p.polpermissive then '' else ' as restrictive' end || ' for '
      || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
      || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
      || coalesce(' with check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
  from relations r
  join pg_policy p on p.polrelid = r.oid

  union all
  select 2, r.label, 5, t.tgname, '  ' || d.def
  from relations r
  join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
  cross join lateral (select pg_get_triggerdef(t.oid) as def) d

  union all
  select 2, r.label, 6, '', pg_get_viewdef(r.oid, true)
  from relations r
  where r.relkind in ('v', 'm')

  union all
  select 2, r.label, 7, coalesce(g.rolname, 'public'),
    '  grant ' || string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) || ' to ' || coalesce(g.rolname, 'public')
  from relations r
  cross join aclexplode(r.relacl) a
  left join pg_roles g on g.oid = a.grantee
  where a.grantee <> r.relowner
  group by r.label, g.rolname

  union all
  select 3, label, 0, '', pg_get_functiondef(oid)
  from own_functions

  union all
  select 3, f.label, 1, coalesce(g.rolname, 'public'),
    'grant ' || string_agg(lower(a.privilege_type), ', ' order by a.privilege_type) || ' on function ' || f.label
      || ' to ' || coalesce(g.rolname, 'public')
  from own_functions f
  cross join aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
  left join pg_roles g on g.oid = a.grantee
  where a.grantee <> f.proowner
  group by f.label, g.rolname
)
select line
from lines
order by chapter, label collate "C", part, name collate "C", line collate "C"`;
