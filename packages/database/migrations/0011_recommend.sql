-- Up Migration

-- Mastery -----------------------------------------------------------------------------------------

-- Elo estimates on the logit scale; services/recommendation/src/mastery/elo.ts has the formulas. A learner's: higher
-- is abler; a question's or skill's: higher is harder.
create table docent.user_mastery (
  org_id uuid not null,
  user_id uuid not null,
  department_id uuid,
  theta float8 not null,
  answers int not null check (answers >= 0),
  -- The newest answer that is counted, by (answered_at, id): what comes after it is added, what comes before replays.
  last_answered_at timestamptz not null,
  last_answer_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, user_id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade
);

create table docent.skill_mastery (
  org_id uuid not null,
  user_id uuid not null,
  skill_id uuid not null,
  department_id uuid,
  theta float8 not null,
  answers int not null check (answers >= 0),
  -- Sum of the scores of the answers.
  points float8 not null,
  -- Memory (FSRS): days until recall has fallen to 0.9, and how hard the skill is to keep, 1 to 10.
  stability float8 not null check (stability > 0),
  difficulty float8 not null,
  last_answered_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, user_id, skill_id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, skill_id) references docent.skills (org_id, id) on delete cascade
);
create index skill_mastery_skill on docent.skill_mastery (org_id, skill_id);
create index skill_mastery_department on docent.skill_mastery (org_id, department_id, skill_id);

create table docent.item_difficulty (
  org_id uuid not null,
  question_id uuid not null,
  value float8 not null,
  answers int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, question_id),
  foreign key (org_id, question_id) references docent.assessment_questions (org_id, id) on delete cascade
);

create table docent.skill_difficulty (
  org_id uuid not null,
  skill_id uuid not null,
  value float8 not null,
  answers int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, skill_id),
  foreign key (org_id, skill_id) references docent.skills (org_id, id) on delete cascade
);

-- Which answers are counted, and what each added to the difficulty of its question and skill: to be able to take
-- it back. It outlives neither its learner nor the question.
create table docent.mastery_answers (
  org_id uuid not null,
  answer_id uuid not null,
  user_id uuid not null,
  department_id uuid,
  question_id uuid not null,
  skill_id uuid,
  answered_at timestamptz not null,
  score float8 not null,
  -- Probability of a right answer before it was given.
  predicted float8 not null,
  question_change float8 not null,
  skill_change float8 not null,
  -- Of the learner in the skill after this answer, and the answers that it rests on.
  mastery float8,
  skill_answers int,
  primary key (org_id, answer_id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  foreign key (org_id, question_id) references docent.assessment_questions (org_id, id) on delete cascade,
  foreign key (org_id, skill_id) references docent.skills (org_id, id) on delete cascade
);
create index mastery_answers_user on docent.mastery_answers (org_id, user_id, skill_id, answered_at);
create index mastery_answers_question on docent.mastery_answers (org_id, question_id);
create index mastery_answers_skill on docent.mastery_answers (org_id, skill_id) where skill_id is not null;

-- Probability that the learner can apply the skill; the weight is ELO.userSkillWeight of elo.ts.
create function docent.mastery(theta float8, skill_theta float8, skill_difficulty float8) returns float8
  language sql immutable parallel safe as
$$ select 1 / (1 + exp(-(theta + 0.5 * skill_theta - skill_difficulty))) $$;

-- Probability of recall some time after the last practice: (1 + F · t / S) ^ -w, w = 0.1542, F = 0.9 ^ (-1 / w) - 1
-- (FSRS-6). F is written out; forgetting.ts asks ts-fsrs, and a test compares the two.
create function docent.retention(stability float8, last_practised timestamptz, at timestamptz) returns float8
  language sql immutable parallel safe as
$$
  select power(1 + 0.98037 * greatest(0, extract(epoch from at - last_practised)::float8 / 86400) / stability, -0.1542)
$$;

-- Mastery of everybody's skills. `enough`: at least five answers; an estimate on fewer is not shown.
create view docent.skill_levels with (security_invoker = true) as
  select m.org_id, m.user_id, m.department_id, m.skill_id, m.answers, m.points, m.answers >= 5 as enough,
    e.mastery, e.retention, e.mastery * e.retention as effective_mastery, 1 + 4 * e.mastery as level,
    m.last_answered_at
  from docent.skill_mastery m
  join docent.user_mastery u on u.org_id = m.org_id and u.user_id = m.user_id
  left join docent.skill_difficulty d on d.org_id = m.org_id and d.skill_id = m.skill_id
  cross join lateral (
    select docent.mastery(u.theta, m.theta, coalesce(d.value, 0)) as mastery,
      docent.retention(m.stability, m.last_answered_at, now()) as retention
  ) e;

-- This and the functions below keep their plans: making them anew took longer than running them.
-- What is known about a learner's skills. `known`, 0 to 1: by answers if there are enough, else what a manager
-- confirmed, else completed, else what they say of themselves; null: nothing.
create function docent.learner_skills(org uuid, person uuid) returns table (
  skill_id uuid, answers int, points float8, mastery float8, retention float8, last_answered_at timestamptz,
  declared int, confirmed int, completed_at timestamptz, known float8)
  language plpgsql stable rows 60 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  select s.skill_id, coalesce(l.answers, 0), coalesce(l.points, 0), l.mastery, l.retention, l.last_answered_at,
    s.declared, s.confirmed, s.completed_at,
    case
      when l.enough then l.effective_mastery
      when s.confirmed is not null then (s.confirmed - 1) / 4.0
      when s.completed_at is not null then 1
      else (s.declared - 1) / 4.0
    end
  from (
    select a.skill_id, max(a.declared) as declared, max(a.confirmed) as confirmed, max(a.completed_at) as completed_at
    from (
      select m.skill_id, null::int as declared, null::int as confirmed, null::timestamptz as completed_at
      from docent.skill_mastery m
      where m.org_id = org and m.user_id = person
      union all
      select d.skill_id, case d.kind when 'self' then d.level end, case d.kind when 'manager' then d.level end, null
      from docent.skill_declarations d
      where d.org_id = org and d.user_id = person
      union all
      select p.skill_id, null, null, p.completed_at
      from docent.learning_progress p
      where p.org_id = org and p.user_id = person and p.skill_id is not null
    ) a
    group by a.skill_id
  ) s
  left join docent.skill_levels l on l.org_id = org and l.user_id = person and l.skill_id = s.skill_id;
end $$;

-- What a learner should be able to do, by job and department, and how far they are from it. `gap`: 0 to 1.
create function docent.skill_gaps(org uuid, person uuid) returns table (
  skill_id uuid, required int, importance float8, known float8, gap float8)
  language plpgsql stable rows 20 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  select t.skill_id, t.required, t.importance, k.known,
    greatest(0, t.required - (1 + 4 * coalesce(k.known, 0))) / 4
  from (
    select t.skill_id, max(t.level) as required, max(t.importance) as importance
    from docent.users u
    left join docent.departments d on d.org_id = org and d.id = u.department_id
    join docent.skill_targets t
      on t.org_id = org
      and (t.job_role is null or lower(t.job_role) = lower(u.job_title))
      and (t.department_id is null or t.department_id = u.department_id or t.department_id = any (d.path))
    where u.org_id = org and u.id = person
    group by t.skill_id
  ) t
  left join docent.learner_skills(org, person) k on k.skill_id = t.skill_id;
end $$;

-- Versions ----------------------------------------------------------------------------------------

-- What a list of recommendations depends on, beside the learner's row in users: a list is kept under these
-- numbers, so that a change leaves no list that could be served.
create table docent.learner_states (
  org_id uuid not null,
  user_id uuid not null,
  department_id uuid,
  -- Grows with every change of progress, declarations, mastery and dismissals.
  version bigint not null default 1,
  -- There are answers that mastery does not have yet.
  mastery_stale boolean not null default false,
  -- False: the learner wants a list that is the same for everybody of the department.
  profiling boolean not null default true,
  -- Vector of what the learner wants to become, and what it was made of.
  goal_model text,
  goal_hash bytea,
  goal_embedding halfvec,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, user_id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade
);

-- Grows with every change of skills, courses, edges and targets.
create table docent.learning_versions (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  version bigint not null default 1,
  primary key (org_id)
);

-- Everybody takes the rows in the same order: no deadlock between two batches.
create function docent.touch_learners() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  insert into docent.learner_states (org_id, user_id)
    select distinct c.org_id, c.user_id
    from changed c
    where exists (select from docent.users u where u.org_id = c.org_id and u.id = c.user_id)
    order by c.org_id, c.user_id
  on conflict (org_id, user_id) do update set version = learner_states.version + 1;
  return null;
end $$;
revoke all on function docent.touch_learners() from public;

create function docent.mark_mastery_stale() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  insert into docent.learner_states (org_id, user_id, mastery_stale)
    select distinct c.org_id, c.user_id, true
    from changed c
    order by c.org_id, c.user_id
  on conflict (org_id, user_id) do update set version = learner_states.version + 1, mastery_stale = true;
  return null;
end $$;
revoke all on function docent.mark_mastery_stale() from public;

create function docent.touch_catalogue() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  insert into docent.learning_versions (org_id)
    select distinct c.org_id
    from changed c
    where exists (select from docent.organizations o where o.org_id = c.org_id)
    order by c.org_id
  on conflict (org_id) do update set version = learning_versions.version + 1;
  return null;
end $$;
revoke all on function docent.touch_catalogue() from public;

do $$
declare
  t text;
  f text;
begin
  foreach t in array array['learning_progress', 'skill_declarations', 'skills', 'courses', 'learning_edges',
    'skill_targets', 'assessments'] loop
    f := case when t in ('learning_progress', 'skill_declarations') then 'touch_learners' else 'touch_catalogue' end;
    execute format('create trigger %2$I after insert on docent.%1$I
      referencing new table as changed for each statement execute function docent.%3$I()', t, f || '_insert', f);
    execute format('create trigger %2$I after update on docent.%1$I
      referencing new table as changed for each statement execute function docent.%3$I()', t, f || '_update', f);
    execute format('create trigger %2$I after delete on docent.%1$I
      referencing old table as changed for each statement execute function docent.%3$I()', t, f || '_delete', f);
  end loop;
end $$;
create trigger mark_mastery_stale_insert after insert on docent.mastery_replays
  referencing new table as changed for each statement execute function docent.mark_mastery_stale();
create trigger mark_mastery_stale_update after update on docent.mastery_replays
  referencing new table as changed for each statement execute function docent.mark_mastery_stale();

-- Recommendations ---------------------------------------------------------------------------------

-- The generation of the tables below that is in use, and how their signals are put together.
create table docent.recommend_models (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  generation bigint not null,
  settings jsonb not null,
  learners int not null,
  items int not null,
  events int not null,
  built_at timestamptz not null default now(),
  primary key (org_id)
);

-- What is learned together with or after what: `from_id` and `to_id` are both courses or both skills. Negative
-- generations belong to a replay that is under way.
create table docent.recommend_links (
  org_id uuid not null,
  generation bigint not null,
  from_id uuid not null,
  signal text not null check (signal in ('next', 'together', 'similar', 'linear')),
  to_id uuid not null,
  score real not null,
  -- How many people took both; null where it is not from people.
  learners int,
  primary key (org_id, generation, from_id, signal, to_id),
  foreign key (org_id) references docent.organizations (org_id) on delete cascade
);

-- Share of people who began it, newer ones counting more; of a department only with five people or more, drawn
-- towards the share in the organization (the zero department).
create table docent.recommend_popularity (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  generation bigint not null,
  department_id uuid not null,
  item_id uuid not null,
  kind text not null check (kind in ('skill', 'course')),
  score real not null,
  learners int not null,
  primary key (org_id, generation, department_id, item_id)
);
create index recommend_popularity_best
  on docent.recommend_popularity (org_id, generation, department_id, kind, score desc, item_id);

-- Vectors of titles and descriptions.
create table docent.item_embeddings (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  item_id uuid not null,
  kind text not null check (kind in ('skill', 'course')),
  model_id text not null,
  -- SHA-256 of the text.
  hash bytea not null,
  embedding halfvec not null,
  primary key (org_id, item_id)
);
alter table docent.item_embeddings alter embedding set storage plain;

-- Every rebuild, with what its replay showed.
create table docent.recommend_rebuilds (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  generation bigint,
  learners int,
  items int,
  events int,
  build_ms int,
  settings jsonb,
  -- [{"settings": …, "learners": n, "recall": …, "recallError": …, "ndcg": …, "ndcgError": …, "gain": …, "gainError": …}]
  replay jsonb not null default '[]',
  error text,
  primary key (org_id, id)
);
create index recommend_rebuilds_started on docent.recommend_rebuilds (org_id, started_at desc, id desc);

create table docent.recommendations (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  department_id uuid,
  type text not null check (type in ('skill', 'course', 'content')),
  item_id uuid not null,
  score float8 not null check (score between 0 and 1),
  reason text not null,
  clicked boolean not null default false,
  reason_type text not null,
  evidence jsonb not null default '{}',
  -- 1 is the first of the list.
  position int not null check (position > 0),
  algo_version text not null,
  -- Probability that this item was put at this place; below 1 only where something new is tried.
  propensity float8 not null default 1 check (propensity > 0 and propensity <= 1),
  created_at timestamptz not null default now(),
  shown_at timestamptz,
  clicked_at timestamptz,
  dismissed_at timestamptz,
  dismiss_reason text check (dismiss_reason in ('not_relevant', 'already_know')),
  enrolled_at timestamptz,
  completed_at timestamptz,
  primary key (org_id, id),
  check ((dismissed_at is null) = (dismiss_reason is null)),
  check (clicked = (clicked_at is not null)),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade
);
create index recommendations_item on docent.recommendations (org_id, user_id, item_id);
create index recommendations_created on docent.recommendations (org_id, created_at desc, id desc);

-- How often an item was shown and taken up, over everybody: what trying something new learns from.
create table docent.recommend_exposures (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  item_id uuid not null,
  shown int not null default 0,
  enrolled int not null default 0,
  primary key (org_id, item_id)
);

create function docent.note_feedback() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  insert into docent.recommend_exposures (org_id, item_id, shown, enrolled)
    select n.org_id, n.item_id, count(*) filter (where n.shown_at is not null and o.shown_at is null),
      count(*) filter (where n.enrolled_at is not null and o.enrolled_at is null)
    from after_change n
    join before_change o on o.org_id = n.org_id and o.id = n.id
    where n.shown_at is not null and o.shown_at is null or n.enrolled_at is not null and o.enrolled_at is null
    group by n.org_id, n.item_id
    order by n.org_id, n.item_id
  on conflict (org_id, item_id) do update
    set shown = recommend_exposures.shown + excluded.shown, enrolled = recommend_exposures.enrolled + excluded.enrolled;
  -- What was dismissed must be in no list any more.
  insert into docent.learner_states (org_id, user_id)
    select distinct n.org_id, n.user_id
    from after_change n
    join before_change o on o.org_id = n.org_id and o.id = n.id
    where n.dismissed_at is distinct from o.dismissed_at
    order by n.org_id, n.user_id
  on conflict (org_id, user_id) do update set version = learner_states.version + 1;
  return null;
end $$;
revoke all on function docent.note_feedback() from public;
create trigger note_feedback after update on docent.recommendations
  referencing old table as before_change new table as after_change
  for each statement execute function docent.note_feedback();

-- A recommendation worked when its item was begun within 14 days of being shown and completed within 90, however
-- the learner got there.
create function docent.note_uptake() returns trigger
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
begin
  update docent.recommendations r
  set enrolled_at = coalesce(r.enrolled_at, c.begun_at),
    completed_at = case when c.completed_at <= r.shown_at + interval '90 days' then c.completed_at end
  from (
    select p.org_id, p.user_id, coalesce(p.course_id, p.skill_id) as item_id,
      coalesce(p.started_at, p.completed_at) as begun_at, p.completed_at
    from changed p
    where p.status in ('in_progress', 'completed')
  ) c
  where r.org_id = c.org_id and r.user_id = c.user_id and r.item_id = c.item_id and r.shown_at is not null
    and c.begun_at between r.shown_at and r.shown_at + interval '14 days'
    and (r.enrolled_at is null or r.completed_at is null and c.completed_at is not null);
  return null;
end $$;
revoke all on function docent.note_uptake() from public;
create trigger note_uptake_insert after insert on docent.learning_progress
  referencing new table as changed for each statement execute function docent.note_uptake();
create trigger note_uptake_update after update on docent.learning_progress
  referencing new table as changed for each statement execute function docent.note_uptake();

-- A model of who fails, fitted when an organization has enough finished enrolments.
create table docent.at_risk_models (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  model jsonb not null,
  trained_at timestamptz not null default now(),
  primary key (org_id)
);

-- A learner's items with their weights as a profile: newer ones and completed ones count more. `decay`: how much
-- less each counts than the one after it.
create function docent.learner_history(org uuid, person uuid, of_kind text, decay float8)
  returns table (item_id uuid, back int, weight float8)
  language plpgsql stable rows 20 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  select h.item_id, h.back,
    power(decay, h.back) * case
      when h.status = 'completed' then 1
      when h.status = 'dropped' or h.progress < 10 and h.occurred_at < now() - interval '60 days' then 0.2
      else greatest(h.progress / 100, 0.2) end
  from (
    select coalesce(p.course_id, p.skill_id) as item_id, p.status, p.progress, p.occurred_at,
      row_number() over (order by coalesce(p.started_at, p.completed_at, p.occurred_at) desc, p.id desc)::int - 1 as back
    from docent.learning_progress p
    where p.org_id = org and p.user_id = person and p.status <> 'assigned'
      and (p.course_id is not null) = (of_kind = 'course')
  ) h
  where h.back < 50;
end $$;

-- How much a learner with these items may like others, 0 to 1: each signal divided by its best, added with the
-- weights, the sum divided by its best. The parts are what each signal adds to it.
create function docent.recommend_taste(
  org uuid, of_generation bigint, items uuid[], item_weights float8[],
  next_weight float8, together_weight float8, similar_weight float8, linear_weight float8)
  returns table (item_id uuid, taste float8, next_part float8, together_part float8, similar_part float8,
    linear_part float8)
  language plpgsql stable rows 200 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  with signals as (
    select l.to_id,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'next'), 0) as next,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'together'), 0) as together,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'similar'), 0) as similar,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'linear'), 0) as linear
    from unnest(items, item_weights) h (item, weight)
    -- One look into the key for each item of the history, whatever the planner thinks of a table just filled.
    cross join lateral (
      select k.signal, k.to_id, k.score
      from docent.recommend_links k
      where k.org_id = org and k.generation = of_generation and k.from_id = h.item
        and (k.signal <> 'next' or next_weight > 0) and (k.signal <> 'together' or together_weight > 0)
        and (k.signal <> 'similar' or similar_weight > 0) and (k.signal <> 'linear' or linear_weight > 0)
      offset 0
    ) l
    where l.to_id <> all (items)
    group by l.to_id
  ),
  parts as (
    select s.to_id,
      next_weight * coalesce(s.next / nullif(max(s.next) over (), 0), 0) as next,
      together_weight * coalesce(s.together / nullif(max(s.together) over (), 0), 0) as together,
      similar_weight * coalesce(s.similar / nullif(max(s.similar) over (), 0), 0) as similar,
      linear_weight * coalesce(s.linear / nullif(greatest(max(s.linear) over (), 0), 0), 0) as linear
    from signals s
  )
  select t.to_id, t.total / t.best, t.next / t.best, t.together / t.best, t.similar / t.best, t.linear / t.best
  from (
    select p.*, p.next + p.together + p.similar + p.linear as total,
      max(p.next + p.together + p.similar + p.linear) over () as best
    from parts p
  ) t
  where t.total > 0;
end $$;

-- Rights ------------------------------------------------------------------------------------------

do $$
declare
  t text;
  known constant text := '(select docent.acts_as(''learner'', ''trainer'', ''hr_manager'', ''admin''))';
begin
  foreach t in array array['user_mastery', 'skill_mastery', 'mastery_answers', 'item_difficulty', 'skill_difficulty',
    'learner_states', 'learning_versions', 'recommend_models', 'recommend_links', 'recommend_popularity',
    'item_embeddings', 'recommend_rebuilds', 'recommendations', 'recommend_exposures', 'at_risk_models'] loop
    execute format('call docent.fence(%L)', 'docent.' || t);
    execute format('create policy work on docent.%I using ((select docent.acts_as(''worker'')))
      with check ((select docent.acts_as(''worker'')))', t);
  end loop;
  foreach t in array array['user_mastery', 'skill_mastery', 'mastery_answers', 'learner_states', 'recommendations'] loop
    execute format('call docent.follow_department(%L)', 'docent.' || t);
  end loop;
  -- Triggers write these as their owner.
  foreach t in array array['learning_versions', 'recommend_exposures'] loop
    execute format('create policy owner on docent.%I to current_user using (true) with check (true)', t);
  end loop;
  create policy owner on docent.organizations for select to current_user using (true);
  -- What was worked out about a person: their own, HR managers' of the own departments, admins'.
  foreach t in array array['user_mastery', 'skill_mastery', 'mastery_answers'] loop
    execute format('create policy read_own on docent.%I for select using (user_id = docent.caller_id())', t);
    execute format('create policy read_all on docent.%I for select
      using ((select docent.acts_as(''admin'') or docent.granted(''progress:read'', ''organization'')))', t);
    execute format('create policy read_own_departments on docent.%I for select
      using ((select docent.acts_as(''hr_manager'') or docent.granted(''progress:read'', ''department''))
        and department_id = any ((select docent.caller_departments())::uuid[]))', t);
  end loop;
  -- What says nothing about one person.
  foreach t in array array['item_difficulty', 'skill_difficulty', 'learning_versions', 'recommend_models',
    'recommend_links', 'recommend_popularity', 'item_embeddings', 'recommend_exposures'] loop
    execute format('create policy read on docent.%I for select using (%s)', t, known);
  end loop;
end $$;

create policy read on docent.recommend_rebuilds for select using ((select docent.acts_as('admin')));

-- The same, and whoever may ask for their recommendations. Whether to be profiled is everybody's own decision.
create policy read_own on docent.learner_states for select using (user_id = docent.caller_id());
create policy read_all on docent.learner_states for select
  using ((select docent.acts_as('admin') or docent.granted('progress:read', 'organization')
    or docent.granted('recommendations', 'organization')));
create policy read_own_departments on docent.learner_states for select
  using ((select docent.acts_as('hr_manager') or docent.granted('progress:read', 'department')
      or docent.granted('recommendations', 'department'))
    and department_id = any ((select docent.caller_departments())::uuid[]));
create policy add_own on docent.learner_states for insert with check (user_id = docent.caller_id());
create policy change_own on docent.learner_states for update
  using (user_id = docent.caller_id()) with check (user_id = docent.caller_id());

-- What somebody was shown, clicked and dismissed is theirs and the administrators'.
create policy read_own on docent.recommendations for select using (user_id = docent.caller_id());
create policy read_all on docent.recommendations for select using ((select docent.acts_as('admin')));
create policy add_own on docent.recommendations for insert with check (user_id = docent.caller_id());
create policy change_own on docent.recommendations for update
  using (user_id = docent.caller_id()) with check (user_id = docent.caller_id());
create policy change_all on docent.recommendations for update
  using ((select docent.acts_as('admin'))) with check ((select docent.acts_as('admin')));
create policy remove_own on docent.recommendations for delete using (user_id = docent.caller_id());

grant select on docent.skill_levels to docent_app;
grant execute on function docent.mastery(float8, float8, float8), docent.retention(float8, timestamptz, timestamptz),
  docent.learner_skills(uuid, uuid), docent.skill_gaps(uuid, uuid),
  docent.learner_history(uuid, uuid, text, float8),
  docent.recommend_taste(uuid, bigint, uuid[], float8[], float8, float8, float8, float8) to docent_app;

-- For people who query the database: the name, arguments and columns that they know ----------------

-- Skills and courses for a learner, best first: taste, gaps to the targets and popularity, without what they have
-- begun or dismissed. The service adds readiness, difficulty, diversity and content.
create function docent.generate_recommendations(user_id_param text, limit_count int default 10)
  returns table (id text, type text, title text, description text, score float, reason text)
  language sql stable as
$$
  with me as (
    select u.org_id as org, u.id as person, coalesce(s.profiling, true) as profiling, m.generation, m.settings
    from docent.users u
    left join docent.learner_states s on s.org_id = u.org_id and s.user_id = u.id
    left join docent.recommend_models m on m.org_id = u.org_id
    where u.org_id = docent.caller_org() and u.id = user_id_param::uuid
  ),
  gaps as (
    select g.skill_id, g.gap, g.importance * g.gap as need
    from me
    cross join lateral docent.skill_gaps(me.org, me.person) g
    where me.profiling and g.gap > 0
  ),
  liked as (
    select t.item_id, t.taste
    from me
    cross join (values ('course'), ('skill')) k (kind)
    cross join lateral (
      select array_agg(h.item_id order by h.back) as items, array_agg(h.weight order by h.back) as weights
      from docent.learner_history(me.org, me.person, k.kind, (me.settings ->> 'decay')::float8) h
    ) h
    cross join lateral docent.recommend_taste(me.org, me.generation, h.items, h.weights,
      (me.settings ->> 'next')::float8, (me.settings ->> 'together')::float8, (me.settings ->> 'similar')::float8,
      (me.settings ->> 'linear')::float8) t
    where me.profiling
  ),
  popular as (
    select p.item_id, p.score / max(p.score) over () as popularity
    from me
    join docent.recommend_popularity p on p.org_id = me.org and p.generation = me.generation
      and p.department_id = '00000000-0000-0000-0000-000000000000'
  ),
  needed as (
    select e.from_id as item_id, sum(g.need * e.weight) / (select sum(need) from gaps) as need
    from me
    join docent.learning_edges e
      on e.org_id = me.org and e.type = 'teaches' and e.from_kind = 'course' and e.status = 'confirmed'
    join gaps g on g.skill_id = e.to_id
    group by e.from_id
    union all
    select g.skill_id, g.need / (select max(need) from gaps)
    from gaps g
  ),
  items as (
    select s.id, 'skill' as type, s.name as title, s.description
    from me
    join docent.skills s on s.org_id = me.org and s.status = 'published'
    union all
    select c.id, 'course', c.title, c.description
    from me
    join docent.courses c on c.org_id = me.org and c.status = 'published'
  )
  select i.id::text, i.type, i.title, i.description,
    0.45 * coalesce(l.taste, 0) + 0.35 * least(coalesce(n.need, 0), 1) + 0.20 * coalesce(p.popularity, 0),
    case
      when coalesce(0.35 * n.need, 0) >= 0.45 * coalesce(l.taste, 0) and n.need > 0 then 'Closes a gap to the targets of your job'
      when l.taste > 0 then 'Follows from what you learned before'
      else 'Popular in your organization'
    end
  from items i
  left join liked l on l.item_id = i.id
  left join needed n on n.item_id = i.id
  left join popular p on p.item_id = i.id
  where coalesce(l.taste, n.need, p.popularity) > 0
    and not exists (
      select from me join docent.learning_progress g on g.org_id = me.org and g.user_id = me.person
      where coalesce(g.course_id, g.skill_id) = i.id and g.status <> 'assigned')
    and not exists (
      select from me join docent.recommendations r on r.org_id = me.org and r.user_id = me.person
      where r.item_id = i.id and r.dismissed_at is not null)
  order by 5 desc, 3
  limit limit_count
$$;
grant execute on function docent.generate_recommendations(text, int) to docent_app;

-- A learner and the versions of everything that their recommendations depend on, if the caller may ask for them: all
-- that a list from the cache costs. With a plan that is kept it takes a third of the time.
create function docent.recommendation_subject(org uuid, person uuid) returns table (
  user_id uuid, role text, department_id uuid, department_path text[], job_title text, goal text, row_state text,
  profiling boolean, mastery_stale boolean, version bigint, catalogue bigint, generation bigint, settings jsonb,
  built_at timestamptz, weights jsonb)
  language plpgsql stable rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  select u.id, u.role, u.department_id, coalesce(d.path, '{}')::text[], u.job_title,
    nullif(trim(u.learning_profile ->> 'goal'), ''),
    md5(concat_ws('|', u.role, u.department_id, u.job_title, u.learning_profile,
      o.settings -> 'recommendationWeights')),
    coalesce(s.profiling, true), coalesce(s.mastery_stale, false), coalesce(s.version, 0)::bigint,
    coalesce(v.version, 0)::bigint, m.generation::bigint, m.settings, m.built_at,
    o.settings -> 'recommendationWeights'
  from docent.users u
  join docent.organizations o on o.org_id = org
  left join docent.departments d on d.org_id = org and d.id = u.department_id
  left join docent.learner_states s on s.org_id = org and s.user_id = u.id
  left join docent.learning_versions v on v.org_id = org
  left join docent.recommend_models m on m.org_id = org
  where u.org_id = org
    and u.id = person
    and u.deleted_at is null
    and (u.id = docent.caller_id()
      or docent.acts_as('admin')
      or docent.granted('recommendations', 'organization')
      or (docent.acts_as('hr_manager') or docent.granted('recommendations', 'department'))
        and u.department_id = any (docent.caller_departments()));
end $$;
grant execute on function docent.recommendation_subject(uuid, uuid) to docent_app;

-- Down Migration

drop function docent.recommendation_subject(uuid, uuid);
drop function docent.generate_recommendations(text, int);
drop function docent.recommend_taste(uuid, bigint, uuid[], float8[], float8, float8, float8, float8);
drop function docent.learner_history(uuid, uuid, text, float8);
do $$
declare t text;
begin
  foreach t in array array['user_mastery', 'skill_mastery', 'mastery_answers', 'learner_states', 'recommendations'] loop
    execute format('drop trigger %I on docent.users', 'move_department_' || t);
  end loop;
end $$;
drop trigger note_uptake_insert on docent.learning_progress;
drop trigger note_uptake_update on docent.learning_progress;
drop trigger mark_mastery_stale_insert on docent.mastery_replays;
drop trigger mark_mastery_stale_update on docent.mastery_replays;
do $$
declare
  t text;
  f text;
begin
  foreach t in array array['learning_progress', 'skill_declarations', 'skills', 'courses', 'learning_edges',
    'skill_targets', 'assessments'] loop
    f := case when t in ('learning_progress', 'skill_declarations') then 'touch_learners' else 'touch_catalogue' end;
    execute format('drop trigger %I on docent.%I', f || '_insert', t);
    execute format('drop trigger %I on docent.%I', f || '_update', t);
    execute format('drop trigger %I on docent.%I', f || '_delete', t);
  end loop;
end $$;
drop function docent.skill_gaps(uuid, uuid);
drop function docent.learner_skills(uuid, uuid);
drop view docent.skill_levels;
drop function docent.retention(float8, timestamptz, timestamptz);
drop function docent.mastery(float8, float8, float8);
drop table docent.at_risk_models, docent.recommend_exposures, docent.recommendations, docent.recommend_rebuilds,
  docent.item_embeddings, docent.recommend_popularity, docent.recommend_links, docent.recommend_models,
  docent.learning_versions, docent.learner_states, docent.mastery_answers, docent.skill_difficulty,
  docent.item_difficulty, docent.skill_mastery, docent.user_mastery;
drop policy owner on docent.organizations;
drop function docent.note_uptake();
drop function docent.note_feedback();
drop function docent.touch_catalogue();
drop function docent.mark_mastery_stale();
drop function docent.touch_learners();
