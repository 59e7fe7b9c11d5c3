import { scopes } from '@docent/core/principal';
import { z } from 'zod';
import { pageQuery, Timestamp } from './common.ts';

// API keys ----------------------------------------------------------------------------------------

const KeyScopes = z
  .array(z.enum(['*', ...scopes]))
  .min(1)
  .max(50)
  .transform((given) => [...new Set(given)])
  .describe('What the key may do of what its owner may; `*`: everything');

const rateLimit = z
  .int()
  .min(1)
  .max(1_000_000)
  .describe('Requests a minute that the key may make, below what its owner may');

/** An API key as everybody may see it who may see it at all: without its secret. */
export const ApiKey = z.object({
  id: z.string(),
  prefix: z.string().describe('What its token begins with: `dct_live_…`'),
  lastFour: z.string().describe('What its secret ends with'),
  name: z.string(),
  description: z.string().nullable(),
  userId: z.uuid().describe('Whom it acts for'),
  scopes: z.array(z.string()),
  status: z.enum(['active', 'expired', 'revoked']),
  rateLimitPerMinute: z.int().nullable(),
  createdAt: Timestamp,
  createdBy: z.uuid().nullable(),
  expiresAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable().describe('Noted once a minute'),
  lastUsedIp: z.string().nullable(),
  revokedAt: Timestamp.nullable(),
  revokedBy: z.uuid().nullable(),
  revokeReason: z.string().nullable(),
  rotatedFrom: z.string().nullable().describe('The key that it replaces'),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** A key that was just made, with its token. */
export const CreatedApiKey = ApiKey.extend({
  token: z
    .string()
    .nullable()
    .describe(
      'Shown only now. Null when the answer is a repeated one (`Idempotency-Key`): it is stored nowhere.',
    ),
});
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const NewApiKey = z
  .object({
    name: z.string().trim().min(1).max(200),
    description: z.string().trim().min(1).max(1_000).optional(),
    userId: z.uuid().optional().describe('Whom it acts for; administrators only. Default: oneself'),
    scopes: KeyScopes,
    expiresInDays: z
      .int()
      .min(1)
      .max(3_650)
      .optional()
      .describe('Default: 90; the installation sets how many it may be'),
    rateLimitPerMinute: rateLimit.optional(),
    env: z
      .string()
      .regex(/^[a-z]{1,10}$/)
      .default('live')
      .describe('Second part of the token, for those who see it: `live`, `test`'),
  })
  .strict();
export type NewApiKey = z.infer<typeof NewApiKey>;

export const ApiKeyUpdate = z
  .object({
    name: z.string().trim().min(1).max(200).optional(),
    description: z.string().trim().min(1).max(1_000).nullish(),
    rateLimitPerMinute: rateLimit.nullish(),
  })
  .strict();
export type ApiKeyUpdate = z.infer<typeof ApiKeyUpdate>;

export const ApiKeyRotation = z
  .object({
    overlapSeconds: z
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(86_400)
      .describe('How long the old token still works'),
  })
  .strict();
export type ApiKeyRotation = z.infer<typeof ApiKeyRotation>;

export const ApiKeyRevocation = z
  .object({ reason: z.string().trim().min(1).max(500).optional() })
  .strict();

export const apiKeyQuery = {
  ...pageQuery,
  userId: z.uuid().optional().describe('Keys of this person'),
  status: z.enum(['active', 'expired', 'revoked']).optional(),
};

// Sign-in -----------------------------------------------------------------------------------------

const algorithms = z.array(z.enum(['RS256', 'PS256', 'ES256', 'EdDSA'])).min(1);
const claim = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(5)
  .describe('Where it is in a token: names, outermost first');
const audience = z
  .string()
  .regex(/^\S{1,500}$/)
  .describe('`aud` that a token must have');
const jwksUri = z.url().max(1_000).describe('Address of the issuer’s keys: https');

/** Somebody whose access tokens are believed. */
export const Issuer = z.object({
  id: z.uuid(),
  name: z.string(),
  issuer: z.string().describe('`iss` of its tokens'),
  audience: z.string(),
  jwksUri: z.string(),
  algorithms,
  createPeople: z.boolean(),
  linkByEmail: z.boolean(),
  departmentId: z.uuid().nullable(),
  nameClaim: z.array(z.string()),
  emailClaim: z.array(z.string()),
  status: z.enum(['active', 'disabled']),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Issuer = z.infer<typeof Issuer>;

export const NewIssuer = z
  .object({
    name: z.string().trim().min(1).max(200),
    issuer: z
      .string()
      .regex(/^\S{1,500}$/)
      .describe('`iss` of its tokens, to the letter'),
    audience,
    jwksUri,
    algorithms: algorithms.default(['RS256', 'ES256']),
    createPeople: z
      .boolean()
      .default(false)
      .describe(
        'Whoever comes with a token and is not known becomes a learner. Only for issuers that give tokens for this audience to people of the organization alone',
      ),
    linkByEmail: z
      .boolean()
      .default(false)
      .describe(
        'Whoever comes for the first time is the person with the e-mail address of their token. Only for issuers that make sure whose an address is',
      ),
    departmentId: z.uuid().nullable().default(null).describe('Of people who are created'),
    nameClaim: claim.default(['name']),
    emailClaim: claim.default(['email']),
  })
  .strict();
export type NewIssuer = z.infer<typeof NewIssuer>;

export const IssuerUpdate = z
  .object({
    name: z.string().trim().min(1).max(200).optional(),
    audience: audience.optional(),
    jwksUri: jwksUri.optional(),
    algorithms: algorithms.optional(),
    createPeople: z.boolean().optional(),
    linkByEmail: z.boolean().optional(),
    departmentId: z.uuid().nullable().optional(),
    nameClaim: claim.optional(),
    emailClaim: claim.optional(),
    status: z.enum(['active', 'disabled']).optional(),
  })
  .strict();
export type IssuerUpdate = z.infer<typeof IssuerUpdate>;

/** Who a person is to an issuer. */
export const Identity = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  issuerId: z.uuid(),
  issuer: z.string().nullable().describe('Null: the caller may not see issuers'),
  subject: z.string().describe('`sub` of their tokens'),
  linkedBy: z.enum(['administrator', 'email', 'creation']),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type Identity = z.infer<typeof Identity>;

export const NewIdentity = z
  .object({ issuerId: z.uuid(), subject: z.string().min(1).max(255) })
  .strict();
export type NewIdentity = z.infer<typeof NewIdentity>;

// Security events ---------------------------------------------------------------------------------

/** What security events tell of. */
export const securityEventKinds = [
  'sign_in_failed',
  'sign_in_refused',
  'revoked_key_used',
  'expired_key_used',
  'locked_out',
  'cross_organization_denied',
  'limit_exceeded',
] as const;
export type SecurityEventKind = (typeof securityEventKinds)[number];

export const SecurityEvent = z.object({
  id: z.uuid(),
  at: Timestamp,
  kind: z.enum(securityEventKinds),
  count: z.int().describe('How often it happened, at most a minute before'),
  userId: z.uuid().nullable(),
  apiKeyId: z.string().nullable(),
  issuerId: z.uuid().nullable(),
  identityHash: z.string().nullable().describe('SHA-256 of the JSON `[issuer, subject]`, in hex'),
  ip: z.string(),
  userAgent: z.string(),
  requestId: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type SecurityEvent = z.infer<typeof SecurityEvent>;

export const securityEventQuery = {
  ...pageQuery,
  kind: z.enum(securityEventKinds).optional(),
  apiKeyId: z.string().max(100).optional(),
  userId: z.uuid().optional(),
  ip: z.string().max(100).optional(),
  from: Timestamp.optional().describe('Not before'),
  to: Timestamp.optional().describe('Before'),
};
