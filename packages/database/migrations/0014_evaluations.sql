-- Up Migration

-- Golden questions: what an organization's answers are measured with --------------------------------

create table docent.evaluation_sets (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null,
  description text not null default '',
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, created_by) references docent.users (org_id, id) on delete set null (created_by)
);
create unique index evaluation_sets_name on docent.evaluation_sets (org_id, lower(name));

create table docent.evaluation_questions (
  org_id uuid not null,
  id uuid not null,
  set_id uuid not null,
  question text not null,
  -- False: the material does not answer it, and neither should Docent.
  answerable boolean not null default true,
  -- [{"contentId"?, "title"?, "page"?, "heading"?}]: any of them is a right source.
  expected_contents jsonb not null default '[]' check (jsonb_typeof(expected_contents) = 'array'),
  -- Short answers; any of them in the text makes it right.
  expected_answers text[] not null default '{}',
  -- Null: any.
  language text,
  note text not null default '',
  origin text not null default 'manual' check (origin in ('manual', 'upload', 'thumbs_up', 'thumbs_down', 'quiz')),
  -- What a proposal was made of: an answer, a group of questions, a question of an assessment.
  origin_id uuid,
  -- Only confirmed ones are asked. A rejected one stays, so that it is not proposed again.
  status text not null default 'confirmed' check (status in ('proposed', 'confirmed', 'rejected')),
  created_by uuid,
  decided_by uuid,
  decided_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, set_id) references docent.evaluation_sets (org_id, id) on delete cascade,
  foreign key (org_id, created_by) references docent.users (org_id, id) on delete set null (created_by),
  foreign key (org_id, decided_by) references docent.users (org_id, id) on delete set null (decided_by),
  check (answerable or (expected_contents = '[]' and expected_answers = '{}'))
);
-- One question is asked once in a set.
create unique index evaluation_questions_text
  on docent.evaluation_questions (org_id, set_id, md5(lower(question)));
create unique index evaluation_questions_origin on docent.evaluation_questions (org_id, set_id, origin, origin_id)
  where origin_id is not null;
create index evaluation_questions_oldest on docent.evaluation_questions (org_id, set_id, created_at, id);
create index evaluation_questions_created_by on docent.evaluation_questions (org_id, created_by)
  where created_by is not null;
create index evaluation_questions_decided_by on docent.evaluation_questions (org_id, decided_by)
  where decided_by is not null;
create index evaluation_sets_created_by on docent.evaluation_sets (org_id, created_by) where created_by is not null;

-- Runs ---------------------------------------------------------------------------------------------

-- Questions of a set asked with the rights of one person, who alone reads what came of it, with administrators:
-- the answers are made of what that person may see.
create table docent.evaluations (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  owner_id uuid not null,
  set_id uuid,
  set_name text not null,
  label text not null default '',
  status text not null default 'queued'
    check (status in ('queued', 'running', 'done', 'cancelled', 'failed')),
  -- What was asked for, and what that came to with the organization's and the service's own settings.
  candidate jsonb not null default '{}',
  settings jsonb not null,
  -- Version of the code and fingerprint of its fitted weights.
  algorithm text not null,
  chat_model text,
  reranker text,
  questions int not null check (questions > 0),
  -- Of them, how many were asked so far.
  asked int not null default 0,
  -- Means with standard errors, by measure; null until the end.
  figures jsonb,
  error jsonb,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, owner_id, id),
  check (asked between 0 and questions),
  foreign key (org_id, owner_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, set_id) references docent.evaluation_sets (org_id, id) on delete set null (set_id)
);
create index evaluations_newest on docent.evaluations (org_id, created_at desc, id desc);
create index evaluations_set on docent.evaluations (org_id, set_id) where set_id is not null;

-- A run keeps the questions as they were when it was asked for, and what came of each.
create table docent.evaluation_results (
  org_id uuid not null,
  evaluation_id uuid not null,
  -- From 1, in the order of the set.
  position int not null check (position > 0),
  owner_id uuid not null,
  question_id uuid not null,
  question text not null,
  answerable boolean not null,
  expected_contents jsonb not null,
  expected_answers text[] not null,
  language text,
  status text not null default 'waiting' check (status in ('waiting', 'done', 'failed')),
  outcome text check (outcome in ('answer', 'abstain', 'clarify')),
  answer text,
  -- What was cited: [{"contentId", "title", "place", "quote", "supported"}].
  citations jsonb not null default '[]',
  -- 0 to 1.
  confidence float8 check (confidence between 0 and 1),
  probability float8 check (probability between 0 and 1),
  -- From 1; null: no expected content is among those found, or none is known.
  first_rank int check (first_rank > 0),
  ndcg float8 check (ndcg between 0 and 1),
  recall float8 check (recall between 0 and 1),
  reciprocal_rank float8 check (reciprocal_rank between 0 and 1),
  contained boolean,
  cited_expected boolean,
  abstention_right boolean,
  -- Share of the citations whose passages support their sentences.
  support float8 check (support between 0 and 1),
  passed boolean,
  -- Milliseconds by stage.
  ms jsonb not null default '{}',
  embedding_model text,
  tokens int,
  error jsonb,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (org_id, evaluation_id, position),
  foreign key (org_id, owner_id, evaluation_id) references docent.evaluations (org_id, owner_id, id)
    on delete cascade
);
create index evaluation_results_owner on docent.evaluation_results (org_id, owner_id, evaluation_id);
create index evaluation_results_waiting on docent.evaluation_results (org_id, evaluation_id, position)
  where status = 'waiting';

-- Rights -------------------------------------------------------------------------------------------

create function docent.reads_evaluations() returns boolean
  language sql stable parallel safe as
$$
  select docent.acts_as('trainer', 'admin') or docent.granted('evaluations:read', 'organization')
    or docent.granted('evaluations:write', 'organization')
$$;

create function docent.edits_evaluations() returns boolean
  language sql stable parallel safe as
$$
  select (docent.acts_as('trainer', 'admin') or docent.granted('evaluations:write', 'organization'))
    and docent.has_scope('evaluations:write')
$$;
grant execute on function docent.reads_evaluations(), docent.edits_evaluations() to docent_app;

call docent.fence('docent.evaluation_sets');
call docent.fence('docent.evaluation_questions');
call docent.fence('docent.evaluations');
call docent.fence('docent.evaluation_results');

do $$
declare t text;
begin
  foreach t in array array['evaluation_sets', 'evaluation_questions'] loop
    execute format('create policy read on docent.%I for select using ((select docent.reads_evaluations()))', t);
    execute format('create policy add on docent.%I for insert with check ((select docent.edits_evaluations()))', t);
    execute format('create policy change on docent.%I for update
      using ((select docent.edits_evaluations())) with check ((select docent.edits_evaluations()))', t);
    execute format('create policy remove on docent.%I for delete using ((select docent.edits_evaluations()))', t);
  end loop;
end $$;

create policy read on docent.evaluations for select
  using (owner_id = (select docent.caller_id()) or (select docent.acts_as('admin')));
create policy add on docent.evaluations for insert
  with check ((owner_id = docent.caller_id() or docent.acts_as('worker')) and docent.edits_evaluations());
create policy change on docent.evaluations for update
  using ((owner_id = docent.caller_id() or docent.acts_as('admin')) and docent.edits_evaluations())
  with check ((owner_id = docent.caller_id() or docent.acts_as('admin')) and docent.edits_evaluations());
create policy remove on docent.evaluations for delete
  using ((owner_id = docent.caller_id() or docent.acts_as('admin')) and docent.edits_evaluations());

create policy read on docent.evaluation_results for select
  using (owner_id = (select docent.caller_id()) or (select docent.acts_as('admin')));
create policy add on docent.evaluation_results for insert
  with check ((owner_id = docent.caller_id() or docent.acts_as('worker')) and docent.edits_evaluations());
create policy change on docent.evaluation_results for update
  using (docent.acts_as('worker')) with check (docent.acts_as('worker'));
create policy remove on docent.evaluation_results for delete
  using (docent.acts_as('worker'));

call docent.audit('docent.evaluation_sets', 'evaluation_set');
call docent.audit('docent.evaluation_questions', 'evaluation_question');
call docent.audit('docent.evaluations', 'evaluation',
  ignored => array['status', 'asked', 'figures', 'error', 'started_at', 'finished_at']);

-- Down Migration

drop table docent.evaluation_results, docent.evaluations, docent.evaluation_questions, docent.evaluation_sets;
drop function docent.edits_evaluations();
drop function docent.reads_evaluations();
