import type { Validity } from '@docent/contracts/content';
import type { SearchFilters } from '@docent/contracts/search';
import { emptySql, type Sql, sql, sqlInteger } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';

/**
 * Candidates of each signal. 100 is what one pass of the HNSW index gives at `hnsw.ef_search` = 100, and
 * what the fusion's weights were measured with.
 */
const CANDIDATES = 100;

/** The embedding model whose vectors an organization is searched by. */
export interface ActiveModel {
  readonly id: string;
  readonly dimensions: number;
}

/** A query's vector, with the model that made it. */
export interface QueryVector {
  readonly model: ActiveModel;
  readonly values: Float32Array;
}

/** The part of a search that says which chunks compete: those of the words and those of the vector, inside the filters. */
export function candidates(
  orgId: string,
  {
    filters,
    words,
    vector,
  }: {
    readonly filters: SearchFilters;
    /** False: the vectors alone bring candidates. */
    readonly words: boolean;
    /** Null: words alone. */
    readonly vector: QueryVector | null;
  },
): Sql {
  return sql`
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
    ${words ? byWords(orgId, filters) : sql`by_words as (${NO_WORDS})`},
    ${vector ? byVectors(orgId, vector, filters) : sql`by_vectors as (${NO_VECTORS})`}`;
}

const NO_WORDS = sql`
      select null::uuid as chunk_id, null::uuid as content_id, null::uuid as department_id, null::text as config,
             null::float8 as words, null::float8 as reach
       where false`;

const NO_VECTORS = sql`select null::uuid as chunk_id, null::float8 as vector where false`;

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
export function similarityOf(orgId: string, vector: QueryVector): Sql {
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
