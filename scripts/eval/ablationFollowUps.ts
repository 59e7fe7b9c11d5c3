import { metricsAt10 } from '@docent/core/metrics';
import { type PastTurn, type StandAlone, standAlone } from '@docent/query/chat/followUp';
import { FOLLOW_UP } from '@docent/query/chat/followUp.weights';
import { retrieve } from '@docent/query/chat/retrieve';
import { type Estimate, meanOf, spread } from './estimate.ts';
import { type Dialogue, passagesOf, readDialogues } from './followUps.ts';
import { type Instance, openInstance } from './instance.ts';
import { loadSet } from './load.ts';

/** Conversations, of about seven questions. */
const DIALOGUES = 20;
/** Turns before a question that the chat looks back on. */
const HISTORY = 8;
/** Sources of an answer, as many as nDCG@10 looks at. */
const SOURCES = 10;

/** The name of the default. */
export const AS_IT_IS = 'as it is';

interface Variant {
  readonly name: string;
  readonly earlier?: number;
  readonly carried?: number;
  /** What is searched; default: the follow-up with what was said before. */
  readonly asked?: 'alone' | 'last only';
}

const { earlierWeight, carriedWeight } = FOLLOW_UP;
const VARIANTS: readonly Variant[] = [
  { name: AS_IT_IS },
  { name: 'last question only', asked: 'last only' },
  { name: 'as people wrote it to stand alone', asked: 'alone' },
  ...[0, 0.15, 0.5, 1].map((earlier) => ({
    name: `earlier questions ${earlier} (${earlierWeight})`,
    earlier,
  })),
  ...[0, 0.1, 0.4].map((carried) => ({
    name: `documents of the answer before ${carried} (${carriedWeight})`,
    carried,
  })),
];

/** A value of nDCG@10, and how far it is from the default's. */
export interface Row {
  readonly value: Estimate;
  /** To the default, in pairs; null: it is the default. */
  readonly change: Estimate | null;
}

/**
 * What each weight of earlier questions does to nDCG@10 of follow-ups. The conversations are held through the API as
 * they are by default; before each question, every variant searches for it with the same history.
 */
export async function ablateFollowUps(options: {
  readonly evalDir: string;
  readonly cacheDir: string;
  readonly env: Record<string, string | undefined>;
  readonly say: (line: string) => void;
}): Promise<Map<string, Row>> {
  const dialogues = readDialogues(options.evalDir);
  const set = passagesOf(dialogues);
  const instance = await openInstance({
    set: set.name,
    contents: JSON.stringify(set.passages),
    cacheDir: options.cacheDir,
    env: { ...options.env, ABSTAIN_BELOW: '0', ANSWER_PASSAGES: String(SOURCES) },
    rememberVectors: true,
  });
  const values = new Map(VARIANTS.map(({ name }): [string, number[]] => [name, []]));
  try {
    const passageOf = await loadSet(instance, set, (line) => options.say(`canard: ${line}`));
    for (const dialogue of spread(dialogues, DIALOGUES)) {
      await hold(instance, dialogue, async (question, history) => {
        for (const variant of VARIANTS) {
          const found = await search(instance, variant, question, history);
          const ids = found.map((contentId) => passageOf.get(contentId) ?? contentId);
          const { ndcg } = metricsAt10([...new Set(ids)], new Map([[dialogue.id, 1]]));
          values.get(variant.name)?.push(ndcg);
        }
      });
    }
  } finally {
    await instance.close();
  }
  const before = values.get(AS_IT_IS) ?? [];
  const changes = (own: readonly number[]) =>
    own === before ? null : meanOf(own.map((value, at) => value - (before[at] ?? Number.NaN)));
  return new Map(
    [...values].map(([name, own]) => [name, { value: meanOf(own), change: changes(own) }]),
  );
}

type Question = Dialogue['questions'][number];

/** Asks the questions of a conversation, and shows each with what was said before it. */
async function hold(
  { client }: Instance,
  { topic, questions }: Dialogue,
  before: (question: Question, history: readonly PastTurn[]) => Promise<void>,
): Promise<void> {
  const first = await client.chat.ask({ message: topic });
  const history = turnsOf(topic, first);
  for (const question of questions) {
    await before(question, history.slice(-HISTORY));
    const { conversationId } = first;
    const message = question.asked;
    history.push(...turnsOf(message, await client.chat.ask({ message, conversationId })));
  }
}

type Answer = Awaited<ReturnType<Instance['client']['chat']['ask']>>;

/** A question and its answer, as the chat remembers them. */
function turnsOf(asked: string, answer: Answer): PastTurn[] {
  const cited = answer.citations.filter(({ supported }) => supported);
  const turn: PastTurn = {
    role: 'assistant',
    text: answer.text,
    question: answer.question,
    cited: [...new Set(cited.map(({ contentId }) => contentId))],
    offered: answer.outcome === 'clarify' ? answer.nearest : [],
  };
  return [{ role: 'user', text: asked }, turn];
}

/** Contents of the sources that an answer would be written from, best first. */
async function search(
  { search: find, principal }: Instance,
  { earlier = earlierWeight, carried = carriedWeight, asked }: Variant,
  question: Question,
  history: readonly PastTurn[],
): Promise<string[]> {
  const { signal } = new AbortController();
  const text = asked === 'alone' ? question.alone : question.asked;
  const said = asked === undefined ? history : [];
  const wanted: StandAlone = await standAlone(text, said, {
    chatModel: null,
    timeoutMs: 1_000,
    signal,
  });
  const weights = { earlierWeight: earlier, carriedWeight: carried };
  const { passages } = await retrieve(
    find,
    principal,
    { question: wanted, filters: {}, limit: SOURCES, weights },
    signal,
  );
  return passages.map(({ contentId }) => contentId);
}
