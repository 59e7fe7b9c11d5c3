import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const StateRow = z.object({ state: z.string(), versions: z.int() });

/** How many versions of content are in each state. */
export function countVersions(tx: Tx, orgId: string) {
  return many(
    tx,
    StateRow,
    sql`
      select v.state, count(*)::int as versions
        from docent.content_versions v
       where v.org_id = ${orgId}
       group by v.state
       order by v.state`,
  );
}
