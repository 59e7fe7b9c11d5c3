-- Up Migration

-- How analytics are published. Groups may be made larger than five people, never smaller.
create table docent.analytics_settings (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  min_group int not null default 5 check (min_group between 5 and 1000),
  -- HR managers and admins may read who is at risk; otherwise only how many.
  at_risk_list boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id)
);

-- What may be shown of a department (with those below it), or of the whole organization: worked out by a worker,
-- suppressed before it is stored. Nothing that is hidden is in here.
create table docent.analytics_reports (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  -- The department's id; the organization's own for the whole.
  node_id uuid not null,
  part text not null check (part in ('skillGaps', 'completion', 'timeToCompetency', 'activity', 'atRisk',
    'content', 'questions', 'recommendations', 'knowledgeGaps')),
  department_id uuid,
  body jsonb not null,
  computed_at timestamptz not null,
  primary key (org_id, node_id, part),
  check (node_id = coalesce(department_id, org_id)),
  foreign key (org_id, department_id) references docent.departments (org_id, id) on delete cascade
);
create index analytics_reports_department on docent.analytics_reports (org_id, department_id)
  where department_id is not null;

-- Questions that ask for the same: their vectors have a cosine of 0.8 or more with the group's mean.
create table docent.question_groups (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  -- Vectors of different models do not compare.
  model_id text not null,
  -- Not of unit length: the sum of the members' vectors points where their mean does.
  centroid halfvec not null,
  -- One of the questions, without addresses, numbers and names of people; null when none may be shown.
  example text,
  -- The content that is nearest, and whose it is.
  content_id uuid,
  owner_id uuid,
  similarity float8 check (similarity between -1 and 1),
  -- Enough people of the organization asked it.
  published boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, content_id) references docent.content (org_id, id) on delete set null (content_id),
  foreign key (org_id, owner_id) references docent.users (org_id, id) on delete set null (owner_id)
);
create index question_groups_model on docent.question_groups (org_id, model_id);
create index question_groups_content on docent.question_groups (org_id, content_id) where content_id is not null;
create index question_groups_owner on docent.question_groups (org_id, owner_id) where owner_id is not null;
alter table docent.question_groups alter centroid set storage plain;

-- Which answers belong to a group; for workers only, as messages are private.
create table docent.question_group_members (
  org_id uuid not null,
  message_id uuid not null,
  group_id uuid not null,
  user_id uuid not null,
  asked_at timestamptz not null,
  primary key (org_id, message_id),
  foreign key (org_id, group_id) references docent.question_groups (org_id, id) on delete cascade,
  foreign key (org_id, user_id, message_id) references docent.messages (org_id, user_id, id) on delete cascade
);
create index question_group_members_group on docent.question_group_members (org_id, group_id, user_id);
create index question_group_members_user on docent.question_group_members (org_id, user_id, message_id);

-- New questions are found by their time.
create index messages_answered on docent.messages (org_id, created_at)
  where role = 'assistant' and outcome is not null;
-- Tables by month.
create index progress_events_time on docent.progress_events (org_id, occurred_at);
create index attempt_answers_time on docent.attempt_answers (org_id, answered_at);

call docent.fence('docent.analytics_settings');
call docent.fence('docent.analytics_reports');
call docent.fence('docent.question_groups');
call docent.fence('docent.question_group_members');

create policy read on docent.analytics_settings for select
  using (docent.acts_as('learner', 'trainer', 'hr_manager', 'admin'));
create policy add on docent.analytics_settings for insert with check (docent.acts_as('admin'));
create policy change on docent.analytics_settings for update
  using (docent.acts_as('admin')) with check (docent.acts_as('admin'));
create policy remove on docent.analytics_settings for delete using (docent.acts_as('worker'));

create policy read_all on docent.analytics_reports for select
  using ((select docent.acts_as('admin') or docent.granted('analytics:read', 'organization')));
create policy read_own_departments on docent.analytics_reports for select
  using ((select docent.acts_as('hr_manager') or docent.granted('analytics:read', 'department'))
    and department_id = any ((select docent.caller_departments())::uuid[]));
create policy read_for_trainers on docent.analytics_reports for select
  using (department_id is null and part in ('skillGaps', 'content', 'questions', 'knowledgeGaps')
    and (select docent.acts_as('trainer')));
create policy work on docent.analytics_reports
  using (docent.acts_as('worker')) with check (docent.acts_as('worker'));

-- The words are for those who can write the missing content.
create policy read on docent.question_groups for select
  using (published and (docent.acts_as('trainer', 'admin') or owner_id = docent.caller_id()));
create policy work on docent.question_groups
  using (docent.acts_as('worker')) with check (docent.acts_as('worker'));

create policy work on docent.question_group_members
  using (docent.acts_as('worker')) with check (docent.acts_as('worker'));

call docent.audit('docent.analytics_settings', 'analytics_settings');

-- Down Migration

drop index docent.attempt_answers_time, docent.progress_events_time, docent.messages_answered;
drop table docent.question_group_members, docent.question_groups, docent.analytics_reports,
  docent.analytics_settings;
