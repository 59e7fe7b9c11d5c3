-- Up Migration

-- Voids are looked up by what they void.
create index xapi_statements_voids on docent.xapi_statements (org_id, voids) where voids is not null;

create policy owner on docent.departments for select to current_user using (true);
create policy owner on docent.grants for select to current_user using (true);

-- What is known of statements with these ids and of what voids them, for whoever sends statements: whether one may be
-- voided depends on who sent it and on what the sender of the void may do, and the caller may see neither. The service
-- shows nothing of it.
create function docent.known_statements(ids uuid[]) returns table (
  id uuid, verb text, fingerprint text, voids uuid, voided_by uuid, created_by uuid, user_id uuid, department_id uuid,
  activity text, registration uuid, sender_role text, sender_departments uuid[], sender_grants jsonb)
  language sql stable security definer set search_path = docent, public, pg_temp as
$$
  with known as (
    select s.*
    from docent.xapi_statements s
    where s.org_id = docent.caller_org() and s.id = any (ids)
    union
    select s.*
    from docent.xapi_statements s
    where s.org_id = docent.caller_org() and s.voids = any (ids)
  )
  select k.id, k.verb, encode(k.fingerprint, 'hex'), k.voids, k.voided_by, k.created_by, k.user_id, k.department_id,
    k.activity, k.registration, u.role,
    array(
      select d.id
      from docent.departments d
      where d.org_id = u.org_id
        and (d.id = u.department_id or u.role = 'hr_manager' and d.path @> array[u.department_id])),
    coalesce((
      select jsonb_agg(jsonb_build_object('scope', g.scope, 'extent', g.extent))
      from docent.grants g
      where g.org_id = u.org_id and g.user_id = u.id and g.revoked_at is null
        and (g.expires_at is null or g.expires_at > now())), '[]')
  from known k
  left join docent.users u
    on k.voids is not null and u.org_id = k.org_id and u.id = k.created_by and u.status = 'active'
    and u.deleted_at is null
  where docent.has_scope('progress:write')
$$;
grant execute on function docent.known_statements(uuid[]) to docent_app;

-- Voids a statement and deletes what it led to, also what the caller may not see (who answered what). Only who sent
-- it, about themselves or nobody who is known, and who may report about that person, without being that person.
-- No row: not for the caller, or voided already. `keys`: whose progress must be worked out anew.
create function docent.take_back_statement(statement uuid, by_statement uuid)
  returns table (answers int, keys jsonb)
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
declare
  org constant uuid := docent.caller_org();
  caller constant uuid := docent.caller_id();
begin
  update docent.xapi_statements s
     set voided_by = by_statement
   where s.org_id = org
     and s.id = statement
     and s.voided_by is null
     and docent.has_scope('progress:write')
     and (s.created_by = caller and (s.user_id is null or s.user_id = caller)
       or s.user_id is distinct from caller and docent.writes_progress_of(s.user_id, s.department_id));
  if not found then return; end if;

  delete from docent.attempt_answers a where a.org_id = org and a.statement_id = statement;
  get diagnostics answers = row_count;
  delete from docent.assessment_attempts a where a.org_id = org and a.statement_id = statement;
  with gone as (
    delete from docent.progress_events e
    where e.org_id = org and e.statement_id = statement
    returning e.user_id, e.course_id, e.skill_id
  )
  select coalesce(jsonb_agg(jsonb_build_object('userId', g.user_id, 'courseId', g.course_id, 'skillId', g.skill_id)), '[]')
    into keys
    from gone g;
  return next;
end $$;
grant execute on function docent.take_back_statement(uuid, uuid) to docent_app;

-- That a learner says of themselves that they completed a skill is one more thing that they declare: it counts as the
-- skill's own level, unless they declared another one. Others' word and passed assessments count as before.
create or replace function docent.learner_skills(org uuid, person uuid) returns table (
  skill_id uuid, answers int, points float8, mastery float8, retention float8, last_answered_at timestamptz,
  declared int, confirmed int, completed_at timestamptz, known float8)
  language plpgsql stable rows 60 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  select s.skill_id, coalesce(l.answers, 0), coalesce(l.points, 0), l.mastery, l.retention, l.last_answered_at,
    coalesce(s.declared, s.claimed), s.confirmed, s.completed_at,
    case
      when l.enough then l.effective_mastery
      when s.confirmed is not null then (s.confirmed - 1) / 4.0
      when s.completed_at is not null then 1
      else (coalesce(s.declared, s.claimed) - 1) / 4.0
    end
  from (
    select a.skill_id, max(a.declared) as declared, max(a.confirmed) as confirmed, max(a.claimed) as claimed,
      max(a.completed_at) as completed_at
    from (
      select m.skill_id, null::int as declared, null::int as confirmed, null::int as claimed,
        null::timestamptz as completed_at
      from docent.skill_mastery m
      where m.org_id = org and m.user_id = person
      union all
      select d.skill_id, case d.kind when 'self' then d.level end, case d.kind when 'manager' then d.level end,
        null, null
      from docent.skill_declarations d
      where d.org_id = org and d.user_id = person
      union all
      select p.skill_id, null, null, case when c.told and c.at is null then s.level end,
        case when c.told then c.at else p.completed_at end
      from docent.learning_progress p
      left join docent.skills s on s.org_id = org and s.id = p.skill_id
      left join lateral (
        select count(*) > 0 as told,
          min(e.occurred_at) filter (
            where e.status in ('passed', 'waived') or e.created_by is distinct from person) as at
        from docent.progress_events e
        where e.org_id = org and e.user_id = person and e.skill_id = p.skill_id
          and (e.status in ('completed', 'passed', 'waived') or e.progress = 100)
      ) c on p.completed_at is not null
      where p.org_id = org and p.user_id = person and p.skill_id is not null
    ) a
    group by a.skill_id
  ) s
  left join docent.skill_levels l on l.org_id = org and l.user_id = person and l.skill_id = s.skill_id;
end $$;

-- Down Migration

create or replace function docent.learner_skills(org uuid, person uuid) returns table (
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

drop function docent.take_back_statement(uuid, uuid);
drop function docent.known_statements(uuid[]);
drop policy owner on docent.grants;
drop policy owner on docent.departments;
drop index docent.xapi_statements_voids;
