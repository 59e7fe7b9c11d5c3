import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricsAt10 } from '@docent/core/metrics';
import { z } from 'zod';
import { meanOf } from './estimate.ts';
import type { Figure } from './figures.ts';
import type { Instance } from './instance.ts';
import type { RetrievalSet } from './sets.ts';

/** The history begins with the title of the article and of its section; then questions and answers alternate. */
const Turn = z.object({
  _id: z.string(),
  history: z.array(z.string()),
  question: z.string(),
  rewrite: z.string(),
});

/** A conversation about one section of an article. */
export interface Dialogue {
  readonly id: string;
  /** What the reader has before them: "Frank Zappa, Disbandment". */
  readonly topic: string;
  /** In order; `alone`: as people wrote it for somebody who does not know what was said before. */
  readonly questions: readonly { readonly asked: string; readonly alone: string }[];
  /** What was answered, in order. */
  readonly answers: readonly string[];
}

export function readDialogues(evalDir: string): Dialogue[] {
  const turns = readFileSync(join(evalDir, 'retrieval', 'canard', 'rewrites.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => Turn.parse(JSON.parse(line)));
  const dialogues = Map.groupBy(turns, ({ _id }) => _id.split('#')[0] ?? _id);
  return [...dialogues].map(([id, own]) => {
    const [article = '', section = '', ...said] = own.at(-1)?.history ?? [];
    return {
      id,
      topic: `${article}, ${section}`,
      questions: own.map(({ question, rewrite }) => ({ asked: question, alone: rewrite })),
      answers: said.filter((_, index) => index % 2 === 1),
    };
  });
}

/** One passage for each conversation: its topic, and what was answered. The set has no corpus of its own. */
export function passagesOf(dialogues: readonly Dialogue[]): RetrievalSet {
  return {
    name: 'canard',
    passages: dialogues.map(({ id, topic, answers }) => ({
      _id: id,
      title: topic,
      text: answers.join(' '),
    })),
    queries: [],
    unanswerable: 0,
  };
}

/**
 * Holds the conversations through the API, and asks each follow-up also without what was said before, and as
 * people wrote it to stand alone. The sources of the answers, best first, are what was found.
 *
 * @param instance one that never abstains: an abstention shows three passages only.
 */
export async function measureFollowUps(
  { client }: Instance,
  passageOf: ReadonlyMap<string, string>,
  dialogues: readonly Dialogue[],
): Promise<Figure[]> {
  const [alone, asked, lastOnly]: [number[], number[], number[]] = [[], [], []];
  for (const { id, topic, questions } of dialogues) {
    const { conversationId } = await client.chat.ask({ message: topic });
    const ndcg = async (message: string, within?: string) => {
      const inside = within === undefined ? {} : { conversationId: within };
      const { sources, nearest } = await client.chat.ask({ message, ...inside });
      const found = [...sources, ...nearest]
        .sort((a, b) => b.score - a.score)
        .map(({ contentId }) => passageOf.get(contentId) ?? contentId);
      return metricsAt10([...new Set(found)], new Map([[id, 1]])).ndcg;
    };
    for (const question of questions) {
      asked.push(await ndcg(question.asked, conversationId));
      lastOnly.push(await ndcg(question.asked));
      alone.push(await ndcg(question.alone));
    }
  }
  return [
    { set: 'canard', measure: 'follow-ups, stand-alone nDCG', ...meanOf(alone) },
    { set: 'canard', measure: 'follow-ups, as asked nDCG', ...meanOf(asked) },
    { set: 'canard', measure: 'follow-ups, last only nDCG', ...meanOf(lastOnly) },
  ];
}
