-- Up Migration

-- Who may see a content ---------------------------------------------------------------------------

alter table docent.content
  add column status text not null default 'published' check (status in ('draft', 'published', 'archived')),
  add column visibility text not null default 'organization' check (visibility in ('organization', 'restricted')),
  -- Who sees restricted content: people of these departments and of those below, of these roles, these people.
  add column visible_to_departments uuid[] not null default '{}',
  add column visible_to_roles text[] not null default '{}'
    check (visible_to_roles <@ array['learner', 'trainer', 'hr_manager', 'admin']),
  add column visible_to_users uuid[] not null default '{}',
  add column department_id uuid,
  add foreign key (org_id, department_id) references docent.departments (org_id, id)
    on delete set null (department_id);
create index content_owner on docent.content (org_id, created_by);

-- The tokens of which a caller must have one (docent.caller_tokens); null: everybody of the organization.
-- Whoever may change a content is always among them. `-` says that it is not published: no search finds it.
create function docent.readers_of(
  status text, visibility text, departments uuid[], roles text[], users uuid[], owner uuid, department uuid)
  returns text[]
  language sql immutable parallel safe as
$$
  select case when status <> 'published' or visibility <> 'organization' then
    array['r:admin', 'r:worker', 'w']
    || array(select 'u:' || u::text from unnest(array[owner]) u where u is not null)
    || array(select 'w:' || d::text from unnest(array[department]) d where d is not null)
    || case when status <> 'published' then array['-'] else
        array(select 'd:' || d::text from unnest(departments) d)
        || array(select 'r:' || r from unnest(roles) r)
        || array(select 'u:' || u::text from unnest(users) u) end
    end
$$;

alter table docent.content add column readers text[] generated always as
  (docent.readers_of(status, visibility, visible_to_departments, visible_to_roles, visible_to_users,
    created_by, department_id)) stored;

-- Policies read only their own row: what is made of a content carries its rights.
alter table docent.content_versions
  add column readers text[], add column owner_id uuid, add column department_id uuid;
alter table docent.chunks
  add column readers text[], add column owner_id uuid, add column department_id uuid;
alter table docent.chunk_search
  add column readers text[], add column owner_id uuid, add column department_id uuid;
alter table docent.chunk_embeddings
  add column readers text[], add column owner_id uuid, add column department_id uuid;

-- Policies bind a migrator who owns the tables and is no superuser, too.
do $$
declare t text;
begin
  alter table docent.content no force row level security;
  foreach t in array array['content_versions', 'chunks', 'chunk_search', 'chunk_embeddings'] loop
    execute format('alter table docent.%I no force row level security', t);
    execute format('update docent.%I r set owner_id = c.created_by from docent.content c
      where c.org_id = r.org_id and c.id = r.content_id and c.created_by is not null', t);
    execute format('alter table docent.%I force row level security', t);
  end loop;
  alter table docent.content force row level security;
end $$;

-- Whatever the statement says. A content that the caller does not see gives nobody a right; the foreign
-- key, or the table's policy, then refuses the row.
create function docent.inherit_rights() returns trigger language plpgsql as $$
begin
  select c.readers, c.created_by, c.department_id
    into new.readers, new.owner_id, new.department_id
    from docent.content c
    where c.org_id = new.org_id and c.id = new.content_id;
  if not found then new.readers := '{}'; end if;
  return new;
end $$;

-- Chunks before vectors: who adds vectors holds their chunks (`for share`), so that none are added with rights
-- of before.
create function docent.pass_rights_on() returns trigger language plpgsql as $$
begin
  update docent.content_versions
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  update docent.chunks
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  update docent.chunk_search
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  update docent.chunk_embeddings
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  return null;
end $$;

create trigger inherit_rights before insert on docent.content_versions
  for each row execute function docent.inherit_rights();
create trigger inherit_rights before insert on docent.chunks
  for each row execute function docent.inherit_rights();
create trigger inherit_rights before insert on docent.chunk_search
  for each row execute function docent.inherit_rights();
create trigger inherit_rights before insert on docent.chunk_embeddings
  for each row execute function docent.inherit_rights();
create trigger pass_rights_on after update on docent.content
  for each row when (old.readers is distinct from new.readers
    or old.created_by is distinct from new.created_by
    or old.department_id is distinct from new.department_id)
  execute function docent.pass_rights_on();

-- Admins everything, trainers what is their own, others as far as somebody granted it.
create function docent.may_change_content(owner uuid, department uuid) returns boolean
  language sql stable parallel safe as
$$
  select docent.has_scope('content:write') and (
    docent.acts_as('admin')
    or docent.granted('content:write', 'organization')
    or owner = docent.caller_id()
      and (docent.acts_as('trainer') or docent.granted('content:write', 'own'))
    or department = any (docent.caller_departments()) and docent.granted('content:write', 'department'))
$$;

-- People ------------------------------------------------------------------------------------------

-- Who of the organization finds this person: everybody, their own department, or HR and admins only.
alter table docent.users add column visibility text not null default 'organization'
  check (visibility in ('organization', 'department', 'hidden'));

create function docent.may_change_people() returns boolean
  language sql stable parallel safe as
$$ select docent.acts_as('admin') and (docent.has_scope('directory:write') or docent.has_scope('scim')) $$;

-- The same as far as somebody granted it.
create function docent.may_change_people_of(department uuid) returns boolean
  language sql stable parallel safe as
$$
  select docent.has_scope('directory:write') and (
    docent.granted('directory:write', 'organization')
    or department = any (docent.caller_departments()) and docent.granted('directory:write', 'department'))
$$;

-- What a policy cannot say: which columns. Of themselves people change what concerns nobody else, and a grant
-- to change others is none to promote them.
create function docent.guard_users() returns trigger language plpgsql as $$
declare
  -- Generated columns are still empty before the row is written.
  own constant text[] := array['preferences', 'learning_profile', 'visibility', 'updated_at', 'email_key',
    'user_name_key'];
begin
  -- An update that PostgreSQL itself makes (on delete set null) runs as the owner of the table.
  if docent.may_change_people() or current_user <> 'docent_app' then return new; end if;
  if docent.caller_id() in (old.id, new.id) and to_jsonb(new) - own <> to_jsonb(old) - own then
    raise exception 'row-level security: of themselves people change only %', array_to_string(own[1:3], ', ')
      using errcode = '42501';
  end if;
  if new.role <> old.role then
    raise exception 'row-level security: only an admin changes a role' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger guard_users before update on docent.users
  for each row execute function docent.guard_users();

-- An event keeps the department that its person was in.
alter table docent.analytics_events add column department_id uuid;
alter table docent.analytics_events no force row level security;
alter table docent.users no force row level security;
update docent.analytics_events e set department_id = u.department_id
  from docent.users u where u.org_id = e.org_id and u.id = e.user_id and u.department_id is not null;
alter table docent.users force row level security;
alter table docent.analytics_events force row level security;
create index analytics_events_department on docent.analytics_events (org_id, department_id, created_at);

create function docent.note_department() returns trigger language plpgsql as $$
begin
  new.department_id := (select u.department_id from docent.users u where u.org_id = new.org_id and u.id = new.user_id);
  return new;
end $$;
create trigger note_department before insert on docent.analytics_events
  for each row execute function docent.note_department();

-- A foreign key is checked without policies: a message belongs to a conversation of the same person, and so
-- does what is thought of it.
alter table docent.conversations add unique (org_id, user_id, id);
alter table docent.messages
  drop constraint messages_org_id_conversation_id_fkey,
  add unique (org_id, user_id, id),
  add foreign key (org_id, user_id, conversation_id)
    references docent.conversations (org_id, user_id, id) on delete cascade;
alter table docent.feedback
  drop constraint feedback_org_id_message_id_fkey,
  add foreign key (org_id, user_id, message_id)
    references docent.messages (org_id, user_id, id) on delete cascade;

-- Policies ----------------------------------------------------------------------------------------

-- What docent.fence gives later tables.
do $$
declare t text;
begin
  foreach t in array array['organizations', 'departments', 'users', 'api_keys', 'idempotency_keys', 'content',
    'content_versions', 'chunks', 'chunk_search', 'chunk_embeddings', 'term_df', 'search_stats',
    'embedding_models', 'conversations', 'messages', 'feedback', 'analytics_events']
  loop
    execute format('create policy signed on docent.%I as restrictive using ((select docent.principal_holds()))', t);
  end loop;
end $$;

-- Everything else is denied. A sub-select is worked out once for each statement.

drop policy member on docent.organizations;
create policy read on docent.organizations for select
  using (docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.organizations for insert
  with check (docent.acts_as('admin') and docent.has_scope('directory:write'));
create policy change on docent.organizations for update
  using (docent.acts_as('admin') and docent.has_scope('directory:write'))
  with check (docent.acts_as('admin') and docent.has_scope('directory:write'));
create policy remove on docent.organizations for delete
  using (docent.acts_as('worker'));

drop policy member on docent.departments;
create policy read on docent.departments for select
  using (docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.departments for insert
  with check (docent.may_change_people());
create policy change on docent.departments for update
  using (docent.may_change_people())
  with check (docent.may_change_people());
create policy remove on docent.departments for delete
  using (docent.may_change_people());

drop policy member on docent.users;
create policy read_self on docent.users for select
  using (id = (select docent.caller_id()));
create policy read_all on docent.users for select
  using ((select docent.acts_as('admin') or docent.granted('directory:read', 'organization')));
create policy read_own_departments on docent.users for select
  using ((select docent.acts_as('hr_manager') or docent.granted('directory:read', 'department'))
    and department_id = any ((select docent.caller_departments())::uuid[]));
create policy read_colleagues on docent.users for select
  using (status = 'active'
    and (visibility = 'organization'
      or visibility = 'department' and department_id = any ((select docent.caller_departments())::uuid[]))
    and docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.users for insert
  with check (docent.may_change_people());
create policy add_granted on docent.users for insert
  with check (role = 'learner' and docent.may_change_people_of(department_id));
create policy change on docent.users for update
  using (docent.may_change_people())
  with check (docent.may_change_people());
create policy change_granted on docent.users for update
  using (role <> 'admin' and docent.may_change_people_of(department_id))
  with check (role <> 'admin' and docent.may_change_people_of(department_id));
create policy change_self on docent.users for update
  using (id = (select docent.caller_id()))
  with check (id = (select docent.caller_id()));
create policy remove on docent.users for delete
  using (docent.may_change_people());

-- A key is never given more than the key that made it.
drop policy member on docent.api_keys;
create policy look_up on docent.api_keys for select
  using (id = nullif(current_setting('app.api_key_id', true), ''));
create policy read on docent.api_keys for select
  using (user_id = (select docent.caller_id()) or (select docent.acts_as('admin')));
create policy add on docent.api_keys for insert
  with check ((user_id = docent.caller_id() or docent.acts_as('admin'))
    and docent.has_scope('keys:write') and docent.has_scopes(scopes));
create policy change on docent.api_keys for update
  using ((user_id = docent.caller_id() or docent.acts_as('admin')) and docent.has_scope('keys:write'))
  with check ((user_id = docent.caller_id() or docent.acts_as('admin'))
    and docent.has_scope('keys:write') and docent.has_scopes(scopes));
create policy remove on docent.api_keys for delete
  using ((user_id = docent.caller_id() or docent.acts_as('admin')) and docent.has_scope('keys:write'));

-- Few rows at a time: planning a sub-select would take longer than asking each row.
drop policy own on docent.idempotency_keys;
create policy own on docent.idempotency_keys
  using (user_id = docent.caller_id() or docent.acts_as('worker'))
  with check (user_id = docent.caller_id() or docent.acts_as('worker'));

drop policy own on docent.conversations;
create policy own on docent.conversations
  using (user_id = docent.caller_id() or docent.acts_as('worker'))
  with check (user_id = docent.caller_id() or docent.acts_as('worker'));

drop policy own on docent.messages;
create policy own on docent.messages
  using (user_id = docent.caller_id() or docent.acts_as('worker'))
  with check (user_id = docent.caller_id() or docent.acts_as('worker'));

drop policy own on docent.feedback;
create policy own on docent.feedback
  using (user_id = docent.caller_id() or docent.acts_as('worker'))
  with check (user_id = docent.caller_id() or docent.acts_as('worker'));

drop policy member on docent.content;
create policy read on docent.content for select
  using ((readers is null or readers && (select docent.caller_tokens()))
    and docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.content for insert
  with check (docent.may_change_content(created_by, department_id));
create policy change on docent.content for update
  using (docent.may_change_content(created_by, department_id))
  with check (docent.may_change_content(created_by, department_id));
create policy remove on docent.content for delete
  using (docent.may_change_content(created_by, department_id));

drop policy member on docent.content_versions;
create policy read on docent.content_versions for select
  using ((readers is null or readers && (select docent.caller_tokens()))
    and docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.content_versions for insert
  with check (docent.may_change_content(owner_id, department_id));
create policy change on docent.content_versions for update
  using (docent.may_change_content(owner_id, department_id))
  with check (docent.may_change_content(owner_id, department_id));
create policy remove on docent.content_versions for delete
  using (docent.acts_as('worker'));

drop policy member on docent.chunks;
create policy read on docent.chunks for select
  using ((readers is null or readers && (select docent.caller_tokens()))
    and docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.chunks for insert
  with check (docent.acts_as('worker'));
create policy change on docent.chunks for update
  using (docent.may_change_content(owner_id, department_id))
  with check (docent.may_change_content(owner_id, department_id));
create policy remove on docent.chunks for delete
  using (docent.acts_as('worker'));

drop policy member on docent.chunk_search;
create policy read on docent.chunk_search for select
  using ((readers is null or readers && (select docent.caller_tokens()))
    and docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.chunk_search for insert
  with check (docent.acts_as('worker'));
create policy change on docent.chunk_search for update
  using (docent.may_change_content(owner_id, department_id))
  with check (docent.may_change_content(owner_id, department_id));
create policy remove on docent.chunk_search for delete
  using (docent.acts_as('worker'));

drop policy member on docent.chunk_embeddings;
create policy read on docent.chunk_embeddings for select
  using ((readers is null or readers && (select docent.caller_tokens()))
    and docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.chunk_embeddings for insert
  with check (docent.acts_as('worker'));
create policy change on docent.chunk_embeddings for update
  using (docent.may_change_content(owner_id, department_id))
  with check (docent.may_change_content(owner_id, department_id));
create policy remove on docent.chunk_embeddings for delete
  using (docent.acts_as('worker'));

drop policy member on docent.term_df;
create policy read on docent.term_df for select
  using (docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy write on docent.term_df
  using (docent.acts_as('worker'))
  with check (docent.acts_as('worker'));

drop policy member on docent.search_stats;
create policy read on docent.search_stats for select
  using (docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy write on docent.search_stats
  using (docent.acts_as('worker'))
  with check (docent.acts_as('worker'));

drop policy member on docent.embedding_models;
create policy read on docent.embedding_models for select
  using (docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy write on docent.embedding_models
  using (docent.acts_as('worker'))
  with check (docent.acts_as('worker'));

drop policy member on docent.analytics_events;
create policy read_own on docent.analytics_events for select
  using (user_id = (select docent.caller_id()));
create policy read_all on docent.analytics_events for select
  using ((select docent.acts_as('admin') or docent.granted('analytics:read', 'organization')));
create policy read_own_departments on docent.analytics_events for select
  using ((select docent.acts_as('hr_manager') or docent.granted('analytics:read', 'department'))
    and department_id = any ((select docent.caller_departments())::uuid[]));
create policy add on docent.analytics_events for insert
  with check (user_id = docent.caller_id() or docent.acts_as('worker'));
create policy change on docent.analytics_events for update
  using (docent.acts_as('worker'))
  with check (docent.acts_as('worker'));
create policy remove on docent.analytics_events for delete
  using (docent.acts_as('worker'));

-- Down Migration

do $$
declare
  p record;
  t text;
  own_row constant text := $p$user_id = nullif(current_setting('app.user_id', true), '')::uuid$p$;
begin
  foreach t in array array['organizations', 'departments', 'users', 'api_keys', 'idempotency_keys', 'content',
    'content_versions', 'chunks', 'chunk_search', 'chunk_embeddings', 'term_df', 'search_stats',
    'embedding_models', 'conversations', 'messages', 'feedback', 'analytics_events']
  loop
    for p in select polname from pg_policy where polrelid = format('docent.%I', t)::regclass and polpermissive loop
      execute format('drop policy %I on docent.%I', p.polname, t);
    end loop;
    execute format('drop policy signed on docent.%I', t);
    if t in ('conversations', 'messages', 'feedback', 'idempotency_keys') then
      execute format('create policy own on docent.%I using (%s) with check (%s)', t, own_row, own_row);
    else
      execute format('create policy member on docent.%I using (true) with check (true)', t);
    end if;
  end loop;
  foreach t in array array['content_versions', 'chunks', 'chunk_search', 'chunk_embeddings'] loop
    execute format('drop trigger inherit_rights on docent.%I', t);
    execute format('alter table docent.%I drop column readers, drop column owner_id, drop column department_id', t);
  end loop;
end $$;

alter table docent.feedback
  drop constraint feedback_org_id_user_id_message_id_fkey,
  add foreign key (org_id, message_id) references docent.messages (org_id, id) on delete cascade;
alter table docent.messages
  drop constraint messages_org_id_user_id_conversation_id_fkey,
  drop constraint messages_org_id_user_id_id_key,
  add foreign key (org_id, conversation_id) references docent.conversations (org_id, id) on delete cascade;
alter table docent.conversations drop constraint conversations_org_id_user_id_id_key;

drop trigger note_department on docent.analytics_events;
drop function docent.note_department();
alter table docent.analytics_events drop column department_id;

drop trigger guard_users on docent.users;
drop function docent.guard_users();
alter table docent.users drop column visibility;
drop function docent.may_change_people_of(uuid);
drop function docent.may_change_people();
drop function docent.may_change_content(uuid, uuid);

drop trigger pass_rights_on on docent.content;
drop function docent.pass_rights_on();
drop function docent.inherit_rights();
alter table docent.content drop column readers;
drop function docent.readers_of(text, text, uuid[], text[], uuid[], uuid, uuid);
drop index docent.content_owner;
alter table docent.content
  drop column status,
  drop column visibility,
  drop column visible_to_departments,
  drop column visible_to_roles,
  drop column visible_to_users,
  drop column department_id;
