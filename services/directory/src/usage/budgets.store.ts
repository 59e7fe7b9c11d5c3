import type { Budget } from '@docent/contracts/usage';
import { many, maybeOne, one, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Row = z
  .object({
    id: z.uuid(),
    userId: z.uuid().nullable(),
    departmentId: z.uuid().nullable(),
    maxTokensPerMonth: z.coerce.number(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .transform(
    ({ createdAt, updatedAt, ...row }): Budget => ({
      ...row,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    }),
  );

const columns: Sql = sql`
  b.id, b.user_id as "userId", b.department_id as "departmentId",
  b.max_tokens_per_month as "maxTokensPerMonth", b.created_at as "createdAt", b.updated_at as "updatedAt"`;

/** In the order of their ids. */
export function listBudgets(
  tx: Tx,
  orgId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Budget[]> {
  return many(
    tx,
    Row,
    sql`
      select ${columns}
        from docent.token_budgets b
       where b.org_id = ${orgId}
         and (${after}::uuid is null or b.id > ${after}::uuid)
       order by b.id
       limit ${limit}`,
  );
}

export function insertBudget(
  tx: Tx,
  orgId: string,
  budget: {
    id: string;
    userId: string | null;
    departmentId: string | null;
    maxTokensPerMonth: number;
  },
): Promise<Budget> {
  return one(
    tx,
    Row,
    sql`
      insert into docent.token_budgets as b (org_id, id, user_id, department_id, max_tokens_per_month)
      values (${orgId}, ${budget.id}, ${budget.userId}, ${budget.departmentId}, ${budget.maxTokensPerMonth})
      returning ${columns}`,
  );
}

/** The changed budget; null when there is none with this id. */
export function updateBudget(
  tx: Tx,
  orgId: string,
  id: string,
  maxTokensPerMonth: number,
): Promise<Budget | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      update docent.token_budgets b
         set max_tokens_per_month = ${maxTokensPerMonth}
       where b.org_id = ${orgId}
         and b.id = ${id}
      returning ${columns}`,
  );
}

export function deleteBudget(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.token_budgets
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
