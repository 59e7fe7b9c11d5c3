import { many, sql, type Tx } from '@docent/database/sql';
import {
  CandidateRow,
  cosinesWithGoal,
  gapsOf,
  LIKED,
  NEAR,
  NEAR_GOAL,
  NEEDED,
  POPULAR,
  type Wanted,
} from './candidates.store.ts';

/** Courses whose material is looked for. */
export interface Courses {
  /** That the learner is in. */
  readonly underWay: readonly string[];
  /** That are recommended, with their scores of 0 to 1. */
  readonly recommended: readonly { readonly itemId: string; readonly score: number }[];
}

/**
 * Content that teaches missing skills, by itself or as material of a course that does, belongs to courses that are under
 * way or recommended, is near the goal, or is new. Row-level security leaves only what the learner may read.
 */
export function findContent(
  tx: Tx,
  orgId: string,
  wanted: Wanted,
  { underWay, recommended }: Courses,
): Promise<CandidateRow[]> {
  const recommendedIds = recommended.map(({ itemId }) => itemId);
  return many(
    tx,
    CandidateRow,
    sql`
      with gaps as (select * from ${gapsOf(wanted)}),
      closing as (
        select e.from_kind as kind, e.from_id as id, least(1, sum(g.need * e.weight) / (select sum(need) from gaps)) as need
          from gaps g
          join docent.learning_edges e
            on e.org_id = ${orgId}
           and e.type in ('teaches', 'covers')
           and e.status = 'confirmed'
           and e.from_kind in ('content', 'course')
           and e.to_kind = 'skill'
           and e.to_id = g.skill_id
         group by e.from_kind, e.from_id
      ),
      material as (
        select e.from_id as item_id, e.to_id as course_id, e.weight
          from docent.learning_edges e
         where e.org_id = ${orgId}
           and e.type = 'covers'
           and e.status = 'confirmed'
           and e.from_kind = 'content'
           and e.to_kind = 'course'
           and e.to_id = any (array(
             select unnest(${[...underWay, ...recommendedIds]}::uuid[])
             union
             select id from closing where kind = 'course'))
      ),
      needed as (
        select n.item_id, max(n.need) as need
          from (
            select c.id as item_id, c.need
              from closing c
             where c.kind = 'content'
            union all
            select m.item_id, m.weight * c.need
              from material m
              join closing c
                on c.kind = 'course'
               and c.id = m.course_id
          ) n
         group by n.item_id
         order by 2 desc, 1
         limit ${NEEDED}
      ),
      covering as (
        select m.item_id, max(m.weight) as taste,
               (array_agg(m.course_id order by m.weight desc, m.course_id))[1] as course_id
          from material m
         where m.course_id = any (${underWay}::uuid[])
         group by m.item_id
         limit ${LIKED}
      ),
      following as (
        select distinct on (m.item_id) m.item_id, m.course_id, m.weight * r.score as score
          from unnest(${recommendedIds}::uuid[], ${recommended.map(({ score }) => score)}::float8[]) r (course_id, score)
          join material m
            on m.course_id = r.course_id
         order by m.item_id, 3 desc, m.course_id
         limit ${LIKED}
      ),
      -- Beside what is usual of courses: of passages only the nearest are looked at.
      near as (
        select n.item_id, (n.cosine - u.usual) / nullif(1 - u.usual, 0) as goal
          from (
            select e.content_id as item_id, 1 - min(e.distance) as cosine
              from (
                select e.content_id, e.embedding <=> ${wanted.goal?.vector ?? null}::halfvec as distance
                  from docent.chunk_embeddings e
                 where e.org_id = ${orgId}
                   and e.model_id = ${wanted.goal?.modelId ?? null}
                 order by e.embedding <=> ${wanted.goal?.vector ?? null}::halfvec
                 limit 100
              ) e
             group by e.content_id
             order by 2 desc, 1
             limit ${NEAR_GOAL}
          ) n
         cross join (
           select coalesce(sum(c.cosine) / (count(*) + 2), 0) as usual
             from (${cosinesWithGoal(orgId, 'course', wanted)}) c
         ) u
      ),
      newest as (
        select c.id as item_id
          from docent.content c
         where c.org_id = ${orgId}
           and c.current_version is not null
           and docent.validity(c.effective_from, c.expires_at) = 'effective'
           and c.id <> all (${wanted.without}::uuid[])
         order by c.created_at desc, c.id desc
         limit ${POPULAR}
      ),
      wanted as (
        select item_id from needed
        union select item_id from covering
        union select item_id from following
        union select item_id from near where goal >= ${NEAR}
        union select item_id from newest
      )
      select c.id as "itemId", c.title, '' as description, null::int as minutes, null::int as difficulty,
             coalesce(about.ids, '{}') as "skillIds",
             coalesce(n.need, 0) as need, 0::float8 as popularity, null::int as people, false as "ofDepartment",
             g.goal, coalesce(l.taste, 0) as taste, l.course_id as "partOf", f.course_id as "materialOf",
             coalesce(f.score, 0) as "materialScore", c.created_at as "addedAt", 0::float8 as next,
             0::float8 as together, coalesce(l.taste, 0) as similar, 0::float8 as linear,
             coalesce(x.shown, 0) as shown, coalesce(x.enrolled, 0) as enrolled
        from wanted w
        join docent.content c
          on c.org_id = ${orgId}
         and c.id = w.item_id
         and c.current_version is not null
         and docent.validity(c.effective_from, c.expires_at) = 'effective'
         and c.id <> all (${wanted.without}::uuid[])
        -- What it is about by itself, and by the courses that it is material of; all of them at once.
        left join (
          select s.item_id, array_agg(s.skill_id::text order by s.weight desc, s.skill_id) as ids
            from (
              select e.from_content_id as item_id, coalesce(t.to_id, e.to_id) as skill_id,
                     max(e.weight * coalesce(t.weight, 1)) as weight
                from docent.learning_edges e
                left join docent.learning_edges t
                  on t.org_id = ${orgId}
                 and t.type = 'teaches'
                 and t.status = 'confirmed'
                 and t.from_course_id = e.to_course_id
               where e.org_id = ${orgId}
                 and e.type in ('teaches', 'covers')
                 and e.status = 'confirmed'
                 and e.from_content_id = any (array(select item_id from wanted))
                 and (e.to_kind = 'skill' or t.to_id is not null)
               group by 1, 2
            ) s
           group by s.item_id
        ) about on about.item_id = w.item_id
        left join covering l on l.item_id = w.item_id
        left join following f on f.item_id = w.item_id
        left join needed n on n.item_id = w.item_id
        left join near g on g.item_id = w.item_id and g.goal >= ${NEAR}
        left join docent.recommend_exposures x
          on x.org_id = ${orgId}
         and x.item_id = w.item_id`,
  );
}
