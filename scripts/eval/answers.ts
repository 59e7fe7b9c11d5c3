import { auroc, calibrationError, type Judged } from '@docent/core/logistic';
import { containsAnswer } from '@docent/core/metrics';
import { terms } from '@docent/core/text';
import type { Answered } from './ask.ts';
import { bootstrapped, type Estimate, meanOf, medianOf, shareOf } from './estimate.ts';
import type { Figure, Measure } from './figures.ts';

/**
 * Judges the answers to a set's questions. What cannot be told of the set is left out.
 *
 * @param hasShortAnswers the set's answers are words of a passage, not sentences or names of intents.
 */
export function judgeAnswers(
  set: string,
  answered: readonly Answered[],
  hasShortAnswers: boolean,
): Figure[] {
  const answerable = answered.filter(({ question }) => question.answerable);
  const short = answerable.filter(() => hasShortAnswers);
  const citations = answered.flatMap(({ message }) => message.citations);
  const grounded = answered.filter(
    ({ question, message }) => question.evidence && message.outcome === 'answer',
  );
  const hasBoth = answerable.length > 0 && answerable.length < answered.length;
  const judged = answered.map(judgedOf);
  const found: [Measure, Estimate][] = [
    [
      'short answer in the text',
      shareOf(short, ({ question, message }) =>
        question.answers.some((answer) => containsAnswer(message.text, answer)),
      ),
    ],
    ['citations supported', shareOf(citations, ({ supported }) => supported)],
    ['quotes that are evidence', meanOf(grounded.flatMap(precision))],
    ['evidence that is quoted', meanOf(grounded.flatMap(recall))],
    ['ms, answer: until searching', medianOf(answered.map(({ times }) => times.before))],
    ['ms, answer: finding', medianOf(answered.map(({ times }) => times.finding))],
    ['ms, answer: writing, checking', medianOf(answered.map(({ times }) => times.writing))],
  ];
  if (hasBoth) {
    found.push(
      ['abstention F1', bootstrapped(answered, abstentionF1)],
      ['answerable or not, AUROC', bootstrapped(judged, auroc)],
      ['answerable or not, ECE', bootstrapped(judged, (rows) => calibrationError(rows))],
    );
  }
  return found.flatMap(([measure, estimate]) =>
    Number.isNaN(estimate.value) ? [] : [{ set, measure, ...estimate }],
  );
}

/** Whether the question can be answered, and how sure the answer was of itself. */
export function judgedOf({ question, message }: Answered): Judged {
  return {
    positive: question.answerable,
    weight: 1,
    probability: message.confidence?.value ?? 0,
  };
}

/** Harmonic mean of precision and recall of abstaining from what cannot be answered. */
function abstentionF1(answered: readonly Answered[]): number {
  const said = answered.filter(({ message }) => message.outcome !== 'answer');
  const right = answered.filter(({ question }) => !question.answerable);
  const both = said.filter(({ question }) => !question.answerable).length;
  return (2 * both) / (said.length + right.length);
}

/** Share of an answer's quotes that are evidence, as one value; none without a quote. */
function precision({ question, message }: Answered): number[] {
  const { citations } = message;
  if (citations.length === 0) return [];
  const right = citations.filter(({ quote }) =>
    (question.evidence ?? []).some((sentence) => alike(quote, sentence)),
  );
  return [right.length / citations.length];
}

function recall({ question: { evidence = [] }, message }: Answered): number[] {
  if (evidence.length === 0) return [];
  const quoted = evidence.filter((sentence) =>
    message.citations.some(({ quote }) => alike(quote, sentence)),
  );
  return [quoted.length / evidence.length];
}

/** One holds seven tenths of the other's words: evidence is tokenised differently. */
function alike(quote: string, evidence: string): boolean {
  const [a, b] = [new Set(terms(quote)), new Set(terms(evidence))];
  const common = [...a].filter((term) => b.has(term)).length;
  return common / Math.max(1, Math.min(a.size, b.size)) >= 0.7;
}
