import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { tokenAlgorithms } from './accessToken.ts';

const IssuerRow = z.object({
  orgId: z.uuid(),
  id: z.uuid(),
  issuer: z.string(),
  audience: z.string(),
  jwksUri: z.string(),
  algorithms: z.array(z.enum(tokenAlgorithms)),
  createPeople: z.boolean(),
  linkByEmail: z.boolean(),
  departmentId: z.uuid().nullable(),
  nameClaim: z.array(z.string()),
  emailClaim: z.array(z.string()),
  /** Changes with every change of the row. */
  state: z.string(),
});
/** An active issuer of an organization, as tokens are checked by it. */
export type IssuerRow = z.infer<typeof IssuerRow>;

/** The organizations that believe this issuer, each for an audience of its own. */
export function findIssuers(tx: Tx, issuer: string): Promise<IssuerRow[]> {
  return many(
    tx,
    IssuerRow,
    sql`
      select org_id as "orgId", id, issuer, audience, jwks_uri as "jwksUri", algorithms,
             create_people as "createPeople", link_by_email as "linkByEmail",
             department_id as "departmentId", name_claim as "nameClaim", email_claim as "emailClaim",
             updated_at::text as state
        from docent.issuers
       where issuer = ${issuer}
         and status = 'active'
       order by org_id, id
       limit 1000`,
  );
}
