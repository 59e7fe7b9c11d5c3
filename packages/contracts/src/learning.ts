import { z } from 'zod';
import { Timestamp } from './common.ts';

/** Where a skill's definition comes from. */
export const SkillScheme = z.enum(['esco', 'onet', 'lightcast', 'custom']);
export type SkillScheme = z.infer<typeof SkillScheme>;

/** `draft`: seen by trainers only; `archived`: kept for what people did with it, not offered any more. */
export const LearningStatus = z.enum(['draft', 'published', 'archived']);
export type LearningStatus = z.infer<typeof LearningStatus>;

/** 1 is easiest, 5 is hardest. */
export const Difficulty = z.int().min(1).max(5);
/** What somebody can do: 1 knows of it, 5 teaches it. */
export const Level = z.int().min(1).max(5);
export const Name = z.string().trim().min(1).max(200);
export const Description = z.string().trim().max(5_000);
export const ExternalUri = z
  .url()
  .max(1_000)
  .describe('Its address elsewhere: in a taxonomy, or as the activity id of xAPI statements');
export const Metadata = z.record(z.string().max(100), z.json());

/** Another node of the learning graph, with its title. */
export const NodeRef = z.object({
  kind: z.enum(['skill', 'course', 'assessment', 'content']),
  id: z.uuid(),
  title: z.string(),
});
export type NodeRef = z.infer<typeof NodeRef>;

const skill = {
  name: Name,
  description: Description,
  category: z.string().trim().max(200).describe('Free text, for grouping and filtering'),
  level: Level.describe('How advanced the skill itself is, 1 to 5'),
  scheme: SkillScheme,
  externalUri: ExternalUri.nullable(),
  status: LearningStatus,
  metadata: Metadata,
};

export const Skill = z.object({
  id: z.uuid(),
  ...skill,
  prerequisites: z.array(NodeRef).describe('What should be known before; confirmed edges only'),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Skill = z.infer<typeof Skill>;

export const NewSkill = z.strictObject({
  ...skill,
  description: skill.description.default(''),
  category: skill.category.default(''),
  level: skill.level.default(1),
  scheme: skill.scheme.default('custom'),
  externalUri: skill.externalUri.default(null),
  status: skill.status.default('published'),
  metadata: skill.metadata.default({}),
});
export type NewSkill = z.infer<typeof NewSkill>;

export const SkillUpdate = z.strictObject(skill).partial();
export type SkillUpdate = z.infer<typeof SkillUpdate>;

/** Words, or parts of words, that names and descriptions must hold. */
const words = z.string().trim().min(1).max(200).optional();
const status = LearningStatus.optional().describe('Default: everything but what is archived');

export const skillFilters = {
  q: words.describe('Words, or parts of words, of name or description'),
  category: z.string().trim().min(1).max(200).optional(),
  level: z.coerce.number().int().min(1).max(5).optional(),
  scheme: SkillScheme.optional(),
  externalUri: z.string().max(1_000).optional(),
  status,
};
export type SkillFilters = z.infer<z.ZodObject<typeof skillFilters>>;

/** What completes a course: cmi5 calls it moveOn. */
export const MoveOn = z.enum([
  'completed',
  'passed',
  'completed_or_passed',
  'completed_and_passed',
]);
export type MoveOn = z.infer<typeof MoveOn>;

const course = {
  title: Name,
  description: Description,
  durationMinutes: z.int().min(1).max(100_000).nullable(),
  difficulty: Difficulty.describe('1 beginner, 3 intermediate, 5 advanced'),
  objectives: z.array(z.string().trim().min(1).max(500)).max(100).describe('Learning objectives'),
  moveOn: MoveOn.describe(
    'What completes it: being reported completed, its assessment passed, or both',
  ),
  externalUri: ExternalUri.nullable(),
  status: LearningStatus,
  metadata: Metadata,
};

export const Course = z.object({
  id: z.uuid(),
  ...course,
  prerequisites: z.array(NodeRef).describe('What should be known before; confirmed edges only'),
  skills: z.array(NodeRef).describe('Skills that it teaches; confirmed edges only'),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Course = z.infer<typeof Course>;

export const NewCourse = z.strictObject({
  ...course,
  description: course.description.default(''),
  durationMinutes: course.durationMinutes.default(null),
  difficulty: course.difficulty.default(3),
  objectives: course.objectives.default([]),
  moveOn: course.moveOn.default('completed_or_passed'),
  externalUri: course.externalUri.default(null),
  status: course.status.default('published'),
  metadata: course.metadata.default({}),
});
export type NewCourse = z.infer<typeof NewCourse>;

export const CourseUpdate = z.strictObject(course).partial();
export type CourseUpdate = z.infer<typeof CourseUpdate>;

export const courseFilters = {
  q: words.describe('Words, or parts of words, of title or description'),
  difficulty: z.coerce.number().int().min(1).max(5).optional(),
  maxMinutes: z.coerce.number().int().min(1).optional().describe('Not longer than this'),
  skillId: z.uuid().optional().describe('Teaches this skill'),
  externalUri: z.string().max(1_000).optional(),
  status,
};
export type CourseFilters = z.infer<z.ZodObject<typeof courseFilters>>;

const target = {
  jobRole: z.string().trim().min(1).max(200).nullable().describe('Job title, whatever its case'),
  departmentId: z.uuid().nullable(),
  skillId: z.uuid(),
  level: Level.describe('Level that people there should have'),
  importance: z.number().gt(0).max(1).describe('Weight among the targets, up to 1'),
};

/** What people in a job, of a department, or in a job of a department should be able to do. */
export const SkillTarget = z.object({
  id: z.uuid(),
  ...target,
  skillName: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type SkillTarget = z.infer<typeof SkillTarget>;

export const NewSkillTarget = z
  .strictObject({
    ...target,
    jobRole: target.jobRole.default(null),
    departmentId: target.departmentId.default(null),
    importance: target.importance.default(1),
  })
  .refine(({ jobRole, departmentId }) => jobRole !== null || departmentId !== null, {
    message: 'A target needs a jobRole, a departmentId, or both.',
  });
export type NewSkillTarget = z.infer<typeof NewSkillTarget>;

export const SkillTargetUpdate = z
  .strictObject({ level: target.level, importance: target.importance })
  .partial();
export type SkillTargetUpdate = z.infer<typeof SkillTargetUpdate>;

/** A job that levels of skills are asked of. */
export const TargetRole = z.object({
  title: z.string(),
  skills: z.int().positive(),
  own: z.boolean().describe('The caller’s own job'),
});
export type TargetRole = z.infer<typeof TargetRole>;

export const roleFilters = { q: words.describe('Words, or parts of words, of the job title') };
export type RoleFilters = z.infer<z.ZodObject<typeof roleFilters>>;

export const targetFilters = {
  jobRole: z.string().trim().min(1).max(200).optional(),
  departmentId: z.uuid().optional(),
  skillId: z.uuid().optional(),
};
export type TargetFilters = z.infer<z.ZodObject<typeof targetFilters>>;
