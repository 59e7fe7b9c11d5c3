-- Up Migration

-- A row that is kept with deleted_at when somebody deletes it is on record as deleted, like one that goes.
create or replace function docent.audit_changes() returns trigger
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
      tg_argv[0] || case
        when c.old is null then '.created'
        when c.new is null or c.old ->> 'deleted_at' is null and c.new ->> 'deleted_at' is not null then '.deleted'
        else '.updated'
      end,
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

-- Down Migration

create or replace function docent.audit_changes() returns trigger
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
