import { many, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PlaceRow, place } from '../groups.store.ts';
import type { CellRow } from '../slices.ts';

/** Who asked for the same; `missed`: questions without an answer, with one of low confidence, or rated down. */
export interface Asked {
  readonly people: number;
  readonly asked: number;
  readonly missed: number;
}

export interface NearestContent {
  readonly contentId: string | null;
  readonly ownerId: string | null;
  /** Cosine with the group’s mean; null: no content has vectors of this model. */
  readonly similarity: number | null;
}

/** Longer questions are about one person’s matter. */
const LONGEST_EXAMPLE = 300;

export function dropEmptyGroups(tx: Tx, orgId: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.question_groups g
       where g.org_id = ${orgId}
         and not exists (
           select
             from docent.question_group_members m
            where m.org_id = ${orgId}
              and m.group_id = g.id)`,
  );
}

const AskedRow = z
  .object({ ...PlaceRow, slice: z.uuid(), people: z.int(), asked: z.int(), missed: z.int() })
  .transform(({ departmentId, job, slice, ...cell }) => ({ departmentId, job, slice, cell }));

/** Of the last year, by question group. */
export function countAsked(tx: Tx, orgId: string): Promise<CellRow<Asked>[]> {
  return many(
    tx,
    AskedRow,
    sql`
      select ${place}, g.group_id as slice, count(distinct g.user_id)::int as people,
             count(*)::int as asked,
             count(*) filter (where m.outcome = 'abstain' or m.confidence->>'level' = 'low'
               or f.rating = 'down')::int as missed
        from docent.question_group_members g
        join docent.messages m on m.org_id = ${orgId} and m.id = g.message_id
        join docent.users u on u.org_id = ${orgId} and u.id = g.user_id
        left join docent.feedback f
          on f.org_id = ${orgId} and f.message_id = g.message_id and f.user_id = g.user_id
       where g.org_id = ${orgId}
         and g.asked_at > now() - interval '1 year'
       group by 1, 2, 3`,
  );
}

/** Takes words and content from all groups but these: they are shown to nobody any more. */
export function hideGroups(tx: Tx, orgId: string, shown: readonly string[]): Promise<number> {
  return run(
    tx,
    sql`
      update docent.question_groups
         set published = false,
             example = null,
             content_id = null,
             owner_id = null,
             similarity = null
       where org_id = ${orgId}
         and published
         and id <> all (${shown}::uuid[])`,
  );
}

const NearestRow = z.object({
  id: z.uuid(),
  contentId: z.uuid(),
  ownerId: z.uuid().nullable(),
  similarity: z.number(),
});

/** The content whose chunk is nearest to each group, of vectors of the same model. */
export async function nearestContent(
  tx: Tx,
  orgId: string,
  groups: readonly string[],
): Promise<Map<string, NearestContent>> {
  const rows = await many(
    tx,
    NearestRow,
    sql`
      select g.id, n.content_id as "contentId", c.created_by as "ownerId",
             greatest(-1, least(1, 1 - n.distance)) as similarity
        from docent.question_groups g
        cross join lateral (
          select e.content_id, e.embedding <=> g.centroid as distance
            from docent.chunk_embeddings e
           where e.org_id = ${orgId}
             and e.model_id = g.model_id
           order by distance
           limit 1
        ) n
        join docent.content c on c.org_id = ${orgId} and c.id = n.content_id
       where g.org_id = ${orgId}
         and g.id = any (${groups}::uuid[])`,
  );
  return new Map(
    rows.map(({ id, similarity, ...nearest }) => [
      id,
      { ...nearest, similarity: Number(similarity.toFixed(2)) },
    ]),
  );
}

/** Of each group the question that most people asked in the same words, else the shortest. */
export async function listExamples(
  tx: Tx,
  orgId: string,
  groups: readonly string[],
): Promise<Map<string, string>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid(), question: z.string() }),
    sql`
      select distinct on (q.group_id) q.group_id as id, q.question
        from (
          select g.group_id, min(m.question) as question, count(distinct g.user_id) as people
            from docent.question_group_members g
            join docent.messages m on m.org_id = ${orgId} and m.id = g.message_id
           where g.org_id = ${orgId}
             and g.group_id = any (${groups}::uuid[])
             and length(m.question) <= ${LONGEST_EXAMPLE}
           group by g.group_id, lower(trim(m.question))
        ) q
       order by q.group_id, q.people desc, length(q.question), q.question`,
  );
  return new Map(rows.map(({ id, question }) => [id, question]));
}

/** Full names of everybody in the directory. */
export async function listNames(tx: Tx, orgId: string): Promise<string[]> {
  const rows = await many(
    tx,
    z.object({ name: z.string() }),
    sql`
      select concat_ws(' ', name, given_name, family_name) as name
        from docent.users
       where org_id = ${orgId}`,
  );
  return rows.map(({ name }) => name);
}

export async function describeGroup(
  tx: Tx,
  orgId: string,
  id: string,
  { contentId, ownerId, similarity, example }: NearestContent & { example: string | null },
): Promise<void> {
  await run(
    tx,
    sql`
      update docent.question_groups
         set published = true,
             example = ${example},
             content_id = ${contentId},
             owner_id = ${ownerId},
             similarity = ${similarity}
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
