import type {
  CreatedOrganization,
  NewChildOrganization,
  Organization,
  OrganizationUpdate,
} from '@docent/contracts/directoryOrganizations';
import { AppError, notFound } from '@docent/core/errors';
import { derivedId, newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { violationOf } from '@docent/database/violation';
import { createKey } from '@docent/http/apiKey';
import { etagOf } from '@docent/http/etag';
import { z } from 'zod';
import { founder } from '../bootstrap.ts';
import { ensureUser, insertKey } from '../people.store.ts';
import { isAdmin, requireAdmin } from '../shared/admin.ts';
import { requireMatch } from '../shared/etag.ts';
import { containing, type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import {
  findOrganization,
  listOrganizations,
  lockOrganization,
  placeOrganization,
  recordFromAbove,
  saveOrganization,
} from './organizations.store.ts';

/** The own organization, and for administrators those below it; others do not exist for the caller. */
export type Organizations = ReturnType<typeof makeOrganizations>;

export function makeOrganizations(database: Database) {
  const find = async (principal: Principal, id: string): Promise<Organization> => {
    const row = await database.withPrincipal(
      principal,
      (tx) => findOrganization(tx, principal.orgId, id),
      { readOnly: true },
    );
    if (row === null) throw notFound('organization', id);
    return row.organization;
  };

  return {
    /** By name. */
    async list(
      principal: Principal,
      { cursor, limit, status, q }: Wanted & { status?: Status; q?: string | undefined },
    ): Promise<Page<Organization>> {
      const after = positionFrom(Position, cursor);
      const wanted = { status: status ?? null, pattern: containing(q), after, limit: limit + 1 };
      const rows = await database.withPrincipal(
        principal,
        (tx) => listOrganizations(tx, principal.orgId, wanted),
        { readOnly: true },
      );
      return pageOfRows(
        rows,
        limit,
        ({ organization }) => shown(principal, organization),
        ({ nameKey, organization }) => [nameKey, organization.id],
      );
    },

    async get(principal: Principal, id: string): Promise<Organization> {
      return shown(principal, await find(principal, id));
    },

    /**
     * Changes what is named. Status and limits are set from an organization above.
     * @throws AppError `not_found`, `forbidden`, `precondition_failed`
     */
    async change(
      principal: Principal,
      id: string,
      update: OrganizationUpdate,
      ifMatch: string | undefined,
    ): Promise<Organization> {
      requireAdmin(principal);
      // What stands above never changes: seen once is enough.
      await find(principal, id);
      const fromAbove = id !== principal.orgId;
      if (!fromAbove && (update.status !== undefined || update.limits !== undefined)) {
        throw new AppError(
          'forbidden',
          'Status and limits of an organization are set by an administrator of one above it.',
        );
      }
      const { origin } = principal;
      const writer = fromAbove
        ? { ...workerPrincipal(id), ...(origin === undefined ? {} : { origin }) }
        : principal;
      return database.withPrincipal(writer, async (tx) => {
        const before = await lockOrganization(tx, id);
        if (before === null) throw notFound('organization', id);
        const { organization } = before;
        requireMatch(ifMatch, etagOf(organization));
        await saveOrganization(tx, id, {
          name: update.name ?? organization.name,
          settings: update.settings ?? organization.settings,
          branding: update.branding ?? organization.branding,
          status: update.status ?? organization.status,
          limits: { ...organization.limits, ...update.limits },
        });
        if (fromAbove) await recordFromAbove(tx, id, 'organization.changed_from_above', principal);
        const after = await lockOrganization(tx, id);
        if (after === null) throw new Error('a locked organization is gone');
        return after.organization;
      });
    },

    /**
     * A new organization below the caller's own, with its first administrator and their key, all or nothing.
     *
     * @param requestKey the caller's `Idempotency-Key`: sent again, the request is refused, because the key
     *   that the first answer showed is not kept anywhere.
     * @throws AppError `not_found` (parent), `conflict`
     */
    async create(
      principal: Principal,
      given: NewChildOrganization,
      requestKey: string | undefined,
    ): Promise<CreatedOrganization> {
      requireAdmin(principal);
      const parentId = given.parentId ?? principal.orgId;
      const parent = await find(principal, parentId);
      if (parent.depth >= MAX_DEPTH) {
        throw new AppError('conflict', `Organizations are at most ${MAX_DEPTH} levels deep.`, {
          details: { maxDepth: MAX_DEPTH },
        });
      }
      const id =
        requestKey === undefined
          ? newId()
          : derivedId(`organization/${principal.orgId}/${principal.userId}/${requestKey}`);
      const admin = { id: newId(), ...given.admin };
      const key = createKey('live');
      const writer = {
        ...founder(id, admin.id),
        ...(principal.origin === undefined ? {} : { origin: principal.origin }),
      };
      const place = { parentId, path: [...parent.path, parentId], given };
      const work = database.withPrincipal(writer, async (tx) => {
        await placeOrganization(tx, id, place);
        await ensureUser(tx, { orgId: id, ...admin, role: 'admin', departmentId: null });
        await insertKey(tx, id, { ...key, userId: admin.id, name: 'first key', scopes: ['*'] });
        await recordFromAbove(tx, id, 'organization.created_from_above', principal);
        return findOrganization(tx, id, id);
      });
      const row = await work.catch((error: unknown) => {
        if (violationOf(error)?.constraint !== 'organizations_pkey') throw error;
        throw new AppError(
          'conflict',
          `This Idempotency-Key has made the organization ${id}; its key was shown only then.`,
          { details: { id }, cause: error },
        );
      });
      if (row === null) throw new Error('an organization is gone that was made just now');
      return { organization: row.organization, admin, apiKey: { id: key.id, token: key.token } };
    },
  };
}

type Status = NonNullable<Organization['status']> | undefined;

/** As the database has it: `organizations_place`. */
const MAX_DEPTH = 10;
const Position = z.tuple([z.string(), z.uuid()]);

function shown(principal: Principal, organization: Organization): Organization {
  if (isAdmin(principal)) return organization;
  const { status: _status, settings: _settings, limits: _limits, ...open } = organization;
  return open;
}
