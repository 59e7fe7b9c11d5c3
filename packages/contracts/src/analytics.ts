import { z } from 'zod';
import { Timestamp } from './common.ts';

/** Tables of analytics, as an export names them. */
export const analyticsTables = [
  'skillGaps',
  'completion',
  'timeToCompetency',
  'activity',
  'atRisk',
  'content',
  'questions',
  'recommendations',
  'knowledgeGaps',
] as const;
export const AnalyticsTable = z.enum(analyticsTables);
export type AnalyticsTable = z.infer<typeof AnalyticsTable>;

/** The one thing that is said about a group that is not shown, whatever the reason. */
export const Suppressed = z
  .object({
    suppressed: z.literal(true),
    reason: z.literal('group_too_small'),
    k: z.int().min(5).describe('Fewest people of a group that is shown'),
  })
  .describe(
    'Too few people, all of them alike, or a group that would give such a one away by subtraction',
  );
export type Suppressed = z.infer<typeof Suppressed>;

/** How many people, as a range: never the exact number. */
export const People = z.object({
  atLeast: z.int().min(5),
  atMost: z.int().nullable().describe('Null: no upper end'),
});
export type People = z.infer<typeof People>;

const Share = z.number().min(0).max(1).describe('Rounded to 0.05 below 20 people, else to 0.01');
const About = z.int().nonnegative().describe('Rounded to 5');

export const AnalyticsGroup = z.object({
  kind: z
    .enum(['organization', 'department', 'own', 'job_title'])
    .describe('`own`: the people of a department that belong to none below it'),
  departmentId: z.uuid().nullable().describe('Null: the organization'),
  name: z.string().nullable().describe('Null: people without a job title'),
});
export type AnalyticsGroup = z.infer<typeof AnalyticsGroup>;

const Named = z.object({ id: z.uuid(), name: z.string() });
const Titled = z.object({ id: z.uuid(), title: z.string() });
const group = { group: AnalyticsGroup };
const period = {
  period: z
    .string()
    .describe('A month 2026-03; a quarter 2026-Q1 or a year 2026 where months are too small'),
};

export const SkillGap = z.object({
  state: z.enum(['measured', 'no_evidence']).describe('`no_evidence`: nobody has answered enough'),
  people: People.describe('With a target level of the skill'),
  coverage: Share.describe('Share with 5 answers or more'),
  meanGap: z
    .number()
    .min(0)
    .max(4)
    .nullable()
    .describe('Mean of max(0, required − level) in levels, over those with 5 answers or more'),
  requiredLevel: z.number().min(1).max(5).describe('Mean target level'),
});
export const SkillGapRow = z.object({
  ...group,
  skill: Named,
  value: z.union([Suppressed, SkillGap]),
});

export const Completion = z.object({
  people: People,
  enrolments: About,
  completed: Share.describe('Of all enrolments of the period, also of those who stopped'),
});
export const CompletionRow = z.object({
  ...group,
  ...period,
  value: z.union([Suppressed, Completion]).nullable().describe('Null: nobody enrolled'),
});

export const TimeToCompetency = z.object({
  people: People.describe('To whom the skill, or a course that teaches it, was assigned'),
  reached: Share.describe('Estimated share that has reached it by now (Kaplan–Meier)'),
  medianDays: z
    .number()
    .nonnegative()
    .nullable()
    .describe('From assignment to mastery of 0.8 with 5 answers; null: fewer than half'),
});
export const TimeToCompetencyRow = z.object({
  ...group,
  skill: Named.nullable().describe('Null: all skills'),
  value: z.union([Suppressed, TimeToCompetency]),
});

export const Activity = z.object({
  people: People.describe('Who learned, answered or asked'),
  events: About.describe('Reports of progress, answers and questions'),
});
export const ActivityRow = z.object({
  ...group,
  ...period,
  value: z.union([Suppressed, Activity]).nullable().describe('Null: nobody did'),
});

export const AtRisk = z.object({
  people: People.describe('With a course that is not completed'),
  atRisk: Share,
});
export const AtRiskRow = z.object({ ...group, value: z.union([Suppressed, AtRisk]).nullable() });

export const ContentEffect = z.object({
  people: People,
  completed: Share,
  gain: z
    .number()
    .nullable()
    .describe('Mastery gained on the skills of the course beyond people of equal start; shrunk'),
  dropOff: z
    .object({ from: z.int(), to: z.int(), share: Share })
    .nullable()
    .describe('The quarter of the course, in percent, where most of those stopped who did'),
});
export const ContentRow = z.object({
  ...group,
  course: Titled,
  value: z.union([Suppressed, ContentEffect]).nullable(),
});

export const QuestionRow = z.object({
  assessment: Titled,
  questionId: z.uuid(),
  value: z.union([
    Suppressed,
    z.object({
      people: People,
      correct: Share,
      discrimination: z
        .number()
        .min(-1)
        .max(1)
        .nullable()
        .describe('Correlation of the answer with the ability; below 0.1 it tells nothing'),
      flagged: z.boolean(),
    }),
  ]),
});

export const RecommendationEffect = z.object({
  people: People.describe('To whom they were shown'),
  clicked: Share.nullable(),
  enrolled: Share.nullable().describe('Within 14 days, per shown'),
  completed: Share.nullable().describe('Within 90 days, per shown'),
});
export const RecommendationRow = z.object({
  ...group,
  by: z.enum(['all', 'position', 'reason']),
  key: z.string().describe('The position, or the type of reason'),
  value: z.union([Suppressed, RecommendationEffect]).nullable(),
});

export const KnowledgeGap = z.object({
  people: People.describe('Who asked'),
  missRate: Share.describe('Not answered, answered with low confidence, or rated down'),
});
export const KnowledgeGapRow = z.object({
  ...group,
  questionGroupId: z.uuid(),
  value: z.union([Suppressed, KnowledgeGap]),
  content: Titled.extend({ similarity: z.number().min(-1).max(1) })
    .nullable()
    .describe('The nearest content that the caller may see'),
  example: z
    .string()
    .nullable()
    .describe('One of the questions without addresses, numbers and names; for trainers and admins'),
});

const rowsOf = <T extends z.ZodType>(row: T) => z.object({ rows: z.array(row) });
const AtRiskTable = rowsOf(AtRiskRow).extend({
  method: z.enum(['rule', 'model']).describe('`model`: from 200 finished enrolments on'),
});
const RecommendationTable = rowsOf(RecommendationRow).extend({
  catalogueShown: Share.nullable().describe('Share of the catalogue that was recommended at all'),
});

/** The bodies of the tables, as they are published. */
export const analyticsBodies = {
  skillGaps: rowsOf(SkillGapRow),
  completion: rowsOf(CompletionRow),
  timeToCompetency: rowsOf(TimeToCompetencyRow),
  activity: rowsOf(ActivityRow),
  atRisk: AtRiskTable,
  content: rowsOf(ContentRow),
  questions: rowsOf(QuestionRow),
  recommendations: RecommendationTable,
  knowledgeGaps: rowsOf(KnowledgeGapRow),
} as const;
export type AnalyticsBodies = { [T in AnalyticsTable]: z.infer<(typeof analyticsBodies)[T]> };

const Month = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/);

export const AnalyticsRange = z
  .object({
    from: Month.optional().describe('First month, 2026-03; default: eleven months before `to`'),
    to: Month.optional().describe('Last month; default: this one'),
  })
  .strict();
export type AnalyticsRange = z.infer<typeof AnalyticsRange>;

/** Everything that may be shown of a department, or of the organization. */
export const Analytics = z.object({
  department: Named.nullable().describe('Null: the organization'),
  asOf: Timestamp.describe('When it was worked out'),
  k: z.int().min(5).describe('Fewest people of a group that is shown'),
  from: Month,
  to: Month,
  skillGaps: analyticsBodies.skillGaps.nullable(),
  completion: analyticsBodies.completion.nullable(),
  timeToCompetency: analyticsBodies.timeToCompetency.nullable(),
  activity: analyticsBodies.activity.nullable(),
  atRisk: analyticsBodies.atRisk.nullable(),
  content: analyticsBodies.content.nullable(),
  questions: analyticsBodies.questions.nullable(),
  recommendations: analyticsBodies.recommendations.nullable(),
  knowledgeGaps: analyticsBodies.knowledgeGaps.nullable(),
});
export type Analytics = z.infer<typeof Analytics>;

/** The columns of the function `get_user_learning_analytics`. */
export const UserAnalytics = z.object({
  userId: z.uuid(),
  totalSkills: z
    .int()
    .nonnegative()
    .describe('With any evidence: answers, declared, confirmed, begun or completed'),
  completedSkills: z.int().nonnegative(),
  totalCourses: z.int().nonnegative(),
  completedCourses: z.int().nonnegative(),
  totalProgress: z.number().min(0).max(100).describe('Mean progress in percent'),
  recentActivity: z
    .object({
      recentMessages: z.int().nonnegative(),
      recentProgress: z.int().nonnegative(),
      recentRecommendations: z.int().nonnegative(),
    })
    .describe('Of the last 7 days'),
  skillDistribution: z.record(z.string(), z.int()).describe('These skills by category'),
  learningVelocity: z
    .number()
    .nonnegative()
    .nullable()
    .describe('Mean hours from start to completion, of the last 30 days'),
  atRisk: z
    .array(
      z.object({
        course: Titled,
        probability: z.number().nullable(),
        reasons: z.array(z.string()),
      }),
    )
    .nullable()
    .describe('Own courses that may fail; null to everybody else'),
});
export type UserAnalytics = z.infer<typeof UserAnalytics>;

export const AtRiskPerson = z.object({
  userId: z.uuid(),
  name: z.string(),
  course: Titled,
  probability: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe(
      'Of not passing, by the model; null: by the rule, as nothing was due yet or there is no model',
    ),
});
export type AtRiskPerson = z.infer<typeof AtRiskPerson>;

export const AnalyticsSettings = z
  .object({
    minGroup: z.int().min(5).max(1000).describe('Fewest people of a group that is shown'),
    atRiskList: z
      .boolean()
      .describe('HR managers and admins may read who is at risk; each reading is put on record'),
  })
  .strict();
export type AnalyticsSettings = z.infer<typeof AnalyticsSettings>;
