import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { insertDepartment } from '../departments/departments.store.ts';
import {
  deleteRecord,
  insertRecord,
  lockPeople,
  lockRecord,
  newRecord,
  type PersonRecord,
  settleManagers,
  updateRecord,
} from '../people/records.store.ts';
import { explained } from '../people/refusals.ts';
import { requireMatch } from '../shared/etag.ts';
import { conditionOf, userColumns } from './filter.ts';
import { findDepartmentNamed } from './groups.store.ts';
import { readPatch } from './patch.ts';
import type { Query, Seen } from './query.ts';
import { listOf, projected, type Resource, userResource } from './resources.ts';
import {
  applyResource,
  applyToUser,
  emptyState,
  recordOf,
  stateOf,
  type UserState,
} from './userState.ts';
import { countUsers, findReferred, findUser, listUsers } from './users.store.ts';

/** People as identity providers keep them. What they do not say (visibility, learning profile) stays. */
export type ScimUsers = ReturnType<typeof makeScimUsers>;

export function makeScimUsers(database: Database) {
  return {
    async list(principal: Principal, query: Query): Promise<object> {
      const { orgId } = principal;
      const condition = conditionOf(query.filter, userColumns);
      const { offset, limit } = query;
      return database.withPrincipal(
        principal,
        async (tx) => {
          const total = await countUsers(tx, orgId, condition);
          const rows = limit === 0 ? [] : await listUsers(tx, orgId, condition, { offset, limit });
          const resources = rows.map((row) => projected(userResource(row, query.base), query));
          return listOf(resources, total, offset + 1);
        },
        { readOnly: true },
      );
    },

    get(principal: Principal, id: string, seen: Seen): Promise<Resource> {
      return database.withPrincipal(
        principal,
        async (tx) => projected(await existing(tx, principal, id, seen), seen),
        { readOnly: true },
      );
    },

    /** @throws AppError `conflict` (the user name, e-mail address or external id is taken; the limit) */
    create(principal: Principal, body: unknown, seen: Seen): Promise<Resource> {
      const state = emptyState();
      applyResource(state, body);
      const said = recordOf(state, newRecord({ email: '', name: '' }));
      const id = newId();
      return database.withPrincipal(principal, async (tx) => {
        await lockPeople(tx, principal.orgId);
        const record = await withReferences(tx, principal.orgId, id, said, state);
        await explained(insertRecord(tx, principal.orgId, id, record));
        await settleManagers(tx, principal.orgId, id);
        return existing(tx, principal, id, seen);
      });
    },

    /** Everything that SCIM says of a person; role, department and manager stay when they are not said. */
    replace(
      principal: Principal,
      id: string,
      body: unknown,
      seen: Seen & { ifMatch: string | undefined },
    ): Promise<Resource> {
      return change(principal, id, seen, (before) => {
        const { active, roles } = stateOf(before);
        const state = { ...emptyState(), active, roles };
        applyResource(state, body);
        return state;
      });
    },

    patch(
      principal: Principal,
      id: string,
      body: unknown,
      seen: Seen & { ifMatch: string | undefined },
    ): Promise<Resource> {
      const operations = readPatch(body);
      return change(principal, id, seen, (before) => {
        const state = stateOf(before);
        for (const operation of operations) applyToUser(state, operation);
        return state;
      });
    },

    remove(
      principal: Principal,
      id: string,
      seen: Seen & { ifMatch: string | undefined },
    ): Promise<void> {
      return database.withPrincipal(principal, async (tx) => {
        await lockPeople(tx, principal.orgId);
        const resource = await existing(tx, principal, id, seen);
        requireMatch(seen.ifMatch, resource.meta.version);
        await explained(deleteRecord(tx, principal.orgId, id));
      });
    },
  };

  function change(
    principal: Principal,
    id: string,
    seen: Seen & { ifMatch: string | undefined },
    decide: (before: PersonRecord) => UserState,
  ): Promise<Resource> {
    const { orgId } = principal;
    return database.withPrincipal(principal, async (tx) => {
      await lockPeople(tx, orgId);
      const resource = await existing(tx, principal, id, seen);
      requireMatch(seen.ifMatch, resource.meta.version);
      const before = await lockRecord(tx, orgId, id);
      if (before === null) throw notFound('User', id);
      const state = decide(before);
      const record = await withReferences(tx, orgId, id, recordOf(state, before), state);
      await explained(updateRecord(tx, orgId, id, record));
      await settleManagers(tx, orgId, id);
      return existing(tx, principal, id, seen);
    });
  }
}

async function existing(tx: Tx, principal: Principal, id: string, seen: Seen): Promise<Resource> {
  const row = await findUser(tx, principal.orgId, id);
  if (row === null) throw notFound('User', id);
  return userResource(row, seen.base);
}

/** A department by its name, made when it is missing; a manager who may not be there yet. */
async function withReferences(
  tx: Tx,
  orgId: string,
  id: string,
  record: PersonRecord,
  { department, manager }: UserState,
): Promise<PersonRecord> {
  const found = { ...record };
  if (department === null) found.departmentId = null;
  else if (department !== undefined) {
    found.departmentId = await departmentNamed(tx, orgId, department.slice(0, 200));
  }
  if (manager === null) {
    found.managerId = null;
    found.managerRef = null;
  } else if (manager !== undefined) {
    found.managerId = await findReferred(tx, orgId, manager);
    if (found.managerId === id) throw new AppError('conflict', 'Nobody is their own manager.');
    found.managerRef = found.managerId === null ? manager.slice(0, 500) : null;
  }
  return found;
}

async function departmentNamed(tx: Tx, orgId: string, name: string): Promise<string> {
  const known = await findDepartmentNamed(tx, orgId, name);
  if (known !== null) return known;
  const id = newId();
  await insertDepartment(tx, orgId, {
    id,
    name,
    parentId: null,
    externalId: null,
    description: null,
  });
  return id;
}
