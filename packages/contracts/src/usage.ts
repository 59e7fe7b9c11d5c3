import { z } from 'zod';
import { Timestamp } from './common.ts';

const tokens = z.int().nonnegative();
const limit = z.int().nonnegative().nullable().describe('Null: no limit');

/** Use of a part of the plan, and its limit. */
const Used = z.object({ used: z.int().nonnegative(), limit });

/** What was used in a calendar month (UTC), as far as the caller may know. */
export const Usage = z.object({
  month: z.string().describe('As 2026-11'),
  own: z.object({ tokens, limit }),
  organization: z
    .object({ tokens: Used, storageBytes: Used, people: Used })
    .nullable()
    .describe('Administrators only; storage and people as they are now'),
  departments: z
    .array(z.object({ id: z.uuid(), name: z.string(), tokens, limit }))
    .describe('With those below; administrators all, HR managers their own'),
  people: z
    .array(z.object({ id: z.uuid(), name: z.string(), tokens, calls: z.int(), limit }))
    .describe('Administrators only: the hundred who used most'),
});
export type Usage = z.infer<typeof Usage>;

export const usageQuery = {
  month: z
    .string()
    .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
    .optional()
    .describe('As 2026-11; default: this month'),
};

/** Most tokens a month of one person, or of a department with those below it. */
export const Budget = z.object({
  id: z.uuid(),
  userId: z.uuid().nullable(),
  departmentId: z.uuid().nullable(),
  maxTokensPerMonth: tokens,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Budget = z.infer<typeof Budget>;

const most = z.int().nonnegative().max(1_000_000_000_000);

export const NewBudget = z
  .object({
    userId: z.uuid().optional(),
    departmentId: z.uuid().optional(),
    maxTokensPerMonth: most,
  })
  .strict()
  .refine(({ userId, departmentId }) => (userId === undefined) !== (departmentId === undefined), {
    error: 'give either userId or departmentId',
  });
export type NewBudget = z.infer<typeof NewBudget>;

export const BudgetUpdate = z.object({ maxTokensPerMonth: most }).strict();
