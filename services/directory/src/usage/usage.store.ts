import { many, one, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const count = z.coerce.number().int().nonnegative();
const limit = z.coerce.number().int().nonnegative().nullable();

const Own = z.object({ tokens: count });
const Department = z.object({ id: z.uuid(), name: z.string(), tokens: count });
const Person = z.object({ id: z.uuid(), name: z.string(), tokens: count, calls: count });
const Budget = z.object({ subject: z.uuid(), limit: z.coerce.number().int().nonnegative() });
const Organization = z.object({
  tokens: count,
  maxTokens: limit,
  storageBytes: count,
  maxStorageBytes: limit,
  people: count,
  maxUsers: limit,
});

/** What one person used in the month. @param month its first day. */
export function findOwnUsage(tx: Tx, orgId: string, userId: string, month: string) {
  return one(
    tx,
    Own,
    sql`
      select coalesce(sum(t.tokens), 0) as tokens
        from docent.token_usage t
       where t.org_id = ${orgId}
         and t.month = ${month}::date
         and t.user_id = ${userId}`,
  );
}

/** Use of the plan, as an administrator sees it. */
export function findOrganizationUsage(tx: Tx, orgId: string, month: string) {
  return one(
    tx,
    Organization,
    sql`
      select (select coalesce(sum(t.tokens), 0)
                from docent.token_usage t
               where t.org_id = ${orgId}
                 and t.month = ${month}::date) as tokens,
             o.max_tokens_per_month as "maxTokens",
             (select coalesce(sum(v.size_bytes), 0)
                from docent.content_versions v
               where v.org_id = ${orgId}) as "storageBytes",
             o.max_storage_bytes as "maxStorageBytes",
             (select count(*)
                from docent.users u
               where u.org_id = ${orgId}
                 and u.status = 'active') as people,
             o.max_users as "maxUsers"
        from docent.organizations o
       where o.org_id = ${orgId}`,
  );
}

/**
 * Tokens of departments, each with those below it, as far as row-level security shows the use of their people.
 *
 * @param ids null: all of them.
 */
export function listDepartmentUsage(
  tx: Tx,
  orgId: string,
  ids: readonly string[] | null,
  month: string,
) {
  return many(
    tx,
    Department,
    sql`
      select d.id, d.name, coalesce(sum(t.tokens), 0) as tokens
        from docent.departments d
        left join docent.departments below
          on below.org_id = ${orgId}
         and d.id = any (below.path || below.id)
        left join docent.token_usage t
          on t.org_id = ${orgId}
         and t.month = ${month}::date
         and t.department_id = below.id
       where d.org_id = ${orgId}
         and (${ids === null} or d.id = any (${ids ?? []}::uuid[]))
       group by d.id, d.name
       order by tokens desc, d.name, d.id`,
  );
}

/** Who used most. */
export function listPeopleUsage(tx: Tx, orgId: string, month: string, most: number) {
  return many(
    tx,
    Person,
    sql`
      select u.id, u.name, sum(t.tokens) as tokens, sum(t.calls) as calls
        from docent.token_usage t
        join docent.users u on u.org_id = ${orgId} and u.id = t.user_id
       where t.org_id = ${orgId}
         and t.month = ${month}::date
       group by u.id, u.name
       order by tokens desc, u.name, u.id
       limit ${most}`,
  );
}

/** Budgets of these people and departments, by their ids. Asked as a worker: only administrators read budgets. */
export async function findBudgets(
  tx: Tx,
  orgId: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await many(
    tx,
    Budget,
    sql`
      select coalesce(b.user_id, b.department_id) as subject, b.max_tokens_per_month as limit
        from docent.token_budgets b
       where b.org_id = ${orgId}
         and coalesce(b.user_id, b.department_id) = any (${subjects}::uuid[])`,
  );
  return new Map(rows.map(({ subject, limit }) => [subject, limit]));
}
