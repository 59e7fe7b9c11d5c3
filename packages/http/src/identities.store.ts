import { maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { IssuerRow } from './issuers.store.ts';

const SignInRow = z.object({
  /** What `findIssuers` read is still what is stored. */
  unchanged: z.boolean(),
  identityId: z.uuid().nullable(),
  userId: z.uuid().nullable(),
});

/** Who a subject of this issuer is; null when the issuer is not there any more, or disabled. */
export function findIdentity(tx: Tx, issuer: IssuerRow, subject: string) {
  return maybeOne(
    tx,
    SignInRow,
    sql`
      select i.updated_at::text = ${issuer.state} as unchanged, d.id as "identityId", d.user_id as "userId"
        from docent.issuers i
        left join docent.identities d
          on d.org_id = ${issuer.orgId}
         and d.issuer_id = i.id
         and d.subject = ${subject}
       where i.org_id = ${issuer.orgId}
         and i.id = ${issuer.id}
         and i.status = 'active'`,
  );
}

/** First sign-ins of one subject come one after the other, until the transaction ends. */
export function lockSubject(tx: Tx, issuer: IssuerRow, subject: string): Promise<number> {
  return run(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended(${`docent.identity:${issuer.id}:${subject}`}, 0))`,
  );
}

/** The active person with this e-mail address whom nobody else of the issuer is; or null. */
export function findPersonToLink(tx: Tx, issuer: IssuerRow, email: string) {
  return maybeOne(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select u.id
        from docent.users u
       where u.org_id = ${issuer.orgId}
         and u.email_key = lower(${email})
         and u.status = 'active'
         and u.deleted_at is null
         and not exists (
           select
             from docent.identities d
            where d.org_id = ${issuer.orgId}
              and d.issuer_id = ${issuer.id}
              and d.user_id = u.id)`,
  );
}

/** False: the organization is suspended or inactive, nobody is added to it. */
export async function insertLearner(
  tx: Tx,
  issuer: IssuerRow,
  person: { readonly id: string; readonly email: string; readonly name: string },
): Promise<boolean> {
  const added = await run(
    tx,
    sql`
      insert into docent.users (org_id, id, email, name, role, department_id)
      select o.org_id, ${person.id}, ${person.email}, ${person.name}, 'learner', ${issuer.departmentId}::uuid
        from docent.organizations o
       where o.org_id = ${issuer.orgId}
         and o.status in ('active', 'trial')`,
  );
  return added === 1;
}

export function insertIdentity(
  tx: Tx,
  issuer: Pick<IssuerRow, 'orgId' | 'id'>,
  identity: {
    readonly id: string;
    readonly subject: string;
    readonly userId: string;
    readonly linkedBy: 'email' | 'creation';
  },
): Promise<number> {
  return run(
    tx,
    sql`
      insert into docent.identities (org_id, id, issuer_id, subject, user_id, linked_by)
      values (${issuer.orgId}, ${identity.id}, ${issuer.id}, ${identity.subject}, ${identity.userId},
        ${identity.linkedBy})`,
  );
}

/** Notes that an identity is in use, at most once a minute. */
export function touchIdentity(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      update docent.identities
         set last_used_at = now()
       where org_id = ${orgId}
         and id = ${id}
         and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
  );
}
