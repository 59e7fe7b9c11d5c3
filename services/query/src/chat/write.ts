import { randomBytes } from 'node:crypto';
import { describePlace } from '@docent/contracts/place';
import { AppError } from '@docent/core/errors';
import { terms } from '@docent/core/text';
import { type PickedSentence, pickSentences } from '@docent/models/extractive';
import type { ChatModel } from '@docent/models/interfaces';
import type { FoundPassage, SearchResult } from '../search/interfaces.ts';
import { evidenceOfShown, probabilityOf } from './confidence.ts';
import { type Conflict, findConflict } from './conflicts.ts';
import { conflictKeptQuiet } from './conflictsOfModel.ts';
import { type AnswerTask, type Draft, type Emit, releaseTo } from './draft.ts';
import type { ChatLog } from './finish.ts';
import { FOLLOW_UP } from './followUp.weights.ts';
import { createLinkGuard } from './links.ts';
import { createLengthLimit } from './longestAnswer.ts';
import { CHARACTERS_PER_TOKEN, type ModelTimes, streamWithin } from './modelStream.ts';
import { buildPrompt, NO_ANSWER } from './prompt.ts';
import type { Retrieved } from './retrieve.ts';

/**
 * Has the chat model write from the passages. What goes on and on, whatever it was allowed, ends with a sentence.
 *
 * @returns false when the model says that they do not answer; nothing was sent then.
 * @throws AppError `model_unavailable`, `model_rate_limited` or `model_timeout`; nothing was sent if
 *   `draft.text` is empty. The reason of `signal`.
 */
export async function writeGenerative(
  chatModel: ChatModel,
  { task, draft, found, emit, signal }: WriteInput,
  limits: { times: ModelTimes; contextTokens: number; maxTokens: number },
  log: ChatLog,
): Promise<boolean> {
  const { turns, shown } = buildPrompt({
    question: draft.question,
    language: draft.wording.name,
    passages: found.passages,
    history: task.history,
    boundary: randomBytes(16).toString('hex'),
    budgetTokens: limits.contextTokens,
  });
  const passages = found.passages.slice(0, shown);
  const release = releaseTo(draft, passages, emit);
  const gate = createDeclineGate();
  const guard = createLinkGuard(passages, draft.wording.linkRemoved);
  const limit = createLengthLimit(limits.maxTokens * CHARACTERS_PER_TOKEN);
  let cut: string | null = null;
  const options = { signal, times: limits.times, maxTokens: limits.maxTokens };
  for await (const part of streamWithin(chatModel, turns, options)) {
    if (part.type === 'text') {
      await release.push(guard.push(gate.push(limit.push(part.text))));
      // Whatever follows would only be paid for.
      if (gate.declined() && draft.text === '') return false;
      if (limit.reached()) {
        log.warn({ model: draft.model }, 'the chat model wrote more than it may; it was stopped');
        break;
      }
    } else if (part.type === 'model') {
      draft.model = part.id;
    } else if (part.type === 'usage') {
      const { promptTokens, completionTokens } = part;
      draft.usage = { promptTokens, completionTokens };
    } else if (part.reason !== 'stop') cut = part.reason;
  }
  await release.push(guard.push(gate.push(limit.end()) + gate.end()) + guard.end());
  await release.end();
  if (cut === 'length') throw cutOff('The answer reached its longest length and was cut.');
  if (cut !== null) throw cutOff('The model’s provider cut the answer off.');
  if (draft.text.trim() === '') throw cutOff('The chat model wrote nothing.');
  draft.outcome = gate.declined() && draft.cited.length === 0 ? 'abstain' : 'answer';
  const conflict = draft.outcome === 'answer' ? conflictKeptQuiet(draft, passages) : null;
  if (conflict) {
    await release.push(conflictText(conflict, draft, ({ passage }) => passage + 1));
    await release.end();
  }
  return true;
}

export interface WriteInput {
  readonly task: AnswerTask;
  readonly draft: Draft;
  readonly found: SearchResult;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

function cutOff(sentence: string): AppError {
  return new AppError('model_unavailable', sentence);
}

/**
 * Takes NO_ANSWER out of a text that comes in pieces. Where the text begins with it, all of it is taken: a model
 * that declines and goes on talking does so from its own head. White space at the start is dropped.
 */
export function createDeclineGate() {
  let rest = '';
  let begun = false;
  let found = false;

  function take(final: boolean): string {
    if (!begun) {
      const start = rest.trimStart().replace(/^["'“*_`]+/, '');
      if (start.startsWith(NO_ANSWER)) found = true;
      if (found || (!final && NO_ANSWER.startsWith(start))) return '';
      rest = rest.trimStart();
      begun = rest !== '';
    }
    const text = rest.replaceAll(NO_ANSWER, () => {
      found = true;
      return '';
    });
    const held = final ? 0 : heldBack(text);
    rest = text.slice(text.length - held);
    return text.slice(0, text.length - held);
  }

  return {
    push(text: string): string {
      rest += text;
      return take(false);
    },
    end: () => take(true),
    declined: () => found,
  };
}

/** Length of the end of a text that may become NO_ANSWER. */
function heldBack(text: string): number {
  for (let length = Math.min(NO_ANSWER.length - 1, text.length); length > 0; length -= 1) {
    if (NO_ANSWER.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

/**
 * Answers with sentences of the passages, each with its citation. Of a question that leans on earlier ones, words that
 * only those have weigh a share (FOLLOW_UP), and a sentence that has none of its own is not quoted where another has,
 * unless a pronoun says that it asks about the same.
 *
 * @returns false when no sentence says anything about the question; nothing was sent then.
 */
export async function writeExtractive({
  draft,
  found,
  emit,
  signal,
}: WriteInput & { readonly found: Retrieved }): Promise<boolean> {
  const language = found.passages[0]?.language ?? null;
  // Words of two languages are not comparable: the best passage's language is the answer's.
  const passages = found.passages.filter((passage) => passage.language === language);
  const rarity = rarityIn(found);
  const own = ownTerms(found, language);
  // "How long does it take?" has no subject but the earlier one: its own words find sentences about anything.
  const names = found.pointsBack ? null : own;
  const { sentences } = pickSentences(draft.question, passages.map(toExtract), {
    language,
    weights: (term) => (names?.has(term) === false ? FOLLOW_UP.earlierWeight : 1) * rarity(term),
    needs: [...(names ?? [])],
  });
  if (sentences.length === 0) return false;
  if (own !== null) draft.probability = probabilityOfShown(sentences, passages, found);

  const conflict = findConflict(sentences, passages);
  const quoted = [...sentences, ...(conflict?.others ?? [])];
  const used = [...new Set(quoted.map(({ passage }) => passage))];
  const numberOf = ({ passage }: { passage: number }) => used.indexOf(passage) + 1;
  const release = releaseTo(
    draft,
    used.flatMap((index) => passages[index] ?? []),
    emit,
  );
  for (const [position, sentence] of sentences.entries()) {
    signal.throwIfAborted();
    const text = cited(sentence, numberOf(sentence));
    await release.push(separator(sentences[position - 1], sentence) + text);
  }
  if (conflict) {
    await release.push(conflictText(conflict, draft, numberOf));
  }
  await release.end();
  draft.outcome = 'answer';
  return true;
}

/** Both sides of a conflict, each with its source. */
function conflictText(
  { said, others }: Conflict,
  { wording }: Draft,
  numberOf: (one: Conflict['said']) => number,
): string {
  const [one = '', ...rest] = [said, ...others].map((each) =>
    cited({ kind: 'sentence', text: each.text }, numberOf(each)),
  );
  return `\n\n${wording.conflict(one, rest.join(' '))}`;
}

/** Words that a follow-up does not have from earlier questions; null: it has no other words, or is no follow-up. */
function ownTerms({ earlier, query }: Retrieved, language: string | null) {
  const own = new Set(terms(query, language));
  return earlier === null || own.size === 0 ? null : own;
}

/** That a follow-up's own words, which the probability is about, are answered by the sentences that are quoted. */
function probabilityOfShown(
  shown: readonly PickedSentence[],
  passages: readonly FoundPassage[],
  { query, terms: known, evidence, probability, modelId }: Retrieved,
): number {
  const quoted = shown.flatMap(({ passage, text }) => {
    const from = passages[passage];
    return from ? [{ ...from, text }] : [];
  });
  const left = evidenceOfShown(evidence, query, { passages: quoted, terms: known });
  return Math.min(probability, probabilityOf(left, modelId));
}

function toExtract({ text, score, title, place }: FoundPassage) {
  return { text, score, heading: `${title}\n${describePlace(place)}` };
}

/** How rare a word of the question is in the material; one that the index does not know is the rarest. */
function rarityIn({ terms }: SearchResult): (term: string) => number {
  const rarity = new Map<string, number>();
  for (const { lexeme, idf } of terms) {
    rarity.set(lexeme, Math.max(idf, rarity.get(lexeme) ?? 0));
  }
  const rarest = Math.max(1, ...rarity.values());
  return (term) => rarity.get(term) ?? rarest;
}

/** Sentences of one passage make a paragraph, its list items a list; another passage begins a new one. */
function separator(before: PickedSentence | undefined, sentence: PickedSentence): string {
  if (!before) return '';
  const sameKind = before.passage === sentence.passage && before.kind === sentence.kind;
  if (sameKind && sentence.kind === 'sentence') return ' ';
  return sameKind && sentence.kind !== 'code' ? '\n' : '\n\n';
}

/** The sentence with its marker before the full stop: `Owners drop values [1].` */
function cited({ kind, text }: Pick<PickedSentence, 'kind' | 'text'>, number: number): string {
  // In a code block a marker would be code; the sentence that announces it has one.
  if (kind === 'code') return text;
  const plain = withoutMarkers(text);
  const [stop = ''] = /[.!?:…]+["”’')]*$/.exec(plain) ?? [];
  const marked = `${plain.slice(0, plain.length - stop.length).trimEnd()} [${number}]${stop}`;
  return kind === 'sentence' ? marked : `- ${marked}`;
}

/** A source’s own `[3]` would read as a marker of the answer; not so in code. */
function withoutMarkers(text: string): string {
  return text
    .split(/(`+[^`]*`+)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/\s?\[\^?\d{1,3}\]/g, '')))
    .join('');
}
