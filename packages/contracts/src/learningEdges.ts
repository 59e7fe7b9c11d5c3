import { z } from 'zod';
import { Timestamp } from './common.ts';
import { NodeRef } from './learning.ts';

export const EdgeType = z.enum(['prerequisite', 'teaches', 'assesses', 'covers']);
export type EdgeType = z.infer<typeof EdgeType>;

export const NodeKind = z.enum(['skill', 'course', 'assessment', 'content']);
export type NodeKind = z.infer<typeof NodeKind>;

export const EdgeStatus = z.enum(['proposed', 'confirmed', 'rejected']);
export type EdgeStatus = z.infer<typeof EdgeStatus>;

const Weight = z.number().gt(0).max(1).describe('How strong it is, up to 1');

/**
 * `from` is a prerequisite of `to`; `from` (course, content) teaches, (assessment) assesses or (content)
 * covers `to`.
 */
export const Edge = z.object({
  id: z.uuid(),
  type: EdgeType,
  from: NodeRef,
  to: NodeRef,
  weight: Weight,
  origin: z.enum(['manual', 'inferred']),
  score: z.number().min(0).max(1).nullable().describe('How sure the inference is'),
  evidence: z.record(z.string(), z.json()).describe('What the inference rests on'),
  status: EdgeStatus,
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Edge = z.infer<typeof Edge>;

const End = (...kinds: NodeKind[]) =>
  z.strictObject({ kind: z.enum(kinds), id: z.uuid() }).describe(kinds.join(' or '));

/** What may lead where; the table has the same rule. */
export const NewEdge = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('prerequisite'),
      from: End('skill', 'course'),
      to: End('skill', 'course'),
      weight: Weight.default(1),
    }),
    z.strictObject({
      type: z.literal('teaches'),
      from: End('course', 'content'),
      to: End('skill'),
      weight: Weight.default(1),
    }),
    z.strictObject({
      type: z.literal('assesses'),
      from: End('assessment'),
      to: End('skill', 'course'),
      weight: Weight.default(1),
    }),
    z.strictObject({
      type: z.literal('covers'),
      from: End('content'),
      to: End('skill', 'course'),
      weight: Weight.default(1),
    }),
  ])
  .refine(({ from, to }) => from.kind !== to.kind || from.id !== to.id, {
    message: 'An edge leads from one thing to another.',
  });
export type NewEdge = z.infer<typeof NewEdge>;

export const EdgeUpdate = z
  .strictObject({ weight: Weight, status: z.enum(['confirmed', 'rejected']) })
  .partial();
export type EdgeUpdate = z.infer<typeof EdgeUpdate>;

export const edgeFilters = {
  type: EdgeType.optional(),
  fromKind: NodeKind.optional(),
  fromId: z.uuid().optional(),
  toKind: NodeKind.optional(),
  toId: z.uuid().optional(),
  origin: z.enum(['manual', 'inferred']).optional(),
  status: EdgeStatus.optional().describe(
    'Default: confirmed; others are shown to trainers and administrators',
  ),
};
export type EdgeFilters = z.infer<z.ZodObject<typeof edgeFilters>>;
