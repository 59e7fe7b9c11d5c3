import { ContentType } from '@docent/contracts/content';
import { Place } from '@docent/contracts/place';
import type { SearchFilters } from '@docent/contracts/search';
import { emptySql, one, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { callers, contextual } from './callerContext.store.ts';
import { candidates, type QueryVector, similarityOf } from './candidates.store.ts';
import { type SearchContext, SearchSettings } from './context.ts';
import type { FusionWeights } from './weights.ts';

/**
 * Chunks that are scored by their words at most, those of the rarest terms: what they cost grows with their number. Of
 * 6,000 the statement took p95 31 to 34 ms at 100,000 chunks (`npm run bench -- rights`).
 */
const POSTINGS = 4_000;

const SearchSetup = z
  .object({ id: z.string().nullable(), dimensions: z.int().nullable(), settings: SearchSettings })
  .transform(({ id, dimensions, settings }) => ({
    model: id === null || dimensions === null ? null : { id, dimensions },
    settings,
  }));
export type SearchSetup = z.infer<typeof SearchSetup>;

/** How the organization searches: the model whose vectors are used (null before its first vectors), its settings. */
export function findSearchSetup(tx: Tx, orgId: string): Promise<SearchSetup> {
  const query = sql`
    select m.id, m.dimensions, o.settings -> 'search' as settings
      from docent.organizations o
      left join docent.embedding_models m
        on m.org_id = o.org_id
       and m.status = 'active'
     where o.org_id = ${orgId}`;
  return one(tx, SearchSetup, query);
}

const Term = z.object({
  config: z.string(),
  lexeme: z.string(),
  idf: z.number(),
  df: z.int(),
});

const chunkColumns = {
  id: z.uuid(),
  contentId: z.uuid(),
  version: z.int().positive(),
  ordinal: z.int().nonnegative(),
  text: z.string(),
  tableHeader: z.string().nullable(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  headingPath: z.array(z.string()),
  place: Place.partial(),
};

/** As `json_build_object` writes it. */
const Time = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

const FoundChunk = z.object({
  ...chunkColumns,
  title: z.string(),
  url: z.string().nullable(),
  contentType: ContentType,
  language: z.string().nullable(),
  effectiveFrom: Time.nullable(),
  expiresAt: Time.nullable(),
  /** When the version was taken in. */
  uploadedAt: Time,
  config: z.string(),
  /** BM25, ≥ 0, and the most that the question could reach in the chunk's text configuration. */
  words: z.number().nonnegative(),
  reach: z.number().nonnegative(),
  /** Cosine similarity, −1 to 1; null without a vector. */
  vector: z.number().nullable(),
  score: z.number(),
  /** What its content has for the caller beyond the other candidates', ≥ 0. */
  context: z.number().nonnegative(),
});
export type FoundChunk = z.infer<typeof FoundChunk>;

const NeighbourChunk = z.object(chunkColumns);
export type NeighbourChunk = z.infer<typeof NeighbourChunk>;

const Found = z.object({
  terms: z.array(Term),
  passages: z.array(FoundChunk),
  neighbours: z.array(NeighbourChunk),
});
export type Found = z.infer<typeof Found>;

export interface PassageQuery {
  readonly query: string;
  readonly filters: SearchFilters;
  readonly limit: number;
  readonly maxPerContent: number;
  readonly withNeighbours: number;
  /** False: the vectors alone bring candidates. */
  readonly words: boolean;
  /** Null: words alone. */
  readonly vector: QueryVector | null;
  readonly weights: FusionWeights;
  /** Null: everybody is given the same order. */
  readonly context: SearchContext | null;
}

/**
 * The passages that match a query best, best first; ties by id. One statement: candidates by words and by
 * vectors, both inside the filters; both scores of every candidate exactly; each min-max normalised over
 * the candidates; the weighted sum. Only chunks of current versions, only what row-level security shows.
 *
 * BM25 is divided by what the question can reach in the chunk's text configuration first, so that
 * languages with few chunks compare with those that have many. What content has for the caller is added last, less
 * what all candidates have: where none or all have it, nothing changes.
 */
export function findPassages(tx: Tx, orgId: string, wanted: PassageQuery): Promise<Found> {
  const { weights } = wanted;
  const query = sql`
    with asked as materialized (
      select config, candidates, weights, reach, terms
        from docent.bm25_query(${orgId}, ${wanted.query}, ${POSTINGS})
    ),
    ${wanted.context ? sql`${callers(orgId, wanted.context)},` : emptySql}
    ${candidates(orgId, wanted)},
    -- Each kind of candidate lacks the other score: only that one is looked up.
    scored as (
      select w.chunk_id, w.content_id, w.department_id, w.config, w.words, w.reach,
             coalesce(v.vector, ${wanted.vector ? similarityOf(orgId, wanted.vector) : sql`null`}) as vector
        from by_words w
        left join by_vectors v
          on v.chunk_id = w.chunk_id
      union all
      select s.chunk_id, s.content_id, s.department_id, s.config, coalesce(-(s.bm25 <#> a.weights), 0),
             coalesce(a.reach, 0), v.vector
        from by_vectors v
        join docent.chunk_search s
          on s.org_id = ${orgId}
         and s.chunk_id = v.chunk_id
        left join asked a
          on a.config = s.config
       where v.chunk_id not in (select chunk_id from by_words)
    ),
    covered as (
      select scored.*,
             ${wanted.context ? contextual(wanted.context) : sql`0::float8`} as context,
             coalesce(words / nullif(reach, 0), 0) as covered
        from scored
    ),
    normalised as (
      select covered.*,
             -- Its minimum is 0: a chunk that holds no word of the question.
             coalesce(covered / nullif(max(covered) over (), 0), 0) as word_part,
             coalesce(
               (vector - min(vector) over ()) / nullif(max(vector) over () - min(vector) over (), 0),
               sign(abs(vector))) as vector_part
        from covered
    ),
    fused as (
      select normalised.*,
             -- A chunk without a vector yet competes with its words: with half of the vectors missing, nDCG@10
             -- was .888 (SQuAD 2), and .697 when a missing vector counted as the farthest.
             least(1, ${weights.words} * word_part
               + ${weights.vectors} * coalesce(vector_part, word_part)) as score,
             context - min(context) over () as ahead
        from normalised
    ),
    capped as (
      select fused.*,
             row_number() over (partition by content_id order by score + ahead desc, chunk_id) as nth
        from fused
    ),
    -- Limited before texts and titles are fetched: ten rows, not two hundred.
    best as materialized (
      select chunk_id, config, words, reach, vector, score, ahead,
             row_number() over (order by score + ahead desc, chunk_id) as place_in_list
        from capped
       where nth <= ${wanted.maxPerContent}
       order by score + ahead desc, chunk_id
       limit ${wanted.limit}
    ),
    shown as materialized (
      select k.*, f.config, f.words, f.reach, f.vector, f.score, f.ahead, f.place_in_list,
             t.title, t.url, t.content_type, t.language, t.effective_from, t.expires_at,
             k.created_at as uploaded_at
        from best f
        join docent.chunks k
          on k.org_id = ${orgId}
         and k.id = f.chunk_id
        join docent.content t
          on t.org_id = ${orgId}
         and t.id = k.content_id
    )
    select (select coalesce(json_agg(json_build_object(
              'config', a.config, 'lexeme', x.lexeme, 'idf', x.idf, 'df', x.df)
              order by x.idf desc, x.lexeme), '[]')
              from asked a
              cross join lateral jsonb_to_recordset(a.terms) x (lexeme text, idf float8, df int)) as terms,
           (select coalesce(json_agg(json_build_object(
              ${chunkFields(sql`b`)},
              'title', b.title, 'url', b.url, 'contentType', b.content_type, 'language', b.language,
              'effectiveFrom', b.effective_from, 'expiresAt', b.expires_at, 'uploadedAt', b.uploaded_at,
              'config', b.config, 'words', b.words, 'reach', b.reach, 'vector', b.vector,
              'score', b.score, 'context', b.ahead)
              order by b.place_in_list), '[]')
              from shown b) as passages,
           ${wanted.withNeighbours > 0 ? neighboursOf(orgId, wanted.withNeighbours) : sql`'[]'::json`}
             as neighbours`;
  return one(tx, Found, query);
}

/** The chunks right before and after the best passages, in the order of the text. */
function neighboursOf(orgId: string, passages: number): Sql {
  return sql`(
             select coalesce(json_agg(json_build_object(${chunkFields(sql`n`)})
                      order by n.content_id, n.ordinal), '[]')
               from docent.chunks n
              where n.org_id = ${orgId}
                and n.id not in (select b.id from shown b)
                and (n.content_id, n.version, n.ordinal) in (
                      select b.content_id, b.version, b.ordinal + step
                        from shown b
                        cross join (values (-1), (1)) steps (step)
                       where b.place_in_list <= ${passages}))`;
}

function chunkFields(chunk: Sql): Sql {
  return sql`
              'id', ${chunk}.id, 'contentId', ${chunk}.content_id, 'version', ${chunk}.version,
              'ordinal', ${chunk}.ordinal, 'text', ${chunk}.content, 'tableHeader', ${chunk}.table_header,
              'start', ${chunk}.start_offset, 'end', ${chunk}.end_offset,
              'headingPath', ${chunk}.heading_path, 'place', ${chunk}.place`;
}
