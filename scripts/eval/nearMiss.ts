import { auroc, type Judged } from '@docent/core/logistic';
import { askAll, type Question } from './ask.ts';
import { bootstrapped } from './estimate.ts';
import type { Figure } from './figures.ts';
import type { Instance } from './instance.ts';
import type { RetrievalSet } from './sets.ts';

/**
 * Asks answerable questions, and once more with the passage that answers them archived: the rest of its article
 * is still there, and looks as if it did. How well does the confidence tell the two apart?
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
    judged.push(await confidenceIn(true, question));
    await publish(right, 'archived');
    judged.push(await confidenceIn(false, question));
    await publish(right, 'published');
  }
  return { set: set.name, measure: 'near miss, AUROC', ...bootstrapped(judged, auroc) };

  async function confidenceIn(positive: boolean, question: Question): Promise<Judged> {
    const [answered] = await askAll(instance, [question]);
    return { positive, weight: 1, probability: answered?.message.confidence?.value ?? 0 };
  }

  async function publish(contentIds: readonly string[], status: 'archived' | 'published') {
    for (const id of contentIds) await instance.client.content.update(id, { status });
  }
}
