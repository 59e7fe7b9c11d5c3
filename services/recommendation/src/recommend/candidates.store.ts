import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { TasteSettings } from './settings.ts';

/** A candidate with what speaks for it. */
export const CandidateRow = z.object({
  itemId: z.uuid(),
  title: z.string(),
  description: z.string(),
  minutes: z.int().nullable(),
  difficulty: z.int().nullable(),
  skillIds: z.array(z.uuid()),
  need: z.number(),
  popularity: z.number(),
  /** People of the learner's department that began it, or of the organization; at least five, else null. */
  people: z.int().nullable(),
  ofDepartment: z.boolean(),
  /** Nearness to the learner's goal, at most 1. */
  goal: z.number().nullable(),
  taste: z.number(),
  /** Of content: a course under way that it covers. */
  partOf: z.uuid().nullable(),
  /** Of content: the recommended course that it is material of, and how much that says for it, 0 to 1. */
  materialOf: z.uuid().nullable(),
  materialScore: z.number(),
  /** Of content: when it came. */
  addedAt: z.date().nullable(),
  next: z.number(),
  together: z.number(),
  similar: z.number(),
  linear: z.number(),
  shown: z.int(),
  enrolled: z.int(),
});
export type CandidateRow = z.infer<typeof CandidateRow>;

/** What candidates are looked for with. */
export interface Wanted {
  readonly userId: string;
  readonly departmentId: string | null;
  readonly generation: number | null;
  readonly settings: TasteSettings;
  /** Skills that are missing, and how much: importance · gap. */
  readonly gaps: readonly { readonly skillId: string; readonly need: number }[];
  /** Not these: finished, begun, dismissed. */
  readonly without: readonly string[];
  /** Vector of the goal; null: there is none, or the learner is not profiled. */
  readonly goal: { readonly modelId: string; readonly vector: string } | null;
  /** False: nothing about the learner is used. */
  readonly profiling: boolean;
}

/** Candidates from each signal. */
export const LIKED = 60;
export const NEEDED = 60;
export const POPULAR = 40;
export const NEAR_GOAL = 20;
const EVERYWHERE = '00000000-0000-0000-0000-000000000000';
/** A nearness to the goal that says something. */
export const NEAR = 0.25;

export function gapsOf({ gaps }: Wanted) {
  return sql`unnest(${gaps.map(({ skillId }) => skillId)}::uuid[], ${gaps.map(({ need }) => need)}::float8[])
    g (skill_id, need)`;
}

function likedOf(orgId: string, kind: 'course' | 'skill', wanted: Wanted) {
  const { decay, next, together, similar, linear } = wanted.settings;
  return sql`
    select t.*
      from (
        select array_agg(h.item_id order by h.back) as items, array_agg(h.weight order by h.back) as weights
          from docent.learner_history(${orgId}, ${wanted.userId}, ${kind}, ${decay}::float8) h
         where ${wanted.profiling}
      ) h
      cross join lateral docent.recommend_taste(${orgId}, ${wanted.generation}::bigint, h.items, h.weights,
        ${next}::float8, ${together}::float8, ${similar}::float8, ${linear}::float8) t
     where t.item_id <> all (${wanted.without}::uuid[])
     order by t.taste desc, t.item_id
     limit ${LIKED}`;
}

/** What is most popular in the department and in the organization; in both, the department counts. */
export function popularOf(orgId: string, kind: 'course' | 'skill', wanted: Wanted) {
  const best = (departmentId: string) => sql`
    (select p.item_id, p.score, p.learners, p.department_id
       from docent.recommend_popularity p
      where p.org_id = ${orgId}
        and p.generation = ${wanted.generation}::bigint
        and p.department_id = ${departmentId}
        and p.kind = ${kind}
        and p.item_id <> all (${wanted.without}::uuid[])
      order by p.score desc, p.item_id
      limit ${POPULAR})`;
  return sql`
    select distinct on (p.item_id) p.item_id, p.score, p.learners, p.department_id <> ${EVERYWHERE} as of_department
      from (${best(wanted.departmentId ?? EVERYWHERE)} union all ${best(EVERYWHERE)}) p
     order by p.item_id, p.department_id desc`;
}

/**
 * What is near the goal: the cosine above the usual one, as a share of what is left to 1. To an encoder any course is
 * somewhat like any goal. Two zeros beside the others keep something of the few of a small catalogue.
 */
function nearGoalOf(orgId: string, kind: 'course' | 'skill', wanted: Wanted) {
  return sql`
    select i.item_id, (i.cosine - i.usual) / nullif(1 - i.usual, 0) as goal
      from (
        select c.item_id, c.cosine, sum(c.cosine) over () / (count(*) over () + 2) as usual
          from (${cosinesWithGoal(orgId, kind, wanted)}) c
         where c.cosine is not null
      ) i
     where i.item_id <> all (${wanted.without}::uuid[])
     order by i.cosine desc, i.item_id
     limit ${NEAR_GOAL}`;
}

/** Null: a vector of zeros. */
export function cosinesWithGoal(orgId: string, kind: 'course' | 'skill', wanted: Wanted) {
  return sql`
    select e.item_id, nullif(1 - (e.embedding <=> ${wanted.goal?.vector ?? null}::halfvec), 'NaN') as cosine
      from docent.item_embeddings e
     where e.org_id = ${orgId}
       and e.kind = ${kind}
       and e.model_id = ${wanted.goal?.modelId ?? null}`;
}

/** What each signal says of an item, of the tables `liked`, `popular`, `needed` and `near`; null where one says nothing. */
const wantedItems = sql`
  select item_id, max(need) as need, max(popularity) as popularity, max(people) as people,
         bool_or(of_department) as of_department, max(goal) as goal, max(taste) as taste,
         max(next_part) as next_part, max(together_part) as together_part, max(similar_part) as similar_part,
         max(linear_part) as linear_part
    from (
      select item_id, null::float8 as need, null::float8 as popularity, null::int as people,
             null::boolean as of_department, null::float8 as goal, taste, next_part,
             together_part, similar_part, linear_part
        from liked
      union all
      select item_id, null, score, learners, of_department, null, null, null, null, null, null
        from popular
      union all
      select item_id, need, null, null, null, null, null, null, null, null, null
        from needed
      union all
      select item_id, null, null, null, null, goal, null, null, null, null, null
        from near
       where goal >= ${NEAR}
    ) s
   group by item_id`;

const notOfContent = sql`
  null::uuid as "partOf", null::uuid as "materialOf", 0::float8 as "materialScore", null::timestamptz as "addedAt"`;

const signals = sql`
  coalesce(w.need, 0) as need, coalesce(w.popularity, 0) as popularity,
  case when w.people >= 5 then w.people end as people, coalesce(w.of_department, false) as "ofDepartment",
  w.goal, coalesce(w.taste, 0) as taste, ${notOfContent}, coalesce(w.next_part, 0) as next,
  coalesce(w.together_part, 0) as together, coalesce(w.similar_part, 0) as similar, coalesce(w.linear_part, 0) as linear,
  coalesce(x.shown, 0) as shown, coalesce(x.enrolled, 0) as enrolled`;

/** Courses that something speaks for. */
export function findCourses(tx: Tx, orgId: string, wanted: Wanted): Promise<CandidateRow[]> {
  return many(
    tx,
    CandidateRow,
    sql`
      with liked as (${likedOf(orgId, 'course', wanted)}),
      popular as (${popularOf(orgId, 'course', wanted)}),
      near as (${nearGoalOf(orgId, 'course', wanted)}),
      gaps as (select * from ${gapsOf(wanted)}),
      needed as (
        select e.from_id as item_id, sum(g.need * e.weight) / (select sum(need) from gaps) as need
          from gaps g
          join docent.learning_edges e
            on e.org_id = ${orgId}
           and e.type = 'teaches'
           and e.status = 'confirmed'
           and e.from_kind = 'course'
           and e.to_kind = 'skill'
           and e.to_id = g.skill_id
         where e.from_id <> all (${wanted.without}::uuid[])
         group by e.from_id
         order by 2 desc, 1
         limit ${NEEDED}
      ),
      wanted as (${wantedItems})
      select c.id as "itemId", c.title, left(c.description, 500) as description, c.duration_minutes as minutes,
             c.difficulty, coalesce(taught.ids, '{}') as "skillIds",
             ${signals}
        from wanted w
       -- A look into the key for each: the planner expects fewer of them, and reads all courses for those.
       cross join lateral (
         select k.id, k.title, k.description, k.duration_minutes, k.difficulty
           from docent.courses k
          where k.org_id = ${orgId}
            and k.id = w.item_id
            and k.status = 'published'
         offset 0
       ) c
        left join (
          select e.from_course_id, array_agg(e.to_id::text order by e.weight desc, e.to_id) as ids
            from docent.learning_edges e
           where e.org_id = ${orgId}
             and e.type = 'teaches'
             and e.status = 'confirmed'
             and e.from_course_id = any (array(select item_id from wanted))
           group by e.from_course_id
        ) taught
          on taught.from_course_id = w.item_id
        left join docent.recommend_exposures x
          on x.org_id = ${orgId}
         and x.item_id = w.item_id`,
  );
}

/** Skills that something speaks for. */
export function findSkills(tx: Tx, orgId: string, wanted: Wanted): Promise<CandidateRow[]> {
  return many(
    tx,
    CandidateRow,
    sql`
      with liked as (${likedOf(orgId, 'skill', wanted)}),
      popular as (${popularOf(orgId, 'skill', wanted)}),
      near as (${nearGoalOf(orgId, 'skill', wanted)}),
      gaps as (select * from ${gapsOf(wanted)}),
      needed as (
        select g.skill_id as item_id, g.need / (select max(need) from gaps) as need
          from gaps g
         where g.skill_id <> all (${wanted.without}::uuid[])
      ),
      wanted as (${wantedItems})
      select s.id as "itemId", s.name as title, left(s.description, 500) as description, null::int as minutes,
             s.level as difficulty, array[s.id::text] as "skillIds",
             ${signals}
        from wanted w
        join docent.skills s
          on s.org_id = ${orgId}
         and s.id = w.item_id
         and s.status = 'published'
        left join docent.recommend_exposures x
          on x.org_id = ${orgId}
         and x.item_id = w.item_id`,
  );
}

/** These courses or skills, with nothing that speaks for them. */
export function findItems(
  tx: Tx,
  orgId: string,
  type: 'course' | 'skill',
  ids: readonly string[],
): Promise<CandidateRow[]> {
  const nothing = sql`
    0::float8 as need, 0::float8 as popularity, null::int as people, false as "ofDepartment", null::float8 as goal,
    0::float8 as taste, ${notOfContent}, 0::float8 as next, 0::float8 as together, 0::float8 as similar, 0::float8 as linear,
    0 as shown, 0 as enrolled`;
  const query =
    type === 'course'
      ? sql`
          select c.id as "itemId", c.title, left(c.description, 500) as description, c.duration_minutes as minutes,
                 c.difficulty, array(
                   select e.to_id::text
                     from docent.learning_edges e
                    where e.org_id = ${orgId}
                      and e.type = 'teaches'
                      and e.status = 'confirmed'
                      and e.from_course_id = c.id
                    order by e.weight desc, e.to_id) as "skillIds",
                 ${nothing}
            from docent.courses c
           where c.org_id = ${orgId}
             and c.id = any (${ids}::uuid[])
             and c.status = 'published'`
      : sql`
          select s.id as "itemId", s.name as title, left(s.description, 500) as description, null::int as minutes,
                 s.level as difficulty, array[s.id::text] as "skillIds",
                 ${nothing}
            from docent.skills s
           where s.org_id = ${orgId}
             and s.id = any (${ids}::uuid[])
             and s.status = 'published'`;
  return many(tx, CandidateRow, query);
}
