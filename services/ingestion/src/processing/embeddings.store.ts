import { many, one, run, sql, type Tx } from '@docent/database/sql';
import { halfvecArray } from '@docent/database/vectors';
import { z } from 'zod';
import { searchedText } from '../content/embedded.ts';

const Missing = z.object({ id: z.string(), hash: z.string(), text: z.string() });
/** A chunk that has no vector of a model, or one of an older text. */
export type Missing = z.output<typeof Missing>;

/** Chunks of a version without a current vector of a model, in order. */
export function missingOfVersion(
  tx: Tx,
  key: { orgId: string; contentId: string; version: number },
  modelId: string,
  limit: number,
): Promise<Missing[]> {
  return many(
    tx,
    Missing,
    sql`
      select c.id, encode(c.hash, 'hex') as hash, ${searchedText} as text
        from docent.chunks c
        join docent.content t on t.org_id = c.org_id and t.id = c.content_id
        left join docent.chunk_embeddings e
          on e.org_id = c.org_id and e.model_id = ${modelId} and e.chunk_id = c.id
       where c.org_id = ${key.orgId}
         and c.content_id = ${key.contentId}
         and c.version = ${key.version}
         and (e.chunk_id is null or e.hash <> c.hash)
       order by c.ordinal
       limit ${limit}`,
  );
}

/** Chunks of the organization without a current vector of a model, by id, after `afterId`. */
export function missingOfOrganization(
  tx: Tx,
  orgId: string,
  modelId: string,
  afterId: string,
  limit: number,
): Promise<Missing[]> {
  return many(
    tx,
    Missing,
    sql`
      select c.id, encode(c.hash, 'hex') as hash, ${searchedText} as text
        from docent.chunks c
        join docent.content t on t.org_id = c.org_id and t.id = c.content_id
        left join docent.chunk_embeddings e
          on e.org_id = c.org_id and e.model_id = ${modelId} and e.chunk_id = c.id
       where c.org_id = ${orgId}
         and c.id > ${afterId}
         and (e.chunk_id is null or e.hash <> c.hash)
       order by c.id
       limit ${limit}`,
  );
}

/** Whether any chunk of the organization lacks a current vector of a model. */
export async function anyMissing(tx: Tx, orgId: string, modelId: string): Promise<boolean> {
  const row = await one(
    tx,
    z.object({ missing: z.boolean() }),
    sql`
      select exists (
        select from docent.chunks c
          left join docent.chunk_embeddings e
            on e.org_id = c.org_id and e.model_id = ${modelId} and e.chunk_id = c.id
         where c.org_id = ${orgId}
           and (e.chunk_id is null or e.hash <> c.hash)
      ) as missing`,
  );
  return row.missing;
}

/** Number of a version's chunks that have a current vector of every one of these models. */
export async function countEmbedded(
  tx: Tx,
  key: { orgId: string; contentId: string; version: number },
  modelIds: readonly string[],
): Promise<number> {
  const row = await one(
    tx,
    z.object({ count: z.number() }),
    sql`
      select count(*)::int as count
        from docent.chunks c
       where c.org_id = ${key.orgId}
         and c.content_id = ${key.contentId}
         and c.version = ${key.version}
         and (select count(*)
                from docent.chunk_embeddings e
               where e.org_id = c.org_id
                 and e.chunk_id = c.id
                 and e.hash = c.hash
                 and e.model_id = any (${modelIds}::text[])) = ${modelIds.length}`,
  );
  return row.count;
}

/**
 * Writes vectors of chunks that still have the text that was embedded; a chunk that changed or went
 * away meanwhile is passed over. The chunks are held: rights that change at the same moment wait, and find
 * the vectors.
 */
export function upsertVectors(
  tx: Tx,
  orgId: string,
  modelId: string,
  chunks: readonly Missing[],
  vectors: readonly Float32Array[],
): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.chunk_embeddings (org_id, model_id, chunk_id, content_id, hash, embedding)
      select c.org_id, ${modelId}, c.id, c.content_id, c.hash, u.embedding
        from unnest(
          ${chunks.map((chunk) => chunk.id)}::uuid[],
          ${chunks.map((chunk) => chunk.hash)}::text[],
          ${halfvecArray(tx, vectors)}::halfvec[]
        ) u (id, hash, embedding)
        join docent.chunks c on c.org_id = ${orgId} and c.id = u.id
       where c.hash = decode(u.hash, 'hex')
         for share of c
      on conflict (org_id, model_id, chunk_id) do update
        set hash = excluded.hash,
            embedding = excluded.embedding`,
  );
}
