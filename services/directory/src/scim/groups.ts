import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import { z } from 'zod';
import {
  deleteDepartment,
  insertDepartment,
  lockDepartments,
  saveDepartment,
} from '../departments/departments.store.ts';
import { explained } from '../departments/departments.ts';
import { lockPeople } from '../people/records.store.ts';
import { requireMatch } from '../shared/etag.ts';
import { conditionOf, groupColumns } from './filter.ts';
import { applyToGroup, type GroupState, readGroup } from './groupState.ts';
import {
  addMembers,
  countGroups,
  existingPeople,
  findGroup,
  type GroupRow,
  hasMember,
  listGroups,
  removeMembers,
} from './groups.store.ts';
import { readPatch } from './patch.ts';
import type { Query, Seen } from './query.ts';
import { refusal } from './refusal.ts';
import { groupResource, listOf, projected, type Resource, showsMembers } from './resources.ts';

/** Departments as groups: a person is in at most one, so that adding somebody moves them. */
export type ScimGroups = ReturnType<typeof makeScimGroups>;

type SeenIf = Seen & { readonly ifMatch: string | undefined };

export function makeScimGroups(database: Database) {
  return {
    async list(principal: Principal, query: Query): Promise<object> {
      const { orgId } = principal;
      const condition = conditionOf(query.filter, groupColumns, hasMember(orgId));
      const { offset, limit } = query;
      const withMembers = showsMembers(query);
      return database.withPrincipal(
        principal,
        async (tx) => {
          const total = await countGroups(tx, orgId, condition);
          const page = { offset, limit, withMembers };
          const rows = limit === 0 ? [] : await listGroups(tx, orgId, condition, page);
          const resources = rows.map((row) => projected(groupResource(row, query.base), query));
          return listOf(resources, total, offset + 1);
        },
        { readOnly: true },
      );
    },

    get(principal: Principal, id: string, seen: Seen): Promise<Resource> {
      return database.withPrincipal(
        principal,
        async (tx) => {
          const row = await existing(tx, principal, id, true);
          return projected(groupResource(row, seen.base), seen);
        },
        { readOnly: true },
      );
    },

    /** A topmost department. @throws AppError `conflict` (the name or external id is taken) */
    create(principal: Principal, body: unknown, seen: Seen): Promise<Resource> {
      const state = readGroup(body);
      const id = newId();
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        await lockPeople(tx, orgId);
        const { displayName: name, externalId } = state;
        const department = { id, name, externalId, parentId: null, description: null };
        await explained(insertDepartment(tx, orgId, department));
        await addMembers(tx, orgId, id, await requirePeople(tx, orgId, state.members));
        return groupResource(await existing(tx, principal, id, true), seen.base);
      });
    },

    replace(principal: Principal, id: string, body: unknown, seen: SeenIf): Promise<Resource> {
      const state = readGroup(body);
      return change(principal, id, seen, () => state);
    },

    patch(principal: Principal, id: string, body: unknown, seen: SeenIf): Promise<Resource> {
      const operations = readPatch(body);
      return change(principal, id, seen, ({ name, externalId, members }) => {
        const state = {
          displayName: name,
          externalId,
          members: new Set(members.map((member) => member.id)),
        };
        for (const operation of operations) applyToGroup(state, operation);
        return state;
      });
    },

    /** Its people are in no department then. @throws AppError `conflict` (departments are below it) */
    remove(principal: Principal, id: string, seen: SeenIf): Promise<void> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        await lockPeople(tx, orgId);
        const row = await existing(tx, principal, id, true);
        requireMatch(seen.ifMatch, groupResource(row, seen.base).meta.version);
        await deleteDepartment(tx, orgId, id).catch((error: unknown) => {
          if (violationOf(error)?.kind !== 'foreign_key') throw error;
          throw new AppError('conflict', 'There are departments below this one.', { cause: error });
        });
      });
    },
  };

  function change(
    principal: Principal,
    id: string,
    seen: SeenIf,
    decide: (before: GroupRow) => GroupState,
  ): Promise<Resource> {
    const { orgId } = principal;
    return database.withPrincipal(principal, async (tx) => {
      await lockPeople(tx, orgId);
      await lockDepartments(tx, orgId);
      const before = await existing(tx, principal, id, true);
      requireMatch(seen.ifMatch, groupResource(before, seen.base).meta.version);
      const { displayName: name, externalId, members } = decide(before);
      const { parentId, description } = before;
      if (name !== before.name || externalId !== before.externalId) {
        await explained(saveDepartment(tx, orgId, { id, name, externalId, parentId, description }));
      }
      const now = new Set(before.members.map((member) => member.id));
      const added = new Set([...members].filter((member) => !now.has(member)));
      const removed = [...now].filter((member) => !members.has(member));
      await addMembers(tx, orgId, id, await requirePeople(tx, orgId, added));
      await removeMembers(tx, orgId, id, removed);
      return groupResource(await existing(tx, principal, id, true), seen.base);
    });
  }
}

async function existing(
  tx: Tx,
  principal: Principal,
  id: string,
  withMembers: boolean,
): Promise<GroupRow> {
  const row = await findGroup(tx, principal.orgId, id, withMembers);
  if (row === null) throw notFound('Group', id);
  return row;
}

/** @throws AppError `invalid_request` with scimType `invalidValue` that names who is not there */
async function requirePeople(
  tx: Tx,
  orgId: string,
  members: ReadonlySet<string>,
): Promise<string[]> {
  const ids = [...members];
  const wrong = ids.find((id) => !z.uuid().safeParse(id).success);
  if (wrong !== undefined)
    throw refusal('invalidValue', `There is no User ${wrong.slice(0, 100)}.`);
  const there = await existingPeople(tx, orgId, ids);
  const missing = ids.find((id) => !there.has(id));
  if (missing !== undefined) throw refusal('invalidValue', `There is no User ${missing}.`);
  return ids;
}
