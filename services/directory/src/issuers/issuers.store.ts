import { Issuer, type IssuerUpdate, type NewIssuer } from '@docent/contracts/access';
import { many, maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const moment = z.date().transform((date) => date.toISOString());
const Row = Issuer.extend({
  createdAt: moment,
  updatedAt: moment,
  /** Microseconds: a page ends between two rows of one millisecond. */
  position: z.string(),
}).transform(({ position, ...issuer }) => ({ position, issuer: issuer satisfies Issuer }));
export type ListedIssuer = z.output<typeof Row>;

const columns = sql`
  i.id, i.name, i.issuer, i.audience, i.jwks_uri as "jwksUri", i.algorithms,
  i.create_people as "createPeople", i.link_by_email as "linkByEmail", i.department_id as "departmentId",
  i.name_claim as "nameClaim", i.email_claim as "emailClaim", i.status, i.created_at as "createdAt",
  i.updated_at as "updatedAt",
  to_char(i.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position`;

/** Newest first. */
export function listIssuers(
  tx: Tx,
  orgId: string,
  { after, limit }: { after: readonly [string, string] | null; limit: number },
): Promise<ListedIssuer[]> {
  const [position, id] = after ?? [null, null];
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.issuers i
       where i.org_id = ${orgId}
         and (${position}::timestamptz is null
           or (i.created_at, i.id) < (${position}::timestamptz, ${id}::uuid))
       order by i.created_at desc, i.id desc
       limit ${limit}`,
  );
}

export function findIssuer(tx: Tx, orgId: string, id: string): Promise<ListedIssuer | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.issuers i
       where i.org_id = ${orgId}
         and i.id = ${id}`,
  );
}

export function insertIssuer(
  tx: Tx,
  orgId: string,
  issuer: NewIssuer & { readonly id: string },
): Promise<ListedIssuer> {
  return one(
    tx,
    Row,
    sql`
      insert into docent.issuers as i
        (org_id, id, name, issuer, audience, jwks_uri, algorithms, create_people, link_by_email, department_id,
         name_claim, email_claim)
      values
        (${orgId}, ${issuer.id}, ${issuer.name}, ${issuer.issuer}, ${issuer.audience}, ${issuer.jwksUri},
         ${issuer.algorithms}::text[], ${issuer.createPeople}, ${issuer.linkByEmail}, ${issuer.departmentId},
         ${issuer.nameClaim}::text[], ${issuer.emailClaim}::text[])
      returning ${columns}`,
  );
}

/** Fields that are not named stay; null: there is no such issuer. */
export function updateIssuer(
  tx: Tx,
  orgId: string,
  id: string,
  change: IssuerUpdate,
): Promise<ListedIssuer | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      update docent.issuers i
         set name = coalesce(${change.name ?? null}, i.name),
             audience = coalesce(${change.audience ?? null}, i.audience),
             jwks_uri = coalesce(${change.jwksUri ?? null}, i.jwks_uri),
             algorithms = coalesce(${change.algorithms ?? null}::text[], i.algorithms),
             create_people = coalesce(${change.createPeople ?? null}::boolean, i.create_people),
             link_by_email = coalesce(${change.linkByEmail ?? null}::boolean, i.link_by_email),
             department_id = case when ${change.departmentId !== undefined}::boolean
               then ${change.departmentId ?? null}::uuid else i.department_id end,
             name_claim = coalesce(${change.nameClaim ?? null}::text[], i.name_claim),
             email_claim = coalesce(${change.emailClaim ?? null}::text[], i.email_claim),
             status = coalesce(${change.status ?? null}, i.status)
       where i.org_id = ${orgId}
         and i.id = ${id}
      returning ${columns}`,
  );
}

/** With the identities that people have with it. */
export function deleteIssuer(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.issuers
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
