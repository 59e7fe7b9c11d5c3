import type {
  Department,
  DepartmentFilters,
  DepartmentUpdate,
  NewDepartment,
} from '@docent/contracts/directoryDepartments';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import { etagOf } from '@docent/http/etag';
import { z } from 'zod';
import { requireAdmin } from '../shared/admin.ts';
import { requireMatch } from '../shared/etag.ts';
import { containing, type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import {
  countInside,
  deleteDepartment,
  findDepartment,
  insertDepartment,
  listDepartments,
  lockDepartments,
  moveInside,
  saveDepartment,
} from './departments.store.ts';

/** The departments of the caller's organization, a tree; everybody reads it, administrators change it. */
export type Departments = ReturnType<typeof makeDepartments>;

export function makeDepartments(database: Database) {
  return {
    /** By name. */
    async list(
      principal: Principal,
      { cursor, limit, q, ...filters }: Wanted & DepartmentFilters,
    ): Promise<Page<Department>> {
      const after = positionFrom(Position, cursor);
      const wanted = { pattern: containing(q), after, limit: limit + 1 };
      const rows = await database.withPrincipal(
        principal,
        (tx) => listDepartments(tx, principal.orgId, filters, wanted),
        { readOnly: true },
      );
      return pageOfRows(
        rows,
        limit,
        ({ department }) => department,
        ({ nameKey, department }) => [nameKey, department.id],
      );
    },

    get(principal: Principal, id: string): Promise<Department> {
      return database.withPrincipal(principal, (tx) => existing(tx, principal.orgId, id), {
        readOnly: true,
      });
    },

    /** @throws AppError `invalid_request` (parent), `conflict` (name or external id are taken) */
    async create(tx: Tx, principal: Principal, given: NewDepartment): Promise<Department> {
      requireAdmin(principal);
      const id = newId();
      await requireParent(tx, principal.orgId, given.parentId);
      await explained(insertDepartment(tx, principal.orgId, { ...given, id }));
      return existing(tx, principal.orgId, id);
    },

    /** @throws AppError `not_found`, `precondition_failed`, `invalid_request` (parent), `conflict` */
    change(
      principal: Principal,
      id: string,
      update: DepartmentUpdate,
      ifMatch: string | undefined,
    ): Promise<Department> {
      requireAdmin(principal);
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        await lockDepartments(tx, orgId);
        const before = await existing(tx, orgId, id);
        requireMatch(ifMatch, etagOf(before));
        if (update.parentId !== undefined) await requireParent(tx, orgId, update.parentId);
        await explained(saveDepartment(tx, orgId, { ...before, ...update }));
        return existing(tx, orgId, id);
      });
    },

    /**
     * Deletes an empty department, or moves what is in it first.
     * @param moveTo the department that people and departments below go to.
     * @throws AppError `not_found`, `conflict` (not empty), `invalid_request` (moveTo), `precondition_failed`
     */
    remove(
      principal: Principal,
      id: string,
      { moveTo, ifMatch }: { moveTo?: string | undefined; ifMatch?: string | undefined },
    ): Promise<void> {
      requireAdmin(principal);
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        await lockDepartments(tx, orgId);
        requireMatch(ifMatch, etagOf(await existing(tx, orgId, id)));
        if (moveTo === undefined) {
          await requireEmpty(tx, orgId, id);
        } else {
          const target = await findDepartment(tx, orgId, moveTo);
          if (target === null || moveTo === id || target.department.path.includes(id)) {
            throw new AppError(
              'invalid_request',
              `moveTo must be another department that is not below this one: ${moveTo} is not.`,
            );
          }
          await explained(moveInside(tx, orgId, id, moveTo));
        }
        await deleteDepartment(tx, orgId, id);
      });
    },
  };
}

const Position = z.tuple([z.string(), z.uuid()]);

async function existing(tx: Tx, orgId: string, id: string): Promise<Department> {
  const row = await findDepartment(tx, orgId, id);
  if (row === null) throw notFound('department', id);
  return row.department;
}

async function requireParent(tx: Tx, orgId: string, parentId: string | null): Promise<void> {
  if (parentId === null || (await findDepartment(tx, orgId, parentId)) !== null) return;
  throw new AppError('invalid_request', `There is no department ${parentId} to be the parent.`);
}

async function requireEmpty(tx: Tx, orgId: string, id: string): Promise<void> {
  const { people, departments } = await countInside(tx, orgId, id);
  if (people === 0 && departments === 0) return;
  throw new AppError(
    'conflict',
    `The department is not empty: ${insideOf(people, departments)}. Choose another department that they go to.`,
    { details: { people, departments } },
  );
}

/** `1 person and 3 departments are in it`. */
function insideOf(people: number, departments: number): string {
  const counts = [
    ...(people > 0 ? [people === 1 ? '1 person' : `${people} people`] : []),
    ...(departments > 0 ? [departments === 1 ? '1 department' : `${departments} departments`] : []),
  ];
  return `${counts.join(' and ')} ${people + departments === 1 ? 'is' : 'are'} in it`;
}

/** The same write; what the schema refuses gets a sentence. */
export async function explained<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const violation = violationOf(error);
    const sentence = violation === null ? undefined : SENTENCES[violation.constraint];
    if (sentence === undefined) throw error;
    throw new AppError('conflict', sentence, { cause: error });
  }
}

const SENTENCES: Readonly<Record<string, string | undefined>> = {
  departments_ring: 'A department cannot be below itself.',
  departments_depth: 'Departments are at most 20 levels deep.',
  departments_external_id: 'Another department has this external id.',
  departments_org_id_parent_id_name_key: 'There is a department with this name at this place.',
};
