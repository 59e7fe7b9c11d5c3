import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { PlaceRow, place } from '../groups.store.ts';

/** Where each active person is counted, by id. */
export async function listActivePlaces(
  tx: Tx,
  orgId: string,
): Promise<Map<string, { departmentId: string | null; job: string }>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid(), ...PlaceRow }),
    sql`
      select u.id, ${place}
        from docent.users u
       where u.org_id = ${orgId}
         and u.status = 'active'`,
  );
  return new Map(rows.map(({ id, ...where }) => [id, where]));
}
