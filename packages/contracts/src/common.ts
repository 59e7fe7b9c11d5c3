import { z } from 'zod';

/** RFC 9457 body. `code` is our extension member: clients switch on it, never on `detail`. */
export const Problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Query parameters of every list. A cursor is opaque: pass back what the last page gave. */
export const pageQuery = {
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Rows on a page, 1 to 100'),
};

/** A page of a list; `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const Timestamp = z.iso.datetime({ offset: true });
