-- Up Migration

-- A person's skills are those with any evidence: answers, what was declared or confirmed, what was begun. Only those
-- with progress of their own were counted, which hardly anybody has.
create or replace function docent.get_user_learning_analytics(user_id_param text)
  returns table (total_skills int, completed_skills int, total_courses int, completed_courses int,
    total_progress float, recent_activity jsonb, skill_distribution jsonb, learning_velocity float)
  language sql stable as
$$
  with known as (
    select m.skill_id
    from docent.skill_mastery m
    where m.org_id = docent.caller_org() and m.user_id = user_id_param::uuid and m.answers > 0
    union
    select d.skill_id
    from docent.skill_declarations d
    where d.org_id = docent.caller_org() and d.user_id = user_id_param::uuid
    union
    select l.skill_id
    from docent.learning_progress l
    where l.org_id = docent.caller_org() and l.user_id = user_id_param::uuid and l.skill_id is not null
      and l.status <> 'assigned'
  )
  select (select count(*)::int from known), count(p.skill_id) filter (where p.completed_at is not null)::int,
    count(p.course_id)::int, count(p.course_id) filter (where p.completed_at is not null)::int,
    coalesce(avg(p.progress), 0),
    jsonb_build_object(
      'recent_messages', (
        select count(*) from docent.analytics_events e
        where e.org_id = docent.caller_org() and e.user_id = user_id_param::uuid
          and e.event_type = 'chat_message' and e.created_at > now() - interval '7 days'),
      'recent_progress', count(*) filter (where p.occurred_at > now() - interval '7 days'),
      'recent_recommendations', (
        select count(*) from docent.recommendations r
        where r.org_id = docent.caller_org() and r.user_id = user_id_param::uuid
          and r.created_at > now() - interval '7 days')),
    (
      select jsonb_object_agg(c.category, c.skills)
      from (
        select s.category, count(*) as skills
        from known k
        join docent.skills s on s.org_id = docent.caller_org() and s.id = k.skill_id
        group by s.category
      ) c
    ),
    avg(extract(epoch from p.completed_at - p.started_at)::float8 / 3600)
      filter (where p.completed_at > now() - interval '30 days' and p.completed_at >= p.started_at)
  from docent.learning_progress p
  where p.org_id = docent.caller_org() and p.user_id = user_id_param::uuid
$$;

-- Down Migration

create or replace function docent.get_user_learning_analytics(user_id_param text)
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
      'recent_progress', count(*) filter (where p.occurred_at > now() - interval '7 days'),
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
