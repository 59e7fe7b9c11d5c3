import type { Issuer, IssuerUpdate, NewIssuer } from '@docent/contracts/access';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import { mayServeKeys } from '@docent/http/jwks';
import { z } from 'zod';
import { type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import {
  deleteIssuer,
  findIssuer,
  insertIssuer,
  listIssuers,
  updateIssuer,
} from './issuers.store.ts';

/** Whose access tokens are believed. Changes count within 5 seconds. */
export type Issuers = ReturnType<typeof makeIssuers>;

/** @param options.allowLocalHttp keys may come from http://localhost: development only. */
export function makeIssuers(
  database: Database,
  { allowLocalHttp }: { readonly allowLocalHttp: boolean },
) {
  return {
    /** Newest first. */
    async list(principal: Principal, { cursor, limit }: Wanted): Promise<Page<Issuer>> {
      const after = positionFrom(Position, cursor);
      const rows = await database.withPrincipal(
        principal,
        (tx) => listIssuers(tx, principal.orgId, { after, limit: limit + 1 }),
        { readOnly: true },
      );
      return pageOfRows(
        rows,
        limit,
        ({ issuer }) => issuer,
        ({ position, issuer }) => [position, issuer.id],
      );
    },

    /** @throws AppError `not_found` */
    async get(principal: Principal, id: string): Promise<Issuer> {
      const reading = (tx: Tx) => findIssuer(tx, principal.orgId, id);
      const row = await database.withPrincipal(principal, reading, { readOnly: true });
      if (row === null) throw notFound('issuer', id);
      return row.issuer;
    },

    /** @throws AppError `invalid_request`, `conflict` (issuer and audience lead to an organization already) */
    async create(tx: Tx, principal: Principal, wanted: NewIssuer): Promise<Issuer> {
      requireKeys(wanted.jwksUri);
      const inserting = insertIssuer(tx, principal.orgId, { ...wanted, id: newId() });
      return (await inserting.catch(explain)).issuer;
    },

    /** @throws AppError `not_found`, and what `create` throws */
    async change(principal: Principal, id: string, change: IssuerUpdate): Promise<Issuer> {
      if (change.jwksUri !== undefined) requireKeys(change.jwksUri);
      const row = await database.withPrincipal(principal, (tx) =>
        updateIssuer(tx, principal.orgId, id, change).catch(explain),
      );
      if (row === null) throw notFound('issuer', id);
      return row.issuer;
    },

    /** @throws AppError `not_found` */
    async remove(principal: Principal, id: string): Promise<void> {
      const removed = await database.withPrincipal(principal, (tx) =>
        deleteIssuer(tx, principal.orgId, id),
      );
      if (removed === 0) throw notFound('issuer', id);
    },
  };

  function requireKeys(jwksUri: string): void {
    if (mayServeKeys(jwksUri, allowLocalHttp)) return;
    throw new AppError('invalid_request', 'jwksUri must be an https address without a password.');
  }
}

const Position = z.tuple([z.iso.datetime(), z.uuid()]);

function explain(cause: unknown): never {
  const constraint = violationOf(cause)?.constraint;
  if (constraint === 'issuers_bound_once') {
    throw new AppError(
      'conflict',
      'Tokens of this issuer for this audience let people into an organization already.',
      { cause },
    );
  }
  if (constraint === 'issuers_org_id_department_id_fkey') {
    throw new AppError('invalid_request', 'departmentId: there is no such department.', { cause });
  }
  throw cause;
}
