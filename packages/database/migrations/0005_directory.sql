-- Up Migration

-- Organizations -----------------------------------------------------------------------------------

-- `path`: the organizations above this one, from the topmost down. It never changes, so the key below holds it
-- together: what is written as the path is the parent's path and the parent.
alter table docent.organizations
  add column parent_id uuid,
  add column path uuid[] not null default '{}',
  add column depth int not null generated always as (cardinality(path)) stored,
  add column parent_path uuid[] generated always as (case when parent_id is not null
    then trim_array(path, 1) end) stored,
  add column status text not null default 'active'
    check (status in ('active', 'trial', 'suspended', 'inactive')),
  add column branding jsonb not null default '{}',
  add column max_users int check (max_users >= 1),
  add column max_storage_bytes bigint check (max_storage_bytes >= 0),
  add column max_tokens_per_month bigint check (max_tokens_per_month >= 0),
  add constraint organizations_place check (case when parent_id is null then path = '{}'
    else cardinality(path) between 1 and 10 and path[cardinality(path)] = parent_id and not org_id = any (path) end),
  add constraint organizations_path unique (org_id, path),
  add constraint organizations_parent foreign key (parent_id, parent_path)
    references docent.organizations (org_id, path);
create index organizations_children on docent.organizations using gin (path);

-- Who pays sets the limits: an organization's own people can neither lift them nor end a suspension. What is
-- above writes as a worker of the organization below.
create function docent.guard_organization() returns trigger language plpgsql as $$
begin
  if (new.org_id, new.parent_id, new.path) is distinct from (old.org_id, old.parent_id, old.path) then
    raise exception 'an organization keeps its place' using errcode = '42501';
  end if;
  if not docent.acts_as('worker')
    and (new.status, new.max_users, new.max_storage_bytes, new.max_tokens_per_month)
      is distinct from (old.status, old.max_users, old.max_storage_bytes, old.max_tokens_per_month)
  then
    raise exception 'status and limits of an organization are set from above' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger guard before update on docent.organizations
  for each row execute function docent.guard_organization();

-- The wall stays for every write. Reading has one opening: an administrator sees the organizations below.
drop policy organization on docent.organizations;
create policy organization on docent.organizations as restrictive for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid
    or nullif(current_setting('app.org_id', true), '')::uuid = any (path) and docent.acts_as('admin'));
create policy organization_insert on docent.organizations as restrictive for insert
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy organization_update on docent.organizations as restrictive for update
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy organization_delete on docent.organizations as restrictive for delete
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

-- Departments -------------------------------------------------------------------------------------

-- `path`: the departments above this one, from the topmost down; a trigger keeps it.
alter table docent.departments
  add column external_id text,
  add column description text,
  add column path uuid[] not null default '{}',
  add column depth int not null generated always as (cardinality(path)) stored,
  add constraint departments_depth check (cardinality(path) < 20);
create unique index departments_external_id on docent.departments (org_id, external_id)
  where external_id is not null;
create index departments_path on docent.departments using gin (org_id, path);

create function docent.place_department() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.parent_id is not distinct from old.parent_id then
    -- Only the trigger below writes a path.
    if pg_trigger_depth() = 1 then new.path := old.path; end if;
    return new;
  end if;
  -- One at a time: two moves that each look fine could together make a ring.
  perform pg_advisory_xact_lock(hashtextextended('docent.departments:' || new.org_id, 0));
  new.path := coalesce((select d.path || d.id from docent.departments d
    where d.org_id = new.org_id and d.id = new.parent_id), '{}');
  if new.id = new.parent_id or new.id = any (new.path) then
    raise exception 'a department cannot be below itself'
      using errcode = '23514', constraint = 'departments_ring', table = 'departments';
  end if;
  return new;
end $$;
create trigger place before insert or update on docent.departments
  for each row execute function docent.place_department();

create function docent.place_departments_below() returns trigger language plpgsql as $$
begin
  update docent.departments d
    set path = new.path || new.id || d.path[cardinality(old.path) + 2 :]
    where d.org_id = new.org_id and d.path @> array[new.id];
  return null;
end $$;
create trigger place_below after update of parent_id on docent.departments
  for each row when (old.path is distinct from new.path)
  execute function docent.place_departments_below();

-- People ------------------------------------------------------------------------------------------

-- A deleted person keeps the row, for what refers to it; their e-mail address is free again. The keys are
-- columns because a comparison with an expression could not use its index below row-level security.
alter table docent.users
  add column job_title text,
  add column external_id text,
  add column user_name text,
  add column given_name text,
  add column family_name text,
  add column manager_id uuid,
  -- Whom the manager was said to be, as long as there is no such person.
  add column manager_ref text,
  add column deleted_at timestamptz,
  add column email_key text not null generated always as (lower(email)) stored,
  add column user_name_key text not null generated always as (lower(coalesce(user_name, email))) stored,
  add constraint users_manager foreign key (org_id, manager_id) references docent.users (org_id, id)
    on delete set null (manager_id),
  add constraint users_not_own_manager check (manager_id <> id),
  add constraint users_deleted check (deleted_at is null or status = 'deactivated');
drop index docent.users_email;
create unique index users_email on docent.users (org_id, email_key) where deleted_at is null;
create unique index users_user_name on docent.users (org_id, user_name_key) where deleted_at is null;
create unique index users_external_id on docent.users (org_id, external_id)
  where deleted_at is null and external_id is not null;
create index users_by_name on docent.users (org_id, lower(name), id) where deleted_at is null;
create index users_below on docent.users (org_id, manager_id) where manager_id is not null;
create index users_manager_ref on docent.users (org_id, manager_ref) where manager_ref is not null;

-- Somebody must be able to let the others in. Rows of the same statement that were changed before are seen.
create function docent.keep_administrator() returns trigger language plpgsql as $$
begin
  if old.role = 'admin' and old.status = 'active' and (new.role, new.status) is distinct from ('admin', 'active')
  then
    perform pg_advisory_xact_lock(hashtextextended('docent.people:' || new.org_id, 0));
    if not exists (select from docent.users u
      where u.org_id = new.org_id and u.id <> new.id and u.role = 'admin' and u.status = 'active')
    then
      raise exception 'the last active administrator stays'
        using errcode = '23514', constraint = 'users_last_administrator', table = 'users';
    end if;
  end if;
  return new;
end $$;
create trigger keep_administrator before update of role, status, deleted_at on docent.users
  for each row execute function docent.keep_administrator();

-- How many people of the caller's organization can sign in, also those whom the caller does not see.
create function docent.active_people() returns int
  language sql stable security definer set search_path = docent, public, pg_temp as
$$
  select count(*)::int from docent.users u
  where u.org_id = nullif(current_setting('app.org_id', true), '')::uuid and u.status = 'active'
$$;
create policy owner on docent.users for select to current_user using (true);

-- Asked once for each statement: counted for each row, a large import would never end.
create function docent.limit_people() returns trigger language plpgsql as $$
declare
  org uuid := docent.caller_org();
  most int;
begin
  if tg_op = 'INSERT' then
    if not exists (select from now_people n where n.status = 'active') then return null; end if;
  elsif not exists (
    select from now_people n join were_people w on w.org_id = n.org_id and w.id = n.id
    where n.status = 'active' and w.status <> 'active')
  then
    return null;
  end if;
  select o.max_users into most from docent.organizations o where o.org_id = org;
  if most is null then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended('docent.people:' || org, 0));
  if docent.active_people() > most then
    raise exception 'the organization has as many people as it may'
      using errcode = '23514', constraint = 'users_limit', table = 'users';
  end if;
  return null;
end $$;
create trigger limit_added after insert on docent.users
  referencing new table as now_people for each statement execute function docent.limit_people();
create trigger limit_activated after update on docent.users
  referencing old table as were_people new table as now_people
  for each statement execute function docent.limit_people();

-- Grants ------------------------------------------------------------------------------------------

create table docent.grants (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  user_id uuid not null,
  -- resource:action, as packages/core has them.
  scope text not null check (scope ~ '^[a-z]+(:[a-z]+)?$'),
  extent text not null check (extent in ('organization', 'department', 'own')),
  reason text,
  granted_by uuid,
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, granted_by) references docent.users (org_id, id) on delete set null (granted_by),
  foreign key (org_id, revoked_by) references docent.users (org_id, id) on delete set null (revoked_by)
);
create unique index grants_standing on docent.grants (org_id, user_id, scope, extent) where revoked_at is null;
create index grants_granted_by on docent.grants (org_id, granted_by) where granted_by is not null;
create index grants_revoked_by on docent.grants (org_id, revoked_by) where revoked_by is not null;

call docent.fence('docent.grants');
create policy read on docent.grants for select
  using (user_id = docent.caller_id() or docent.acts_as('admin'));
create policy add on docent.grants for insert
  with check (docent.acts_as('admin') and docent.has_scope('directory:write'));
create policy change on docent.grants for update
  using (docent.acts_as('admin') and docent.has_scope('directory:write'))
  with check (docent.acts_as('admin') and docent.has_scope('directory:write'));
create policy remove on docent.grants for delete using (docent.acts_as('worker'));

-- On record ---------------------------------------------------------------------------------------

call docent.audit('docent.organizations', 'organization');
call docent.audit('docent.departments', 'department');
call docent.audit('docent.users', 'user', masked => array['email', 'email_key', 'name', 'given_name',
  'family_name', 'user_name', 'user_name_key', 'external_id', 'manager_ref', 'learning_profile', 'preferences']);
call docent.audit('docent.grants', 'grant');

-- Down Migration

call docent.unaudit('docent.users');
call docent.unaudit('docent.departments');
call docent.unaudit('docent.organizations');
drop table docent.grants;

drop trigger limit_activated on docent.users;
drop trigger limit_added on docent.users;
drop trigger keep_administrator on docent.users;
drop function docent.limit_people();
drop policy owner on docent.users;
drop function docent.active_people();
drop function docent.keep_administrator();
-- Deleted people may have the address of somebody else.
alter table docent.users no force row level security;
delete from docent.users where deleted_at is not null;
alter table docent.users force row level security;
drop index docent.users_email;
alter table docent.users
  drop column job_title,
  drop column external_id,
  drop column manager_id,
  drop column manager_ref,
  drop column deleted_at,
  drop column email_key,
  drop column user_name_key,
  drop column user_name,
  drop column given_name,
  drop column family_name;
create unique index users_email on docent.users (org_id, lower(email));

drop trigger place_below on docent.departments;
drop trigger place on docent.departments;
drop function docent.place_departments_below();
drop function docent.place_department();
alter table docent.departments
  drop column external_id,
  drop column description,
  drop column depth,
  drop column path;

drop policy organization_delete on docent.organizations;
drop policy organization_update on docent.organizations;
drop policy organization_insert on docent.organizations;
drop policy organization on docent.organizations;
create policy organization on docent.organizations as restrictive
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
drop trigger guard on docent.organizations;
drop function docent.guard_organization();
alter table docent.organizations
  drop constraint organizations_place,
  drop constraint organizations_parent,
  drop constraint organizations_path,
  drop column parent_path,
  drop column depth,
  drop column path,
  drop column parent_id,
  drop column status,
  drop column branding,
  drop column max_users,
  drop column max_storage_bytes,
  drop column max_tokens_per_month;
