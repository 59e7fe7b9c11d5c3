import { auroc } from '@docent/core/logistic';
import { type RiskFeatures, riskFeatures, type Work } from '@docent/recommendation/atRisk/features';
import { fitRiskModel, riskOf } from '@docent/recommendation/atRisk/model';
import { z } from 'zod';
import { judge, learningFile, readTable } from './learning.ts';

const Assessment = z.object({
  code_module: z.string(),
  code_presentation: z.string(),
  id_assessment: z.string(),
  assessment_type: z.string(),
  date: z.string(),
});
const Submission = z.object({
  id_assessment: z.string(),
  id_student: z.string(),
  date_submitted: z.coerce.number(),
  score: z.string(),
});
const Enrolment = z.object({
  code_module: z.string(),
  code_presentation: z.string(),
  id_student: z.string(),
  num_of_prev_attempts: z.coerce.number(),
  final_result: z.enum(['Pass', 'Distinction', 'Fail', 'Withdrawn']),
});

interface Course {
  readonly year: string;
  readonly failed: boolean;
  readonly previousAttempts: number;
  readonly work: readonly Work[];
}

/** Who fails a course, foretold on a day of it from those of the year before (OULAD; who withdrew is left out). */
export async function evaluateAtRisk(evalDir: string): Promise<boolean> {
  const enrolments = await readEnrolments(evalDir);
  const train = enrolments.filter(({ year }) => year === '2013');
  const test = enrolments.filter(({ year }) => year === '2014');
  console.log(
    `\nat-risk: ${train.length} enrolments of 2013 to learn from, ${test.length} of 2014 to foretell`,
  );
  console.log('                            AUC');
  let reached = true;
  for (const day of [30, 60, 90]) {
    const known = (courses: readonly Course[]) =>
      courses.flatMap(({ work, previousAttempts, failed }) => {
        const features = riskFeatures(work, previousAttempts, day);
        return features === null ? [] : [{ features, failed }];
      });
    const judged = known(test);
    const model = fitRiskModel(known(train));
    if (model === null) throw new Error('There are too few enrolments to learn from.');
    const auc = (risk: (features: RiskFeatures) => number) =>
      auroc(
        judged.map(({ features, failed }) => ({
          positive: failed,
          weight: 1,
          probability: risk(features),
        })),
      );
    const ours = auc((features) => riskOf(model, features));
    console.log(`  day ${day}, ${judged.length} of whom work was due:`);
    print(
      'missing work',
      auc(({ shareHandedIn }) => 1 - shareHandedIn),
    );
    print(
      'mean score',
      auc(({ meanScore }) => 1 - meanScore),
    );
    print('model', ours);
    if (day === 60) reached = judge('AUC on day 60', ours, { min: 0.79 });
  }
  return reached;
}

async function readEnrolments(evalDir: string): Promise<Course[]> {
  const file = (name: string) => learningFile(evalDir, 'oulad', `${name}.csv`);
  const assessments = await readTable(file('assessments'), ',', Assessment);
  const submissions = await readTable(file('studentAssessment'), ',', Submission);
  const students = await readTable(file('studentInfo'), ',', Enrolment);

  const ofCourse = Map.groupBy(
    assessments.filter(({ date, assessment_type }) => date !== '' && assessment_type !== 'Exam'),
    courseKey,
  );
  const handedIn = new Map(
    submissions.map((each) => [`${each.id_student}/${each.id_assessment}`, each]),
  );
  return students
    .filter(({ final_result }) => final_result !== 'Withdrawn')
    .map((student) => ({
      year: student.code_presentation.slice(0, 4),
      failed: student.final_result === 'Fail',
      previousAttempts: student.num_of_prev_attempts,
      work: (ofCourse.get(courseKey(student)) ?? []).map(({ id_assessment, date }) => {
        const submission = handedIn.get(`${student.id_student}/${id_assessment}`);
        return {
          due: Number(date),
          handedIn: submission?.date_submitted ?? null,
          score: submission && submission.score !== '' ? Number(submission.score) : null,
        };
      }),
    }));
}

function courseKey(of: { code_module: string; code_presentation: string }): string {
  return `${of.code_module}/${of.code_presentation}`;
}

function print(label: string, auc: number): void {
  console.log(`    ${label.padEnd(20)}${auc.toFixed(3).padStart(8)}`);
}
