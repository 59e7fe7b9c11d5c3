import { z } from 'zod';

/** Versions of xAPI that are spoken; the newest of each line. */
export const XAPI_VERSIONS = ['1.0.3', '2.0.0'] as const;

const Iri = z
  .string()
  .max(2_000)
  .regex(/^[a-z][a-z0-9+.-]*:\S+$/i, 'is not an IRI');
const Uuid = z.uuid().transform((id) => id.toLowerCase());
const Language = z.record(z.string().max(50), z.string().max(10_000));
const Extensions = z.record(Iri, z.json());

const IDENTIFIERS = ['mbox', 'mbox_sha1sum', 'openid', 'account'] as const;
const identity = {
  mbox: z
    .string()
    .regex(/^mailto:[^\s@]+@[^\s@]+$/i, 'is not mailto:…')
    .optional(),
  mbox_sha1sum: z
    .string()
    .regex(/^[0-9a-f]{40}$/i, 'is not a SHA-1 sum')
    .optional(),
  openid: z.url().optional(),
  account: z.strictObject({ homePage: Iri, name: z.string().min(1).max(500) }).optional(),
};
const identifiers = (given: Record<string, unknown>) =>
  IDENTIFIERS.filter((key) => given[key] !== undefined).length;

/** Somebody, by exactly one identifier. */
export const Agent = z
  .strictObject({
    objectType: z.literal('Agent').optional(),
    name: z.string().optional(),
    ...identity,
  })
  .refine((agent) => identifiers(agent) === 1, {
    message: 'needs exactly one of mbox, mbox_sha1sum, openid, account',
  });
export type Agent = z.infer<typeof Agent>;

const Group = z
  .strictObject({
    objectType: z.literal('Group'),
    name: z.string().optional(),
    member: z.array(Agent).optional(),
    ...identity,
  })
  .refine((group) => identifiers(group) === 1 || (identifiers(group) === 0 && group.member), {
    message: 'needs exactly one of mbox, mbox_sha1sum, openid, account, or members',
  });
const Actor = z.union([Agent, Group]);

const Activity = z.strictObject({
  objectType: z.literal('Activity').optional(),
  id: Iri,
  definition: z
    .looseObject({
      name: Language.optional(),
      description: Language.optional(),
      type: Iri.optional(),
      moreInfo: Iri.optional(),
      extensions: Extensions.optional(),
    })
    .optional(),
});
const StatementRef = z.strictObject({ objectType: z.literal('StatementRef'), id: Uuid });

const Score = z
  .strictObject({
    scaled: z.number().min(-1).max(1).optional(),
    raw: z.number().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
  })
  // Bounds hold also where they are 0.
  .refine(({ min, max }) => min === undefined || max === undefined || min < max, {
    message: 'min must be below max',
  })
  .refine(({ raw, min }) => raw === undefined || min === undefined || raw >= min, {
    message: 'raw is below min',
  })
  .refine(({ raw, max }) => raw === undefined || max === undefined || raw <= max, {
    message: 'raw is above max',
  });

/** ISO 8601: PT1H12M, P1W. */
const DURATION =
  /^P(?!$)(\d+(?:\.\d+)?Y)?(\d+(?:\.\d+)?M)?(\d+(?:\.\d+)?W)?(\d+(?:\.\d+)?D)?(T(?=\d)(\d+(?:\.\d+)?H)?(\d+(?:\.\d+)?M)?(\d+(?:\.\d+)?S)?)?$/;

const Result = z.strictObject({
  score: Score.optional(),
  success: z.boolean().optional(),
  completion: z.boolean().optional(),
  response: z.string().max(10_000).optional(),
  duration: z.string().regex(DURATION, 'is not an ISO 8601 duration').optional(),
  extensions: Extensions.optional(),
});
export type StatementResult = z.infer<typeof Result>;

const Activities = z.union([Activity.transform((one) => [one]), z.array(Activity)]);
const Context = z.strictObject({
  registration: Uuid.optional(),
  instructor: Actor.optional(),
  team: Group.optional(),
  contextActivities: z
    .strictObject({
      parent: Activities.optional(),
      grouping: Activities.optional(),
      category: Activities.optional(),
      other: Activities.optional(),
    })
    .optional(),
  contextAgents: z.array(z.looseObject({})).optional(),
  contextGroups: z.array(z.looseObject({})).optional(),
  revision: z.string().optional(),
  platform: z.string().optional(),
  language: z.string().optional(),
  statement: StatementRef.optional(),
  extensions: Extensions.optional(),
});

const Verb = z.strictObject({ id: Iri, display: Language.optional() });
/** -00:00 is a time whose zone nobody knows: xAPI refuses it (2.0, § 4.2.7). */
const knownZone = (time: string) => !/-00(:?00)?$/.test(time);
const UNKNOWN_ZONE = { message: 'has the zone -00:00' };
const Time = z.iso.datetime({ offset: true, local: true }).refine(knownZone, UNKNOWN_ZONE);
/** When something was stored: since and until. */
export const StoredTime = z.iso.datetime({ offset: true }).refine(knownZone, UNKNOWN_ZONE);
const Attachment = z.looseObject({
  usageType: Iri,
  contentType: z.string(),
  length: z.int(),
  sha2: z.string(),
});

const SubStatement = z.strictObject({
  objectType: z.literal('SubStatement'),
  actor: Actor,
  verb: Verb,
  object: z.union([
    StatementRef,
    Agent.refine((agent) => agent.objectType === 'Agent', { message: 'needs its objectType' }),
    Group,
    Activity,
  ]),
  result: Result.optional(),
  context: Context.optional(),
  timestamp: Time.optional(),
  attachments: z.array(Attachment).optional(),
});

export const VOIDED = 'http://adlnet.gov/expapi/verbs/voided';

/** A statement as it may be sent; what it says beyond that is kept, but not understood. */
export const Statement = z
  .strictObject({
    id: Uuid.optional(),
    actor: Actor,
    verb: Verb,
    object: z.union([
      StatementRef,
      SubStatement,
      Agent.refine((agent) => agent.objectType === 'Agent', { message: 'needs its objectType' }),
      Group,
      Activity,
    ]),
    result: Result.optional(),
    context: Context.optional(),
    timestamp: Time.optional(),
    stored: z.string().optional(),
    authority: z.looseObject({}).optional(),
    version: z
      .string()
      .regex(/^(1\.0(\.\d+)?|2\.0(\.\d+)?)$/, 'is not a version that is spoken')
      .optional(),
    attachments: z.array(Attachment).optional(),
  })
  .refine(({ verb, object }) => verb.id !== VOIDED || object.objectType === 'StatementRef', {
    message: 'What voids refers to a statement (objectType StatementRef).',
    path: ['object'],
  });
export type Statement = z.infer<typeof Statement>;
