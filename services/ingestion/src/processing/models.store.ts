import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

export const ModelStatus = z.enum(['building', 'active', 'retired']);
const Model = z.object({ id: z.string(), dimensions: z.number(), status: ModelStatus });
export type Model = z.output<typeof Model>;

/** Models whose vectors are kept complete: the one that searches use, and those being prepared. */
export function liveModels(tx: Tx, orgId: string): Promise<Model[]> {
  return many(
    tx,
    Model,
    sql`
      select id, dimensions, status
        from docent.embedding_models
       where org_id = ${orgId}
         and status in ('active', 'building')
       order by status, id`,
  );
}

/** Models of the organization, locked until the transaction ends: switches come one after another. */
export function lockModels(tx: Tx, orgId: string): Promise<Model[]> {
  return many(
    tx,
    Model,
    sql`
      select id, dimensions, status
        from docent.embedding_models
       where org_id = ${orgId}
       order by id
         for update`,
  );
}

/** Makes a model the one that searches use, if the organization has none. */
export function activateFirst(
  tx: Tx,
  orgId: string,
  model: { id: string; dimensions: number },
): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.embedding_models (org_id, id, dimensions, status, activated_at)
      select ${orgId}, ${model.id}, ${model.dimensions}::int, 'active', now()
       where not exists (
         select from docent.embedding_models where org_id = ${orgId} and status = 'active')
      on conflict do nothing`,
  );
}

/** Registers a model beside the active one; one that was retired is built up again. */
export function startBuilding(
  tx: Tx,
  orgId: string,
  model: { id: string; dimensions: number },
): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.embedding_models (org_id, id, dimensions, status)
      values (${orgId}, ${model.id}, ${model.dimensions}, 'building')
      on conflict (org_id, id) do update
        set status = 'building'
        where docent.embedding_models.status = 'retired'`,
  );
}

/** Searches use this model from now on, and no other one is active or being built. */
export async function activate(tx: Tx, orgId: string, modelId: string): Promise<void> {
  await run(
    tx,
    sql`
      update docent.embedding_models
         set status = 'retired'
       where org_id = ${orgId}
         and id <> ${modelId}
         and status <> 'retired'`,
  );
  await run(
    tx,
    sql`
      update docent.embedding_models
         set status = 'active',
             activated_at = now()
       where org_id = ${orgId}
         and id = ${modelId}`,
  );
}

/** Makes the model's index if there is none; a statement of a second, or long on much data. */
export async function ensureIndex(
  tx: Tx,
  model: { id: string; dimensions: number },
): Promise<void> {
  await run(tx, sql`select docent.ensure_embedding_index(${model.id}, ${model.dimensions}::int)`);
}

/** Deletes up to `limit` vectors of retired models; returns how many. */
export function deleteRetired(tx: Tx, orgId: string, limit: number): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.chunk_embeddings
       where org_id = ${orgId}
         and (model_id, chunk_id) in (
           select e.model_id, e.chunk_id
             from docent.chunk_embeddings e
             join docent.embedding_models m on m.org_id = e.org_id and m.id = e.model_id
            where e.org_id = ${orgId}
              and m.status = 'retired'
            limit ${limit})`,
  );
}

/** One model of the organization. */
export function findModel(tx: Tx, orgId: string, id: string): Promise<Model | null> {
  return maybeOne(
    tx,
    Model,
    sql`
      select id, dimensions, status
        from docent.embedding_models
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
