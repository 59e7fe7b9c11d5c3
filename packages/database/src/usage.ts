import { AppError } from '@docent/core/errors';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { z } from 'zod';
import type { Database } from './database.ts';
import { maybeOne, one, run, sql, type Tx } from './sql.ts';

export type Purpose = 'chat' | 'embedding';

/** Tokens that were set aside before a call of a model. */
export interface Reservation {
  readonly month: string;
  readonly tokens: number;
}

const Spent = z.object({
  kind: z.string(),
  limit: z.coerce.number(),
  used: z.coerce.number(),
});

/**
 * Sets tokens aside for a call of a model, before it is made, so that calls at the same time cannot overdraw a
 * budget together. Give back with `settleTokens` what was not used.
 *
 * @throws AppError `budget_exhausted`: the person, a department above them or the organization has not so many
 *   left this month.
 */
export function reserveTokens(
  database: Database,
  principal: Principal,
  { purpose, tokens }: { purpose: Purpose; tokens: number },
): Promise<Reservation> {
  const { orgId, userId } = principal;
  return database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    const spent = await findExhausted(tx, principal, tokens);
    if (spent !== null) throw exhausted(spent);
    const { month } = await one(
      tx,
      z.object({ month: z.string() }),
      sql`
        insert into docent.token_usage (org_id, month, user_id, purpose, department_id, tokens, calls)
        values (${orgId}, ${thisMonth}, ${userId}, ${purpose},
          (select u.department_id from docent.users u where u.org_id = ${orgId} and u.id = ${userId}),
          ${tokens}, 1)
        on conflict (org_id, month, user_id, purpose) do update
          set tokens = docent.token_usage.tokens + excluded.tokens,
              calls = docent.token_usage.calls + 1,
              department_id = excluded.department_id
        returning month::text`,
    );
    return { month, tokens };
  });
}

/** Corrects a reservation to what the call has used. */
export async function settleTokens(
  database: Database,
  { orgId, userId }: Principal,
  purpose: Purpose,
  reserved: Reservation,
  used: number,
): Promise<void> {
  if (used === reserved.tokens) return;
  await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`
        update docent.token_usage
           set tokens = greatest(0, tokens + ${used - reserved.tokens}::bigint)
         where org_id = ${orgId}
           and month = ${reserved.month}::date
           and user_id = ${userId}
           and purpose = ${purpose}`,
    ),
  );
}

/** Counts tokens that a worker used for nobody in particular; no budget stops it. */
export async function recordWorkerTokens(
  tx: Tx,
  orgId: string,
  { purpose, tokens }: { purpose: Purpose; tokens: number },
): Promise<void> {
  const { userId } = workerPrincipal(orgId);
  await run(
    tx,
    sql`
      insert into docent.token_usage (org_id, month, user_id, purpose, tokens, calls)
      values (${orgId}, ${thisMonth}, ${userId}, ${purpose}, ${tokens}, 1)
      on conflict (org_id, month, user_id, purpose) do update
        set tokens = docent.token_usage.tokens + excluded.tokens,
            calls = docent.token_usage.calls + 1`,
  );
}

const thisMonth = sql`date_trunc('month', now() at time zone 'UTC')::date`;

/** A budget that `tokens` more would overdraw; the person's own first, the organization's last. */
async function findExhausted(tx: Tx, { orgId, userId }: Principal, tokens: number) {
  // Whoever has no limit waits for nobody.
  const limited = await one(
    tx,
    z.object({ limited: z.boolean() }),
    sql`
      select exists (
               select
                 from docent.organizations o
                where o.org_id = ${orgId}
                  and o.max_tokens_per_month is not null)
          or exists (
               select
                 from docent.token_budgets b
                where b.org_id = ${orgId}) as limited`,
  );
  if (!limited.limited) return null;
  await run(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('docent.tokens:' || ${orgId}::uuid, 0))`,
  );
  return maybeOne(
    tx,
    Spent,
    sql`
      with own as (
        select d.path || d.id as departments
          from docent.users u
          join docent.departments d on d.org_id = ${orgId} and d.id = u.department_id
         where u.org_id = ${orgId}
           and u.id = ${userId}
      ),
      limits as (
        select 1 as place, 'person' as kind, b.max_tokens_per_month as most,
               (select coalesce(sum(t.tokens), 0)
                  from docent.token_usage t
                 where t.org_id = ${orgId}
                   and t.month = ${thisMonth}
                   and t.user_id = ${userId}) as used
          from docent.token_budgets b
         where b.org_id = ${orgId}
           and b.user_id = ${userId}
        union all
        select 2, 'department', b.max_tokens_per_month,
               (select coalesce(sum(t.tokens), 0)
                  from docent.token_usage t
                  join docent.departments below
                    on below.org_id = ${orgId}
                   and below.id = t.department_id
                   and b.department_id = any (below.path || below.id)
                 where t.org_id = ${orgId}
                   and t.month = ${thisMonth})
          from docent.token_budgets b
          join own on b.department_id = any (own.departments)
         where b.org_id = ${orgId}
        union all
        select 3, 'organization', o.max_tokens_per_month,
               (select coalesce(sum(t.tokens), 0)
                  from docent.token_usage t
                 where t.org_id = ${orgId}
                   and t.month = ${thisMonth})
          from docent.organizations o
         where o.org_id = ${orgId}
           and o.max_tokens_per_month is not null
      )
      select kind, most as limit, used
        from limits
       where used + ${tokens} > most
       order by place
       limit 1`,
  );
}

const WHOSE: Readonly<Record<string, string>> = {
  person: 'Your token budget',
  department: 'The token budget of your department',
  organization: 'The token budget of your organization',
};

function exhausted({ kind, limit, used }: z.output<typeof Spent>): AppError {
  const whose = WHOSE[kind] ?? 'The token budget';
  return new AppError('budget_exhausted', `${whose} for this month is used up.`, {
    details: { budget: kind, maxTokensPerMonth: limit, usedTokens: used },
  });
}
