import { z } from 'zod';
import { Timestamp } from './common.ts';
import { Level } from './learning.ts';

/** What an event says. Not told: how far alone. */
export const EventStatus = z.enum([
  'assigned',
  'in_progress',
  'completed',
  'passed',
  'failed',
  'waived',
  'dropped',
]);
export type EventStatus = z.infer<typeof EventStatus>;

/** Where somebody stands. */
export const ProgressStatus = z.enum(['assigned', 'in_progress', 'completed', 'dropped']);
export type ProgressStatus = z.infer<typeof ProgressStatus>;

/** A person by id, or `me`. */
export const PersonRef = z.union([z.uuid(), z.literal('me')]).describe('A person’s id, or `me`');

const event = {
  progress: z.number().min(0).max(100).optional().describe('How far, in percent'),
  status: EventStatus.optional().describe('Left out: in progress, or completed at 100'),
  occurredAt: Timestamp.optional().describe(
    'When it happened; events count in this order. Default: now',
  ),
  source: z
    .string()
    .trim()
    .regex(/^[\w.:-]{1,100}$/, 'letters, digits, and _ . : - only')
    .default('api')
    .describe('Name of the reporting system; event ids are unique within it'),
  eventId: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('The same event again changes nothing. Default: the Idempotency-Key, else a new one'),
  registration: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('One run through the course: within it progress never goes back'),
  dueAt: Timestamp.optional().describe('Until when it should be done'),
};

const said = (given: { progress?: unknown; status?: unknown; dueAt?: unknown }) =>
  given.progress !== undefined || given.status !== undefined || given.dueAt !== undefined;
const NOTHING = { message: 'An event needs progress, status or dueAt.' };

/** One thing that happened, of the person and the course or skill in the address. */
export const ProgressEventInput = z.strictObject(event).refine(said, NOTHING);
export type ProgressEventInput = z.infer<typeof ProgressEventInput>;

/** A line of a batch. */
export const ProgressLine = z
  .strictObject({
    userId: z.uuid(),
    courseId: z.uuid().optional(),
    skillId: z.uuid().optional(),
    ...event,
  })
  .refine(said, NOTHING)
  .refine(({ courseId, skillId }) => (courseId === undefined) !== (skillId === undefined), {
    message: 'A line needs either courseId or skillId.',
  });
export type ProgressLine = z.infer<typeof ProgressLine>;

/** Where a person stands in a course or skill: worked out from all events, in the order of their own time. */
export const Progress = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  courseId: z.uuid().nullable(),
  skillId: z.uuid().nullable(),
  title: z.string(),
  status: ProgressStatus,
  progress: z.number().min(0).max(100).describe('In percent'),
  assignedAt: Timestamp.nullable(),
  dueAt: Timestamp.nullable(),
  startedAt: Timestamp.nullable(),
  completedAt: Timestamp.nullable(),
  occurredAt: Timestamp.describe('Time of the newest event'),
  source: z.string(),
  registration: z.string().nullable(),
  updatedAt: Timestamp,
});
export type Progress = z.infer<typeof Progress>;

export const ProgressEvent = z.object({
  id: z.uuid(),
  source: z.string(),
  eventId: z.string(),
  status: EventStatus.nullable(),
  progress: z.number().nullable(),
  dueAt: Timestamp.nullable(),
  registration: z.string().nullable(),
  occurredAt: Timestamp,
  receivedAt: Timestamp,
});
export type ProgressEvent = z.infer<typeof ProgressEvent>;

export const progressFilters = {
  kind: z.enum(['course', 'skill']).optional(),
  status: ProgressStatus.optional(),
  overdue: z
    .stringbool()
    .optional()
    .describe('true: due and not completed; false: everything else'),
};
export type ProgressFilters = z.infer<z.ZodObject<typeof progressFilters>>;

const LineProblem = z.object({ code: z.string(), detail: z.string() });

/** Results in the order of the lines; `stored` is new, `duplicate` was known and changed nothing. */
export const ProgressBatchResult = z.object({
  stored: z.int().nonnegative(),
  duplicates: z.int().nonnegative(),
  refused: z.int().nonnegative(),
  items: z.array(
    z.object({
      line: z.int().positive(),
      status: z.enum(['stored', 'duplicate', 'refused']),
      problem: LineProblem.optional(),
    }),
  ),
});
export type ProgressBatchResult = z.infer<typeof ProgressBatchResult>;

/** What somebody, or their manager, says they can do. */
export const Declaration = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  skillId: z.uuid(),
  skillName: z.string(),
  kind: z.enum(['self', 'manager']),
  level: Level,
  note: z.string(),
  declaredBy: z.uuid().nullable(),
  declaredAt: Timestamp,
});
export type Declaration = z.infer<typeof Declaration>;

export const DeclarationInput = z.strictObject({
  level: Level,
  note: z.string().trim().max(1_000).default(''),
});
export type DeclarationInput = z.infer<typeof DeclarationInput>;
