-- Up Migration

-- Rows about a person carry the person's department, because policies read only the row: it is filled in when the
-- row is written and follows when the person moves, whoever writes or moves. Functions of the tables' owner do it.
create function docent.fill_department() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  new.department_id := (select u.department_id from docent.users u where u.org_id = new.org_id and u.id = new.user_id);
  return new;
end $$;
revoke all on function docent.fill_department() from public;

create function docent.move_department() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  execute format('update %s set department_id = $1 where org_id = $2 and user_id = $3', tg_argv[0]::regclass)
    using new.department_id, new.org_id, new.id;
  return null;
end $$;
revoke all on function docent.move_department() from public;

create procedure docent.follow_department(t regclass) language plpgsql as $$
declare tail constant text := split_part(t::text, '.', 2);
begin
  execute format('create trigger fill_department before insert on %s for each row
    when (new.department_id is null or not docent.acts_as(''worker''))
    execute function docent.fill_department()', t);
  execute format('create trigger %I after update of department_id on docent.users for each row
    when (old.department_id is distinct from new.department_id)
    execute function docent.move_department(%L)', 'move_department_' || tail, t::text);
  execute format('create policy owner on %s to current_user using (true) with check (true)', t);
end $$;
revoke all on procedure docent.follow_department(regclass) from public;

-- Learning graph ----------------------------------------------------------------------------------

create table docent.skills (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null,
  description text not null default '',
  category text not null default '',
  -- How advanced the skill itself is.
  level int not null default 1 check (level between 1 and 5),
  scheme text not null default 'custom' check (scheme in ('esco', 'onet', 'lightcast', 'custom')),
  external_uri text,
  status text not null default 'published' check (status in ('draft', 'published', 'archived')),
  metadata jsonb not null default '{}',
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, external_uri),
  foreign key (org_id, created_by) references docent.users (org_id, id) on delete set null (created_by)
);
create unique index skills_name on docent.skills (org_id, lower(name));

create table docent.courses (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  title text not null,
  description text not null default '',
  duration_minutes int check (duration_minutes > 0),
  difficulty int not null default 3 check (difficulty between 1 and 5),
  objectives text[] not null default '{}',
  -- What completes it (moveOn of cmi5).
  move_on text not null default 'completed_or_passed'
    check (move_on in ('completed', 'passed', 'completed_or_passed', 'completed_and_passed')),
  external_uri text,
  status text not null default 'published' check (status in ('draft', 'published', 'archived')),
  metadata jsonb not null default '{}',
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, external_uri),
  foreign key (org_id, created_by) references docent.users (org_id, id) on delete set null (created_by)
);
create index courses_title on docent.courses (org_id, lower(title));

create table docent.assessments (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  title text not null,
  description text not null default '',
  -- Passing it counts as passing this course and this skill.
  course_id uuid,
  skill_id uuid,
  difficulty int not null default 3 check (difficulty between 1 and 5),
  time_limit_minutes int check (time_limit_minutes > 0),
  -- In percent.
  passing_score float8 not null default 70 check (passing_score between 0 and 100),
  max_attempts int check (max_attempts > 0),
  -- What a learner is told after submitting: the score; also which questions were right; also the answers.
  feedback text not null default 'questions' check (feedback in ('score', 'questions', 'answers')),
  external_uri text,
  status text not null default 'published' check (status in ('draft', 'published', 'archived')),
  metadata jsonb not null default '{}',
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, external_uri),
  foreign key (org_id, course_id) references docent.courses (org_id, id) on delete set null (course_id),
  foreign key (org_id, skill_id) references docent.skills (org_id, id) on delete set null (skill_id),
  foreign key (org_id, created_by) references docent.users (org_id, id) on delete set null (created_by)
);
create index assessments_course on docent.assessments (org_id, course_id) where course_id is not null;
create index assessments_skill on docent.assessments (org_id, skill_id) where skill_id is not null;

create table docent.assessment_questions (
  org_id uuid not null,
  id uuid not null,
  assessment_id uuid not null,
  position int not null,
  type text not null check (type in ('single', 'multiple', 'text', 'numeric')),
  prompt text not null,
  -- [{"id": "a", "text": "…"}] for single and multiple.
  options jsonb not null default '[]',
  skill_id uuid,
  difficulty int not null default 3 check (difficulty between 1 and 5),
  weight float8 not null default 1 check (weight > 0),
  external_uri text,
  -- A question that was answered is never deleted: it is retired.
  retired boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, external_uri),
  foreign key (org_id, assessment_id) references docent.assessments (org_id, id) on delete cascade,
  foreign key (org_id, skill_id) references docent.skills (org_id, id) on delete set null (skill_id)
);
create index assessment_questions_assessment on docent.assessment_questions (org_id, assessment_id, position);
create index assessment_questions_skill on docent.assessment_questions (org_id, skill_id) where skill_id is not null;

-- The right answers, by the question's id, apart from the questions: learners' row-level security shows none.
create table docent.assessment_keys (
  org_id uuid not null,
  id uuid not null,
  -- {"options": ["b"]} · {"accepted": ["…"]} · {"value": 3.5, "tolerance": 0.1}
  answer jsonb not null,
  explanation text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, id) references docent.assessment_questions (org_id, id) on delete cascade
);

-- One table for all edges. Direction: `from` is the prerequisite of `to`; `from` teaches, assesses or covers `to`.
-- The generated columns are there for the foreign keys: an edge leads only to what exists, and goes with it.
create table docent.learning_edges (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  type text not null check (type in ('prerequisite', 'teaches', 'assesses', 'covers')),
  from_kind text not null check (from_kind in ('skill', 'course', 'assessment', 'content')),
  from_id uuid not null,
  to_kind text not null check (to_kind in ('skill', 'course')),
  to_id uuid not null,
  weight float8 not null default 1 check (weight > 0 and weight <= 1),
  origin text not null default 'manual' check (origin in ('manual', 'inferred')),
  -- How sure the inference is, 0 to 1, and what it rests on.
  score float8 check (score between 0 and 1),
  evidence jsonb not null default '{}',
  status text not null default 'confirmed' check (status in ('proposed', 'confirmed', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  from_skill_id uuid generated always as (case when from_kind = 'skill' then from_id end) stored,
  from_course_id uuid generated always as (case when from_kind = 'course' then from_id end) stored,
  from_assessment_id uuid generated always as (case when from_kind = 'assessment' then from_id end) stored,
  from_content_id uuid generated always as (case when from_kind = 'content' then from_id end) stored,
  to_skill_id uuid generated always as (case when to_kind = 'skill' then to_id end) stored,
  to_course_id uuid generated always as (case when to_kind = 'course' then to_id end) stored,
  primary key (org_id, id),
  unique (org_id, type, from_kind, from_id, to_kind, to_id),
  check ((from_kind, from_id) <> (to_kind, to_id)),
  check (case type
    when 'prerequisite' then from_kind in ('skill', 'course')
    when 'teaches' then from_kind in ('course', 'content') and to_kind = 'skill'
    when 'assesses' then from_kind = 'assessment'
    else from_kind = 'content' end),
  foreign key (org_id, from_skill_id) references docent.skills (org_id, id) on delete cascade,
  foreign key (org_id, from_course_id) references docent.courses (org_id, id) on delete cascade,
  foreign key (org_id, from_assessment_id) references docent.assessments (org_id, id) on delete cascade,
  foreign key (org_id, from_content_id) references docent.content (org_id, id) on delete cascade,
  foreign key (org_id, to_skill_id) references docent.skills (org_id, id) on delete cascade,
  foreign key (org_id, to_course_id) references docent.courses (org_id, id) on delete cascade,
  foreign key (org_id, decided_by) references docent.users (org_id, id) on delete set null (decided_by)
);
create index learning_edges_to on docent.learning_edges (org_id, to_kind, to_id, type);
create index learning_edges_status on docent.learning_edges (org_id, status, score desc, id);
create index learning_edges_from_skill on docent.learning_edges (org_id, from_skill_id)
  where from_skill_id is not null;
create index learning_edges_from_course on docent.learning_edges (org_id, from_course_id)
  where from_course_id is not null;
create index learning_edges_from_assessment on docent.learning_edges (org_id, from_assessment_id)
  where from_assessment_id is not null;
create index learning_edges_from_content on docent.learning_edges (org_id, from_content_id)
  where from_content_id is not null;
create index learning_edges_to_skill on docent.learning_edges (org_id, to_skill_id) where to_skill_id is not null;
create index learning_edges_to_course on docent.learning_edges (org_id, to_course_id) where to_course_id is not null;

-- What people in a job, of a department, or in a job of a department should be able to do.
create table docent.skill_targets (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  job_role text,
  department_id uuid,
  skill_id uuid not null,
  level int not null check (level between 1 and 5),
  importance float8 not null default 1 check (importance > 0 and importance <= 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  check (num_nonnulls(job_role, department_id) >= 1),
  foreign key (org_id, skill_id) references docent.skills (org_id, id) on delete cascade,
  foreign key (org_id, department_id) references docent.departments (org_id, id) on delete cascade
);
create unique index skill_targets_once on docent.skill_targets (org_id, skill_id, department_id, lower(job_role))
  nulls not distinct;

-- Progress ----------------------------------------------------------------------------------------

-- What was reported, once for each event id of a source. The state below is a fold over these in the order of
-- occurred_at, whatever order they came in.
create table docent.progress_events (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  department_id uuid,
  course_id uuid,
  skill_id uuid,
  source text not null,
  event_id text not null,
  status text check (status in ('assigned', 'in_progress', 'completed', 'passed', 'failed', 'waived', 'dropped')),
  progress float8 check (progress between 0 and 100),
  due_at timestamptz,
  registration text,
  statement_id uuid,
  occurred_at timestamptz not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, user_id, source, event_id),
  check (num_nonnulls(course_id, skill_id) = 1),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, course_id) references docent.courses (org_id, id),
  foreign key (org_id, skill_id) references docent.skills (org_id, id)
);
create index progress_events_course on docent.progress_events (org_id, course_id, user_id)
  where course_id is not null;
create index progress_events_skill on docent.progress_events (org_id, skill_id, user_id) where skill_id is not null;
create index progress_events_user on docent.progress_events (org_id, user_id, occurred_at desc, id desc);
create index progress_events_statement on docent.progress_events (org_id, statement_id)
  where statement_id is not null;

create table docent.learning_progress (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  department_id uuid,
  course_id uuid,
  skill_id uuid,
  status text not null check (status in ('assigned', 'in_progress', 'completed', 'dropped')),
  progress float8 not null default 0 check (progress between 0 and 100),
  assigned_at timestamptz,
  due_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  -- Time of the newest event.
  occurred_at timestamptz not null,
  source text not null,
  registration text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, user_id, course_id),
  unique (org_id, user_id, skill_id),
  check (num_nonnulls(course_id, skill_id) = 1),
  check ((status = 'completed') = (completed_at is not null)),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, course_id) references docent.courses (org_id, id),
  foreign key (org_id, skill_id) references docent.skills (org_id, id)
);
create index learning_progress_user on docent.learning_progress (org_id, user_id, occurred_at desc, id desc);
create index learning_progress_course on docent.learning_progress (org_id, course_id) where course_id is not null;
create index learning_progress_skill on docent.learning_progress (org_id, skill_id) where skill_id is not null;
create index learning_progress_department on docent.learning_progress (org_id, department_id);

create table docent.assessment_attempts (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  department_id uuid,
  assessment_id uuid not null,
  -- Who made the assessment: trainers see the attempts on their own.
  assessment_owner_id uuid,
  status text not null default 'open' check (status in ('open', 'submitted', 'expired')),
  question_ids uuid[] not null default '{}',
  started_at timestamptz not null,
  -- When it must be handed in.
  deadline_at timestamptz,
  completed_at timestamptz,
  time_taken_seconds int,
  score float8 check (score between 0 and 100),
  passed boolean,
  source text not null default 'docent',
  registration text,
  statement_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, assessment_id) references docent.assessments (org_id, id),
  foreign key (org_id, assessment_owner_id) references docent.users (org_id, id)
    on delete set null (assessment_owner_id)
);
create index assessment_attempts_user on docent.assessment_attempts (org_id, user_id, started_at desc, id desc);
create index assessment_attempts_assessment on docent.assessment_attempts (org_id, assessment_id, user_id);
create unique index assessment_attempts_open on docent.assessment_attempts (org_id, user_id, assessment_id)
  where status = 'open';
create index assessment_attempts_statement on docent.assessment_attempts (org_id, statement_id)
  where statement_id is not null;

-- One row for each answered question: what mastery is computed from, in the order of (answered_at, id).
create table docent.attempt_answers (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  department_id uuid,
  -- Missing when another system asked the question.
  attempt_id uuid,
  question_id uuid not null,
  skill_id uuid,
  assessment_owner_id uuid,
  -- 0 wrong, 1 right.
  score float8 not null check (score between 0 and 1),
  response jsonb,
  answered_at timestamptz not null,
  source text not null default 'docent',
  statement_id uuid,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, attempt_id, question_id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, attempt_id) references docent.assessment_attempts (org_id, id) on delete cascade,
  foreign key (org_id, question_id) references docent.assessment_questions (org_id, id),
  foreign key (org_id, skill_id) references docent.skills (org_id, id),
  foreign key (org_id, assessment_owner_id) references docent.users (org_id, id)
    on delete set null (assessment_owner_id)
);
create index attempt_answers_user on docent.attempt_answers (org_id, user_id, answered_at, id);
create index attempt_answers_question on docent.attempt_answers (org_id, question_id);
create index attempt_answers_skill on docent.attempt_answers (org_id, skill_id) where skill_id is not null;
create index attempt_answers_statement on docent.attempt_answers (org_id, statement_id)
  where statement_id is not null;

-- Also when the caller may not see who did.
create function docent.question_is_used(org uuid, question uuid) returns boolean
  language plpgsql stable security definer set search_path = docent, public, pg_temp as $$
begin
  -- The owner of the tables may see all organizations: who asks about another one learns nothing.
  if org is distinct from docent.caller_org() then return false; end if;
  return exists (select from docent.attempt_answers a where a.org_id = org and a.question_id = question)
    or exists (
      select from docent.assessment_questions q
      join docent.assessment_attempts t on t.org_id = q.org_id and t.assessment_id = q.assessment_id
      where q.org_id = org and q.id = question and t.status = 'open' and question = any (t.question_ids));
end $$;
grant execute on function docent.question_is_used(uuid, uuid) to docent_app;

create table docent.skill_declarations (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  department_id uuid,
  skill_id uuid not null,
  kind text not null check (kind in ('self', 'manager')),
  level int not null check (level between 1 and 5),
  note text not null default '',
  declared_by uuid,
  declared_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, user_id, skill_id, kind),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, skill_id) references docent.skills (org_id, id) on delete cascade,
  foreign key (org_id, declared_by) references docent.users (org_id, id) on delete set null (declared_by)
);

-- Statements of other systems as they came, also those about nobody and nothing that is known here.
create table docent.xapi_statements (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  user_id uuid,
  department_id uuid,
  -- The actor's one identifier, as `mbox:…`, `account:homePage|name`, `openid:…`, `mbox_sha1sum:…`.
  agent text not null,
  verb text not null,
  activity text,
  registration uuid,
  raw jsonb not null,
  -- SHA-256 of what must not change about it.
  fingerprint bytea not null,
  occurred_at timestamptz not null,
  -- Grows strictly within an organization: pages and `since` go by it.
  stored timestamptz not null,
  voids uuid,
  voided_by uuid,
  effect text not null check (effect in ('none', 'progress', 'attempt', 'answer', 'unknown_actor', 'unknown_activity',
    -- The result of a test, told by the person who took it.
    'not_trusted')),
  created_by uuid,
  primary key (org_id, id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, created_by) references docent.users (org_id, id) on delete set null (created_by)
);
create index xapi_statements_stored on docent.xapi_statements (org_id, stored, id);
create index xapi_statements_agent on docent.xapi_statements (org_id, agent, stored, id);
create index xapi_statements_activity on docent.xapi_statements (org_id, activity, stored, id);
create index xapi_statements_user on docent.xapi_statements (org_id, user_id) where user_id is not null;

-- People whose mastery must be computed anew from this time on. Whoever does it deletes the row in the same
-- transaction.
create table docent.mastery_replays (
  org_id uuid not null,
  user_id uuid not null,
  from_time timestamptz not null,
  requested_at timestamptz not null default now(),
  primary key (org_id, user_id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade
);

create function docent.request_mastery_replay() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  insert into docent.mastery_replays (org_id, user_id, from_time)
    select c.org_id, c.user_id, min(c.answered_at)
    from changed c
    -- Not for answers that go with their person.
    where exists (select from docent.users u where u.org_id = c.org_id and u.id = c.user_id)
    group by c.org_id, c.user_id
    -- Everybody takes the rows in the same order: no deadlock between two batches.
    order by c.org_id, c.user_id
  on conflict (org_id, user_id) do update
    set from_time = least(excluded.from_time, mastery_replays.from_time), requested_at = now();
  return null;
end $$;
revoke all on function docent.request_mastery_replay() from public;
create trigger mastery_after_insert after insert on docent.attempt_answers
  referencing new table as changed for each statement execute function docent.request_mastery_replay();
create trigger mastery_after_delete after delete on docent.attempt_answers
  referencing old table as changed for each statement execute function docent.request_mastery_replay();

-- Completion leaves an entry in the audit log and an analytics event in the same transaction, whoever wrote it.
create function docent.note_completion() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  insert into docent.analytics_events (org_id, id, event_type, user_id, metadata)
  values (new.org_id, gen_random_uuid(),
    case when new.completed_at is null then 'learning_completion_undone' else 'learning_completed' end,
    new.user_id,
    jsonb_strip_nulls(jsonb_build_object('progressId', new.id, 'courseId', new.course_id, 'skillId', new.skill_id,
      'completedAt', new.completed_at, 'source', new.source)));
  return null;
end $$;

revoke all on function docent.note_completion() from public;
create policy completions on docent.analytics_events for insert to current_user with check (true);

create function docent.audit_completion() returns trigger language plpgsql as $$
begin
  perform docent.record_action(new.org_id,
    case when new.completed_at is null then 'learning_progress.completion_undone'
      else 'learning_progress.completed' end,
    'learning_progress', new.id::text,
    jsonb_strip_nulls(jsonb_build_object('user_id', new.user_id, 'skill_id', new.skill_id,
      'course_id', new.course_id, 'completed_at', new.completed_at, 'source', new.source)));
  return null;
end $$;

do $$
declare f text;
begin
  foreach f in array array['note_completion', 'audit_completion'] loop
    execute format('create trigger %1$I after update of completed_at on docent.learning_progress for each row
      when ((old.completed_at is null) <> (new.completed_at is null)) execute function docent.%1$I()', f);
    execute format('create trigger %I after insert on docent.learning_progress for each row
      when (new.completed_at is not null) execute function docent.%I()', f || '_at_once', f);
  end loop;
end $$;

-- Rights ------------------------------------------------------------------------------------------

do $$
declare t text;
begin
  foreach t in array array['skills', 'courses', 'assessments', 'assessment_questions', 'assessment_keys',
    'learning_edges', 'skill_targets', 'progress_events', 'learning_progress', 'assessment_attempts',
    'attempt_answers', 'skill_declarations', 'xapi_statements', 'mastery_replays'] loop
    execute format('call docent.fence(%L)', 'docent.' || t);
  end loop;
  foreach t in array array['progress_events', 'learning_progress', 'assessment_attempts', 'attempt_answers',
    'skill_declarations', 'xapi_statements'] loop
    execute format('call docent.follow_department(%L)', 'docent.' || t);
  end loop;
end $$;

-- Trainers and admins, or whom somebody granted it, by a key that may.
create function docent.edits_learning() returns boolean
  language sql stable parallel safe as
$$
  select (docent.acts_as('trainer', 'admin') or docent.granted('learning:write', 'organization'))
    and docent.has_scope('learning:write')
$$;

-- Whose progress the caller may write: the own; admins of everybody, HR managers of the own departments, and whom
-- somebody granted it.
create function docent.writes_progress_of(person uuid, department uuid) returns boolean
  language sql stable parallel safe as
$$
  select docent.has_scope('progress:write') and (person = docent.caller_id()
    or docent.acts_as('admin') or docent.granted('progress:write', 'organization')
    or (docent.acts_as('hr_manager') or docent.granted('progress:write', 'department'))
      and department = any (docent.caller_departments()))
$$;
grant execute on function docent.edits_learning(), docent.writes_progress_of(uuid, uuid) to docent_app;

do $$
declare
  t text;
  edits constant text := '(select docent.edits_learning())';
  writes constant text := 'docent.writes_progress_of(user_id, department_id)';
  -- Whoever is none of these reads nothing.
  known constant text := '(select docent.acts_as(''learner'', ''trainer'', ''hr_manager'', ''admin''))';
begin
  -- The graph: read by all once it is published or confirmed, edited by trainers and admins.
  foreach t in array array['skills', 'courses', 'assessments', 'assessment_questions', 'assessment_keys',
    'learning_edges', 'skill_targets'] loop
    execute format('create policy read on docent.%I for select using (%s)', t, case t
      when 'assessment_keys' then edits
      when 'learning_edges' then known || ' and status = ''confirmed'' or ' || edits
      when 'assessment_questions' then known
      when 'skill_targets' then known
      else known || ' and status <> ''draft'' or ' || edits end);
    execute format('create policy add on docent.%I for insert with check (%s)', t, edits);
    execute format('create policy change on docent.%I for update using (%s) with check (%s)', t, edits, edits);
    execute format('create policy remove on docent.%I for delete using (%s)', t, edits);
  end loop;

  -- What people did: their own; HR managers see their departments, but not who answered what.
  foreach t in array array['progress_events', 'learning_progress', 'assessment_attempts', 'attempt_answers',
    'skill_declarations', 'xapi_statements'] loop
    execute format('create policy read_own on docent.%I for select
      using (user_id = (select docent.caller_id()))', t);
    execute format('create policy read_all on docent.%I for select
      using ((select docent.acts_as(''admin'')%s))', t, case
        when t in ('attempt_answers', 'xapi_statements') then ''
        else ' or docent.granted(''progress:read'', ''organization'')' end);
    if t not in ('attempt_answers', 'xapi_statements') then
      execute format('create policy read_own_departments on docent.%I for select
        using ((select docent.acts_as(''hr_manager'') or docent.granted(''progress:read'', ''department''))
          and department_id = any ((select docent.caller_departments())::uuid[]))', t);
    end if;
    if t in ('assessment_attempts', 'attempt_answers') then
      execute format('create policy read_on_own_assessments on docent.%I for select
        using ((select docent.acts_as(''trainer'')) and assessment_owner_id = (select docent.caller_id()))', t);
    end if;
    if t <> 'skill_declarations' then
      execute format('create policy add on docent.%I for insert with check (%s)', t, writes);
      execute format('create policy change on docent.%I for update using (%s) with check (%s)', t, writes, writes);
      execute format('create policy remove on docent.%I for delete using (%s)', t, writes);
    end if;
  end loop;
end $$;

create policy owner on docent.assessment_questions for select to current_user using (true);
create policy read_sent on docent.xapi_statements for select using (created_by = (select docent.caller_id()));

-- People declare their own level, others confirm it.
create policy add on docent.skill_declarations for insert
  with check (docent.writes_progress_of(user_id, department_id)
    and (kind = 'self') = (user_id is not distinct from docent.caller_id()));
create policy change on docent.skill_declarations for update
  using (docent.writes_progress_of(user_id, department_id)
    and (docent.acts_as('worker') or (kind = 'self') = (user_id is not distinct from docent.caller_id())))
  with check (docent.writes_progress_of(user_id, department_id)
    and (docent.acts_as('worker') or (kind = 'self') = (user_id is not distinct from docent.caller_id())));
create policy remove on docent.skill_declarations for delete
  using (docent.writes_progress_of(user_id, department_id)
    and (docent.acts_as('admin') or (kind = 'self') = (user_id is not distinct from docent.caller_id())));

create policy owner on docent.mastery_replays to current_user using (true) with check (true);
create policy work on docent.mastery_replays
  using ((select docent.acts_as('worker'))) with check (docent.acts_as('worker'));

call docent.audit('docent.skills', 'skill');
call docent.audit('docent.courses', 'course');
call docent.audit('docent.assessments', 'assessment');
call docent.audit('docent.assessment_questions', 'assessment_question');
call docent.audit('docent.assessment_keys', 'assessment_key', masked => array['answer', 'explanation']);
call docent.audit('docent.learning_edges', 'learning_edge');
call docent.audit('docent.skill_targets', 'skill_target');
call docent.audit('docent.skill_declarations', 'skill_declaration', masked => array['note']);

-- Down Migration

drop policy completions on docent.analytics_events;
do $$
declare t text;
begin
  foreach t in array array['progress_events', 'learning_progress', 'assessment_attempts', 'attempt_answers',
    'skill_declarations', 'xapi_statements'] loop
    execute format('drop trigger %I on docent.users', 'move_department_' || t);
  end loop;
end $$;
drop table docent.mastery_replays, docent.xapi_statements, docent.skill_declarations, docent.attempt_answers,
  docent.assessment_attempts, docent.learning_progress, docent.progress_events, docent.skill_targets,
  docent.learning_edges, docent.assessment_keys, docent.assessment_questions, docent.assessments, docent.courses,
  docent.skills;
drop function docent.question_is_used(uuid, uuid);
drop function docent.writes_progress_of(uuid, uuid);
drop function docent.edits_learning();
drop function docent.audit_completion();
drop function docent.note_completion();
drop function docent.request_mastery_replay();
drop procedure docent.follow_department(regclass);
drop function docent.move_department();
drop function docent.fill_department();
