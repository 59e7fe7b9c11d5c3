import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { ResourceStore } from '@docent/database/resource';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import { checkIfMatch } from './etag.ts';
import { type PageRequest, readPage } from './paging.ts';

export interface ResourceRules<Item, Values> {
  /** As problems name it: `skill`. */
  readonly kind: string;
  readonly order: 'name' | 'time';
  /** What to tell when a constraint of the schema refuses a row, by the constraint's name. */
  readonly conflicts: Readonly<Record<string, string>>;
  /** What can be said about an item that is stored: an update is laid over it. */
  valuesOf(item: Item): Values;
  /** Follows every change, in its transaction. */
  changed?(tx: Tx, principal: Principal, item: Item, before: Item | null): Promise<void>;
}

type Update<Values> = { [K in keyof Values]?: Values[K] | undefined };

/**
 * What one can do with skills, courses and the like: list, read, add, change, remove. Who may is for the
 * routes and for row-level security: what somebody does not see is `not_found`.
 */
export function makeResource<Item extends { readonly id: string }, Values, Filters>(
  database: Database,
  store: ResourceStore<Item, Values, Filters>,
  rules: ResourceRules<Item, Values>,
) {
  const { kind } = rules;
  const existing = (item: Item | null, id: string): Item => {
    if (item === null) throw notFound(kind, id);
    return item;
  };

  return {
    /** @throws AppError `invalid_request` for a cursor that no page gave. */
    list({ orgId, ...rest }: Principal, filters: Filters, page: PageRequest) {
      const principal = { orgId, ...rest };
      return readPage(rules.order, page, (after, limit) =>
        database.withPrincipal(principal, (tx) => store.list(tx, orgId, filters, after, limit), {
          readOnly: true,
        }),
      );
    },

    /** @throws AppError `not_found` */
    async get(principal: Principal, id: string): Promise<Item> {
      const found = await database.withPrincipal(
        principal,
        (tx) => store.find(tx, principal.orgId, id),
        { readOnly: true },
      );
      return existing(found, id);
    },

    /** In the caller's transaction. @throws AppError `conflict` */
    async create(tx: Tx, principal: Principal, values: Values): Promise<Item> {
      const id = newId();
      await explaining(rules.conflicts, () => store.insert(tx, principal, id, values));
      const item = await store.find(tx, principal.orgId, id);
      if (item === null) throw new Error(`a new ${kind} is not there`);
      await rules.changed?.(tx, principal, item, null);
      return item;
    },

    /**
     * Fields that are not named stay.
     * @param update or what makes it of what there is, in the same transaction.
     * @throws AppError `not_found`, `precondition_failed`, `conflict`
     */
    change(
      principal: Principal,
      id: string,
      update: Update<Values> | ((tx: Tx, before: Item) => Promise<Update<Values>>),
      ifMatch: string | undefined,
    ): Promise<Item> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        const before = existing(await store.lock(tx, orgId, id), id);
        checkIfMatch(ifMatch, before);
        const given = typeof update === 'function' ? await update(tx, before) : update;
        const values = { ...rules.valuesOf(before), ...given };
        await explaining(rules.conflicts, () => store.update(tx, orgId, id, values));
        const item = existing(await store.find(tx, orgId, id), id);
        await rules.changed?.(tx, principal, item, before);
        return item;
      });
    },

    /** @throws AppError `not_found`, `precondition_failed`, `conflict` (people have to do with it) */
    remove(principal: Principal, id: string, ifMatch: string | undefined): Promise<void> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        checkIfMatch(ifMatch, existing(await store.lock(tx, orgId, id), id));
        await explaining(rules.conflicts, () => store.remove(tx, orgId, id));
      });
    },
  };
}

/** Says in words of the domain what a constraint refused; a foreign key's refusal is about use by people. */
async function explaining<T>(
  sentences: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const violation = violationOf(error);
    const sentence = violation === null ? undefined : sentences[violation.constraint];
    if (sentence === undefined) throw error;
    throw new AppError('conflict', sentence, { cause: error });
  }
}
