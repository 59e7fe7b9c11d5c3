import {
  type Evaluation,
  type EvaluationComparison,
  type EvaluationResult,
  type Measure,
  measures,
  type RunSettings,
} from '@docent/contracts/evaluations';
import { beyondNoise, estimate } from '@docent/core/metrics';
import { measured } from './figures.ts';

/** What two results are compared by. */
export type Compared = Pick<
  EvaluationResult,
  'position' | 'questionId' | 'question' | 'answerable' | 'status' | 'outcome' | Measure
>;

export interface Pair {
  readonly from: Compared;
  readonly to: Compared;
}

/** Changed questions that a comparison shows of each kind. */
const SHOWN = 50;

/** The questions that both runs asked alike and answered, in the order of the second run. */
export function pairsOf(from: readonly Compared[], to: readonly Compared[]): Pair[] {
  const before = new Map(from.map((result) => [result.questionId, result]));
  return to.flatMap((result) => {
    const other = before.get(result.questionId);
    const alike =
      other?.question === result.question &&
      other.answerable === result.answerable &&
      other.status === 'done' &&
      result.status === 'done';
    return alike ? [{ from: other, to: result }] : [];
  });
}

/** By whether it passed; of two that did or did not, by where the right contents stand. */
export function changeOf({ from, to }: Pair): 'better' | 'worse' | 'same' {
  const [a, b] = [from, to].map(({ passed, ndcg }) => [Number(passed), ndcg ?? 0] as const);
  const difference = (b?.[0] ?? 0) - (a?.[0] ?? 0) || (b?.[1] ?? 0) - (a?.[1] ?? 0);
  if (Math.abs(difference) < 1e-9) return 'same';
  return difference > 0 ? 'better' : 'worse';
}

type Side = Pick<Evaluation, 'id' | 'settings' | 'startedAt' | 'figures'>;

/** A run (`to`) against another one (`from`). Pairs of questions: what is hard for both makes no difference. */
export function compareRuns(from: Side, to: Side, pairs: readonly Pair[]): EvaluationComparison {
  const changed = (kind: 'better' | 'worse') => pairs.filter((pair) => changeOf(pair) === kind);
  const [better, worse] = [changed('better'), changed('worse')];
  const compared = measures.flatMap((measure) => comparisonOf(measure, pairs) ?? []);
  const materialChanged = changedBetween(from, to);
  return {
    id: to.id,
    with: from.id,
    pairs: pairs.length,
    sentence: `${conclusion(pairs.length, compared)}${materialChanged ? CHANGED : ''}`,
    settings: settingsChanged(from.settings, to.settings),
    materialChanged,
    measures: compared,
    better: better.length,
    worse: worse.length,
    same: pairs.length - better.length - worse.length,
    betterQuestions: better.slice(0, SHOWN).map(shown),
    worseQuestions: worse.slice(0, SHOWN).map(shown),
  };
}

const CHANGED = ' The material changed meanwhile, which may be why.';

/** Some content was added, changed or removed after the first of the two had begun. */
function changedBetween(...sides: readonly [Side, Side]): boolean {
  const [a, b] = sides.map(({ figures }) => figures?.material);
  if (!a || !b) return false;
  const begun = Math.min(...sides.map(({ startedAt }) => Date.parse(startedAt ?? '')));
  const changes = [a, b].map(({ changedAt }) => Date.parse(changedAt ?? ''));
  return a.contents !== b.contents || changes.some((change) => change > begun);
}

type Comparison = EvaluationComparison['measures'][number];

function comparisonOf(measure: Measure, pairs: readonly Pair[]): Comparison | null {
  const values = pairs.flatMap(({ from, to }) => {
    const [a, b] = [measured(from, measure), measured(to, measure)];
    return a === null || b === null ? [] : [[a, b] as const];
  });
  const differences = values.map(([a, b]) => b - a);
  const found = estimate(differences);
  if (found === null) return null;
  const mean = (index: 0 | 1) => values.reduce((sum, pair) => sum + pair[index], 0) / values.length;
  const comparison = {
    measure,
    pairs: found.count,
    from: mean(0),
    to: mean(1),
    difference: found.mean,
    standardError: found.standardError,
    beyondNoise: beyondNoise(differences),
  };
  return { ...comparison, sentence: sentenceOf(comparison, differences) };
}

function sentenceOf(
  { measure, from, to, difference, standardError, beyondNoise: sure }: Omit<Comparison, 'sentence'>,
  differences: readonly number[],
): string {
  const changed = differences.filter((one) => one !== 0).length;
  const of = `${changed} of ${differences.length} questions differ`;
  if (changed === 0) return `${measure}: no difference on ${differences.length} questions.`;
  const error = standardError === null ? '' : ` ± ${standardError.toFixed(3)}`;
  const figures = `${from.toFixed(3)} → ${to.toFixed(3)}, ${signed(difference)}${error}; ${of}`;
  if (!sure) return `${measure}: no difference beyond noise (${figures}).`;
  return `${measure}: ${difference > 0 ? 'better' : 'worse'} (${figures}).`;
}

function conclusion(pairs: number, compared: readonly Comparison[]): string {
  if (pairs === 0) return 'The two runs have no question in common.';
  const sure = compared.filter((one) => one.beyondNoise);
  const on = `on ${pairs} ${pairs === 1 ? 'question' : 'questions'}.`;
  if (sure.length === 0) return `No difference beyond noise ${on}`;
  const names = (sign: 1 | -1) =>
    sure.filter(({ difference }) => difference * sign > 0).map(({ measure }) => measure);
  const parts = [
    ['better', names(1)],
    ['worse', names(-1)],
  ] as const;
  const told = parts.flatMap(([word, all]) =>
    all.length === 0 ? [] : [`${word} by ${all.join(', ')}`],
  );
  const sentence = `${told.join('; ')} ${on}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

function settingsChanged(from: RunSettings, to: RunSettings): EvaluationComparison['settings'] {
  const before = new Map<string, RunSettings[keyof RunSettings]>(Object.entries(from));
  return Object.entries(to).flatMap(([name, value]) => {
    const other = before.get(name) ?? null;
    return other === value ? [] : [{ name, from: other, to: value }];
  });
}

function shown({ from, to }: Pair): EvaluationComparison['betterQuestions'][number] {
  const side = ({ passed, outcome }: Compared) => ({ passed, outcome });
  return {
    questionId: to.questionId,
    position: to.position,
    question: to.question,
    from: side(from),
    to: side(to),
  };
}
