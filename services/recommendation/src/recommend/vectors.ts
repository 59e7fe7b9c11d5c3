import { createHash } from 'node:crypto';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Embedder } from '@docent/models/interfaces';
import type { Subject } from './subject.store.ts';
import {
  findActiveModel,
  findGoal,
  findUnembedded,
  saveGoal,
  saveItemVectors,
} from './vectors.store.ts';

export interface VectorDeps {
  readonly database: Database;
  readonly embedderById: (id: string) => Embedder | null;
}

/** The vector of what the learner wants to become, from job title and stated goal. */
export interface Goal {
  readonly modelId: string;
  readonly vector: string;
}

/** @returns null: nobody said, or the organization has no vectors that this process can make. */
export async function goalOf(
  { database, embedderById }: VectorDeps,
  orgId: string,
  { userId, jobTitle, goal }: Subject,
  signal?: AbortSignal,
): Promise<Goal | null> {
  const text = [goal, jobTitle]
    .filter((part) => part !== null)
    .join('. ')
    .slice(0, 2_000);
  if (text === '') return null;
  const hash = createHash('sha256').update(text).digest();
  const worker = workerPrincipal(orgId);
  const known = await database.withPrincipal(worker, (tx) => findGoal(tx, orgId, userId, hash), {
    readOnly: true,
    keepPlans: true,
  });
  if (known === null) return null;
  const { modelId, vector } = known;
  if (vector !== null) return { modelId, vector };
  const [made] = (await embedderById(modelId)?.embed([text], signal ? { signal } : {})) ?? [];
  if (made === undefined) return null;
  await database.withPrincipal(worker, (tx) =>
    saveGoal(tx, orgId, userId, { modelId, hash, vector: made }),
  );
  return { modelId, vector: `[${[...made].join(',')}]` };
}

/** Gives vectors to skills and courses that have none of the organization's model. */
export async function embedItems(
  { database, embedderById }: VectorDeps,
  orgId: string,
  signal: AbortSignal,
): Promise<void> {
  const worker = workerPrincipal(orgId);
  for (;;) {
    const modelId = await database.withPrincipal(worker, (tx) => findActiveModel(tx, orgId));
    const embedder = modelId === null ? null : embedderById(modelId);
    if (modelId === null || embedder === null) return;
    const items = await database.withPrincipal(worker, (tx) =>
      findUnembedded(tx, orgId, modelId, embedder.maxBatch),
    );
    if (items.length === 0) return;
    const texts = items.map(({ text }) => text);
    const vectors = await embedder.embed(texts, { signal });
    await database.withPrincipal(worker, (tx) =>
      saveItemVectors(tx, orgId, modelId, items, vectors),
    );
  }
}
