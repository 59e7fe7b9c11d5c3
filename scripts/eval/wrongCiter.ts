import { sentences } from '@docent/core/text';
import type { ChatModel, ChatTurn } from '@docent/models/interfaces';
import { askAll, type Question } from './ask.ts';
import { shareOf } from './estimate.ts';
import type { Figure } from './figures.ts';
import type { Instance } from './instance.ts';

/** Sentences of an answer. */
const SENTENCES = 3;

/**
 * A stand-in for a chat model that quotes the passages of its prompt and cites every second sentence wrongly: the
 * number of a passage that does not say it, or a number in the sentence that its passage does not have.
 */
export function wrongCiter(): ChatModel {
  let written = 0;
  return {
    id: 'stand-in:wrong-citer',
    async *stream(turns) {
      const passages = passagesIn(turns);
      for (let index = 0; index < Math.min(SENTENCES, passages.length); index += 1) {
        const [own, other] = [passages[index], passages[(index + 1) % passages.length]];
        const sentence = own && longestSentence(own.text);
        if (!own || !other || !sentence) continue;
        written += 1;
        const { text, number } = misquoted(written, sentence, own, other);
        yield { type: 'text', text: `${text} [${number}]. ` };
      }
      yield { type: 'finish', reason: 'stop' };
    },
  };
}

interface Shown {
  readonly number: number;
  readonly text: string;
}

function misquoted(turn: number, sentence: string, own: Shown, other: Shown) {
  const digits = /\d+/.exec(sentence)?.[0];
  if (turn % 4 === 1 && !other.text.includes(sentence)) {
    return { text: sentence, number: other.number };
  }
  const changed = digits && String(Number(digits) + 13);
  if (turn % 4 === 3 && changed && !own.text.includes(changed)) {
    const text = sentence.replace(digits, changed);
    return { text, number: own.number };
  }
  return { text: sentence, number: own.number };
}

/** As the prompt fences them. */
function passagesIn(turns: readonly ChatTurn[]): Shown[] {
  const prompt = turns.at(-1)?.content ?? '';
  return [
    ...prompt.matchAll(/<passage-\w+ number="(\d+)">\nfrom: [^\n]*\n([\s\S]*?)\n<\/passage-/g),
  ].map(([, number, text]) => ({ number: Number(number), text: text ?? '' }));
}

function longestSentence(text: string): string | null {
  const found = sentences(text)
    .map((sentence) => oneLine(sentence.text).replace(/[.!?\s]+$/, ''))
    // A marker or a full stop inside would make two sentences of one.
    .filter((sentence) => sentence.length > 40 && !/[[\]]|[.!?]\s/.test(sentence));
  return found.sort((a, b) => b.length - a.length)[0] ?? null;
}

/**
 * What the check of citations makes of that. A citation is right when its source has the sentence word for word:
 * how many are as written, how many of those that are called supported, and how many right ones are called so.
 */
export async function measureWrongCiter(
  instance: Instance,
  set: string,
  questions: readonly Question[],
): Promise<Figure[]> {
  const answered = await askAll(instance, questions);
  const cited = answered.flatMap(({ message }) =>
    message.citations.map(({ answerSpan, chunkId, supported }) => {
      const claim = message.text.slice(answerSpan.start, answerSpan.end);
      const source = message.sources.find((one) => one.chunkId === chunkId);
      return { right: oneLine(source?.text ?? '').includes(oneLine(claim)), supported };
    }),
  );
  if (cited.length === 0) throw new Error('The stand-in for a chat model cited nothing.');
  const right = cited.filter((one) => one.right);
  const supported = cited.filter((one) => one.supported);
  return [
    { set, measure: 'wrong citer, right before', ...shareOf(cited, (one) => one.right) },
    { set, measure: 'wrong citer, right after', ...shareOf(supported, (one) => one.right) },
    { set, measure: 'wrong citer, right ones kept', ...shareOf(right, (one) => one.supported) },
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
