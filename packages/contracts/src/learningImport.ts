import { z } from 'zod';
import { NewCourse, NewSkill, NewSkillTarget } from './learning.ts';
import { NewAssessment } from './learningAssessments.ts';
import { EdgeType } from './learningEdges.ts';

export const ImportKind = z.enum([
  'skills',
  'courses',
  'edges',
  'targets',
  'assessments',
  'questions',
]);
export type ImportKind = z.infer<typeof ImportKind>;

const Ref = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .describe('An id, an externalUri, or the name or title');
const Refs = z.array(Ref).max(100);
/** A default would write over what is there: a field that is not named stays. */
const skill = NewSkill.shape;
const course = NewCourse.shape;

/** A skill; one with this externalUri, or else this name, is changed. */
export const SkillRow = z.strictObject({
  name: skill.name,
  description: skill.description.unwrap().optional(),
  category: skill.category.unwrap().optional(),
  level: skill.level.unwrap().optional(),
  scheme: skill.scheme.unwrap().optional(),
  externalUri: skill.externalUri.unwrap().optional(),
  status: skill.status.unwrap().optional(),
  prerequisites: Refs.optional().describe('Skills that should be known before'),
});
export type SkillRow = z.infer<typeof SkillRow>;

/** A course; one with this externalUri, or else this title, is changed. */
export const CourseRow = z.strictObject({
  title: course.title,
  description: course.description.unwrap().optional(),
  durationMinutes: course.durationMinutes.unwrap().optional(),
  difficulty: course.difficulty.unwrap().optional(),
  objectives: course.objectives.unwrap().optional(),
  moveOn: course.moveOn.unwrap().optional(),
  externalUri: course.externalUri.unwrap().optional(),
  status: course.status.unwrap().optional(),
  skills: Refs.optional().describe('Skills that it teaches'),
  prerequisites: Refs.optional().describe('Courses that should be taken before'),
});
export type CourseRow = z.infer<typeof CourseRow>;

export const EdgeRow = z.strictObject({
  type: EdgeType.extract(['prerequisite', 'teaches']),
  fromKind: z.enum(['skill', 'course']),
  from: Ref,
  toKind: z.enum(['skill', 'course']),
  to: Ref,
  weight: z.number().gt(0).max(1).default(1),
});
export type EdgeRow = z.infer<typeof EdgeRow>;

const target = NewSkillTarget.shape;
export const TargetRow = z
  .strictObject({
    jobRole: target.jobRole,
    department: z.string().trim().min(1).max(200).nullable().default(null),
    skill: Ref,
    level: target.level,
    importance: target.importance,
  })
  .refine(({ jobRole, department }) => jobRole !== null || department !== null, {
    message: 'A target needs a jobRole, a department, or both.',
  });
export type TargetRow = z.infer<typeof TargetRow>;

const assessment = NewAssessment.shape;

/** An assessment without its questions; one with this externalUri, or else this title, is changed. */
export const AssessmentRow = z.strictObject({
  title: assessment.title,
  description: assessment.description.unwrap().optional(),
  course: Ref.optional().describe('Passing it counts as passing this course'),
  skill: Ref.optional().describe('Passing it counts as passing this skill'),
  difficulty: assessment.difficulty.unwrap().optional(),
  timeLimitMinutes: assessment.timeLimitMinutes.unwrap().optional(),
  passingScore: assessment.passingScore.unwrap().optional(),
  maxAttempts: assessment.maxAttempts.unwrap().optional(),
  feedback: assessment.feedback.unwrap().optional(),
  externalUri: assessment.externalUri.unwrap().optional(),
  status: assessment.status.unwrap().optional(),
});
export type AssessmentRow = z.infer<typeof AssessmentRow>;

const Texts = z.array(z.string().trim().min(1).max(2_000)).max(50);

/** A question; that of its assessment with this externalUri, or else this prompt, is changed. */
export const QuestionRow = z.strictObject({
  assessment: Ref,
  type: z.enum(['single', 'multiple', 'text', 'numeric']),
  prompt: z.string().trim().min(1).max(5_000),
  options: Texts.optional().describe('Texts of what one chooses from'),
  answer: z
    .union([Texts.min(1), z.string().trim().min(1).max(2_000), z.number()])
    .transform((given) => (Array.isArray(given) ? given : [String(given)]))
    .describe('Texts of the right options, every text that is right, or the number'),
  tolerance: z.number().min(0).optional().describe('Of a number: largest difference that is right'),
  skill: Ref.optional().describe('The skill that the answer is evidence of'),
  difficulty: assessment.difficulty.unwrap().optional(),
  weight: z.number().gt(0).max(1_000).optional(),
  explanation: z.string().trim().max(5_000).optional(),
  externalUri: assessment.externalUri.unwrap().optional(),
});
export type QuestionRow = z.infer<typeof QuestionRow>;

export const ImportResult = z.object({
  dryRun: z.boolean().describe('Nothing was written'),
  created: z.int().nonnegative(),
  updated: z.int().nonnegative(),
  unchanged: z.int().nonnegative(),
  refused: z.int().nonnegative(),
  items: z.array(
    z.object({
      line: z.int().positive(),
      status: z.enum(['created', 'updated', 'unchanged', 'refused']),
      id: z.uuid().optional(),
      problem: z.object({ code: z.string(), detail: z.string() }).optional(),
    }),
  ),
});
export type ImportResult = z.infer<typeof ImportResult>;
