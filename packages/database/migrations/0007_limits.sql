-- Up Migration

-- Tokens of language models in a calendar month (UTC), by person and what they were used for. What a worker
-- uses is nobody's: the person is the zero uuid.
create table docent.token_usage (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  month date not null check (extract(day from month) = 1),
  user_id uuid not null,
  purpose text not null check (purpose in ('chat', 'embedding')),
  -- Of the person when the tokens were used last.
  department_id uuid,
  tokens bigint not null default 0 check (tokens >= 0),
  calls int not null default 0,
  updated_at timestamptz not null default now(),
  primary key (org_id, month, user_id, purpose)
);
create index token_usage_department on docent.token_usage (org_id, month, department_id) include (tokens);

-- Most tokens a month of one person, or of one department with those below it.
create table docent.token_budgets (
  org_id uuid not null,
  id uuid not null,
  user_id uuid,
  department_id uuid,
  max_tokens_per_month bigint not null check (max_tokens_per_month >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id) references docent.organizations (org_id) on delete cascade,
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, department_id) references docent.departments (org_id, id) on delete cascade,
  check (num_nonnulls(user_id, department_id) = 1),
  unique nulls not distinct (org_id, user_id, department_id)
);

call docent.fence('docent.token_usage');
create policy read on docent.token_usage for select
  using (user_id = docent.caller_id() or docent.acts_as('admin'));
create policy read_own_departments on docent.token_usage for select
  using (docent.acts_as('hr_manager') and department_id = any (docent.caller_departments()));
create policy write on docent.token_usage
  using (docent.acts_as('worker')) with check (docent.acts_as('worker'));

call docent.fence('docent.token_budgets');
create policy read on docent.token_budgets for select using (docent.acts_as('admin'));
create policy add on docent.token_budgets for insert with check (docent.acts_as('admin') and docent.has_scope('directory:write'));
create policy change on docent.token_budgets for update
  using (docent.acts_as('admin') and docent.has_scope('directory:write')) with check (docent.acts_as('admin') and docent.has_scope('directory:write'));
create policy remove on docent.token_budgets for delete using (docent.acts_as('admin') and docent.has_scope('directory:write'));
call docent.audit('docent.token_budgets', 'budget');

-- Storage -----------------------------------------------------------------------------------------

-- Bytes of all files of the caller's organization, also of those that the caller does not see.
create function docent.stored_bytes() returns bigint
  language sql stable security definer set search_path = docent, public, pg_temp as
$$
  select coalesce(sum(v.size_bytes), 0)::bigint
  from docent.content_versions v
  where v.org_id = nullif(current_setting('app.org_id', true), '')::uuid
$$;
create policy owner on docent.content_versions for select to current_user using (true);

-- On record ---------------------------------------------------------------------------------------

-- `latest_version` tells of an upload; when it can be found is the worker's to say and nobody's act.
call docent.audit('docent.content', 'content',
  ignored => array['title_given', 'language_given', 'current_version', 'readers']);
call docent.audit('docent.embedding_models', 'embedding_model', ignored => array['activated_at']);

-- Down Migration

drop policy owner on docent.content_versions;
drop function docent.stored_bytes();

call docent.unaudit('docent.embedding_models');
call docent.unaudit('docent.content');
drop table docent.token_budgets;
drop table docent.token_usage;
