import { roles } from '@docent/core/principal';
import { z } from 'zod';
import { pageQuery, Timestamp } from './common.ts';
import { facts, PersonVisibility } from './directory.ts';

export const PersonStatus = z.enum(['active', 'deactivated']);

/**
 * A person. Colleagues read name, title and department of who is visible to them; the rest is for the person,
 * for HR managers of the department and those above, and for administrators.
 */
export const Person = z.object({
  id: z.uuid(),
  name: z.string(),
  jobTitle: z.string().nullable(),
  department: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  email: z.string().optional(),
  givenName: z.string().nullable().optional(),
  familyName: z.string().nullable().optional(),
  userName: z.string().nullable().optional(),
  role: z.enum(roles).optional(),
  status: PersonStatus.optional(),
  visibility: PersonVisibility.optional(),
  externalId: z.string().nullable().optional(),
  manager: z.object({ id: z.uuid(), name: z.string() }).nullable().optional(),
  learningProfile: z.record(z.string(), z.json()).optional(),
  preferences: z.record(z.string(), z.json()).optional(),
  createdAt: Timestamp.optional(),
  updatedAt: Timestamp.optional(),
});
export type Person = z.infer<typeof Person>;

const short = z.string().trim().min(1).max(200);

/** Fields of a person as administrators write them. */
export const personFields = {
  email: z.email().max(320),
  name: short,
  givenName: short.nullable(),
  familyName: short.nullable(),
  userName: z
    .string()
    .trim()
    .min(1)
    .max(320)
    .nullable()
    .describe('Sign-in name when it is not the e-mail address'),
  role: z.enum(roles).describe('Only administrators give another than `learner`'),
  status: PersonStatus.describe('Deactivated people cannot sign in, within 5 seconds'),
  departmentId: z.uuid().nullable(),
  jobTitle: short.nullable(),
  externalId: z.string().trim().min(1).max(500).nullable().describe('Id in another system'),
  managerId: z.uuid().nullable(),
  visibility: PersonVisibility.describe('Who finds the person'),
  learningProfile: facts('learningProfile'),
  preferences: facts('preferences'),
};

export const PersonUpdate = z.object(personFields).exactPartial().strict();
export type PersonUpdate = z.infer<typeof PersonUpdate>;

export const NewPerson = PersonUpdate.extend({
  email: personFields.email,
  name: personFields.name,
});
export type NewPerson = z.infer<typeof NewPerson>;

/** What people change of themselves. */
export const MyUpdate = PersonUpdate.pick({
  preferences: true,
  learningProfile: true,
  visibility: true,
}).strict();
export type MyUpdate = z.infer<typeof MyUpdate>;

export const personFilters = {
  ids: z
    .string()
    .max(4_000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.uuid()).max(100))
    .optional()
    .describe('These people: up to 100 ids with commas between them'),
  role: z.enum(roles).optional(),
  status: PersonStatus.optional(),
  department: z.uuid().optional(),
  subtree: z.stringbool().default(true).describe('Also the departments below it'),
  manager: z.uuid().optional().describe('Who reports to this person'),
  externalId: z.string().max(500).optional(),
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Part of the name or of the e-mail address'),
};
export const personQuery = { ...pageQuery, ...personFilters };
export type PersonFilters = z.output<z.ZodObject<typeof personFilters>>;

/** What became of one row of an import. */
export const ImportedRow = z.object({
  row: z.int().positive().describe('1 is the first row of data'),
  line: z.int().positive().describe('Line of the file that the row begins in, from 1'),
  name: z.string().nullable().describe('As the row says it'),
  email: z.string().nullable().describe('As the row says it'),
  outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
  id: z.uuid().nullable().describe('The person; null when refused, and of a new one in a dry run'),
  reason: z.string().optional(),
});
export type ImportedRow = z.infer<typeof ImportedRow>;

export const ImportResult = z.object({
  dryRun: z.boolean(),
  created: z.int().nonnegative(),
  updated: z.int().nonnegative(),
  unchanged: z.int().nonnegative(),
  refused: z.int().nonnegative(),
  departmentsCreated: z.array(z.string()).describe('Name paths'),
  rows: z.array(ImportedRow),
});
export type ImportResult = z.infer<typeof ImportResult>;
