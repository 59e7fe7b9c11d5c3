import type { Principal } from '@docent/core/principal';
import type { Tx } from './sql.ts';

/** The one way to the data. Stores get a `Tx`; nothing else can reach a connection. */
export interface Database {
  readonly kind: 'embedded' | 'servers';
  /**
   * Runs `work` in a transaction that sees and writes only what the principal may. `begin`, the
   * settings and the first statement of `work` travel in one flight. A throw rolls back.
   *
   * Never wait for anything but the database inside `work`: embedded there is one connection.
   *
   * @throws AppError `conflict` (unique or foreign key), `database_unavailable`, or what `work` throws.
   */
  withPrincipal<T>(
    principal: Principal,
    work: (tx: Tx) => Promise<T>,
    options?: { readOnly?: boolean; signal?: AbortSignal },
  ): Promise<T>;
  /** The key with this id, whichever organization it is of: the one look-up before a principal is known. */
  withApiKey<T>(keyId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Throws AppError `database_unavailable` when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
