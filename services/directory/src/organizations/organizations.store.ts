import {
  type NewChildOrganization,
  Organization,
  OrganizationLimits,
  type OrganizationStatus,
} from '@docent/contracts/directoryOrganizations';
import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Row = Organization.required()
  .omit({ limits: true, createdAt: true, updatedAt: true })
  .extend({
    ...OrganizationLimits.shape,
    // 8 bytes come as text.
    maxStorageBytes: z.coerce.number().nullable(),
    maxTokensPerMonth: z.coerce.number().nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
    /** What lists are ordered by: capital and small letters are the same. */
    nameKey: z.string(),
  })
  .transform(
    ({ maxUsers, maxStorageBytes, maxTokensPerMonth, createdAt, updatedAt, nameKey, ...row }) => ({
      nameKey,
      organization: {
        ...row,
        limits: { maxUsers, maxStorageBytes, maxTokensPerMonth },
        createdAt: createdAt.toISOString(),
        updatedAt: updatedAt.toISOString(),
      } satisfies Organization,
    }),
  );
export type OrganizationRow = z.output<typeof Row>;

const columns = sql`
  o.org_id as id, o.name, o.parent_id as "parentId", o.path::text[] as path, o.depth, o.branding, o.status,
  o.settings, o.max_users as "maxUsers", o.max_storage_bytes as "maxStorageBytes",
  o.max_tokens_per_month as "maxTokensPerMonth", o.created_at as "createdAt",
  o.updated_at as "updatedAt", lower(o.name) as "nameKey"`;

/** An organization that is `orgId` or below it, or null. */
export function findOrganization(
  tx: Tx,
  orgId: string,
  id: string,
): Promise<OrganizationRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.organizations o
       where o.org_id = ${id}
         and (o.org_id = ${orgId} or ${orgId}::uuid = any (o.path))`,
  );
}

/** `orgId` and the organizations below it, by name. */
export function listOrganizations(
  tx: Tx,
  orgId: string,
  wanted: {
    status: z.infer<typeof OrganizationStatus> | null;
    pattern: string | null;
    after: readonly [string, string] | null;
    limit: number;
  },
): Promise<OrganizationRow[]> {
  const [name, id] = wanted.after ?? [null, null];
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.organizations o
       where (o.org_id = ${orgId} or ${orgId}::uuid = any (o.path))
         and (${wanted.status}::text is null or o.status = ${wanted.status})
         and (${wanted.pattern}::text is null or o.name ilike ${wanted.pattern})
         and (${name}::text is null or (lower(o.name), o.org_id) > (${name}, ${id}::uuid))
       order by lower(o.name), o.org_id
       limit ${wanted.limit}`,
  );
}

/** The own row, held until the transaction ends; or null. */
export function lockOrganization(tx: Tx, orgId: string): Promise<OrganizationRow | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.organizations o
       where o.org_id = ${orgId}
         for update`,
  );
}

/** Where a new organization stands and what it may, once its row is there. */
export function placeOrganization(
  tx: Tx,
  orgId: string,
  place: { parentId: string; path: readonly string[]; given: Omit<NewChildOrganization, 'admin'> },
): Promise<number> {
  const { name, settings, branding, status, limits } = place.given;
  return run(
    tx,
    sql`
      insert into docent.organizations (org_id, name, parent_id, path, settings, branding, status,
        max_users, max_storage_bytes, max_tokens_per_month)
      values (${orgId}, ${name}, ${place.parentId}, ${place.path}::uuid[], ${JSON.stringify(settings)}::jsonb,
        ${JSON.stringify(branding)}::jsonb, ${status}, ${limits.maxUsers ?? null},
        ${limits.maxStorageBytes ?? null}, ${limits.maxTokensPerMonth ?? null})`,
  );
}

/** Writes everything that may change of an organization. */
export function saveOrganization(
  tx: Tx,
  orgId: string,
  state: Pick<
    OrganizationRow['organization'],
    'name' | 'settings' | 'branding' | 'status' | 'limits'
  >,
): Promise<number> {
  const { name, settings, branding, status, limits } = state;
  return run(
    tx,
    sql`
      update docent.organizations
         set name = ${name},
             settings = ${JSON.stringify(settings)}::jsonb,
             branding = ${JSON.stringify(branding)}::jsonb,
             status = ${status},
             max_users = ${limits.maxUsers},
             max_storage_bytes = ${limits.maxStorageBytes},
             max_tokens_per_month = ${limits.maxTokensPerMonth}
       where org_id = ${orgId}`,
  );
}

/** Puts on record who acted on this organization from one above it. */
export function recordFromAbove(
  tx: Tx,
  orgId: string,
  action: 'organization.created_from_above' | 'organization.changed_from_above',
  by: { orgId: string; userId: string; apiKeyId?: string | undefined },
): Promise<number> {
  const facts = JSON.stringify({
    organization: by.orgId,
    user: by.userId,
    key: by.apiKeyId ?? null,
  });
  return run(
    tx,
    sql`
      select docent.record_action(${orgId}, ${action}, 'organization', ${orgId}::text, ${facts}::jsonb)`,
  );
}
