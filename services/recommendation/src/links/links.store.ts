import type { Position } from '@docent/database/resource';
import { many, maybeOne, run, type Sql, sql, sqlInteger, type Tx } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import { z } from 'zod';
import { At } from '../graph/rows.ts';

const Model = z.object({ id: z.string(), dimensions: z.int().positive() });
export type ActiveModel = z.infer<typeof Model>;

/** The model whose vectors the organization's searches use, or null. */
export function findActiveModel(tx: Tx, orgId: string): Promise<ActiveModel | null> {
  return maybeOne(
    tx,
    Model,
    sql`
      select id, dimensions
        from docent.embedding_models
       where org_id = ${orgId}
         and status = 'active'`,
  );
}

const Node = z.object({ kind: z.enum(['skill', 'course']), id: z.uuid(), text: z.string() });
export type LinkNode = z.infer<typeof Node>;

/** Skills and courses that are not archived, with what is said about them. */
export function findNodesToLink(tx: Tx, orgId: string): Promise<LinkNode[]> {
  return many(
    tx,
    Node,
    sql`
      select 'skill' as kind, id, name || '. ' || description as text
        from docent.skills
       where org_id = ${orgId}
         and status <> 'archived'
      union all
      select 'course', id, title || '. ' || description || '. ' || array_to_string(objectives, '. ')
        from docent.courses
       where org_id = ${orgId}
         and status <> 'archived'
       order by id`,
  );
}

const Candidate = z.object({
  contentId: z.uuid(),
  /** Cosine of the nearest chunk, −1 to 1; null without a vector. */
  similarity: z.number().nullable(),
  /** Share of the words, by how much they tell, in the best chunk, 0 to 1. */
  words: z.number(),
});
export type Candidate = z.infer<typeof Candidate>;

/** Chunks of each kind of candidate. */
const CHUNKS = 40;

/** Content near a text: by its vector, when there is one, and by its words. Only current versions. */
export function findCandidates(
  tx: Tx,
  orgId: string,
  text: string,
  vector: { readonly model: ActiveModel; readonly values: Float32Array } | null,
): Promise<Candidate[]> {
  return many(
    tx,
    Candidate,
    sql`
      with asked as materialized (
        select config, candidates, weights, reach
          from docent.bm25_query(${orgId}, ${text})
      ),
      by_words as (
        select s.content_id, s.chunk_id, coalesce(-(s.bm25 <#> a.weights) / nullif(a.reach, 0), 0) as words
          from asked a
          join docent.chunk_search s
            on s.org_id = ${orgId}
           and s.config = a.config
           and s.tsv @@ a.candidates
         order by words desc
         limit ${CHUNKS}
      ),
      by_vectors as (${vector === null ? NONE : nearest(orgId, vector)}),
      found as (
        select coalesce(w.chunk_id, v.chunk_id) as chunk_id, coalesce(w.content_id, v.content_id) as content_id,
               v.similarity, coalesce(w.words, 0) as words
          from by_words w
          full join by_vectors v
            on v.chunk_id = w.chunk_id
      )
      select f.content_id as "contentId", max(f.similarity)::float8 as similarity, max(f.words)::float8 as words
        from found f
        join docent.chunks k
          on k.org_id = ${orgId} and k.id = f.chunk_id
        join docent.content c
          on c.org_id = ${orgId} and c.id = f.content_id and c.current_version = k.version
       group by f.content_id`,
  );
}

const NONE = sql`select null::uuid as content_id, null::uuid as chunk_id, null::float8 as similarity where false`;

function nearest(
  orgId: string,
  { model, values }: { readonly model: ActiveModel; readonly values: Float32Array },
): Sql {
  const dimensions = sqlInteger(model.dimensions);
  const distance = sql`e.embedding::halfvec(${dimensions}) <=> ${halfvec(values)}::halfvec(${dimensions})`;
  return sql`
        select e.content_id, e.chunk_id, nullif(1 - (${distance}), 'NaN') as similarity
          from docent.chunk_embeddings e
         where e.org_id = ${orgId}
           and e.model_id = ${model.id}
         order by ${distance}
         limit ${CHUNKS}`;
}

export interface Proposal {
  readonly id: string;
  readonly contentId: string;
  readonly kind: 'skill' | 'course';
  readonly toId: string;
  readonly score: number;
  readonly evidence: { readonly similarity: number | null; readonly words: number };
}

/** Makes these the open proposals. What was confirmed, rejected or made by hand stays as it is. */
export async function replaceProposals(
  tx: Tx,
  orgId: string,
  proposals: readonly Proposal[],
): Promise<{ proposed: number; rescored: number; withdrawn: number }> {
  const json = JSON.stringify(proposals);
  const withdrawn = await run(
    tx,
    sql`
      delete from docent.learning_edges e
       where e.org_id = ${orgId}
         and e.type = 'covers'
         and e.origin = 'inferred'
         and e.status = 'proposed'
         and not exists (
           select
             from jsonb_to_recordset(${json}::jsonb) p ("contentId" uuid, "toId" uuid)
            where p."contentId" = e.from_content_id
              and p."toId" = e.to_id)`,
  );
  const rescored = await run(
    tx,
    sql`
      update docent.learning_edges e
         set score = p.score,
             evidence = p.evidence
        from jsonb_to_recordset(${json}::jsonb) p ("contentId" uuid, "toId" uuid, score float8, evidence jsonb)
       where e.org_id = ${orgId}
         and e.type = 'covers'
         and e.status = 'proposed'
         and e.from_content_id = p."contentId"
         and e.to_id = p."toId"
         and e.score is distinct from p.score`,
  );
  const proposed = await run(
    tx,
    sql`
      insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id, weight, origin, score,
        evidence, status)
      select ${orgId}, p.id, 'covers', 'content', p."contentId", p.kind, p."toId", greatest(p.score, 0.01), 'inferred',
             p.score, p.evidence, 'proposed'
        from jsonb_to_recordset(${json}::jsonb) p (id uuid, "contentId" uuid, kind text, "toId" uuid, score float8,
               evidence jsonb)
      on conflict (org_id, type, from_kind, from_id, to_kind, to_id) do nothing`,
  );
  return { proposed, rescored, withdrawn };
}

const ListRow = z
  .object({
    id: z.uuid(),
    contentId: z.uuid(),
    contentTitle: z.string(),
    toKind: z.enum(['skill', 'course']),
    toId: z.uuid(),
    toTitle: z.string(),
    score: z.number(),
    evidence: z.object({ similarity: z.number().nullable(), words: z.number() }),
    createdAt: At,
    position: z.string(),
  })
  .transform(({ position, contentId, contentTitle, toKind, toId, toTitle, ...link }) => ({
    position,
    id: link.id,
    item: {
      ...link,
      content: { kind: 'content' as const, id: contentId, title: contentTitle },
      to: { kind: toKind, id: toId, title: toTitle },
    },
  }));

/** Open proposals between what the caller sees, surest first. */
export function listProposals(
  tx: Tx,
  orgId: string,
  filters: { readonly contentId: string | null; readonly toId: string | null },
  after: Position | null,
  limit: number,
) {
  return many(
    tx,
    ListRow,
    sql`
      select e.id, c.id as "contentId", c.title as "contentTitle", e.to_kind as "toKind", e.to_id as "toId",
             coalesce(s.name, k.title) as "toTitle", e.score, e.evidence, e.created_at as "createdAt",
             e.score::text as position
        from docent.learning_edges e
        join docent.content c
          on c.org_id = e.org_id and c.id = e.from_content_id
        left join docent.skills s
          on s.org_id = e.org_id and s.id = e.to_skill_id
        left join docent.courses k
          on k.org_id = e.org_id and k.id = e.to_course_id
       where e.org_id = ${orgId}
         and e.type = 'covers'
         and e.origin = 'inferred'
         and e.status = 'proposed'
         and (${filters.contentId}::uuid is null or e.from_content_id = ${filters.contentId})
         and (${filters.toId}::uuid is null or e.to_id = ${filters.toId})
         and coalesce(s.id, k.id) is not null
         and (${after?.position ?? null}::float8 is null
              or (e.score, e.id) < (${after?.position ?? null}::float8, ${after?.id ?? null}::uuid))
       order by e.score desc, e.id desc
       limit ${limit}`,
  );
}
