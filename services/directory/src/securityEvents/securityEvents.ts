import type { SecurityEvent } from '@docent/contracts/access';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { z } from 'zod';
import { type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import { listEvents, type SecurityEventFilter } from './securityEvents.store.ts';

/** Failed sign-ins, lock-outs and the like in the caller's organization, newest first. */
export async function listSecurityEvents(
  database: Database,
  principal: Principal,
  { cursor, limit, ...filter }: Wanted & SecurityEventFilter,
): Promise<Page<SecurityEvent>> {
  const after = positionFrom(Position, cursor);
  const rows = await database.withPrincipal(
    principal,
    (tx) => listEvents(tx, principal.orgId, filter, { after, limit: limit + 1 }),
    { readOnly: true },
  );
  return pageOfRows(
    rows,
    limit,
    ({ event }) => event,
    ({ position, event }) => [position, event.id],
  );
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);
