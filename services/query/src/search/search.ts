import { atMost } from '@docent/cache/atMost';
import type { SearchMode } from '@docent/contracts/search';
import { AppError } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Embedder, Reranker } from '@docent/models/interfaces';
import { LRUCache } from 'lru-cache';
import type { ActiveModel } from './candidates.store.ts';
import { contextOf, withContext } from './context.ts';
import { highlights } from './highlights.ts';
import type { FoundPassage, Neighbour, Search } from './interfaces.ts';
import { languageTold } from './language.ts';
import { RERANKED, rerank } from './rerank.ts';
import {
  type FoundChunk,
  findPassages,
  findSearchSetup,
  type NeighbourChunk,
  type SearchSetup,
} from './search.store.ts';
import { respelled } from './spelling.ts';
import { type FusionWeights, fusionWeights } from './weights.ts';

export interface SearchDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  /** The embedder that the process is configured with. */
  readonly embedder: Embedder;
  /** The embedder of a model that is still active, or null when this process cannot run it. */
  readonly embedderById: (id: string) => Embedder | null;
  /** Absent or null: the built-in one. */
  readonly reranker?: Reranker | null;
  readonly log: { warn(details: object, message: string): void };
  /** Default: the reviewed ones of weights.ts. */
  readonly weights?: (modelId: string) => FusionWeights;
  /** Whether misspelt words are looked into; default: they are. */
  readonly spelling?: () => boolean;
}

/** A switch to another model or other settings are seen this much later, milliseconds. */
const SETUP_KEPT_MS = 3_000;

const WORDS_ONLY: FusionWeights = { words: 1, vectors: 0 };
const VECTORS_ONLY: FusionWeights = { words: 0, vectors: 1 };

/**
 * The search of this process: embeds the query with the organization's active model, asks the
 * database once, and once more when a word of it is misspelt.
 */
export function makeSearch(deps: SearchDeps): Search {
  const setupOf = makeSetup(deps);

  return async (principal, input, { signal }) => {
    const startedAt = performance.now();
    // PostgreSQL has no text with this character in it.
    const asked = input.query.replaceAll('\0', ' ');
    const setup = input.mode === 'words' ? null : await setupOf(principal, signal);
    // One signal that was asked for alone keeps its own order.
    const reranked = input.mode === 'hybrid' && (input.rerank ?? true);
    const first = await find(asked, deps.spelling?.() ?? true);
    const { query, found, vector } =
      first.respelled === null ? first : await find(first.respelled, false);
    const candidates = found.passages.map(toPassage);
    const passages = reranked
      ? await rerank(deps, query, { passages: candidates, terms: found.terms }, signal)
      : candidates;
    return {
      passages: withContext(passages)
        .slice(0, input.limit)
        .map((passage) => ({
          ...passage,
          highlights: highlights(passage.text, query, passage.language),
        })),
      query,
      correctedQuery: first.respelled,
      neighbours: found.neighbours.map(toNeighbour),
      terms: found.terms,
      reach: found.passages[0]?.reach ?? 0,
      modelId: vector?.model.id ?? null,
      mode: vector ? input.mode : 'words',
      tookMs: performance.now() - startedAt,
    };

    /** @param spelling whether to look what misspelt words were meant to be. */
    async function find(query: string, spelling: boolean) {
      const vector = setup?.model ? await queryVector(setup.model, query, signal) : null;
      const mode: SearchMode = vector ? input.mode : 'words';
      const wanted = {
        query,
        filters: input.filters,
        limit: reranked ? Math.max(input.limit, RERANKED) : input.limit,
        maxPerContent: input.maxPerContent ?? input.limit,
        withNeighbours: input.withNeighbours ?? 0,
        words: mode !== 'vectors',
        vector,
        weights: weightsOf(mode, vector?.model ?? null, deps.weights),
        context:
          setup && input.mode === 'hybrid'
            ? contextOf(principal, languageTold(query), setup.settings.context)
            : null,
      };
      return deps.database.withPrincipal(
        principal,
        async (tx) => {
          const found = await findPassages(tx, principal.orgId, wanted);
          const meant = spelling ? await respelled(tx, principal.orgId, query, found) : null;
          return { query, found, vector, respelled: meant };
        },
        { readOnly: true, signal },
      );
    }
  };

  /** The query as a vector of the active model, or null when it cannot be made. */
  async function queryVector(model: ActiveModel, query: string, signal: AbortSignal) {
    const embedder = model.id === deps.embedder.id ? deps.embedder : deps.embedderById(model.id);
    if (!embedder) {
      deps.log.warn(
        { model: model.id },
        'no embedder for the active model: words alone are searched',
      );
      return null;
    }
    try {
      const [values] = await embedder.embed([query], { signal });
      if (!values) throw new Error('the embedder gave no vector');
      return { model, values };
    } catch (error) {
      if (!(error instanceof AppError) || !error.code.startsWith('model_')) throw error;
      deps.log.warn(
        { err: error, model: model.id },
        'the query got no vector: words alone are searched',
      );
      return null;
    }
  }
}

/**
 * Looks up how the organization searches and keeps it for a few seconds. When its active model is not the one that
 * the process is configured with, the vectors of the new one are asked for, once per process.
 */
function makeSetup({ database, jobs, embedder }: SearchDeps) {
  const kept = new LRUCache<string, SearchSetup>({
    ...atMost(10_000),
    ttl: SETUP_KEPT_MS,
  });
  const asked = new Set<string>();

  return async (principal: Principal, signal: AbortSignal): Promise<SearchSetup> => {
    const { orgId } = principal;
    const hit = kept.get(orgId);
    if (hit) return hit;
    const setup = await database.withPrincipal(principal, (tx) => findSearchSetup(tx, orgId), {
      readOnly: true,
      signal,
    });
    // None yet: the first ingestion makes it, and the next search should see it at once.
    const { model } = setup;
    if (model) kept.set(orgId, setup);
    if (model && model.id !== embedder.id && !asked.has(orgId)) {
      asked.add(orgId);
      await database.withPrincipal(principal, (tx) =>
        jobs.send(
          tx,
          'embed-missing',
          { orgId, modelId: embedder.id },
          { singletonKey: `${orgId}/${embedder.id}` },
        ),
      );
    }
    return setup;
  };
}

function weightsOf(
  mode: SearchMode,
  model: ActiveModel | null,
  weightsFor = fusionWeights,
): FusionWeights {
  if (mode === 'words' || !model) return WORDS_ONLY;
  return mode === 'vectors' ? VECTORS_ONLY : weightsFor(model.id);
}

function toPassage(chunk: FoundChunk): FoundPassage {
  return {
    ...toNeighbour(chunk),
    title: chunk.title,
    url: chunk.url,
    contentType: chunk.contentType,
    language: chunk.language,
    effectiveFrom: chunk.effectiveFrom,
    expiresAt: chunk.expiresAt,
    uploadedAt: chunk.uploadedAt,
    highlights: [],
    score: chunk.score,
    parts: {
      words: chunk.words,
      wordsNormalised: chunk.reach > 0 ? Math.min(1, chunk.words / chunk.reach) : 0,
      vector: chunk.vector === null ? null : Math.max(-1, Math.min(1, chunk.vector)),
    },
    context: chunk.context,
    config: chunk.config,
  };
}

function toNeighbour(chunk: NeighbourChunk): Neighbour {
  const { id, contentId, version, ordinal, text, tableHeader, start, end } = chunk;
  const place = { ...chunk.place, headingPath: chunk.headingPath };
  return { id, contentId, version, ordinal, text, tableHeader, span: { start, end }, place };
}
