import { auroc, calibrationError, type Judged } from '@docent/core/logistic';
import { newLearner, rateAnswers } from '@docent/recommendation/mastery/ratings';
import { z } from 'zod';
import { judge, learningFile, readTable } from './learning.ts';

const AnswerRow = z.object({
  user_id: z.string(),
  item_id: z.string(),
  timestamp: z.coerce.number(),
  correct: z.enum(['0', '1']),
  skill_id: z.string(),
});
type AnswerRow = z.infer<typeof AnswerRow>;

/**
 * How well mastery foretells the next answer of learners who were never seen before (Statics, split by learner):
 * every answer is predicted before it is counted.
 */
export async function evaluateMastery(evalDir: string): Promise<boolean> {
  const read = (name: string) =>
    readTable(learningFile(evalDir, 'kt', 'statics-gervet', `${name}.csv`), '\t', AnswerRow);
  const [train, test] = [await read('train'), await read('test')];

  const startedAt = performance.now();
  const difficulties = { questions: new Map(), skills: new Map() };
  predict(train, difficulties);
  const mastery = predict(test, difficulties);
  const ms = performance.now() - startedAt;
  const average = runningAverage(train, test);

  const answers = train.length + test.length;
  console.log(
    `\nmastery: ${answers} answers, ${(ms / answers).toFixed(4)} ms each; predicted are the ${test.length} of the test learners`,
  );
  console.log('                          AUC   log loss     ECE');
  print('average so far', average);
  print('Elo', mastery);
  const reached = [
    judge('AUC', auroc(mastery), { min: 0.82 }),
    judge('ECE', calibrationError(mastery), { max: 0.03 }),
  ];
  return reached.every(Boolean);
}

function predict(rows: readonly AnswerRow[], difficulties: Parameters<typeof rateAnswers>[2]) {
  const judged: Judged[] = [];
  for (const own of Map.groupBy(rows, (row) => row.user_id).values()) {
    const answers = own.map((row, index) => ({
      id: String(index),
      questionId: row.item_id,
      skillId: row.skill_id,
      score: Number(row.correct),
      difficulty: 3,
      answeredAt: new Date(1000 * row.timestamp),
    }));
    const { contributions } = rateAnswers(newLearner, answers, difficulties);
    for (const [index, { predicted }] of contributions.entries()) {
      judged.push({ positive: own[index]?.correct === '1', weight: 1, probability: predicted });
    }
  }
  return judged;
}

/** What is stored where mastery is a mean score: of the learner and skill so far, before that of all. */
function runningAverage(train: readonly AnswerRow[], test: readonly AnswerRow[]): Judged[] {
  const overall = train.filter(({ correct }) => correct === '1').length / train.length;
  const seen = new Map<string, { right: number; all: number }>();
  return test.map(({ user_id, skill_id, correct }) => {
    const key = `${user_id}/${skill_id}`;
    const { right, all } = seen.get(key) ?? { right: 0, all: 0 };
    const positive = correct === '1';
    seen.set(key, { right: right + (positive ? 1 : 0), all: all + 1 });
    return { positive, weight: 1, probability: (right + overall) / (all + 1) };
  });
}

function print(label: string, judged: readonly Judged[]): void {
  const cell = (value: number) => value.toFixed(3).padStart(9);
  console.log(
    `  ${label.padEnd(18)}${cell(auroc(judged))}${cell(logLoss(judged))}${cell(calibrationError(judged))}`,
  );
}

/** Mean surprise of what came, in nats; lower is better. */
function logLoss(judged: readonly Judged[]): number {
  const surprise = ({ positive, probability }: Judged) =>
    -Math.log(Math.min(Math.max(positive ? probability : 1 - probability, 1e-15), 1));
  return judged.reduce((sum, each) => sum + surprise(each), 0) / judged.length;
}
