import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { type PageRequest, readPage } from '@docent/http/paging';
import type { Embedder } from '@docent/models/interfaces';
import {
  type Candidate,
  findActiveModel,
  findCandidates,
  findNodesToLink,
  type LinkNode,
  listProposals,
  type Proposal,
  replaceProposals,
} from './links.store.ts';

/** Proposals of one skill or course. */
const MOST = 5;
/**
 * Of the skills that the sample's courses teach, 55 of 75 are proposed at .35 (131 proposals), 36 at .5 (55). A
 * trainer looks at each.
 */
const LEAST = 0.35;
/** Cosines of texts that have little in common, and of two that say the same, with the built-in encoder. */
const FAR = 0.4;
const NEAR = 0.8;

export interface LinkDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly embedderById: (id: string) => Embedder | null;
}

export type Links = ReturnType<typeof makeLinks>;

/** Which content belongs to which skill or course: proposed here, decided by trainers. */
export function makeLinks(deps: LinkDeps) {
  const { database, jobs } = deps;
  return {
    /** Asks for proposals; they are worked out in the background. */
    ask(principal: Principal): Promise<void> {
      const { orgId } = principal;
      return database.withPrincipal(principal, (tx) =>
        jobs.send(tx, 'propose-links', { orgId }, { singletonKey: orgId }),
      );
    },

    /** Open proposals, surest first. */
    list(
      principal: Principal,
      filters: { contentId?: string | undefined; toId?: string | undefined },
      page: PageRequest,
    ) {
      const { contentId = null, toId = null } = filters;
      return readPage('name', page, (after, limit) =>
        database.withPrincipal(
          principal,
          (tx) => listProposals(tx, principal.orgId, { contentId, toId }, after, limit),
          { readOnly: true },
        ),
      );
    },
  };
}

/**
 * Compares each skill and course with all content, by meaning (the nearest chunk in the active model) and by
 * words (BM25), and makes the best the open proposals. Without vectors words decide alone.
 */
export async function proposeLinks(
  { database, embedderById }: Omit<LinkDeps, 'jobs'>,
  orgId: string,
  signal?: AbortSignal,
): Promise<{ proposed: number; rescored: number; withdrawn: number }> {
  const worker = workerPrincipal(orgId);
  const { model, nodes } = await database.withPrincipal(
    worker,
    async (tx) => ({
      model: await findActiveModel(tx, orgId),
      nodes: await findNodesToLink(tx, orgId),
    }),
    { readOnly: true },
  );
  const embedder = model === null ? null : embedderById(model.id);
  const proposals: Proposal[] = [];
  const size = embedder?.maxBatch ?? 100;
  for (let from = 0; from < nodes.length; from += size) {
    signal?.throwIfAborted();
    const some = nodes.slice(from, from + size);
    // No connection is held while the model works.
    const vectors = await embedder?.embed(
      some.map(({ text }) => text),
      signal === undefined ? {} : { signal },
    );
    for (const [index, node] of some.entries()) {
      const values = vectors?.[index];
      const vector = model === null || values === undefined ? null : { model, values };
      const candidates = await database.withPrincipal(
        worker,
        (tx) => findCandidates(tx, orgId, node.text, vector),
        { readOnly: true },
      );
      proposals.push(...bestOf(node, candidates));
    }
  }
  return database.withPrincipal(worker, (tx) => replaceProposals(tx, orgId, proposals));
}

function bestOf(node: LinkNode, candidates: readonly Candidate[]): Proposal[] {
  return candidates
    .map((candidate) => ({ candidate, score: scoreOf(candidate) }))
    .filter(({ score }) => score >= LEAST)
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
    .map(({ candidate: { contentId, similarity, words }, score }) => ({
      id: newId(),
      contentId,
      kind: node.kind,
      toId: node.id,
      score,
      evidence: { similarity: rounded(similarity), words: rounded(words) ?? 0 },
    }));
}

/** How sure it is that a content belongs to a node, 0 to 1: half meaning, half words. */
export function scoreOf({ similarity, words }: Pick<Candidate, 'similarity' | 'words'>): number {
  const byWords = Math.min(1, Math.max(0, words));
  if (similarity === null) return round(byWords);
  const byMeaning = Math.min(1, Math.max(0, (similarity - FAR) / (NEAR - FAR)));
  return round(0.5 * byMeaning + 0.5 * byWords);
}

function rounded(value: number | null): number | null {
  return value === null ? null : round(value);
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
