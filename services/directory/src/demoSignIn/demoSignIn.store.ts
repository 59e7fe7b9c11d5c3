import { DemoPerson } from '@docent/contracts/directory';
import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

/**
 * People to choose from: at most `each` of every role, those of the demo itself first, then by name.
 *
 * @param emails addresses of those of the demo itself.
 */
export function listDemoPeople(
  tx: Tx,
  orgId: string,
  { emails, each }: { emails: readonly string[]; each: number },
): Promise<DemoPerson[]> {
  return many(
    tx,
    DemoPerson,
    sql`
      select p.id, p.name, p.role, p.job as "jobTitle", p.department
        from (
          select u.id, u.name, u.role, u.job_title as job, d.name as department,
                 u.email = any (${emails}::text[]) as own,
                 row_number() over (
                   partition by u.role
                   order by u.email = any (${emails}::text[]) desc, u.name, u.id) as place
            from docent.users u
            left join docent.departments d
              on d.org_id = u.org_id
             and d.id = u.department_id
           where u.org_id = ${orgId}
             and u.status = 'active'
             and u.deleted_at is null) p
       where p.place <= ${each}
       order by p.own desc, p.place, p.role, p.name`,
  );
}

const Email = z.object({ email: z.string(), name: z.string() });

/** Address and name of somebody who may sign in; null when there is nobody of this id. */
export function findDemoPerson(tx: Tx, orgId: string, id: string) {
  return maybeOne(
    tx,
    Email,
    sql`
      select u.email, u.name
        from docent.users u
       where u.org_id = ${orgId}
         and u.id = ${id}
         and u.status = 'active'
         and u.deleted_at is null`,
  );
}

/** The organization believes tokens of this issuer, and of none that an earlier start made by this name. */
export async function believeDemoIssuer(
  tx: Tx,
  orgId: string,
  issuer: { id: string; name: string; url: string; audience: string; jwksUri: string },
): Promise<void> {
  await run(
    tx,
    sql`
      delete from docent.issuers
       where org_id = ${orgId}
         and name = ${issuer.name}
         and issuer <> ${issuer.url}`,
  );
  await run(
    tx,
    sql`
      insert into docent.issuers
        (org_id, id, name, issuer, audience, jwks_uri, algorithms, create_people, link_by_email, name_claim,
         email_claim)
      select ${orgId}, ${issuer.id}, ${issuer.name}, ${issuer.url}, ${issuer.audience}, ${issuer.jwksUri},
             '{ES256}', false, true, '{name}', '{email}'
       where not exists (
         select
           from docent.issuers
          where org_id = ${orgId}
            and issuer = ${issuer.url})`,
  );
}
