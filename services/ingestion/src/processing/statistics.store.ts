import { run, sql, type Tx } from '@docent/database/sql';

/** Counts the chunks that hold each word of the organization's content; searches weigh words by it. */
export async function refreshStatistics(tx: Tx, orgId: string): Promise<void> {
  await run(tx, sql`select docent.refresh_search_statistics(${orgId})`);
}
