import { run, type Sql, sql, type Tx } from '@docent/database/sql';

/** A person and a course or skill. */
export interface ProgressKey {
  readonly userId: string;
  readonly courseId: string | null;
  readonly skillId: string | null;
}

/**
 * Makes writers of these people's progress wait for each other until the transaction ends: whoever folds has
 * seen the events of the others. At most 256 locks of an organization, taken in one order.
 */
export async function lockPeople(tx: Tx, orgId: string, userIds: readonly string[]): Promise<void> {
  await run(
    tx,
    sql`
      select pg_advisory_xact_lock(bucket)
        from (
          select distinct hashtextextended('docent.progress:' || ${orgId}::text,
                   abs(hashtext(person)::bigint) % 256) as bucket
            from unnest(${userIds}::text[]) person
           order by bucket
        ) buckets`,
  );
}

/**
 * Brings the state of these people up to their events. The state depends on the events alone, not on the
 * order in which they came:
 * - completed at the earliest event that completes (what completes a course is its `move_on`), for good;
 * - else how far: the most of the newest registration (cmi5: progress never goes back within one);
 * - dropped when nothing happened since; assigned when nothing else happened since.
 *
 * Events at one time count in the order of source and event id.
 */
export async function foldProgress(
  tx: Tx,
  orgId: string,
  keys: readonly ProgressKey[],
): Promise<void> {
  const courses = keys.filter(({ courseId }) => courseId !== null);
  const skills = keys.filter(({ skillId }) => skillId !== null);
  for (const [kind, of] of [
    ['course', courses],
    ['skill', skills],
  ] as const) {
    if (of.length === 0) continue;
    const people = of.map(({ userId }) => userId);
    const items = of.map(({ courseId, skillId }) => courseId ?? skillId);
    await fold(
      tx,
      orgId,
      kind,
      sql`
        select distinct user_id, item
          from unnest(${people}::uuid[], ${items}::uuid[]) w (user_id, item)`,
    );
  }
}

/** Everybody's state in a course, after what completes it has changed; as a worker, who sees everybody. */
export async function refoldCourse(tx: Tx, orgId: string, courseId: string): Promise<void> {
  await run(
    tx,
    sql`
      select pg_advisory_xact_lock(bucket)
        from (
          select hashtextextended('docent.progress:' || ${orgId}::text, number) as bucket
            from generate_series(0, 255) number
           order by bucket
        ) buckets`,
  );
  await fold(
    tx,
    orgId,
    'course',
    sql`
      select distinct user_id, course_id as item
        from docent.learning_progress
       where org_id = ${orgId}
         and course_id = ${courseId}`,
  );
}

/** @param wanted selects `user_id` and `item`. */
async function fold(tx: Tx, orgId: string, kind: 'course' | 'skill', wanted: Sql): Promise<void> {
  const item = kind === 'course' ? sql`course_id` : sql`skill_id`;
  const rule =
    kind === 'course'
      ? sql`coalesce(
          (select c.move_on from docent.courses c where c.org_id = ${orgId} and c.id = f.item),
          'completed_or_passed')`
      : sql`'completed_or_passed'::text`;
  await run(
    tx,
    sql`
      with wanted as materialized (${wanted}),
      events as (
        select w.user_id, w.item, e.status, e.progress, e.due_at, e.source, e.occurred_at,
               row_number() over newest as place,
               coalesce(e.registration, '') = first_value(coalesce(e.registration, '')) over newest as current,
               e.registration
          from wanted w
          join docent.progress_events e
            on e.org_id = ${orgId}
           and e.user_id = w.user_id
           and e.${item} = w.item
        window newest as (
          partition by w.user_id, w.item
          order by e.occurred_at desc, e.source desc, e.event_id desc)
      ),
      facts as (
        select e.user_id, e.item,
               min(e.occurred_at) filter (where e.status = 'assigned') as assigned_at,
               (array_agg(e.due_at order by e.place) filter (where e.due_at is not null))[1] as due_at,
               min(e.occurred_at) filter (where e.status is null or e.status not in ('assigned', 'dropped', 'waived'))
                 as started_at,
               min(e.occurred_at) filter (where e.status = 'completed' or e.progress = 100) as done_at,
               min(e.occurred_at) filter (where e.status = 'passed') as passed_at,
               min(e.occurred_at) filter (where e.status = 'waived') as waived_at,
               max(e.progress) filter (where e.current) as progress,
               min(e.place) filter (where e.status is null or e.status not in ('assigned', 'dropped')) as active,
               min(e.place) filter (where e.status = 'assigned') as assigned,
               min(e.place) filter (where e.status = 'dropped') as dropped,
               max(e.occurred_at) as occurred_at,
               (array_agg(e.source order by e.place))[1] as source,
               (array_agg(e.registration order by e.place))[1] as registration
          from events e
         group by e.user_id, e.item
      ),
      -- least and greatest pass over nulls.
      state as (
        select f.*,
               least(f.waived_at, case ${rule}
                 when 'completed' then f.done_at
                 when 'passed' then f.passed_at
                 when 'completed_or_passed' then least(f.done_at, f.passed_at)
                 else case when f.done_at is not null and f.passed_at is not null
                        then greatest(f.done_at, f.passed_at) end
               end) as completed_at
          from facts f
      ),
      -- Nothing is left of what was reported: it was taken back.
      taken_back as materialized (
        select w.user_id, w.item
          from wanted w
         where not exists (select from facts f where f.user_id = w.user_id and f.item = w.item)
      ),
      -- Found one by one: a join reads everybody's progress where the planner has no statistics yet.
      gone as (
        delete from docent.learning_progress
         where org_id = ${orgId}
           and id = any (array(
             select found.id
               from taken_back t
              cross join lateral (
                select p.id
                  from docent.learning_progress p
                 where p.org_id = ${orgId}
                   and p.user_id = t.user_id
                   and p.${item} = t.item
                 limit 1
              ) found))
      )
      insert into docent.learning_progress as p (org_id, id, user_id, ${item}, status, progress, assigned_at, due_at,
        started_at, completed_at, occurred_at, source, registration)
      select ${orgId}, gen_random_uuid(), s.user_id, s.item,
             case
               when s.completed_at is not null then 'completed'
               when s.active < least(s.dropped, 2147483647) then 'in_progress'
               when s.assigned < least(s.dropped, 2147483647) then 'assigned'
               else 'dropped'
             end,
             case when s.completed_at is not null then 100 else coalesce(s.progress, 0) end,
             s.assigned_at, s.due_at, s.started_at, s.completed_at, s.occurred_at, s.source, s.registration
        from state s
       order by s.user_id, s.item
      on conflict (org_id, user_id, ${item}) do update
        set status = excluded.status,
            progress = excluded.progress,
            assigned_at = excluded.assigned_at,
            due_at = excluded.due_at,
            started_at = excluded.started_at,
            completed_at = excluded.completed_at,
            occurred_at = excluded.occurred_at,
            source = excluded.source,
            registration = excluded.registration
        where (p.status, p.progress, p.assigned_at, p.due_at, p.started_at, p.completed_at, p.occurred_at, p.source,
                p.registration)
          is distinct from (excluded.status, excluded.progress, excluded.assigned_at, excluded.due_at,
                excluded.started_at, excluded.completed_at, excluded.occurred_at, excluded.source,
                excluded.registration)`,
  );
}
