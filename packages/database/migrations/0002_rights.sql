-- Up Migration

-- Who is calling, for policies: plain SQL over the settings of the transaction, so that the planner
-- inlines it. A setting that was never made is null, one of an earlier transaction is ''.

create function docent.caller_org() returns uuid
  language sql stable parallel safe as
$$ select nullif(current_setting('app.org_id', true), '')::uuid $$;

create function docent.caller_id() returns uuid
  language sql stable parallel safe as
$$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

-- Own departments; of HR managers also those below them.
create function docent.caller_departments() returns uuid[]
  language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('app.department_ids', true), ''), '{}')::uuid[] $$;

-- Departments above the caller's own: what is meant for one of these is meant for the caller, too.
create function docent.caller_department_path() returns uuid[]
  language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('app.department_path', true), ''), '{}')::uuid[] $$;

-- The caller has one of these roles, or is a worker.
create function docent.acts_as(variadic allowed text[]) returns boolean
  language sql stable parallel safe as
$$ select coalesce(current_setting('app.role', true) = any (array['worker'] || allowed), false) $$;

-- The caller's key is not narrowed to something else.
create function docent.has_scope(wanted text) returns boolean
  language sql stable parallel safe as
$$
  select coalesce(string_to_array(current_setting('app.scopes', true), ' ') && array['*', wanted], false)
$$;

-- The caller's key is not narrower than this.
create function docent.has_scopes(wanted text[]) returns boolean
  language sql stable parallel safe as
$$
  select docent.has_scope('*')
    or coalesce(wanted <@ string_to_array(current_setting('app.scopes', true), ' '), false)
$$;

-- Somebody granted the caller this scope to this extent (organization, department, own) or a wider one.
create function docent.granted(wanted text, extent text) returns boolean
  language sql stable parallel safe as
$$
  select coalesce(string_to_array(current_setting('app.grants', true), ' ') && case extent
    when 'own' then array[wanted || '=own', wanted || '=department', wanted || '=organization']
    when 'department' then array[wanted || '=department', wanted || '=organization']
    else array[wanted || '=organization'] end, false)
$$;

-- What the caller is to content that not everybody may see (its column `readers`): this person, this role,
-- somebody of these departments, somebody who may change it.
create function docent.caller_tokens() returns text[]
  language sql stable parallel safe as
$$
  select array['u:' || docent.caller_id()::text, 'r:' || current_setting('app.role', true)]
    || array(
      select 'd:' || d::text
      from unnest(docent.caller_departments() || docent.caller_department_path()) d)
    || case when docent.has_scope('content:write') and docent.granted('content:write', 'organization')
      then array['w'] else '{}' end
    || case when docent.has_scope('content:write') and docent.granted('content:write', 'department')
      then array(select 'w:' || d::text from unnest(docent.caller_departments()) d) else '{}' end
$$;

-- A principal that cannot be forged ----------------------------------------------------------------

-- Whoever gets a statement of their own into a transaction can make any setting. Each connection therefore has
-- a key, given out once, to the process that opened it: docent.begin_as makes the settings for its signature
-- only, and seals them together with the time at which the transaction began. The seal is no use in another
-- transaction, and the key lies where the application cannot read.
create schema docent_private;

create unlogged table docent_private.sessions (
  pid int not null,
  server_started timestamptz not null,
  -- The key, xor-ed as HMAC wants it (RFC 2104): 64 bytes each.
  inner_pad bytea not null,
  outer_pad bytea not null,
  primary key (pid)
);

-- The key of this connection, 32 bytes; an error when it has been given out before. Rows of connections that
-- have ended go here: a new one that got the number of such a one is refused, and the pool opens another.
create function docent.open_session() returns bytea
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  key bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
  for i in 0 .. 31 loop
    inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(key, i));
    outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(key, i));
  end loop;
  delete from docent_private.sessions s
    where s.server_started <> pg_postmaster_start_time()
      or s.pid <> pg_backend_pid() and not exists (select from pg_stat_activity a where a.pid = s.pid);
  insert into docent_private.sessions
    values (pg_backend_pid(), pg_postmaster_start_time(), inner_pad, outer_pad)
    on conflict (pid) do nothing;
  if not found then
    raise exception 'the key of this connection has been given out' using errcode = '55000';
  end if;
  return key;
end $$;

-- Makes the settings of the transaction and seals them. `said`: their values in the order below, between them
-- U+001F, which none of them holds. Here and below expressions without sub-select and statements without
-- parameters: those are planned once, others for each call (0.1 ms more).
create function docent.begin_as(signature bytea, said text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v text[] := string_to_array(said, e'\x1f');
  bytes bytea := convert_to(said, 'UTF8');
  i bytea;
  o bytea;
  made text;
begin
  select s.inner_pad, s.outer_pad into i, o from docent_private.sessions s where s.pid = pg_backend_pid();
  if cardinality(v) <> 12 or signature is distinct from sha256(o || sha256(i || bytes)) then
    raise exception 'the signature of the principal is wrong' using errcode = '42501';
  end if;
  made := concat(
    set_config('app.org_id', v[1], true), set_config('app.user_id', v[2], true),
    set_config('app.role', v[3], true), set_config('app.department_ids', v[4], true),
    set_config('app.department_path', v[5], true), set_config('app.scopes', v[6], true),
    set_config('app.grants', v[7], true), set_config('app.api_key_id', v[8], true),
    set_config('app.issuer', v[9], true), set_config('app.request_id', v[10], true),
    set_config('app.ip', v[11], true), set_config('app.user_agent', v[12], true),
    set_config('app.seal', encode(sha256(o || sha256(i || timestamptz_send(now()) || bytes)), 'hex'), true));
end $$;

-- Whether the settings are those that docent.begin_as made in this transaction; false when there are none.
create function docent.principal_holds() returns boolean
  language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
declare
  seal text := current_setting('app.seal', true);
  i bytea;
  o bytea;
begin
  if seal is null or seal = '' then return false; end if;
  select s.inner_pad, s.outer_pad into i, o from docent_private.sessions s where s.pid = pg_backend_pid();
  if seal is distinct from encode(sha256(o || sha256(i || timestamptz_send(now()) || convert_to(concat_ws(
    e'\x1f', current_setting('app.org_id', true), current_setting('app.user_id', true),
    current_setting('app.role', true), current_setting('app.department_ids', true),
    current_setting('app.department_path', true), current_setting('app.scopes', true),
    current_setting('app.grants', true), current_setting('app.api_key_id', true),
    current_setting('app.issuer', true), current_setting('app.request_id', true),
    current_setting('app.ip', true), current_setting('app.user_agent', true)), 'UTF8'))), 'hex')
  then
    raise exception 'the principal of this transaction was changed' using errcode = '42501';
  end if;
  return true;
end $$;

-- Walls -------------------------------------------------------------------------------------------

-- What every table has: row-level security, forced; the wall between organizations, restrictive, so that no
-- other policy can widen it; no row to a forged principal (a sub-select, so that it is asked once for each
-- statement and the wall stays plain for the planner); the application's grants; updated_at kept. Rows show only through permissive
-- policies, which the table's migration adds.
create procedure docent.fence(t regclass) language plpgsql as $$
declare own_org constant text := $p$org_id = nullif(current_setting('app.org_id', true), '')::uuid$p$;
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy organization on %s as restrictive using (%s) with check (%s)', t, own_org, own_org);
  execute format('create policy signed on %s as restrictive using ((select docent.principal_holds()))', t);
  execute format('grant select, insert, update, delete on %s to docent_app', t);
  if exists (select from pg_attribute where attrelid = t and attname = 'updated_at' and not attisdropped) then
    execute format('create trigger touch_updated_at before update on %s
      for each row execute function docent.touch_updated_at()', t);
  end if;
end $$;
revoke all on procedure docent.fence(regclass) from public;

grant execute on all functions in schema docent to docent_app;

-- Down Migration

drop procedure docent.fence(regclass);
drop function docent.principal_holds();
drop function docent.begin_as(bytea, text);
drop function docent.open_session();
drop schema docent_private cascade;
drop function docent.caller_tokens();
drop function docent.granted(text, text);
drop function docent.has_scopes(text[]);
drop function docent.has_scope(text);
drop function docent.acts_as(text[]);
drop function docent.caller_department_path();
drop function docent.caller_departments();
drop function docent.caller_id();
drop function docent.caller_org();
