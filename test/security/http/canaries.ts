import { z } from 'zod';
import type { HttpWorld } from './app.ts';

/** Tables that any request may write: who called, and how often. */
const volatile = new Set(['security_events', 'idempotency_keys', 'audit_log', 'audit_heads']);

const Hash = z.array(z.object({ hash: z.string().nullable() }));

/**
 * A hash of every table's rows, to compare.
 *
 * @param options.abroad only those of the other organization.
 */
export async function stateOf(
  { matrix }: HttpWorld,
  { abroad = false }: { abroad?: boolean } = {},
): Promise<Record<string, string | null>> {
  const state: Record<string, string | null> = {};
  for (const { name, columns } of matrix.catalog) {
    if (volatile.has(name) && !abroad) continue;
    const kept = columns
      .map((column) => column.name)
      .filter((column) => !/^(last_used|updated)/.test(column));
    const where = abroad ? `where org_id = '${matrix.world.abroad}'` : '';
    const rows = await matrix.ask(
      `select md5(string_agg(row::text, '|' order by row::text)) as hash
       from (select ${kept.join(', ')} from docent.${name} ${where}) row`,
    );
    state[name] = Hash.parse(rows)[0]?.hash ?? null;
  }
  return state;
}
