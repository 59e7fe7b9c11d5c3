import type { Principal } from '@docent/core/principal';
import { sql, type Tx } from './sql.ts';

/** Where a page ended: the value that the list is ordered by, as text, and the id. */
export interface Position {
  readonly position: string;
  readonly id: string;
}

/** The end of a statement that reads rows of a table `t`: they are locked until the transaction ends. */
export const ROW_LOCK = sql`for no key update of t`;

/** The statements of one kind of thing. `Values`: all that can be said about one. */
export interface ResourceStore<Item, Values, Filters> {
  find(tx: Tx, orgId: string, id: string): Promise<Item | null>;
  /** The same, its row locked until the transaction ends. */
  lock(tx: Tx, orgId: string, id: string): Promise<Item | null>;
  list(
    tx: Tx,
    orgId: string,
    filters: Filters,
    after: Position | null,
    limit: number,
  ): Promise<(Position & { item: Item })[]>;
  insert(tx: Tx, principal: Principal, id: string, values: Values): Promise<void>;
  update(tx: Tx, orgId: string, id: string, values: Values): Promise<void>;
  remove(tx: Tx, orgId: string, id: string): Promise<number>;
}
