import { many, one, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { TasteSettings } from './settings.ts';
import type { LinkRow } from './slit.ts';

/** Neighbours that are kept of each item and signal. */
const KEPT = 100;
/** Added to totals, so that a pair that two people took is not a certainty. */
const SHRINK = 5;
/** Newest items of a learner that count for what is taken together. */
const HISTORY = 50;
/** Half-life of popularity in days, and the share of the organization in that of a department, in people. */
const HALF_LIFE_DAYS = 90;
const PRIOR_PEOPLE = 20;
/** Groups smaller than this are never told apart. */
const FEWEST_PEOPLE = 5;

export interface EventCounts {
  readonly learners: number;
  readonly items: number;
  readonly events: number;
}

/** A rebuild reads everything: the time limit of requests is not meant for it. */
export async function allowLongStatements(tx: Tx): Promise<void> {
  await run(tx, sql`set local statement_timeout = '30min'`);
}

/**
 * Lays out what people began, each learner's items in order, in two tables of this transaction:
 * `recommend_events` (u, i, pos from the first, back from the last, learners numbered apart for courses and for
 * skills) and `recommend_items`. People who do not want to be profiled are not in it.
 *
 * @param skip newest items of each learner that are left out: 1 for a replay.
 */
export async function layOutEvents(tx: Tx, orgId: string, skip: 0 | 1): Promise<EventCounts> {
  await run(tx, sql`drop table if exists pg_temp.recommend_events, pg_temp.recommend_items`);
  await run(
    tx,
    sql`
      create temp table recommend_events on commit drop as
      select dense_rank() over (order by e.user_id, e.is_course)::int as u,
             dense_rank() over (order by e.item_id)::int as i,
             e.item_id, e.user_id, e.is_course, e.begun_at, e.pos,
             e.back - ${skip}::int as back
        from (
          select p.user_id, p.course_id is not null as is_course, coalesce(p.course_id, p.skill_id) as item_id,
                 coalesce(p.started_at, p.completed_at, p.occurred_at) as begun_at,
                 row_number() over learned::int as pos,
                 count(*) over (partition by p.user_id, p.course_id is not null)::int
                   - row_number() over learned::int as back
            from docent.learning_progress p
            left join docent.learner_states s
              on s.org_id = p.org_id
             and s.user_id = p.user_id
           where p.org_id = ${orgId}
             and p.status <> 'assigned'
             and s.profiling is not false
          window learned as (
            partition by p.user_id, p.course_id is not null
            order by coalesce(p.started_at, p.completed_at, p.occurred_at), p.id)
        ) e
       where e.back >= ${skip}::int`,
  );
  await run(tx, sql`create index on pg_temp.recommend_events (u, pos)`);
  await run(tx, sql`analyze pg_temp.recommend_events`);
  await run(
    tx,
    sql`
      create temp table recommend_items on commit drop as
      select i, item_id, bool_and(is_course) as is_course, count(*)::int as n
        from pg_temp.recommend_events
       group by i, item_id`,
  );
  await run(tx, sql`analyze pg_temp.recommend_items`);
  return one(
    tx,
    z.object({ learners: z.int(), items: z.int(), events: z.int() }),
    sql`
      select (select count(distinct user_id)::int from pg_temp.recommend_events) as learners,
             (select count(*)::int from pg_temp.recommend_items) as items,
             (select count(*)::int from pg_temp.recommend_events) as events`,
  );
}

/** What people took next, nearer followers counting more, of the events that are laid out. */
export async function insertNext(
  tx: Tx,
  orgId: string,
  generation: number,
  window: number,
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.recommend_links (org_id, generation, from_id, signal, to_id, score, learners)
      select ${orgId}, ${generation}, f.item_id, 'next', t.item_id, r.score, r.n
        from (
          select w.src, w.dst, w.n, w.weight / (sum(w.weight) over (partition by w.src) + ${SHRINK}) as score,
                 row_number() over (partition by w.src order by w.weight desc, w.dst) as place
            from (
              select a.i as src, b.i as dst, sum(1.0::float8 / (b.pos - a.pos)) as weight, count(*)::int as n
                from pg_temp.recommend_events a
                join pg_temp.recommend_events b
                  on b.u = a.u
                 and b.pos between a.pos + 1 and a.pos + ${window}::int
               group by a.i, b.i
            ) w
        ) r
        join pg_temp.recommend_items f on f.i = r.src
        join pg_temp.recommend_items t on t.i = r.dst
       where r.place <= ${KEPT}`,
  );
}

/** What was taken by the same people: the cosine of two items, drawn to 0 where they were few. */
export async function insertTogether(tx: Tx, orgId: string, generation: number): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.recommend_links (org_id, generation, from_id, signal, to_id, score, learners)
      select ${orgId}, ${generation}, r.from_id, 'together', r.to_id, r.score, r.n
        from (
          select f.item_id as from_id, t.item_id as to_id, p.n,
                 p.n / (sqrt(f.n::float8 * t.n) + ${SHRINK}) as score,
                 row_number() over (
                   partition by p.src
                   order by p.n / (sqrt(f.n::float8 * t.n) + ${SHRINK}) desc, p.dst) as place
            from (
              select a.i as src, b.i as dst, count(*)::int as n
                from pg_temp.recommend_events a
                join pg_temp.recommend_events b
                  on b.u = a.u
                 and b.i <> a.i
                 and b.back < ${HISTORY}
               where a.back < ${HISTORY}
               group by a.i, b.i
            ) p
            join pg_temp.recommend_items f on f.i = p.src
            join pg_temp.recommend_items t on t.i = p.dst
        ) r
       where r.place <= ${KEPT}`,
  );
}

/** Cosine, with what all have in common taken away, from which two items are near in topic. */
const NEAR_IN_TOPIC = 0.3;

/**
 * What is near in topic: cosine of the vectors of two courses, or of two skills, less their mean. All texts of courses
 * are alike to an encoder (of the sample's 40, any two had .4 to .5): without that everything is near everything
 * ("all but the top", Mu & Viswanath, ICLR 2018). Two zeros beside them keep something of the few of a small catalogue.
 */
export async function insertSimilar(tx: Tx, orgId: string, generation: number): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.recommend_links (org_id, generation, from_id, signal, to_id, score)
      with vectors as materialized (
        select e.item_id, e.kind, e.model_id, e.embedding
          from docent.item_embeddings e
         where e.org_id = ${orgId}
      ),
      common as materialized (
        select v.kind, v.model_id, avg(v.embedding) as embedding
          from (
            select kind, model_id, embedding
              from vectors
            union all
            select z.kind, z.model_id, z.embedding - z.embedding
              from (select distinct on (kind, model_id) kind, model_id, embedding from vectors) z
             cross join generate_series(1, 2)
          ) v
         group by v.kind, v.model_id
      ),
      own as materialized (
        select v.item_id, v.kind, v.model_id, v.embedding - c.embedding as embedding
          from vectors v
          join common c
            on c.kind = v.kind
           and c.model_id = v.model_id
      )
      select ${orgId}, ${generation}, a.item_id, 'similar', b.item_id, b.score
        from own a
        cross join lateral (
          select o.item_id, nullif(1 - (o.embedding <=> a.embedding), 'NaN') as score
            from own o
           where o.kind = a.kind
             and o.model_id = a.model_id
             and o.item_id <> a.item_id
           order by o.embedding <=> a.embedding
           limit 30
        ) b
       where b.score >= ${NEAR_IN_TOPIC}`,
  );
}

/** What the linear model expects, computed elsewhere. */
export async function insertLinear(
  tx: Tx,
  orgId: string,
  generation: number,
  links: readonly LinkRow[],
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.recommend_links (org_id, generation, from_id, signal, to_id, score)
      select ${orgId}, ${generation}, l.from_id, 'linear', l.to_id, l.score
        from unnest(${links.map(({ from }) => from)}::uuid[], ${links.map(({ to }) => to)}::uuid[],
               ${links.map(({ score }) => score)}::float8[]) l (from_id, to_id, score)`,
  );
}

/** Who begins what, in the organization and in each department; what fewer than five people began is popular nowhere. */
export async function insertPopularity(tx: Tx, orgId: string, generation: number): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.recommend_popularity (org_id, generation, department_id, item_id, kind, score, learners)
      with people as (
        select user_id, (
                 select u.department_id
                   from docent.users u
                  where u.org_id = ${orgId}
                    and u.id = e.user_id) as department_id
          from (select distinct user_id from pg_temp.recommend_events) e
      ),
      aged as (
        select e.item_id, e.is_course, p.department_id, e.user_id,
               power(2::float8, -greatest(0, extract(epoch from now() - e.begun_at))::float8
                 / 86400 / ${HALF_LIFE_DAYS}) as weight
          from pg_temp.recommend_events e
          join people p using (user_id)
      ),
      everywhere as (
        select item_id, is_course, sum(weight) / greatest(1, (select count(*) from people)) as score,
               count(distinct user_id)::int as learners
          from aged
         group by item_id, is_course
        having count(distinct user_id) >= ${FEWEST_PEOPLE}
      )
      select ${orgId}::uuid, ${generation}::bigint, '00000000-0000-0000-0000-000000000000'::uuid, item_id,
             case when is_course then 'course' else 'skill' end, score, learners
        from everywhere
      union all
      select ${orgId}::uuid, ${generation}::bigint, a.department_id, a.item_id,
             case when e.is_course then 'course' else 'skill' end,
             (sum(a.weight) + ${PRIOR_PEOPLE} * e.score) / (d.n + ${PRIOR_PEOPLE}),
             count(distinct a.user_id)::int
        from aged a
        join everywhere e on e.item_id = a.item_id
        join (select department_id, count(*) as n from people group by 1) d on d.department_id = a.department_id
       group by a.department_id, a.item_id, e.is_course, e.score, d.n
      having count(distinct a.user_id) >= ${FEWEST_PEOPLE}`,
  );
}

const Histories = z.object({ items: z.array(z.int()) });

/** Each learner's courses in order, as numbers, and whose number is whose; of the events that are laid out. */
export async function findHistories(tx: Tx): Promise<{ histories: number[][]; itemIds: string[] }> {
  const ids = await many(
    tx,
    z.object({ i: z.int(), itemId: z.uuid() }),
    sql`
      select i, item_id as "itemId"
        from pg_temp.recommend_items
       order by i`,
  );
  const rows = await many(
    tx,
    Histories,
    sql`
      select array_agg(i - 1 order by pos) as items
        from pg_temp.recommend_events
       where back < ${HISTORY}
       group by u`,
  );
  return { histories: rows.map(({ items }) => items), itemIds: ids.map(({ itemId }) => itemId) };
}

/** Which generation is in use, and how it is put together. */
export const Model = z.object({
  generation: z.coerce.number().int(),
  settings: TasteSettings,
  learners: z.int(),
  builtAt: z.date(),
});
export type Model = z.infer<typeof Model>;

export async function findModel(tx: Tx, orgId: string): Promise<Model | null> {
  const rows = await many(
    tx,
    Model,
    sql`
      select generation, settings, learners, built_at as "builtAt"
        from docent.recommend_models
       where org_id = ${orgId}`,
  );
  return rows[0] ?? null;
}

/** From here on this generation is in use: all of it, or with the transaction nothing of it. */
export async function useGeneration(
  tx: Tx,
  orgId: string,
  {
    generation,
    settings,
    counts,
  }: {
    generation: number;
    settings: TasteSettings;
    counts: EventCounts;
  },
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.recommend_models (org_id, generation, settings, learners, items, events)
      values (${orgId}, ${generation}, ${JSON.stringify(settings)}::jsonb, ${counts.learners}, ${counts.items},
        ${counts.events})
      on conflict (org_id) do update
        set generation = excluded.generation,
            settings = excluded.settings,
            learners = excluded.learners,
            items = excluded.items,
            events = excluded.events,
            built_at = now()`,
  );
  await deleteGenerations(tx, orgId, sql`generation <> ${generation}`);
}

/** Throws the tables of other generations away, or of replays. */
export async function deleteGenerations(tx: Tx, orgId: string, which: Sql): Promise<void> {
  await run(
    tx,
    sql`
      delete from docent.recommend_links
       where org_id = ${orgId}
         and ${which}`,
  );
  await run(
    tx,
    sql`
      delete from docent.recommend_popularity
       where org_id = ${orgId}
         and ${which}`,
  );
}

/** Somebody who is asked in a replay: the course that they took last, and those before it, newest first. */
export interface Asked {
  readonly userId: string;
  readonly taken: string;
  readonly before: readonly string[];
}

const AskedRow = z.object({ userId: z.uuid(), taken: z.uuid(), before: z.array(z.uuid()) });

/** At most so many learners with two courses or more; the same each time, and nobody in particular. */
export function chooseLearners(tx: Tx, orgId: string, limit: number): Promise<Asked[]> {
  return many(
    tx,
    AskedRow,
    sql`
      select l.user_id as "userId", l.items[1] as taken, l.items[2:] as before
        from (
          select p.user_id,
                 array_agg(p.course_id order by coalesce(p.started_at, p.completed_at, p.occurred_at) desc, p.id desc) as items
            from docent.learning_progress p
            left join docent.learner_states s
              on s.org_id = p.org_id
             and s.user_id = p.user_id
           where p.org_id = ${orgId}
             and p.status <> 'assigned'
             and p.course_id is not null
             and s.profiling is not false
           group by p.user_id
          having count(*) > 1
        ) l
       order by md5(l.user_id::text)
       limit ${limit}`,
  );
}

/** What a learner took last, and what would have been recommended before that, best first. */
export interface Finding {
  readonly userId: string;
  readonly taken: string;
  readonly found: readonly string[];
}

const FindingRow = z.object({ userId: z.uuid(), taken: z.uuid(), found: z.array(z.uuid()) });

/** What each of these learners would have been recommended before the last course, by the tables of `generation`. */
export function findReplayed(
  tx: Tx,
  orgId: string,
  generation: number,
  asked: readonly Asked[],
  settings: TasteSettings,
): Promise<Finding[]> {
  const { decay, next, together, similar, linear } = settings;
  return many(
    tx,
    FindingRow,
    sql`
      select a."userId", a.taken, coalesce(t.found, '{}') as found
        from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) a ("userId" uuid, taken uuid, before uuid[])
        cross join lateral (
          select array_agg(power(${decay}::float8, h.place - 1) order by h.place) as weights
            from generate_subscripts(a.before, 1) h (place)
        ) h
        cross join lateral (
          select array_agg(l.item_id order by l.taste desc, l.item_id) as found
            from (
              select t.item_id, t.taste
                from docent.recommend_taste(${orgId}, ${generation}, a.before[:50], h.weights[:50], ${next}::float8,
                       ${together}::float8, ${similar}::float8, ${linear}::float8) t
               where t.item_id <> all (a.before)
               order by t.taste desc, t.item_id
               limit 10
            ) l
        ) t`,
  );
}
