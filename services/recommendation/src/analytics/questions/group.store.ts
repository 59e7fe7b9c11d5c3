import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import { z } from 'zod';

/** An answer with its stand-alone question. */
export interface Answered {
  readonly messageId: string;
  readonly userId: string;
  readonly question: string;
  readonly askedAt: Date;
}

/** One process groups the questions of an organization at a time. */
export async function lockQuestions(tx: Tx, orgId: string): Promise<void> {
  await tx.query(
    sql`select pg_advisory_xact_lock(hashtextextended('docent.question_groups:' || ${orgId}::text, 0))`,
  );
}

export function deleteGroupsOfOtherModels(tx: Tx, orgId: string, modelId: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.question_groups
       where org_id = ${orgId}
         and model_id <> ${modelId}`,
  );
}

const AnsweredRow = z.object({
  messageId: z.uuid(),
  userId: z.uuid(),
  question: z.string(),
  askedAt: z.date(),
});

/** Answers and abstentions of the last year that are in no group, oldest first; no small talk, no asking back. */
export function listUngrouped(tx: Tx, orgId: string, limit: number): Promise<Answered[]> {
  return many(
    tx,
    AnsweredRow,
    sql`
      select m.id as "messageId", m.user_id as "userId", m.question, m.created_at as "askedAt"
        from docent.messages m
       where m.org_id = ${orgId}
         and m.role = 'assistant'
         and m.outcome is not null
         and m.outcome in ('answer', 'abstain')
         and m.status = 'complete'
         and m.confidence is not null
         and m.question ~ '[[:alnum:]]'
         and m.created_at >= now() - interval '1 year'
         and not exists (
           select
             from docent.question_group_members g
            where g.org_id = m.org_id
              and g.message_id = m.id)
       order by m.created_at, m.id
       limit ${limit}`,
  );
}

const GroupRow = z.object({
  id: z.uuid(),
  centroid: z.array(z.number()),
  members: z.int(),
  similarity: z.number(),
});

/** The group whose mean points most in the direction of the vector. */
export function findNearestGroup(
  tx: Tx,
  orgId: string,
  modelId: string,
  vector: Float32Array,
): Promise<z.output<typeof GroupRow> | null> {
  return maybeOne(
    tx,
    GroupRow,
    sql`
      select g.id, g.centroid::real[] as centroid, 1 - g.distance as similarity,
             (select count(*)::int
                from docent.question_group_members m
               where m.org_id = ${orgId}
                 and m.group_id = g.id) as members
        from (
          select q.id, q.centroid, q.centroid <=> ${halfvec(vector)}::halfvec as distance
            from docent.question_groups q
           where q.org_id = ${orgId}
             and q.model_id = ${modelId}
           order by distance, q.id
           limit 1
        ) g`,
  );
}

export async function insertGroup(
  tx: Tx,
  orgId: string,
  { id, modelId, vector }: { id: string; modelId: string; vector: Float32Array },
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.question_groups (org_id, id, model_id, centroid)
      values (${orgId}, ${id}, ${modelId}, ${halfvec(vector)}::halfvec)`,
  );
}

/** False: it is in a group already, or was deleted meanwhile. */
export async function insertMember(
  tx: Tx,
  orgId: string,
  groupId: string,
  { messageId, userId, askedAt }: Answered,
): Promise<boolean> {
  const added = await run(
    tx,
    sql`
      insert into docent.question_group_members (org_id, message_id, group_id, user_id, asked_at)
      select m.org_id, m.id, ${groupId}, ${userId}, ${askedAt}
        from docent.messages m
       where m.org_id = ${orgId}
         and m.id = ${messageId}
      on conflict (org_id, message_id) do nothing`,
  );
  return added === 1;
}

export async function moveGroup(
  tx: Tx,
  orgId: string,
  id: string,
  centroid: Float32Array,
): Promise<void> {
  await run(
    tx,
    sql`
      update docent.question_groups
         set centroid = ${halfvec(centroid)}::halfvec
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
