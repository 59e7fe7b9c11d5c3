import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '@docent/contracts/chat';
import { auroc, calibrationError, type Judged } from '@docent/core/logistic';
import { containsAnswer } from '@docent/core/metrics';
import { terms } from '@docent/core/text';
import { z } from 'zod';
import type { Instance } from './instance.ts';

const Question = z.object({
  _id: z.string(),
  text: z.string(),
  answerable: z.boolean(),
  answers: z.array(z.string()).default([]),
  evidence: z.array(z.string()).optional(),
});
export type Question = z.infer<typeof Question>;

/** Figures of answers. All but the counts and `ms`: 0 to 1; higher is better, but for `ece`. NaN: not to be told. */
export interface AnswerFigures {
  readonly asked: number;
  /** Short answers that stand in the text of the answer, of all answerable questions. */
  readonly contained: number;
  /** Answerable or not, by the confidence; and its expected calibration error. */
  readonly auroc: number;
  readonly ece: number;
  /** Of abstaining from what cannot be answered: harmonic mean of precision and recall. */
  readonly abstentionF1: number;
  /** Citations whose passages support their sentences. */
  readonly supported: number;
  /** Quotes that are evidence, and evidence that is quoted. */
  readonly citationPrecision: number;
  readonly citationRecall: number;
  /** Median milliseconds of an answer. */
  readonly ms: number;
}

/** Every question of a set, also those without an answer. */
export function readQuestions(evalDir: string, name: string): Question[] {
  return readFileSync(join(evalDir, 'retrieval', name, 'queries.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => Question.parse(JSON.parse(line)));
}

/** Asks the questions through the API, each in a conversation of its own, and judges the answers. */
export async function measureAnswers(
  { client }: Instance,
  questions: readonly Question[],
): Promise<AnswerFigures> {
  const answered: { question: Question; message: Message; ms: number }[] = [];
  for (const question of questions) {
    const startedAt = performance.now();
    const message = await client.chat.ask({ message: question.text.trim().slice(0, 4_000) });
    answered.push({ question, message, ms: performance.now() - startedAt });
  }
  const judged: Judged[] = answered.map(({ question, message }) => ({
    positive: question.answerable,
    weight: 1,
    probability: message.confidence?.value ?? 0,
  }));
  const short = answered.filter(
    ({ question }) => question.answerable && question.answers.length > 0,
  );
  const citations = answered.flatMap(({ message }) => message.citations);
  const grounded = answered.filter(
    ({ question, message }) => question.evidence && message.outcome === 'answer',
  );
  return {
    asked: questions.length,
    contained: share(short, ({ question, message }) =>
      question.answers.some((answer) => containsAnswer(message.text, answer)),
    ),
    auroc: auroc(judged),
    ece: calibrationError(judged),
    abstentionF1: f1(
      answered.map(({ question, message }) => ({
        right: !question.answerable,
        said: message.outcome !== 'answer',
      })),
    ),
    supported: share(citations, ({ supported }) => supported),
    citationPrecision: average(grounded, ({ question, message }) =>
      share(message.citations, ({ quote }) =>
        (question.evidence ?? []).some((sentence) => alike(quote, sentence)),
      ),
    ),
    citationRecall: average(grounded, ({ question, message }) =>
      share(question.evidence ?? [], (sentence) =>
        message.citations.some(({ quote }) => alike(quote, sentence)),
      ),
    ),
    ms: median(answered.map(({ ms }) => ms)),
  };
}

/** The figures as lines to print; what cannot be told of a set is left out. */
export function figuresOf({ asked, ms, ...shares }: AnswerFigures): string[] {
  const names: Readonly<Record<keyof typeof shares, string>> = {
    contained: 'short answer in the text',
    auroc: 'answerable or not, AUROC',
    ece: 'calibration error (ECE)',
    abstentionF1: 'abstention, F1',
    supported: 'citations supported',
    citationPrecision: 'quotes that are evidence',
    citationRecall: 'evidence that is quoted',
  };
  return [
    `  ${asked} questions, median ${ms.toFixed(0)} ms`,
    ...Object.entries(names).flatMap(([key, name]) => {
      const value = Object.entries(shares).find(([one]) => one === key)?.[1] ?? Number.NaN;
      return Number.isNaN(value) ? [] : [`  ${name.padEnd(28)}${value.toFixed(3)}`];
    }),
  ];
}

/** One holds seven tenths of the other's words: evidence is tokenised differently. */
function alike(quote: string, evidence: string): boolean {
  const [a, b] = [new Set(terms(quote)), new Set(terms(evidence))];
  const common = [...a].filter((term) => b.has(term)).length;
  return common / Math.max(1, Math.min(a.size, b.size)) >= 0.7;
}

function f1(rows: readonly { right: boolean; said: boolean }[]): number {
  const both = rows.filter(({ right, said }) => right && said).length;
  const precision = both / rows.filter(({ said }) => said).length;
  const recall = both / rows.filter(({ right }) => right).length;
  return (2 * precision * recall) / (precision + recall);
}

function share<T>(items: readonly T[], holdsFor: (item: T) => boolean): number {
  return items.filter(holdsFor).length / items.length;
}

/** The mean of what can be told. */
function average<T>(items: readonly T[], value: (item: T) => number): number {
  const values = items.map(value).filter((one) => !Number.isNaN(one));
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
