import type { ClientBase } from 'pg';
import { prepareJobs } from './jobSchema.ts';

/**
 * What the numbered migrations stand on: the role of the application, extensions, the ledger, the job
 * queue's own schema. Runs before them every time and changes nothing that is there already.
 */
export async function prepare(client: ClientBase): Promise<void> {
  await client.query(ROLE);
  await client.query(EXTENSIONS);
  await client.query(LEDGER);
  await prepareJobs(client);
}

/** Roles belong to the whole server: a migrator of another database may be making it right now. */
const ROLE = `
do $$
begin
  if not exists (select from pg_roles where rolname = 'docent_app') then
    begin
      create role docent_app nologin nosuperuser nobypassrls;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not pg_has_role(current_user, 'docent_app', 'set') then
    begin
      execute format('grant docent_app to %I', current_user);
    exception when unique_violation or internal_error then null;
    end;
  end if;
end $$;`;

/**
 * Word search under row-level security can only use its index when the operator is leakproof: 16 times
 * faster for a large organization. It takes a superuser, and a dump does not carry it: every time.
 */
const EXTENSIONS = `
create extension if not exists vector schema public;
create extension if not exists pg_trgm schema public;
create extension if not exists btree_gin schema public;
create extension if not exists unaccent schema public;
do $$
begin
  if exists (select from pg_roles where rolname = current_user and rolsuper)
    and not (select proleakproof from pg_proc where oid = 'pg_catalog.ts_match_vq(tsvector,tsquery)'::regprocedure)
  then
    alter function pg_catalog.ts_match_vq(tsvector, tsquery) leakproof;
  end if;
end $$;`;

const LEDGER = `
create schema if not exists docent_meta;
create table if not exists docent_meta.checksums (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default now()
);
grant usage on schema docent_meta to docent_app;
grant select on docent_meta.checksums to docent_app;`;
