import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { halfvec, halfvecArray } from '@docent/database/vectors';
import { z } from 'zod';

/** The model whose vectors the organization searches with; null: none yet. */
export async function findActiveModel(tx: Tx, orgId: string): Promise<string | null> {
  const row = await maybeOne(
    tx,
    z.object({ id: z.string() }),
    sql`
      select id
        from docent.embedding_models
       where org_id = ${orgId}
         and status = 'active'`,
  );
  return row?.id ?? null;
}

/**
 * The active model and the stored vector of a learner's goal, as text; null: there is none of this text and model.
 *
 * @returns null without an active model.
 */
export function findGoal(
  tx: Tx,
  orgId: string,
  userId: string,
  hash: Buffer,
): Promise<{ modelId: string; vector: string | null } | null> {
  return maybeOne(
    tx,
    z.object({ modelId: z.string(), vector: z.string().nullable() }),
    sql`
      select m.id as "modelId", s.goal_embedding::text as vector
        from docent.embedding_models m
        left join docent.learner_states s
          on s.org_id = ${orgId}
         and s.user_id = ${userId}
         and s.goal_model = m.id
         and s.goal_hash = ${hash}
       where m.org_id = ${orgId}
         and m.status = 'active'`,
  );
}

export async function saveGoal(
  tx: Tx,
  orgId: string,
  userId: string,
  { modelId, hash, vector }: { modelId: string; hash: Buffer; vector: Float32Array },
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.learner_states (org_id, user_id, goal_model, goal_hash, goal_embedding)
      values (${orgId}, ${userId}, ${modelId}, ${hash}, ${halfvec(vector)}::halfvec)
      on conflict (org_id, user_id) do update
        set goal_model = excluded.goal_model,
            goal_hash = excluded.goal_hash,
            goal_embedding = excluded.goal_embedding`,
  );
}

const Item = z.object({ id: z.uuid(), kind: z.enum(['skill', 'course']), text: z.string() });
export type EmbeddableItem = z.infer<typeof Item>;

/** Skills and courses whose text has no vector of the model yet. */
export function findUnembedded(
  tx: Tx,
  orgId: string,
  modelId: string,
  limit: number,
): Promise<EmbeddableItem[]> {
  return many(
    tx,
    Item,
    sql`
      select i.id, i.kind, i.text
        from (
          select s.id, 'skill' as kind, left(concat_ws('. ', s.name, nullif(s.description, '')), 2000) as text
            from docent.skills s
           where s.org_id = ${orgId}
             and s.status = 'published'
          union all
          select c.id, 'course',
                 left(concat_ws('. ', c.title, nullif(c.description, ''), nullif(array_to_string(c.objectives, '. '), '')),
                   2000)
            from docent.courses c
           where c.org_id = ${orgId}
             and c.status = 'published'
        ) i
        left join docent.item_embeddings e
          on e.org_id = ${orgId}
         and e.item_id = i.id
         and e.model_id = ${modelId}
         and e.hash = sha256(convert_to(i.text, 'UTF8'))
       where e.item_id is null
       order by i.id
       limit ${limit}`,
  );
}

export async function saveItemVectors(
  tx: Tx,
  orgId: string,
  modelId: string,
  items: readonly EmbeddableItem[],
  vectors: readonly Float32Array[],
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.item_embeddings (org_id, item_id, kind, model_id, hash, embedding)
      select ${orgId}, i.id, i.kind, ${modelId}, sha256(convert_to(i.text, 'UTF8')), i.embedding
        from unnest(${items.map(({ id }) => id)}::uuid[], ${items.map(({ kind }) => kind)}::text[],
               ${items.map(({ text }) => text)}::text[], ${halfvecArray(tx, vectors)}::halfvec[])
               i (id, kind, text, embedding)
      on conflict (org_id, item_id) do update
        set kind = excluded.kind,
            model_id = excluded.model_id,
            hash = excluded.hash,
            embedding = excluded.embedding`,
  );
}
