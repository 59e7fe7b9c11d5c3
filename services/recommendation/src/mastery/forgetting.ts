import { FSRSAlgorithm, type FSRSState, generatorParameters, Rating } from 'ts-fsrs';

/**
 * How well a skill is kept in memory. `stability`: days after which the probability of recall has fallen to 0.9;
 * `difficulty`: 1 to 10, how hard it is to keep.
 */
export interface Memory {
  readonly stability: number;
  readonly difficulty: number;
}

const DAY_MS = 86_400_000;
/** FSRS-6 with its published weights, without the random shift of review days. */
const fsrs = new FSRSAlgorithm(generatorParameters({ enable_fuzz: false }));

/**
 * The memory after an answer: each is a repetition, graded by its score.
 *
 * @param before the memory and when it was last used; null at the first answer.
 * @param score 0 to 1
 */
export function practised(
  before: { readonly memory: Memory; readonly at: Date } | null,
  score: number,
  at: Date,
): Memory {
  const days =
    before === null ? 0 : Math.max(0, Math.floor((at.getTime() - before.at.getTime()) / DAY_MS));
  const state: FSRSState | null = before === null ? null : { ...before.memory };
  const { stability, difficulty } = fsrs.next_state(state, days, gradeOf(score));
  return { stability, difficulty };
}

/** Probability of recall, 0 to 1, some time after the last answer (FSRS-6: a power curve). */
export function retrievability({ stability }: Pick<Memory, 'stability'>, last: Date, now: Date) {
  const days = Math.max(0, (now.getTime() - last.getTime()) / DAY_MS);
  return fsrs.forgetting_curve(days, stability);
}

function gradeOf(score: number): Rating {
  if (score < 0.5) return Rating.Again;
  if (score < 0.85) return Rating.Hard;
  return Rating.Good;
}
