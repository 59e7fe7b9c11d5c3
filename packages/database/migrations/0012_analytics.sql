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
  -- Fewest people of a group when it was worked out.
  min_group int not null,
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

-- For people who query the database: the names and columns that they know --------------------------

-- What one person has learned. `recent_*`: of the last 7 days; velocity: mean hours from start to completion, of the
-- last 30 days. What somebody asked stays theirs: the count comes from the events.
create function docent.get_user_learning_analytics(user_id_param text)
  returns table (total_skills int, completed_skills int, total_courses int, completed_courses int,
    total_progress float, recent_activity jsonb, skill_distribution jsonb, learning_velocity float)
  language sql stable as
$$
  select count(p.skill_id)::int, count(p.skill_id) filter (where p.completed_at is not null)::int,
    count(p.course_id)::int, count(p.course_id) filter (where p.completed_at is not null)::int,
    coalesce(avg(p.progress), 0),
    jsonb_build_object(
      'recent_messages', (
        select count(*) from docent.analytics_events e
        where e.org_id = docent.caller_org() and e.user_id = user_id_param::uuid
          and e.event_type = 'chat_message' and e.created_at > now() - interval '7 days'),
      'recent_progress', count(*) filter (where p.updated_at > now() - interval '7 days'),
      'recent_recommendations', (
        select count(*) from docent.recommendations r
        where r.org_id = docent.caller_org() and r.user_id = user_id_param::uuid
          and r.created_at > now() - interval '7 days')),
    (
      select jsonb_object_agg(c.category, c.skills)
      from (
        select s.category, count(*) as skills
        from docent.learning_progress l
        join docent.skills s on s.org_id = l.org_id and s.id = l.skill_id
        where l.org_id = docent.caller_org() and l.user_id = user_id_param::uuid
        group by s.category
      ) c
    ),
    avg(extract(epoch from p.completed_at - p.started_at)::float8 / 3600)
      filter (where p.completed_at > now() - interval '30 days' and p.completed_at >= p.started_at)
  from docent.learning_progress p
  where p.org_id = docent.caller_org() and p.user_id = user_id_param::uuid
$$;

-- One row for everybody whose learning the caller may see.
create view docent.user_learning_dashboard with (security_invoker = true) as
  select u.id::text id, u.name, u.email, d.name department, u.role,
    a.total_skills, a.completed_skills, a.total_courses, a.completed_courses, a.total_progress overall_progress,
    (a.recent_activity ->> 'recent_messages')::bigint recent_messages,
    (a.recent_activity ->> 'recent_progress')::bigint recent_progress_updates,
    coalesce(a.learning_velocity, 0) learning_velocity
  from docent.users u
  left join docent.departments d on d.org_id = u.org_id and d.id = u.department_id
  cross join lateral docent.get_user_learning_analytics(u.id::text) a
  where u.org_id = docent.caller_org()
    and (u.id = docent.caller_id() or docent.acts_as('admin')
      or docent.granted('analytics:read', 'organization')
      or (docent.acts_as('hr_manager') or docent.granted('analytics:read', 'department'))
        and u.department_id = any (docent.caller_departments()));

-- Of the last 30 days; nothing about an item that fewer than five people were recommended.
create view docent.recommendation_analytics with (security_invoker = true) as
  select r.type, r.item_id::text item_id, count(*) total_recommendations, count(r.clicked_at) clicks,
    round((100.0 * count(r.clicked_at) / count(*))::numeric, 2)::float8 click_rate,
    avg(r.score) avg_score, count(distinct r.user_id) unique_users
  from docent.recommendations r
  where r.org_id = docent.caller_org() and r.created_at > now() - interval '30 days'
  group by r.type, r.item_id
  having count(distinct r.user_id) >= 5
  order by click_rate desc, total_recommendations desc;

-- Content with what is known of the course or skill that it covers; `difficulty_level`: 1 to 5, minutes.
create view docent.learning_content_search with (security_invoker = true) as
  select l.id, l.title, l.content, l.content_type, l.source_service, l.metadata, l.created_at, l.updated_at,
    coalesce(c.difficulty, s.level)::text difficulty_level, c.duration_minutes duration,
    c.objectives learning_objectives
  from docent.learning_content l
  left join lateral (
    select c.difficulty, c.duration_minutes, c.objectives
    from docent.courses c
    where c.org_id = docent.caller_org() and l.content_type = 'course'
      and (c.id::text = l.metadata ->> 'course_id' or c.id in (
        select e.to_course_id from docent.learning_edges e
        where e.org_id = docent.caller_org() and e.from_content_id = l.id::uuid and e.type = 'covers'
          and e.status = 'confirmed'))
    order by c.id::text = l.metadata ->> 'course_id' desc, c.id
    limit 1
  ) c on true
  left join lateral (
    select s.level
    from docent.skills s
    where s.org_id = docent.caller_org() and l.content_type = 'skill'
      and (s.id::text = l.metadata ->> 'skill_id' or s.id in (
        select e.to_skill_id from docent.learning_edges e
        where e.org_id = docent.caller_org() and e.from_content_id = l.id::uuid
          and e.type in ('covers', 'teaches') and e.status = 'confirmed'))
    order by s.id::text = l.metadata ->> 'skill_id' desc, s.id
    limit 1
  ) s on true;

grant select on docent.user_learning_dashboard, docent.recommendation_analytics, docent.learning_content_search
  to docent_app;
grant execute on function docent.get_user_learning_analytics(text) to docent_app;

-- Down Migration

drop view docent.learning_content_search, docent.recommendation_analytics, docent.user_learning_dashboard;
drop function docent.get_user_learning_analytics(text);
drop index docent.attempt_answers_time, docent.progress_events_time, docent.messages_answered;
drop table docent.question_group_members, docent.question_groups, docent.analytics_reports,
  docent.analytics_settings;
