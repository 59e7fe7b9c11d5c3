import { extents, roles, scopes } from '@docent/core/principal';
import { z } from 'zod';
import { Timestamp } from './common.ts';

/** Who is calling, how they signed in, and what they may do. */
export const Me = z.object({
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  organization: z.object({ id: z.uuid(), name: z.string() }),
  role: z.enum(roles),
  departments: z
    .array(z.object({ id: z.uuid(), name: z.string() }))
    .describe('Own department; of HR managers also those below it'),
  apiKeyId: z.string().nullable(),
  scopes: z.array(z.string()).describe('`*`: every right of the owner'),
  grants: z
    .array(z.object({ scope: z.enum(scopes), extent: z.enum(extents) }))
    .describe('Rights beyond the role'),
  signIn: z.object({
    method: z.enum(['api_key', 'access_token']),
    issuerId: z.uuid().nullable().describe('The issuer of the access token'),
  }),
});
export type Me = z.infer<typeof Me>;

/** Somebody of the demo company whom a browser on the same machine may sign in as. */
export const DemoPerson = z.object({
  id: z.uuid(),
  name: z.string(),
  role: z.enum(roles),
  jobTitle: z.string().nullable(),
  department: z.string().nullable(),
});
export type DemoPerson = z.infer<typeof DemoPerson>;

export const DemoToken = z.object({
  accessToken: z.string(),
  expiresIn: z.int().positive().describe('Seconds'),
});
export type DemoToken = z.infer<typeof DemoToken>;

/** Free facts under names of the caller's choosing; `what` is for the message when it is too large. */
export function facts(what: string) {
  return z
    .record(z.string().max(100), z.json())
    .refine((value) => JSON.stringify(value).length <= MAX_FACTS, {
      error: `${what} may have ${MAX_FACTS} characters as JSON`,
    });
}
const MAX_FACTS = 32_000;

/** Who finds a person: everybody, the own department, or HR managers and administrators only. */
export const PersonVisibility = z.enum(['organization', 'department', 'hidden']);

/** `If-Match` of a route that changes one thing. */
export const IfMatch = {
  'if-match': z
    .string()
    .max(1_000)
    .optional()
    .describe('The ETag that was read: 412 when it has changed since'),
};

export const Grant = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  scope: z.enum(scopes),
  extent: z.enum(extents).describe('How far it reaches: everything, own departments, own things'),
  reason: z.string().nullable(),
  grantedBy: z.uuid().nullable(),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable(),
  revokedAt: Timestamp.nullable(),
  revokedBy: z.uuid().nullable(),
  inForce: z.boolean().describe('Neither revoked nor expired'),
});
export type Grant = z.infer<typeof Grant>;

export const NewGrant = z
  .object({
    scope: z.enum(scopes),
    extent: z.enum(extents),
    reason: z.string().trim().min(1).max(500).optional(),
    expiresAt: Timestamp.optional().describe('When it ends by itself; default: never'),
  })
  .strict();
export type NewGrant = z.infer<typeof NewGrant>;
