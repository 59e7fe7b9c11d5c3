import type { AuditEntry } from '@docent/contracts/audit';
import type { Principal } from '@docent/core/principal';
import { recordAction } from '@docent/database/audit';
import type { Database } from '@docent/database/database';
import { z } from 'zod';
import { type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import { type AuditFilter, lastEntry, listEntries, readEntries } from './audit.store.ts';

export interface Audit {
  /** Who did what in the caller's organization, newest first. */
  list(principal: Principal, query: Wanted & AuditFilter): Promise<Page<AuditEntry>>;
  /**
   * Everything up to now, oldest first, as lines of JSON; itself on record before the first of them. Ends with
   * the reason of `signal` when that aborts.
   */
  export(
    principal: Principal,
    filter: AuditFilter,
    signal: AbortSignal,
  ): Promise<AsyncIterable<string>>;
}

/** Entries that are read at a time: no connection is held while the reader takes them. */
const BATCH = 1_000;

export function makeAudit(database: Database): Audit {
  return {
    async list(principal, { cursor, limit, ...filter }) {
      const before = positionFrom(Position, cursor);
      const rows = await database.withPrincipal(
        principal,
        (tx) =>
          listEntries(tx, principal.orgId, filter, {
            before: before?.[0] ?? null,
            limit: limit + 1,
          }),
        { readOnly: true },
      );
      return pageOfRows(
        rows,
        limit,
        (entry) => entry,
        ({ seq }) => [String(seq)],
      );
    },

    async export(principal, filter, signal) {
      await database.withPrincipal(principal, (tx) =>
        recordAction(tx, principal, {
          action: 'audit.exported',
          targetKind: 'organization',
          targetId: principal.orgId,
          details: { filter: { ...filter } },
        }),
      );
      const last = await database.withPrincipal(principal, (tx) => lastEntry(tx, principal.orgId), {
        readOnly: true,
        signal,
      });
      return lines(principal, filter, last, signal);
    },
  };

  async function* lines(
    principal: Principal,
    filter: AuditFilter,
    last: number,
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    let after = 0;
    for (;;) {
      const batch = await database.withPrincipal(
        principal,
        (tx) => readEntries(tx, principal.orgId, filter, { after, last, limit: BATCH }),
        { readOnly: true, signal },
      );
      yield batch.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      after = batch.at(-1)?.seq ?? last;
      if (batch.length < BATCH) return;
    }
  }
}

const Position = z.tuple([z.coerce.number().int().positive()]);
