import type { Principal } from '@docent/core/principal';
import type { Tx } from './sql.ts';

/** The one way to the data. Stores get a `Tx`; nothing else can reach a connection. */
export interface Database {
  readonly kind: 'embedded' | 'servers';
  /**
   * Runs `work` in a transaction that sees and writes only what the principal may. `begin`, the
   * settings and the first statement of `work` travel in one flight. A throw rolls back, and so does a
   * statement that failed, also when `work` caught its error.
   *
   * Never wait for anything but the database inside `work`: embedded there is one connection. Another
   * transaction inside of it is a plain Error.
   *
   * @param options.readOnly `begin read only`; the result comes without waiting for the end of the
   *   transaction, so that a read of one statement is one round trip.
   * @param options.keepPlans a server plans each statement once for a connection, for no caller in particular: for
   *   look-ups by keys and first pages, where any plan reads the same index. Not for searches, nor where a filter
   *   or a cursor should choose the index.
   * @param options.signal when it aborts, the call rejects with its reason at once; a server is told to
   *   stop the statement.
   * @throws AppError `conflict` (a constraint refused the row: `violationOf` of violation.ts says which),
   *   `invalid_request` (a character that cannot be stored), `database_unavailable`, or what `work` throws.
   */
  withPrincipal<T>(
    principal: Principal,
    work: (tx: Tx) => Promise<T>,
    options?: { readOnly?: boolean; keepPlans?: boolean; signal?: AbortSignal },
  ): Promise<T>;
  /**
   * The key with this id, whichever organization it is of: the one look-up before a principal is known.
   * Read-only; shows that row of `api_keys` and nothing else.
   */
  withApiKey<T>(keyId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * What is stored of a token's issuer (its URL), whichever organizations it is of: the other look-up
   * before a principal is known. Read-only; shows those rows of `issuers` and nothing else.
   */
  withIssuer<T>(issuer: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Throws AppError `database_unavailable` when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
