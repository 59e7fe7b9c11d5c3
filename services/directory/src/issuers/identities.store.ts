import { Identity } from '@docent/contracts/access';
import { many, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const moment = z.date().transform((date) => date.toISOString());
const Row = Identity.extend({ createdAt: moment, lastUsedAt: moment.nullable() });

const columns = sql`
  d.id, d.user_id as "userId", d.issuer_id as "issuerId", d.subject, d.linked_by as "linkedBy",
  d.created_at as "createdAt", d.last_used_at as "lastUsedAt",
  (select i.issuer
     from docent.issuers i
    where i.org_id = d.org_id
      and i.id = d.issuer_id) as issuer`;

/** Who a person is to the issuers; there are at most as many as these. */
export function listIdentities(tx: Tx, orgId: string, userId: string): Promise<Identity[]> {
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.identities d
       where d.org_id = ${orgId}
         and d.user_id = ${userId}
       order by d.created_at, d.id
       limit 1000`,
  );
}

export function insertIdentity(
  tx: Tx,
  orgId: string,
  identity: Pick<Identity, 'id' | 'userId' | 'issuerId' | 'subject'>,
): Promise<Identity> {
  return one(
    tx,
    Row,
    sql`
      insert into docent.identities as d (org_id, id, issuer_id, subject, user_id, linked_by)
      values (${orgId}, ${identity.id}, ${identity.issuerId}, ${identity.subject}, ${identity.userId},
        'administrator')
      returning ${columns}`,
  );
}

export function deleteIdentity(
  tx: Tx,
  orgId: string,
  { id, userId }: { readonly id: string; readonly userId: string },
): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.identities
       where org_id = ${orgId}
         and user_id = ${userId}
         and id = ${id}`,
  );
}
