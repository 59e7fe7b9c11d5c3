import { z } from 'zod';
import { Timestamp } from './common.ts';

/** What is recommended. */
export const RecommendationType = z.enum(['skill', 'course', 'content']);
export type RecommendationType = z.infer<typeof RecommendationType>;

/** Why something is recommended; `evidence` holds the numbers of each. */
export const ReasonType = z
  .enum([
    'next_step',
    'together',
    'similar',
    'part_of',
    'skill_gap',
    'prerequisite',
    'goal',
    'popular',
    'refresher',
    'asked_for',
    'new',
    'explore',
  ])
  .describe(
    'next_step: what people took next; together: taken by the same people; similar: near in topic; part_of: ' +
      'belongs to a course under way; skill_gap: to reach a target level; prerequisite: needed before something else; goal: fits the stated goal; popular: begun ' +
      'by many; refresher: known well, and practised long ago; asked_for: a target of the department; new: among the ' +
      'newest material, nothing else speaks for it; explore: on trial in one place of ten, to find out who it is for. ' +
      'Material of a recommended course has the reason of the course, which `evidence` names',
  );
export type ReasonType = z.infer<typeof ReasonType>;

export const Recommendation = z.object({
  id: z.uuid().describe('Of the recommendation: for events'),
  type: RecommendationType,
  itemId: z.uuid(),
  title: z.string(),
  description: z.string(),
  score: z.number().min(0).max(1),
  position: z.int().positive().describe('1 is the first of the list'),
  reasonType: ReasonType,
  reason: z.string().describe('A sentence for the learner'),
  evidence: z
    .record(z.string(), z.json())
    .describe('What the sentence rests on; numbers of people only from five on'),
  durationMinutes: z.int().nullable(),
  algoVersion: z.string(),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** Something that was begun, or assigned, and is not finished: not recommended, but to go on with. */
export const Continuation = z.object({
  type: z.enum(['skill', 'course']),
  itemId: z.uuid(),
  title: z.string(),
  status: z.enum(['assigned', 'in_progress']),
  progress: z.number().min(0).max(100),
  dueAt: Timestamp.nullable(),
  lastSeenAt: Timestamp,
});
export type Continuation = z.infer<typeof Continuation>;

export const RecommendationList = z.object({
  items: z.array(Recommendation).describe('Best first'),
  continue: z.array(Continuation).describe('Newest first'),
  personal: z
    .boolean()
    .describe(
      'False: profiling is off, the list is what is popular, asked for or new where one works',
    ),
  algoVersion: z.string(),
  generatedAt: Timestamp,
});
export type RecommendationList = z.infer<typeof RecommendationList>;

export const recommendationQuery = {
  type: RecommendationType.default('course'),
  limit: z.coerce.number().int().min(1).max(50).default(10).describe('1 to 50'),
};

export const DismissReason = z.enum(['not_relevant', 'already_know']);
export type DismissReason = z.infer<typeof DismissReason>;

export const RecommendationEvent = z
  .discriminatedUnion('event', [
    z.strictObject({
      event: z
        .enum(['shown', 'clicked', 'enrolled', 'completed', 'restored'])
        .describe('restored: the item was dismissed, and may be recommended again'),
      position: z.int().min(1).max(1_000).optional().describe('Where it stood on the screen'),
      algoVersion: z.string().max(50).optional(),
    }),
    z.strictObject({
      event: z.literal('dismissed'),
      reason: DismissReason,
      position: z.int().min(1).max(1_000).optional(),
      algoVersion: z.string().max(50).optional(),
    }),
  ])
  .describe('The first event of each kind counts');
export type RecommendationEvent = z.infer<typeof RecommendationEvent>;

/** One thing on the way to a goal. */
export const PathStep = z.object({
  position: z.int().positive(),
  type: z.enum(['skill', 'course']),
  itemId: z.uuid(),
  title: z.string(),
  state: z
    .enum(['done', 'in_progress', 'ready', 'blocked'])
    .describe('ready: everything before it is done; blocked: something is not'),
  targetLevel: z.int().min(1).max(5).nullable().describe('Of skills'),
  level: z
    .number()
    .min(1)
    .max(5)
    .nullable()
    .describe('Of skills, as in `…/skills`; null: nothing is known'),
  refresher: z
    .boolean()
    .describe(
      'Of skills that are done: they were not practised for long, and may be half forgotten',
    ),
  minutes: z.int().nullable().describe('What is left of it; null: nobody said how long it takes'),
  teaches: z.array(z.uuid()).describe('Of courses: the skills of the path'),
  needs: z.array(z.uuid()).describe('Steps that come right before, done or not'),
  waitsFor: z.array(z.uuid()).describe('Steps that come before and are not done'),
});
export type PathStep = z.infer<typeof PathStep>;

export const LearningPath = z.object({
  goal: z.object({ type: z.enum(['skill', 'role']), id: z.string(), title: z.string() }),
  steps: z.array(PathStep).describe('In order; nothing comes before what it needs'),
  minutesLeft: z.int().describe('Sum of what is known'),
  stepsWithoutTime: z.int(),
  stepsDone: z.int(),
});
export type LearningPath = z.infer<typeof LearningPath>;

export const learningPathQuery = {
  goal: z
    .string()
    .max(300)
    .regex(/^(skill:[0-9a-f-]{36}|role:.+)$/i, 'skill:<id> or role:<job title>')
    .describe('`skill:<id>` or `role:<job title>`'),
};

/** What somebody can do, and what that rests on. */
export const UserSkill = z.object({
  skillId: z.uuid(),
  name: z.string(),
  category: z.string(),
  evidence: z
    .enum(['answers', 'confirmed', 'completed', 'declared', 'not_enough', 'none'])
    .describe('What the level rests on; not_enough: fewer than five answers and nothing else'),
  mastery: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Probability of applying it, from answers; null below five of them'),
  retention: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Probability that it is still remembered'),
  effectiveMastery: z.number().min(0).max(1).nullable().describe('mastery · retention'),
  level: z
    .number()
    .min(1)
    .max(5)
    .nullable()
    .describe('1 + 4 · mastery, or what was confirmed or declared'),
  answers: z.int(),
  meanScore: z.number().min(0).max(1).nullable(),
  lastPractisedAt: Timestamp.nullable(),
  declaredLevel: z.int().min(1).max(5).nullable(),
  confirmedLevel: z.int().min(1).max(5).nullable(),
  completedAt: Timestamp.nullable().describe(
    'Not what the person says of themselves: that is declared',
  ),
  targetLevel: z.int().min(1).max(5).nullable(),
  gap: z.number().min(0).max(4).nullable().describe('Levels below the target; null without one'),
});
export type UserSkill = z.infer<typeof UserSkill>;

/** How the estimate of a skill moved with each answer. */
export const SkillHistory = z.object({
  answeredAt: Timestamp,
  score: z.number().min(0).max(1).describe('How right the answer was'),
  mastery: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('After the answer; null below five of them'),
});

/** A skill of somebody, also one of which nothing is known yet. */
export const UserSkillDetail = UserSkill.extend({
  description: z.string(),
  history: z.array(SkillHistory).describe('The newest hundred answers, oldest first'),
});
export type UserSkillDetail = z.infer<typeof UserSkillDetail>;

/** What is stored about a learner, and what for. */
export const LearningProfile = z.object({
  profiling: z.boolean(),
  purpose: z.string(),
  notUsedFor: z.string(),
  stored: z.array(
    z.object({
      what: z.string(),
      why: z.string(),
      rows: z.int().describe('How many there are'),
      usedForRecommendations: z.boolean(),
    }),
  ),
  recommendations: z
    .array(
      z.object({
        id: z.uuid(),
        type: RecommendationType,
        itemId: z.uuid(),
        title: z.string().nullable().describe('Null: it is gone, or not to be seen any more'),
        position: z.int(),
        reasonType: ReasonType,
        reason: z.string(),
        evidence: z.record(z.string(), z.json()),
        score: z.number(),
        algoVersion: z.string(),
        createdAt: Timestamp,
        shownAt: Timestamp.nullable(),
        clickedAt: Timestamp.nullable(),
        dismissedAt: Timestamp.nullable(),
        dismissReason: DismissReason.nullable(),
      }),
    )
    .describe('The newest hundred'),
});
export type LearningProfile = z.infer<typeof LearningProfile>;

const Facts = z.array(z.record(z.string(), z.json()));

/** Everything that the learning layer stores about somebody, row by row, to take along. */
export const LearningExport = z.object({
  exportedAt: Timestamp,
  profile: LearningProfile.omit({ recommendations: true }),
  skills: z.array(UserSkill),
  progress: Facts,
  progressEvents: Facts,
  declarations: Facts,
  attempts: Facts,
  answers: Facts,
  statements: Facts.describe('xAPI statements about the person, as they were sent'),
  recommendations: Facts,
});
export type LearningExport = z.infer<typeof LearningExport>;

export const ProfilingChoice = z.strictObject({ enabled: z.boolean() });

export const RecommendationRebuild = z.object({
  id: z.uuid(),
  startedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
  generation: z.int().nullable(),
  learners: z.int().nullable(),
  items: z.int().nullable(),
  events: z.int().nullable(),
  buildMs: z.int().nullable(),
  settings: z.record(z.string(), z.number()).nullable(),
  replay: z
    .array(z.record(z.string(), z.json()))
    .describe('Each configuration that was tried: Recall@10, nDCG@10 with standard errors, gain'),
  error: z.string().nullable(),
});
export type RecommendationRebuild = z.infer<typeof RecommendationRebuild>;
