import { createHash } from 'node:crypto';
import type { Cache } from '@docent/cache/interfaces';
import {
  type Continuation,
  type Recommendation,
  RecommendationList,
  type RecommendationType,
} from '@docent/contracts/recommend';
import { notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Jobs } from '@docent/database/jobs';
import { catchUpLearner } from '../mastery/mastery.ts';
import { arrange, type Ranked } from './arrange.ts';
import type { Random } from './explore.ts';
import { loadFacts } from './facts.ts';
import { explain } from './reasons.ts';
import { findReadable, insertRecommendations } from './recommend.store.ts';
import { ALGORITHM } from './settings.ts';
import { asLearner, findSubject, type Subject } from './subject.store.ts';
import { goalOf, type VectorDeps } from './vectors.ts';

export interface RecommendDeps extends VectorDeps {
  readonly cache: Cache;
  readonly jobs: Jobs;
  /** What is tried is drawn with it. */
  readonly random: Random;
}

export interface Recommender {
  /**
   * What the learner could do next, best first, and what is under way.
   *
   * @throws AppError `not_found` when there is no such person for the caller.
   */
  recommend(
    principal: Principal,
    userId: string,
    asked: { type: RecommendationType; limit: number },
  ): Promise<RecommendationList>;
}

/** A list is kept for so long unless something changes: what is forgotten and what is new comes in time. */
const KEPT_SECONDS = 3_600;
/** Older tables are made anew in the background. */
const REBUILD_AFTER_MS = 24 * 3_600_000;

/** Recommendations; one calculation at a time for each list that is asked for. */
export function makeRecommender(deps: RecommendDeps): Recommender {
  const { database, cache } = deps;
  const running = new Map<string, Promise<RecommendationList>>();
  const subjectOf = (principal: Principal, userId: string) =>
    database.withPrincipal(principal, (tx) => findSubject(tx, principal.orgId, userId), {
      readOnly: true,
      keepPlans: true,
    });

  async function current(principal: Principal, userId: string): Promise<Subject> {
    const subject = await subjectOf(principal, userId);
    if (subject === null) throw notFound('user', userId);
    // Answers that mastery does not have yet would make a stale list.
    if (!subject.masteryStale || !subject.profiling) return subject;
    await catchUpLearner(database, principal.orgId, userId);
    return (await subjectOf(principal, userId)) ?? subject;
  }

  return {
    async recommend(principal, userId, { type, limit }) {
      const subject = await current(principal, userId);
      // Ten at a time, so that lists of 3 and of 10 are the same one.
      const length = Math.ceil(limit / 10) * 10;
      const key = `${keyOf(principal.orgId, subject)}:${type}:${length}`;
      const cached = await cache.get(key, RecommendationList);
      let list = cached ?? (await running.get(key));
      if (list === undefined) {
        const work = calculate(deps, principal, subject, { type, limit: length }).finally(() =>
          running.delete(key),
        );
        running.set(key, work);
        list = await work;
        await cache.set(key, list, KEPT_SECONDS);
      } else if (type === 'content') {
        list = await withoutHidden(deps, asLearner(subject, principal), list);
      }
      // What the learner may read their manager may not always.
      if (type === 'content' && userId !== principal.userId) {
        list = await withoutHidden(deps, principal, list);
      }
      return { ...list, items: list.items.slice(0, limit) };
    },
  };
}

/** Everything that a list depends on is in its key: what is stored under it is never out of date. */
function keyOf(orgId: string, subject: Subject): string {
  const { row, profiling, version, catalogue, generation } = subject;
  const hash = createHash('sha256')
    .update(JSON.stringify([row, profiling, version, catalogue, generation]))
    .digest('base64url')
    .slice(0, 16);
  return `rec:${orgId}:${subject.userId}:${ALGORITHM}:${hash}`;
}

/** Rights to content may have changed since the list was made. */
async function withoutHidden(
  { database }: RecommendDeps,
  reader: Principal,
  list: RecommendationList,
): Promise<RecommendationList> {
  const readable = await database.withPrincipal(
    reader,
    (tx) =>
      findReadable(
        tx,
        reader.orgId,
        list.items.map(({ itemId }) => itemId),
      ),
    { readOnly: true, keepPlans: true },
  );
  return { ...list, items: list.items.filter(({ itemId }) => readable.has(itemId)) };
}

async function calculate(
  deps: RecommendDeps,
  principal: Principal,
  subject: Subject,
  { type, limit }: { type: RecommendationType; limit: number },
): Promise<RecommendationList> {
  const { database, jobs, random } = deps;
  const learner = asLearner(subject, principal);
  const { orgId, userId } = learner;
  const goal = subject.profiling ? await goalOf(deps, orgId, subject) : null;
  return database.withPrincipal(
    learner,
    async (tx) => {
      const old =
        subject.builtAt === null || Date.now() - subject.builtAt.getTime() > REBUILD_AFTER_MS;
      if (old) {
        await jobs.send(tx, 'rebuild-recommendations', { orgId }, { singletonKey: orgId });
      }
      const facts = await loadFacts(tx, orgId, subject, type, goal);
      const ranked = await arrange(tx, orgId, subject, { type, limit, facts, random });
      const items = ranked.map((each, index) => recommendationOf(type, each, index + 1));
      const rows = items.map((item, index) => ({
        ...item,
        propensity: ranked[index]?.propensity ?? 1,
      }));
      insertRecommendations(tx, orgId, userId, type, rows);
      return {
        items,
        continue: facts.items.flatMap(({ kind, status, ...item }): Continuation[] =>
          item.published && (status === 'in_progress' || status === 'assigned')
            ? [
                {
                  type: kind,
                  itemId: item.itemId,
                  title: item.title,
                  status,
                  progress: item.progress,
                  dueAt: item.dueAt?.toISOString() ?? null,
                  lastSeenAt: item.lastSeenAt.toISOString(),
                },
              ]
            : [],
        ),
        personal: subject.profiling,
        algoVersion: ALGORITHM,
        generatedAt: new Date().toISOString(),
      };
    },
    { keepPlans: true },
  );
}

function recommendationOf(
  type: RecommendationType,
  { candidate, score, reason, through }: Ranked,
  position: number,
): Recommendation {
  return {
    id: newId(),
    type,
    itemId: candidate.itemId,
    title: candidate.title,
    description: candidate.description,
    score: Number(score.toFixed(4)),
    position,
    ...explain(reason, through),
    durationMinutes: candidate.minutes,
    algoVersion: ALGORITHM,
  };
}
