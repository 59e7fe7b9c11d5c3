import { z } from 'zod';
import { pageQuery, Timestamp } from './common.ts';

/** One thing that somebody did. */
export const AuditEntry = z.object({
  seq: z.int().positive().describe('1, 2, 3 … within the organization, without gaps'),
  at: Timestamp,
  actor: z.string().describe('`user:<id>`, `key:<id>` or `system:<what>`'),
  action: z.string().describe('`<kind>.created`, `.updated`, `.deleted`, or a name of its own'),
  targetKind: z.string(),
  targetId: z.string(),
  changes: z
    .record(z.string(), z.object({ old: z.json().optional(), new: z.json().optional() }))
    .describe(
      'Fields that changed; `***` for secrets and personal data, a digest for what is long',
    ),
  details: z.record(z.string(), z.json()),
  requestId: z.string().nullable(),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  hash: z
    .string()
    .describe('SHA-256, in hex, of the hash of the entry before and everything in this one'),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** What may be asked for; everything given must hold. */
export const auditFilter = {
  actor: z.string().min(1).max(200).optional().describe('`user:<id>`, `key:<id>`, `system:worker`'),
  action: z.string().min(1).max(200).optional(),
  targetKind: z.string().min(1).max(100).optional(),
  targetId: z.string().min(1).max(300).optional(),
  from: Timestamp.optional().describe('Not before'),
  to: Timestamp.optional().describe('Before'),
};

export const auditQuery = { ...pageQuery, ...auditFilter };
