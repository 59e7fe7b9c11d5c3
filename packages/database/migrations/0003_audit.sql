-- Up Migration

-- Who changed what. Three tables: statements leave what they changed in audit_pending; when the transaction
-- commits, it is moved to audit_log and chained to the organization's last entry, which audit_heads has. The
-- lock on the head is the last that a transaction takes, so two of one organization cannot wait for each other.

create table docent.audit_log (
  org_id uuid not null,
  -- 1, 2, 3 … without gaps.
  seq bigint not null,
  at timestamptz not null,
  -- user:<id>, key:<id>, system:worker, or system:<login> of who had no principal.
  actor text not null,
  -- <kind>.created, .updated, .deleted, or the name of something that is no change of a row.
  action text not null,
  target_kind text not null,
  target_id text not null,
  -- {"<field>": {"old": …, "new": …}}; '***' for what must not be read here.
  changes jsonb not null,
  details jsonb not null,
  request_id text,
  ip text,
  user_agent text,
  -- SHA-256 of the entry before and this one; packages/database/src/auditVerify.ts computes it anew.
  hash bytea not null,
  primary key (org_id, seq, at)
) partition by range (at);
create index audit_log_target on docent.audit_log (org_id, target_kind, target_id, seq desc);
create index audit_log_actor on docent.audit_log (org_id, actor, seq desc);

create table docent.audit_heads (
  org_id uuid not null,
  seq bigint not null,
  hash bytea not null,
  primary key (org_id)
);

-- Empty whenever no transaction is under way: nothing is lost with it in a crash.
create unlogged table docent.audit_pending (
  org_id uuid not null,
  transaction xid8 not null,
  statement bigint not null,
  position bigint not null,
  actor text not null,
  action text not null,
  target_kind text not null,
  target_id text not null,
  changes jsonb not null,
  details jsonb not null,
  request_id text,
  ip text,
  user_agent text,
  primary key (org_id, transaction, statement, position)
);
create unlogged sequence docent.audit_statements;

-- The application reads the log, and writes none of the three: functions of their owner do.
call docent.fence('docent.audit_log');
call docent.fence('docent.audit_heads');
call docent.fence('docent.audit_pending');
revoke insert, update, delete on docent.audit_log from docent_app;
revoke all on docent.audit_heads, docent.audit_pending from docent_app;
create policy read on docent.audit_log for select
  using ((docent.acts_as('admin') and docent.has_scope('audit:read'))
    or docent.granted('audit:read', 'organization'));
create policy append on docent.audit_log for insert to current_user with check (true);
create policy owner on docent.audit_heads to current_user using (true) with check (true);
create policy owner on docent.audit_pending to current_user using (true) with check (true);

create function docent.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
create trigger append_only before update or delete on docent.audit_log
  for each row execute function docent.refuse_change();
create trigger append_only_truncate before truncate on docent.audit_log
  for each statement execute function docent.refuse_change();
create trigger forward_only before update on docent.audit_heads
  for each row when (new.seq <= old.seq or new.org_id <> old.org_id)
  execute function docent.refuse_change();
create trigger append_only before delete on docent.audit_heads
  for each row execute function docent.refuse_change();
create trigger append_only_truncate before truncate on docent.audit_heads
  for each statement execute function docent.refuse_change();

-- Months -------------------------------------------------------------------------------------------

-- Out of the application's reach: rows of a partition are reached through docent.audit_log only.
create schema docent_audit;
create table docent_audit.log_default partition of docent.audit_log default;

create function docent.protect_audit_partition(part text) returns void language plpgsql as $$
begin
  execute format('alter table docent_audit.%I enable row level security', part);
  execute format('alter table docent_audit.%I force row level security', part);
  execute format('create trigger append_only_truncate before truncate on docent_audit.%I
    for each statement execute function docent.refuse_change()', part);
end $$;
revoke all on function docent.protect_audit_partition(text) from public;
select docent.protect_audit_partition('log_default');

-- Makes the partitions of this month and the next ones that are not there yet; a month that has entries in
-- the default partition stays there. Readers of the log are waited for briefly: tomorrow is another day.
create function docent.ensure_audit_partitions(months_ahead int default 3) returns int
  language plpgsql security definer set search_path = docent, public, pg_temp set lock_timeout = '2s' as $$
declare
  made int := 0;
  first_day timestamp;
  part text;
begin
  if months_ahead not between 0 and 24 then
    raise exception 'months_ahead must be 0 to 24, got %', months_ahead using errcode = '22023';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('docent.audit_partitions', 0));
  for first_day in
    select date_trunc('month', now() at time zone 'utc') + n * interval '1 month'
    from generate_series(0, months_ahead) n
  loop
    part := 'log_' || to_char(first_day, 'YYYY_MM');
    continue when to_regclass('docent_audit.' || part) is not null;
    continue when exists (
      select from docent_audit.log_default d
      where d.at >= first_day at time zone 'utc'
        and d.at < (first_day + interval '1 month') at time zone 'utc');
    execute format('create table docent_audit.%I partition of docent.audit_log for values from (%L) to (%L)',
      part, first_day at time zone 'utc', (first_day + interval '1 month') at time zone 'utc');
    perform docent.protect_audit_partition(part);
    made := made + 1;
  end loop;
  return made;
exception when lock_not_available then
  return made;
end $$;
revoke all on function docent.ensure_audit_partitions(int) from public;
grant execute on function docent.ensure_audit_partitions(int) to docent_app;
select docent.ensure_audit_partitions();

-- Entries ------------------------------------------------------------------------------------------

-- Who is at work, from the settings of the transaction.
create function docent.audit_actor() returns text language sql stable as
$$
  select case
    when current_setting('app.role', true) = 'worker' then 'system:worker'
    when coalesce(current_setting('app.api_key_id', true), '') <> ''
      then 'key:' || current_setting('app.api_key_id', true)
    when coalesce(current_setting('app.user_id', true), '') <> ''
      then 'user:' || current_setting('app.user_id', true)
    else 'system:' || session_user end
$$;

-- A value that is too long for the log, by its digest.
create function docent.audit_digest(value jsonb) returns jsonb language sql immutable parallel safe as
$$
  select jsonb_build_object('bytes', octet_length(value::text),
    'sha256', encode(sha256(convert_to(value::text, 'UTF8')), 'hex'))
$$;

-- The fields in which two states of a row differ; of a new or deleted row all that have a value. What is masked
-- is shown as '***', what is longer than 4,000 bytes as its digest. In plpgsql and without a function for each
-- value, because then its plan is kept: 2.7 times as fast.
create function docent.audit_diff(old jsonb, new jsonb, masked text[], ignored text[]) returns jsonb
  language plpgsql immutable parallel safe as $$
begin
  return (
    select coalesce(jsonb_object_agg(c.field, case
      when old is null then jsonb_build_object('new', c.now)
      when new is null then jsonb_build_object('old', c.was)
      else jsonb_build_object('old', c.was, 'new', c.now) end), '{}')
    from (
      select f.field,
        case when w.value = 'null' or w.value is null then w.value
          when f.field = any (masked) then '"***"'
          when pg_column_size(w.value) > 4000 then docent.audit_digest(w.value)
          else w.value end as was,
        case when n.value = 'null' or n.value is null then n.value
          when f.field = any (masked) then '"***"'
          when pg_column_size(n.value) > 4000 then docent.audit_digest(n.value)
          else n.value end as now
      from jsonb_object_keys(coalesce(new, old)) f (field)
      cross join lateral (select old -> f.field) w (value)
      cross join lateral (select new -> f.field) n (value)
      where f.field <> all (ignored)
        and coalesce(w.value, 'null') <> coalesce(n.value, 'null')
    ) c);
end $$;

-- After each statement on an audited table: what it changed. Arguments: kind, key columns, masked, ignored. Plans are
-- kept: connections of the application plan every statement anew.
create function docent.audit_changes() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp
  set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  keys text[] := tg_argv[1];
  masked text[] := tg_argv[2];
  ignored text[] := tg_argv[3];
  number bigint := nextval('docent.audit_statements');
  who text := docent.audit_actor();
  from_request text := nullif(current_setting('app.request_id', true), '');
  from_ip text := nullif(current_setting('app.ip', true), '');
  from_agent text := nullif(current_setting('app.user_agent', true), '');
begin
  -- Settings that the statement itself changed must not name somebody else as its author.
  perform docent.principal_holds();
  -- A table that the statement does not have is not looked for: each branch is planned when it is reached.
  if tg_op = 'INSERT' then
    insert into docent.audit_pending
    select (n.row ->> 'org_id')::uuid, pg_current_xact_id(), number,
      row_number() over (partition by n.row ->> 'org_id'), who, tg_argv[0] || '.created', tg_argv[0],
      array_to_string(array(select n.row ->> k from unnest(keys) k), '/'),
      docent.audit_diff(null, n.row, masked, ignored), '{}', from_request, from_ip, from_agent
    from (select to_jsonb(r) as row from new_rows r) n;
  elsif tg_op = 'DELETE' then
    insert into docent.audit_pending
    select (o.row ->> 'org_id')::uuid, pg_current_xact_id(), number,
      row_number() over (partition by o.row ->> 'org_id'), who, tg_argv[0] || '.deleted', tg_argv[0],
      array_to_string(array(select o.row ->> k from unnest(keys) k), '/'),
      docent.audit_diff(o.row, null, masked, ignored), '{}', from_request, from_ip, from_agent
    from (select to_jsonb(r) as row from old_rows r) o;
  else
    -- A row whose key changed is one deleted and one created.
    insert into docent.audit_pending
    select c.org, pg_current_xact_id(), number, row_number() over (partition by c.org), who,
      tg_argv[0] || case when c.old is null then '.created' when c.new is null then '.deleted' else '.updated' end,
      tg_argv[0], c.id, c.changes, '{}', from_request, from_ip, from_agent
    from (
      select org, id, o.row as old, n.row as new, docent.audit_diff(o.row, n.row, masked, ignored) as changes
      from (
        select (to_jsonb(r) ->> 'org_id')::uuid as org,
          array_to_string(array(select to_jsonb(r) ->> k from unnest(keys) k), '/') as id, to_jsonb(r) as row
        from old_rows r
      ) o
      full join (
        select (to_jsonb(r) ->> 'org_id')::uuid as org,
          array_to_string(array(select to_jsonb(r) ->> k from unnest(keys) k), '/') as id, to_jsonb(r) as row
        from new_rows r
      ) n using (org, id)
    ) c
    where c.changes <> '{}';
  end if;
  return null;
end $$;
revoke all on function docent.audit_changes() from public;

-- For what is no change of a row: an export, a key shown.
create function docent.record_action(org uuid, what text, kind text, id text, facts jsonb) returns void
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  if not docent.principal_holds() or org is distinct from docent.caller_org() then
    raise exception 'an action is recorded in the own organization' using errcode = '42501';
  end if;
  insert into docent.audit_pending
  values (org, pg_current_xact_id(), nextval('docent.audit_statements'), 1, docent.audit_actor(), what, kind, id,
    '{}', facts, nullif(current_setting('app.request_id', true), ''),
    nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), ''));
end $$;
revoke all on function docent.record_action(uuid, text, text, text, jsonb) from public;
grant execute on function docent.record_action(uuid, text, text, text, jsonb) to docent_app;

-- Chain --------------------------------------------------------------------------------------------

-- A field of an entry, its length before it: no two entries have one text.
create function docent.audit_field(value text) returns text language sql immutable parallel safe as
$$ select coalesce(octet_length(value)::text || ':' || value, '-') || ',' $$;

-- At commit: everything that the transaction left in audit_pending, in its order. The first of its calls
-- does it all.
create function docent.audit_chain() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp
  set plan_cache_mode = force_generic_plan as $$
declare
  head docent.audit_heads;
  first_seq bigint;
  hashes bytea[] := '{}';
  moment timestamptz;
  beginning text;
  middle text;
  rest text;
begin
  perform from docent.audit_pending p
  where p.org_id = new.org_id and p.transaction = new.transaction and p.statement = new.statement
    and p.position = new.position;
  if not found then return null; end if;

  insert into docent.audit_heads values (new.org_id, 0, '') on conflict do nothing;
  select h.* into head from docent.audit_heads h where h.org_id = new.org_id for update;
  first_seq := head.seq + 1;
  moment := clock_timestamp();
  beginning := docent.audit_field(new.org_id::text);
  middle := docent.audit_field(to_char(moment at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
  for rest in
    select docent.audit_field(p.actor) || docent.audit_field(p.action) || docent.audit_field(p.target_kind)
      || docent.audit_field(p.target_id) || docent.audit_field(p.changes::text)
      || docent.audit_field(p.details::text) || docent.audit_field(p.request_id)
      || docent.audit_field(p.ip) || docent.audit_field(p.user_agent)
    from docent.audit_pending p
    where p.org_id = new.org_id and p.transaction = new.transaction
    order by p.statement, p.position
  loop
    head.seq := head.seq + 1;
    head.hash := sha256(head.hash
      || convert_to(beginning || docent.audit_field(head.seq::text) || middle || rest, 'UTF8'));
    hashes := array_append(hashes, head.hash);
  end loop;

  insert into docent.audit_log
  select e.org_id, first_seq + e.place - 1, moment, e.actor, e.action, e.target_kind, e.target_id, e.changes,
    e.details, e.request_id, e.ip, e.user_agent, hashes[e.place]
  from (
    select p.*, row_number() over (order by p.statement, p.position) as place
    from docent.audit_pending p
    where p.org_id = new.org_id and p.transaction = new.transaction
  ) e;
  delete from docent.audit_pending p where p.org_id = new.org_id and p.transaction = new.transaction;
  update docent.audit_heads h set seq = head.seq, hash = head.hash where h.org_id = new.org_id;
  return null;
end $$;
revoke all on function docent.audit_chain() from public;
create constraint trigger chain after insert on docent.audit_pending
  deferrable initially deferred for each row when (new.position = 1)
  execute function docent.audit_chain();

-- Attaching ----------------------------------------------------------------------------------------

-- Puts changes of a table's rows on record. `masked`: secrets and personal fields, whose change is told but
-- not their value. `ignored`: fields that change all the time and say nothing; so are these three.
create procedure docent.audit(t regclass, kind text, masked text[] default '{}', ignored text[] default '{}')
  language plpgsql as $$
declare
  keys text[];
  called text;
begin
  select array_agg(a.attname order by k.place)
  into keys
  from pg_index x
  cross join lateral unnest(x.indkey::int2[]) with ordinality k (attnum, place)
  join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum
  where x.indrelid = t and x.indisprimary;
  if keys[1] is distinct from 'org_id' then
    raise exception '% needs a primary key that begins with org_id', t;
  end if;
  if cardinality(keys) > 1 then keys := keys[2:]; end if;
  called := format('execute function docent.audit_changes(%L, %L, %L, %L)', kind, keys, masked,
    ignored || '{org_id,created_at,updated_at,last_used_at}'::text[]);
  execute format('create or replace trigger audit_insert after insert on %s
    referencing new table as new_rows for each statement %s', t, called);
  execute format('create or replace trigger audit_update after update on %s
    referencing old table as old_rows new table as new_rows for each statement %s', t, called);
  execute format('create or replace trigger audit_delete after delete on %s
    referencing old table as old_rows for each statement %s', t, called);
end $$;
revoke all on procedure docent.audit(regclass, text, text[], text[]) from public;

-- The opposite, for down migrations of tables that stay.
create procedure docent.unaudit(t regclass) language plpgsql as $$
begin
  execute format('drop trigger audit_insert on %s', t);
  execute format('drop trigger audit_update on %s', t);
  execute format('drop trigger audit_delete on %s', t);
end $$;
revoke all on procedure docent.unaudit(regclass) from public;

-- Down Migration

drop procedure docent.unaudit(regclass);
drop procedure docent.audit(regclass, text, text[], text[]);
drop function docent.record_action(uuid, text, text, text, jsonb);
drop function docent.audit_changes();
drop table docent.audit_pending, docent.audit_heads, docent.audit_log;
drop sequence docent.audit_statements;
drop schema docent_audit cascade;
drop function docent.audit_chain();
drop function docent.audit_field(text);
drop function docent.audit_diff(jsonb, jsonb, text[], text[]);
drop function docent.audit_digest(jsonb);
drop function docent.audit_actor();
drop function docent.ensure_audit_partitions(int);
drop function docent.protect_audit_partition(text);
drop function docent.refuse_change();
