import type { Budget, NewBudget } from '@docent/contracts/usage';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { violationOf } from '@docent/database/violation';
import { z } from 'zod';
import { type Page, pageOfRows, positionFrom, type Wanted } from '../shared/page.ts';
import { deleteBudget, insertBudget, listBudgets, updateBudget } from './budgets.store.ts';

/** Token budgets of people and departments. */
export type Budgets = ReturnType<typeof makeBudgets>;

export function makeBudgets(database: Database) {
  return {
    async list(principal: Principal, { cursor, limit }: Wanted): Promise<Page<Budget>> {
      const [after = null] = positionFrom(z.tuple([z.uuid()]), cursor) ?? [];
      const rows = await database.withPrincipal(
        principal,
        (tx) => listBudgets(tx, principal.orgId, { after, limit: limit + 1 }),
        { readOnly: true },
      );
      return pageOfRows(
        rows,
        limit,
        (budget) => budget,
        ({ id }) => [id],
      );
    },

    /** @throws AppError `conflict` (there is one already), `not_found` (no such person or department). */
    async add(
      principal: Principal,
      { userId, departmentId, ...given }: NewBudget,
    ): Promise<Budget> {
      const budget = {
        ...given,
        id: newId(),
        userId: userId ?? null,
        departmentId: departmentId ?? null,
      };
      try {
        return await database.withPrincipal(principal, (tx) =>
          insertBudget(tx, principal.orgId, budget),
        );
      } catch (error) {
        const kind = violationOf(error)?.kind;
        if (kind === 'foreign_key') {
          throw userId ? notFound('user', userId) : notFound('department', departmentId ?? '');
        }
        if (kind === 'unique') throw new AppError('conflict', 'There is such a budget already.');
        throw error;
      }
    },

    /** @throws AppError `not_found`. */
    async change(principal: Principal, id: string, maxTokensPerMonth: number): Promise<Budget> {
      const budget = await database.withPrincipal(principal, (tx) =>
        updateBudget(tx, principal.orgId, id, maxTokensPerMonth),
      );
      if (budget === null) throw notFound('budget', id);
      return budget;
    },

    /** @throws AppError `not_found`. */
    async remove(principal: Principal, id: string): Promise<void> {
      const removed = await database.withPrincipal(principal, (tx) =>
        deleteBudget(tx, principal.orgId, id),
      );
      if (removed === 0) throw notFound('budget', id);
    },
  };
}
