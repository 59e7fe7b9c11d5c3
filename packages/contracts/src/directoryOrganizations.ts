import { z } from 'zod';
import { pageQuery, Timestamp } from './common.ts';
import { facts } from './directory.ts';

/** People of a suspended or inactive organization cannot sign in. */
export const OrganizationStatus = z.enum(['active', 'trial', 'suspended', 'inactive']);

const whole = z.int().nonnegative().nullable();
/** Null is no limit. */
export const OrganizationLimits = z.object({
  maxUsers: z.int().positive().max(2_147_483_647).nullable().describe('People who can sign in'),
  maxStorageBytes: whole.describe('Bytes of stored files'),
  maxTokensPerMonth: whole.describe('Tokens of language models in a calendar month'),
});
export type OrganizationLimits = z.infer<typeof OrganizationLimits>;

/** Administrators read all of it, other people of the organization its name, place and branding. */
export const Organization = z.object({
  id: z.uuid(),
  name: z.string(),
  parentId: z.uuid().nullable(),
  path: z.array(z.uuid()).describe('The organizations above this one, from the topmost down'),
  depth: z.int().nonnegative(),
  branding: z.record(z.string(), z.json()),
  status: OrganizationStatus.optional(),
  settings: z.record(z.string(), z.json()).optional(),
  limits: OrganizationLimits.optional(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Organization = z.infer<typeof Organization>;

const name = z.string().trim().min(1).max(200);

export const OrganizationUpdate = z
  .object({
    name,
    settings: facts('settings').describe('Replaces all settings'),
    branding: facts('branding').describe(
      'Replaces the branding: names, colours, addresses of logos',
    ),
    status: OrganizationStatus.describe('Only from above'),
    limits: OrganizationLimits.exactPartial()
      .strict()
      .describe('Only from above; those not named stay'),
  })
  .exactPartial()
  .strict();
export type OrganizationUpdate = z.infer<typeof OrganizationUpdate>;

export const NewChildOrganization = z
  .object({
    name,
    parentId: z
      .uuid()
      .optional()
      .describe('The own organization or one below it; default: the own'),
    admin: z
      .object({ email: z.email().max(320), name: z.string().trim().min(1).max(200) })
      .strict()
      .describe('Its first administrator'),
    settings: facts('settings').default({}),
    branding: facts('branding').default({}),
    status: OrganizationStatus.default('active'),
    limits: OrganizationLimits.exactPartial().strict().default({}),
  })
  .strict();
export type NewChildOrganization = z.infer<typeof NewChildOrganization>;

export const CreatedOrganization = z.object({
  organization: Organization,
  admin: z.object({ id: z.uuid(), email: z.string(), name: z.string() }),
  apiKey: z
    .object({ id: z.string(), token: z.string() })
    .describe('The administrator’s key. It is stored nowhere: kept now or never'),
});
export type CreatedOrganization = z.infer<typeof CreatedOrganization>;

export const organizationQuery = {
  ...pageQuery,
  status: OrganizationStatus.optional(),
  q: z.string().trim().min(1).max(200).optional().describe('Part of the name'),
};
