import type { Message } from '@docent/contracts/chat';
import { auroc, type Judged } from '@docent/core/logistic';
import { askAll, type Question } from './ask.ts';
import { bootstrapped } from './estimate.ts';
import type { Figure } from './figures.ts';
import type { Instance } from './instance.ts';
import type { RetrievalSet } from './sets.ts';

/** The passage was found when it is one of the first: the third best is what an abstention shows last. */
const FOUND = 3;

/**
 * Asks answerable questions, and once more with the passage that answers them archived: the rest of its article
 * is still there, and looks as if it did. How well does the confidence tell the two apart? A question whose passage
 * was not found is left out: nothing was there that could be missing.
 */
export async function measureNearMisses(
  instance: Instance,
  set: RetrievalSet,
  passageOf: ReadonlyMap<string, string>,
  questions: readonly Question[],
): Promise<Figure> {
  const contentOf = new Map([...passageOf].map(([contentId, passage]) => [passage, contentId]));
  const relevant = new Map(set.queries.map((query) => [query.id, query.relevant]));
  const judged: Judged[] = [];
  for (const question of questions) {
    const right = [...(relevant.get(question._id)?.keys() ?? [])].flatMap(
      (passage) => contentOf.get(passage) ?? [],
    );
    if (right.length === 0) continue;
    const whole = await ask(question);
    const found = [...whole.sources, ...whole.nearest].sort((a, b) => b.score - a.score);
    if (!found.slice(0, FOUND).some(({ contentId }) => right.includes(contentId))) continue;
    await publish(right, 'archived');
    const missing = await ask(question);
    await publish(right, 'published');
    for (const [positive, { confidence }] of [
      [true, whole],
      [false, missing],
    ] as const) {
      judged.push({ positive, weight: 1, probability: confidence?.value ?? 0 });
    }
  }
  return { set: set.name, measure: 'near miss, AUROC', ...bootstrapped(judged, auroc) };

  async function ask(question: Question): Promise<Message> {
    const [answered] = await askAll(instance, [question]);
    if (!answered) throw new Error('one question has one answer');
    return answered.message;
  }

  async function publish(contentIds: readonly string[], status: 'archived' | 'published') {
    for (const id of contentIds) await instance.client.content.update(id, { status });
  }
}
