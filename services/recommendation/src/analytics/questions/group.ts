import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Embedder } from '@docent/models/interfaces';
import { findActiveModel } from '../../recommend/vectors.store.ts';
import {
  type Answered,
  deleteGroupsOfOtherModels,
  findNearestGroup,
  insertGroup,
  insertMember,
  listUngrouped,
  lockQuestions,
  moveGroup,
} from './group.store.ts';

/** Questions whose cosine with the mean of a group is at least this ask for the same. */
export const SAME_QUESTION = 0.8;
/** Questions of one transaction. */
const BATCH = 25;

export interface GroupingDeps {
  readonly database: Database;
  /** The embedder of a model; null when this process cannot run it. */
  readonly embedderById: (id: string) => Embedder | null;
}

/**
 * Puts every answered question that is in no group yet into the nearest one, or into a new one, oldest first. Reads
 * what people asked as a worker; only workers see which message is in which group.
 *
 * @returns how many were put; 0 also while there is no embedding model.
 */
export async function groupNewQuestions(
  { database, embedderById }: GroupingDeps,
  orgId: string,
  signal?: AbortSignal,
): Promise<number> {
  const worker = workerPrincipal(orgId);
  const modelId = await database.withPrincipal(worker, (tx) => findActiveModel(tx, orgId));
  const embedder = modelId === null ? null : embedderById(modelId);
  if (modelId === null || embedder === null) return 0;
  await database.withPrincipal(worker, (tx) => deleteGroupsOfOtherModels(tx, orgId, modelId));

  let grouped = 0;
  for (;;) {
    signal?.throwIfAborted();
    const questions = await database.withPrincipal(
      worker,
      (tx) => listUngrouped(tx, orgId, BATCH),
      { readOnly: true },
    );
    if (questions.length === 0) return grouped;
    const vectors = await embedAll(embedder, questions, signal);
    await database.withPrincipal(worker, async (tx) => {
      await lockQuestions(tx, orgId);
      for (const [index, question] of questions.entries()) {
        const vector = vectors[index];
        if (vector === undefined) throw new Error('the embedder left a question out');
        const nearest = await findNearestGroup(tx, orgId, modelId, vector);
        const same = nearest !== null && nearest.similarity >= SAME_QUESTION ? nearest : null;
        const groupId = same?.id ?? newId();
        if (same === null) await insertGroup(tx, orgId, { id: groupId, modelId, vector });
        const added = await insertMember(tx, orgId, groupId, question);
        if (added && same !== null) {
          await moveGroup(tx, orgId, groupId, meanWith(same.centroid, same.members, vector));
        }
      }
    });
    grouped += questions.length;
  }
}

async function embedAll(
  embedder: Embedder,
  questions: readonly Answered[],
  signal: AbortSignal | undefined,
): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < questions.length; start += embedder.maxBatch) {
    const texts = questions.slice(start, start + embedder.maxBatch).map(({ question }) => question);
    vectors.push(...(await embedder.embed(texts, signal === undefined ? {} : { signal })));
  }
  return vectors;
}

/** The mean of `members` vectors and one more. */
function meanWith(mean: readonly number[], members: number, vector: Float32Array): Float32Array {
  return vector.map((value, index) => {
    const before = mean[index] ?? 0;
    return before + (value - before) / (members + 1);
  });
}
