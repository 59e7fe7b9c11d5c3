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

-- What every table has: row-level security, forced; the wall between organizations, restrictive, so that no
-- other policy can widen it; the application's grants; updated_at kept. Rows show only through permissive
-- policies, which the table's migration adds.
create procedure docent.fence(t regclass) language plpgsql as $$
declare own_org constant text := $p$org_id = nullif(current_setting('app.org_id', true), '')::uuid$p$;
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy organization on %s as restrictive using (%s) with check (%s)', t, own_org, own_org);
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
drop function docent.caller_tokens();
drop function docent.granted(text, text);
drop function docent.has_scopes(text[]);
drop function docent.has_scope(text);
drop function docent.acts_as(text[]);
drop function docent.caller_department_path();
drop function docent.caller_departments();
drop function docent.caller_id();
drop function docent.caller_org();
