import type {
  MyUpdate,
  NewPerson,
  Person,
  PersonFilters,
  PersonUpdate,
} from '@docent/contracts/directoryPeople';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { etagOf } from '@docent/http/etag';
import { z } from 'zod';
import { isAdmin } from '../shared/admin.ts';
import { requireMatch } from '../shared/etag.ts';
import { containing, type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import { findPerson, listPeople, type PersonRow } from './people.store.ts';
import {
  deleteRecord,
  insertRecord,
  isPerson,
  lockPeople,
  lockRecord,
  newRecord,
  type PersonRecord,
  settleManagers,
  updateRecord,
} from './records.store.ts';
import { explained } from './refusals.ts';
import { reaches, reachOf } from './sight.ts';

/** The people of the caller's organization; those who are not visible to them do not exist for the caller. */
export type People = ReturnType<typeof makePeople>;

export function makePeople(database: Database) {
  return {
    /** By name. */
    async list(
      principal: Principal,
      { cursor, limit, q, ...filters }: Wanted & PersonFilters,
    ): Promise<Page<Person>> {
      const after = positionFrom(Position, cursor);
      const wanted = { pattern: containing(q), after, limit: limit + 1 };
      const rows = await database.withPrincipal(
        principal,
        (tx) => listPeople(tx, principal, filters, wanted),
        { readOnly: true, keepPlans: after === null && q === undefined && isEmpty(filters) },
      );
      return pageOfRows(rows, limit, shown, ({ nameKey, person }) => [nameKey, person.id]);
    },

    get(principal: Principal, id: string): Promise<Person> {
      return database.withPrincipal(
        principal,
        async (tx) => shown(await existing(tx, principal, id)),
        { readOnly: true, keepPlans: true },
      );
    },

    /** @throws AppError `forbidden`, `invalid_request` (department, manager), `conflict` */
    async create(tx: Tx, principal: Principal, given: NewPerson): Promise<Person> {
      const id = newId();
      const record = { ...newRecord(given), ...given };
      requireReach(principal, record);
      requireRole(principal, 'learner', record);
      await lockPeople(tx, principal.orgId);
      await requireManager(tx, principal.orgId, record.managerId);
      await explained(insertRecord(tx, principal.orgId, id, record));
      if (isAdmin(principal)) await settleManagers(tx, principal.orgId, id);
      return shown(await existing(tx, principal, id));
    },

    /** @throws AppError `not_found`, `forbidden`, `precondition_failed`, `invalid_request`, `conflict` */
    change(
      principal: Principal,
      id: string,
      update: PersonUpdate,
      ifMatch: string | undefined,
    ): Promise<Person> {
      return database.withPrincipal(principal, async (tx) => {
        const before = await lockChangeable(tx, principal, id, ifMatch);
        const after = merged(before, update);
        requireReach(principal, after);
        requireRole(principal, before.role, after);
        if (after.managerId !== before.managerId) {
          await requireManager(tx, principal.orgId, after.managerId);
        }
        await explained(updateRecord(tx, principal.orgId, id, after));
        if (isAdmin(principal)) await settleManagers(tx, principal.orgId, id);
        return shown(await existing(tx, principal, id));
      });
    },

    /** What people may change of themselves. */
    changeSelf(principal: Principal, update: MyUpdate): Promise<Person> {
      const { orgId, userId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        const before = await lockRecord(tx, orgId, userId);
        if (before === null) throw notFound('user', userId);
        await updateRecord(tx, orgId, userId, merged(before, update));
        return shown(await existing(tx, principal, userId));
      });
    },

    /** @throws AppError `not_found`, `forbidden`, `precondition_failed`, `conflict` (last administrator) */
    remove(principal: Principal, id: string, ifMatch: string | undefined): Promise<void> {
      return database.withPrincipal(principal, async (tx) => {
        await lockChangeable(tx, principal, id, ifMatch);
        await explained(deleteRecord(tx, principal.orgId, id));
      });
    },
  };
}

const Position = z.tuple([z.string(), z.uuid()]);

/** The record with what is named changed; a manager who is named is not waited for any more. */
export function merged(record: PersonRecord, update: PersonUpdate): PersonRecord {
  const managerRef = update.managerId === undefined ? record.managerRef : null;
  return { ...record, ...update, managerRef };
}

function shown({ person, whole }: PersonRow): Person {
  if (whole) return person;
  const { id, name, jobTitle, department } = person;
  return { id, name, jobTitle, department };
}

async function existing(tx: Tx, principal: Principal, id: string): Promise<PersonRow> {
  const row = await findPerson(tx, principal, id);
  if (row === null) throw notFound('user', id);
  return row;
}

async function lockChangeable(
  tx: Tx,
  principal: Principal,
  id: string,
  ifMatch: string | undefined,
): Promise<PersonRecord> {
  await existing(tx, principal, id);
  await lockPeople(tx, principal.orgId);
  // Read after the lock: what is compared and changed is what was there when the others were done.
  const row = await existing(tx, principal, id);
  requireReach(principal, { departmentId: row.person.department?.id ?? null });
  requireMatch(ifMatch, etagOf(shown(row)));
  const record = await lockRecord(tx, principal.orgId, id);
  if (record === null || (record.role === 'admin' && !isAdmin(principal))) throw tooFar();
  return record;
}

function requireReach(principal: Principal, { departmentId }: Pick<PersonRecord, 'departmentId'>) {
  if (!reaches(reachOf(principal), departmentId)) throw tooFar();
}

function tooFar(): AppError {
  return new AppError('forbidden', 'Your right to change people does not reach this person.');
}

/** Roles are given by administrators: a right to edit people must not become the right to be one. */
function requireRole(
  principal: Principal,
  before: PersonRecord['role'],
  after: PersonRecord,
): void {
  if (after.role === before || isAdmin(principal)) return;
  throw new AppError('forbidden', 'Only administrators change roles.', {
    details: { requiredRoles: ['admin'], role: principal.role },
  });
}

async function requireManager(tx: Tx, orgId: string, managerId: string | null): Promise<void> {
  if (managerId === null || (await isPerson(tx, orgId, managerId))) return;
  throw new AppError('invalid_request', `There is no person ${managerId} to be the manager.`);
}

/** Whether nothing is asked for but the defaults. */
function isEmpty({ subtree: _, ...filters }: Omit<PersonFilters, 'q'>): boolean {
  return Object.values(filters).every((value) => value === undefined);
}
