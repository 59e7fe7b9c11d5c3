import { ContentType, type Validity } from '@docent/contracts/content';
import { Place } from '@docent/contracts/place';
import type { SearchFilters } from '@docent/contracts/search';
import { emptySql, one, type Sql, sql, sqlInteger, type Tx } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import { z } from 'zod';
import { type SearchContext, SearchSettings } from './context.ts';
import type { FusionWeights } from './weights.ts';

/**
 * Candidates of each signal. 100 is what one pass of the HNSW index gives at `hnsw.ef_search` = 100, and
 * what the fusion's weights were measured with.
 */
const CANDIDATES = 100;

/**
 * Chunks that are scored by their words at most, those of the rarest terms: what they cost grows with their number. Of
 * 6,000 the statement took p95 31 to 34 ms at 100,000 chunks (`npm run bench -- rights`).
 */
const POSTINGS = 4_000;

export const ActiveModel = z.object({ id: z.string(), dimensions: z.int().positive() });
export type ActiveModel = z.infer<typeof ActiveModel>;

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
  asked: z.string(),
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

/** A query's vector, with the model that made it. */
export interface QueryVector {
  readonly model: ActiveModel;
  readonly values: Float32Array;
}

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
    stale as materialized (
      select k.id
        from docent.content t
        join docent.chunks k
          on k.org_id = ${orgId}
         and k.content_id = t.id
         and k.version is distinct from t.current_version
       where t.org_id = ${orgId}
         and t.current_version is distinct from t.latest_version
    ),
    ${dormant(orgId)},
    ${wanted.context ? sql`${callers(orgId, wanted.context)},` : emptySql}
    ${wanted.words ? byWords(orgId, wanted.filters) : sql`by_words as (${NO_WORDS})`},
    ${wanted.vector ? byVectors(orgId, wanted.vector, wanted.filters) : sql`by_vectors as (${NO_VECTORS})`},
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
              'config', a.config, 'lexeme', x.lexeme, 'asked', x.asked, 'idf', x.idf, 'df', x.df)
              order by x.idf desc, x.lexeme), '[]')
              from asked a
              cross join lateral jsonb_to_recordset(a.terms) x (lexeme text, asked text, idf float8, df int)) as terms,
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

const NO_WORDS = sql`
      select null::uuid as chunk_id, null::uuid as content_id, null::uuid as department_id, null::text as config,
             null::float8 as words, null::float8 as reach
       where false`;

const NO_VECTORS = sql`select null::uuid as chunk_id, null::float8 as vector where false`;

/**
 * What of the content is the caller's: the courses that they are in the middle of, the language that they read. Each
 * table more costs the planner as much as its few rows cost the executor: only those that are needed.
 */
function callers(orgId: string, { weights, userId, language }: SearchContext): Sql {
  return sql`callers as materialized (
      select ${weights.course > 0 ? contentsInProgress(orgId, userId) : sql`'{}'::uuid[]`} as contents,
             nullif(docent.text_config(${language ? sql`${language}` : ownLanguage(orgId, userId)}), 'simple')
               as config
    )`;
}

function contentsInProgress(orgId: string, userId: string): Sql {
  return sql`array(
               select e.from_content_id
                 from docent.learning_progress p
                 join docent.learning_edges e
                   on e.org_id = ${orgId}
                  and e.to_kind = 'course'
                  and e.to_id = p.course_id
                  and e.type = 'covers'
                  and e.status = 'confirmed'
                where p.org_id = ${orgId}
                  and p.user_id = ${userId}
                  and p.status = 'in_progress'
                  and p.course_id is not null)`;
}

function ownLanguage(orgId: string, userId: string): Sql {
  return sql`(
               select u.preferences ->> 'language'
                 from docent.users u
                where u.org_id = ${orgId}
                  and u.id = ${userId})`;
}

function contextual({ weights, departmentIds }: SearchContext): Sql {
  return sql`
             ${weights.department}::float8 * (coalesce(scored.department_id = any (${departmentIds}::uuid[]), false))::int
               + ${weights.language}::float8 * (coalesce(scored.config = (select config from callers), false))::int
               + ${weights.course}::float8
                 * (scored.content_id = any ((select contents from callers)::uuid[]))::int`;
}

/** Content that is not in effect: few rows, which the indexes on the dates find. */
function dormant(orgId: string): Sql {
  return sql`dormant as materialized (
      select t.id
        from docent.content t
       where t.org_id = ${orgId}
         and (t.effective_from > now() or t.expires_at <= now())
    )`;
}

/** The best of all text configurations, by how much of what the question could reach they hold. */
function byWords(orgId: string, filters: SearchFilters): Sql {
  return sql`by_words as materialized (
      select hit.chunk_id, hit.content_id, hit.department_id, a.config, -hit.distance as words, a.reach
        from asked a
        cross join lateral (
          select s.chunk_id, s.content_id, s.department_id, s.bm25 <#> a.weights as distance
            from docent.chunk_search s
           where s.org_id = ${orgId}
             and s.config = a.config
             and s.tsv @@ a.candidates
             ${searchable(sql`s`, orgId, filters)}
           order by s.bm25 <#> a.weights, s.chunk_id
           limit ${CANDIDATES}
        ) hit
       order by hit.distance / a.reach, hit.chunk_id
       limit ${CANDIDATES}
    )`;
}

function byVectors(orgId: string, vector: QueryVector, filters: SearchFilters): Sql {
  return sql`by_vectors as materialized (
      select e.chunk_id, ${similarity(vector)} as vector
        from docent.chunk_embeddings e
       where e.org_id = ${orgId}
         and e.model_id = ${vector.model.id}
         ${searchable(sql`e`, orgId, filters)}
       order by ${distance(vector)}
       limit ${CANDIDATES}
    )`;
}

/** The expression of the model's partial HNSW index, to the letter: that is how the planner finds it. */
function distance({ model, values }: QueryVector): Sql {
  const dimensions = sqlInteger(model.dimensions);
  return sql`e.embedding::halfvec(${dimensions}) <=> ${halfvec(values)}::halfvec(${dimensions})`;
}

/** The cosine has no value for a vector of zeros: such a chunk is one without a vector. */
function similarity(vector: QueryVector): Sql {
  return sql`nullif(1 - (${distance(vector)}), 'NaN')`;
}

/** The similarity of a candidate by words, null when it has no vector yet. */
function similarityOf(orgId: string, vector: QueryVector): Sql {
  return sql`(
               select ${similarity(vector)}
                 from docent.chunk_embeddings e
                where e.org_id = ${orgId}
                  and e.model_id = ${vector.model.id}
                  and e.chunk_id = w.chunk_id)`;
}

/**
 * Inside the candidates, so that a filter never leaves fewer hits than there are, and chunks of versions that
 * are not current take no place.
 */
function searchable(chunk: Sql, orgId: string, filters: SearchFilters): Sql {
  return sql`
              ${readable(chunk)}
              and ${chunk}.chunk_id not in (select id from stale)
              ${inState(chunk, orgId, filters.state ?? 'effective')}
              ${matching(chunk, orgId, filters)}`;
}

/**
 * Content that the caller may see and that is published, as the policy has it and as `-` in `readers` says:
 * what is not, takes no place among the candidates.
 */
function readable(chunk: Sql): Sql {
  return sql`
              and (${chunk}.readers is null
                or ${chunk}.readers && (select docent.caller_tokens()) and '-' <> all (${chunk}.readers))`;
}

/**
 * Only what is in effect is found, so that nobody is told what no longer holds. Who may change a content finds it
 * before and after, too, when they ask for that.
 */
function inState(chunk: Sql, orgId: string, state: Validity): Sql {
  if (state === 'effective') return sql`and ${chunk}.content_id not in (select id from dormant)`;
  return sql`
              and ${chunk}.content_id in (
                    select d.id
                      from dormant d
                      join docent.content t
                        on t.org_id = ${orgId}
                       and t.id = d.id
                     where docent.validity(t.effective_from, t.expires_at) = ${state}
                       and docent.may_change_content(t.created_by, t.department_id))`;
}

function matching(chunk: Sql, orgId: string, filters: SearchFilters): Sql {
  const { contentIds, contentTypes, tags, languages, sourceServices } = filters;
  // Named on the chunk's own column too: there is an index for it.
  const ids = contentIds ? sql`and ${chunk}.content_id = any (${contentIds}::uuid[])` : emptySql;
  if (!contentTypes && !tags && !languages && !sourceServices) return ids;
  return sql`${ids}
             and ${chunk}.content_id in (
                   select t.id
                     from docent.content t
                    where t.org_id = ${orgId}
                      ${contentTypes ? sql`and t.content_type = any (${contentTypes}::text[])` : emptySql}
                      ${languages ? sql`and t.language = any (${languages}::text[])` : emptySql}
                      ${sourceServices ? sql`and t.source_service = any (${sourceServices}::text[])` : emptySql}
                      ${tags ? sql`and t.tags && ${tags}::text[]` : emptySql})`;
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
