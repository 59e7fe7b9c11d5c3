import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import type { Database } from '../database.ts';
import type { Sql, Tx } from '../sql.ts';
import { translate, unavailable } from './errors.ts';
import { beginAs, type Identity, identityOf, keyOf, type SessionKey } from './principal.ts';
import { statementNames } from './statementNames.ts';
import type { Turns } from './turns.ts';

/** One statement outside of any principal: for the job queue and for health checks of this package. */
export type SystemQuery = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>;

export interface Transactions
  extends Pick<Database, 'withPrincipal' | 'withApiKey' | 'withIssuer'> {
  system: SystemQuery;
}

/** Statements of a transaction that are not made by the `sql` tag (pg-boss makes its own). */
const rawQueries = new WeakMap<Tx, SystemQuery>();

export function rawQuery(tx: Tx, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  const query = rawQueries.get(tx);
  if (query === undefined) throw new Error('This is not a transaction of withPrincipal.');
  return query(text, values);
}

/** The number of the type halfvec in the database of a transaction. */
const halfvecOids = new WeakMap<Tx, number>();

export function halfvecOid(tx: Tx): number {
  const oid = halfvecOids.get(tx);
  if (oid === undefined) throw new Error('This is not a transaction of withPrincipal.');
  return oid;
}

const commitListeners = new WeakMap<Tx, (() => void)[]>();

/** Calls `listener` once the transaction is committed; not at all when it is rolled back. */
export function afterCommit(tx: Tx, listener: () => void): void {
  commitListeners.set(tx, [...(commitListeners.get(tx) ?? []), listener]);
}

/** Connections tried for one whose key has not been given out; the second one practically always is. */
const MOST_CONNECTIONS = 5;

/** Plans are kept with named statements only, which there are on servers. */
const KEEP_PLANS = '; set local plan_cache_mode = force_generic_plan';

interface Begin {
  readonly identity: Identity;
  readonly readOnly: boolean;
  readonly keepPlans: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Transactions on a pool of pipelining clients.
 *
 * @param options.cancel stops what a connection is running, which is then thrown away. Without it
 *   (embedded) a statement that has begun is waited for.
 * @param options.key of the one session that all clients share (embedded).
 * @param options.turns who goes first on the one connection (embedded).
 */
export function transactionsOn(
  pool: Pool,
  options: {
    halfvecOid: number;
    cancel?: (client: PoolClient) => Promise<void>;
    key?: SessionKey;
    turns?: Turns;
  },
): Transactions {
  const { cancel } = options;
  const here = new AsyncLocalStorage<{ open: boolean }>();
  // Where clients share one session (embedded), the names of one would be taken for the other.
  const nameOf = options.key === undefined ? statementNames() : () => undefined;

  async function connect(signal?: AbortSignal): Promise<PoolClient> {
    refuseNested();
    signal?.throwIfAborted();
    const connecting = pool.connect();
    try {
      const client = await unlessAborted(connecting, signal);
      // When its connection breaks, the statements that wait fail: that suffices.
      client.on('error', ignore);
      return client;
    } catch (error) {
      connecting.then((client) => client.release(), ignore);
      throw signal?.aborted ? signal.reason : translate(error);
    }
  }

  function refuseNested(): void {
    if (here.getStore()?.open) {
      // Embedded it would wait for itself for ever, on servers it empties the pool under load.
      throw new Error('A transaction was asked for inside of another one. Pass the tx on instead.');
    }
  }

  async function connectWithKey(
    signal: AbortSignal | undefined,
  ): Promise<{ client: PoolClient; key: SessionKey }> {
    for (let tried = 0; tried < MOST_CONNECTIONS; tried++) {
      const client = await connect(signal);
      try {
        const key = options.key ?? (await keyOf(client));
        if (key !== null) return { client, key };
        release(client, true);
      } catch (error) {
        release(client, true);
        throw translate(error);
      }
    }
    throw unavailable(new Error('no connection has a key that is not given out'));
  }

  async function transaction<T>(begin: Begin, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (options.turns === undefined) return run(begin, work);
    refuseNested();
    const end = await options.turns.take();
    try {
      return await run(begin, work);
    } finally {
      end();
    }
  }

  async function run<T>(begin: Begin, work: (tx: Tx) => Promise<T>): Promise<T> {
    const { identity, readOnly, signal } = begin;
    const { client, key } = await connectWithKey(signal);
    const settings = beginAs(identity, key, { prepared: options.key === undefined });
    const session = new Session(client, nameOf);
    halfvecOids.set(session.tx, options.halfvecOid);
    // Not waited for: the first statement of `work` follows them in the same flight.
    session.post(
      (readOnly ? 'begin read only' : 'begin') +
        (begin.keepPlans && !options.key ? KEEP_PLANS : ''),
    );
    session.post(settings.text, settings.values, settings.name);
    const scope = { open: true };
    let result: T;
    try {
      result = await unlessAborted(
        here.run(scope, () => work(session.tx)),
        signal,
      );
      // A statement that `work` did not wait for must not escape the transaction, nor fail unseen. The commit that
      // follows in the same flight fails when it fails.
      if (readOnly && session.pending > 0) await session.settled();
      signal?.throwIfAborted();
    } catch (error) {
      scope.open = false;
      if (signal?.aborted && cancel) {
        session.abandon(cancel);
        throw signal.reason;
      }
      const ended = session.rollback();
      if (signal?.aborted) throw signal.reason;
      await ended;
      // "Current transaction is aborted" says nothing: what failed before it does.
      throw translate(isAbortedTransaction(error) ? session.failure : error);
    }
    scope.open = false;
    const committed = session.commit();
    if (readOnly && session.failure === undefined) {
      // Nothing hangs on the answer: a read is one round trip. The client is released when it comes.
      committed.catch(() => undefined);
      return result;
    }
    await committed;
    for (const listener of commitListeners.get(session.tx) ?? []) listener();
    return result;
  }

  return {
    withPrincipal: (principal, work, options = {}) =>
      transaction(
        {
          identity: identityOf(principal),
          readOnly: options.readOnly ?? false,
          keepPlans: options.keepPlans ?? false,
          signal: options.signal,
        },
        work,
      ),
    withApiKey: (keyId, work) =>
      transaction(
        {
          identity: { apiKeyId: keyId },
          readOnly: true,
          keepPlans: true,
          signal: undefined,
        },
        work,
      ),
    withIssuer: (issuer, work) =>
      transaction(
        {
          identity: { issuer },
          readOnly: true,
          keepPlans: true,
          signal: undefined,
        },
        work,
      ),
    async system(text, values) {
      const client = await connect();
      try {
        return allRows(await client.query(text, values));
      } catch (error) {
        throw translate(error);
      } finally {
        await giveBack(client);
      }
    },
  };
}

/** One client during one transaction: what was sent, what failed first, and how it ends. */
class Session {
  readonly tx: Tx;
  failure: unknown;
  pending = 0;
  private readonly client: PoolClient;
  private open = true;
  private sent: Promise<unknown>[] = [];

  constructor(client: PoolClient, nameOf: (text: string) => string | undefined) {
    this.client = client;
    this.tx = Object.freeze({
      query: async (statement: Sql) => {
        if (!this.open) throw new Error('The transaction of this statement has ended.');
        const { text, values } = statement;
        // Without values a text may hold several statements, which have no name together.
        return this.send(text, [...values], values.length === 0 ? undefined : nameOf(text));
      },
    });
    rawQueries.set(this.tx, async (text, values) => {
      if (!this.open) throw new Error('The transaction of this statement has ended.');
      return allRows(await this.send(text, values));
    });
  }

  /** Sends without waiting for an answer; `settled` and `failure` tell what came of it. */
  post(text: string, values?: unknown[], name?: string): void {
    this.send(text, values, name).catch(ignore);
  }

  private send(text: string, values?: unknown[], name?: string) {
    this.pending++;
    const answer = this.client.query({
      text,
      ...(values === undefined ? {} : { values }),
      ...(name === undefined ? {} : { name }),
    });
    const noted = answer.then(
      (result) => {
        this.pending--;
        return result;
      },
      (error) => {
        this.pending--;
        this.failure ??= error;
        throw translate(error);
      },
    );
    noted.catch(ignore);
    this.sent.push(noted);
    return noted;
  }

  /** Throws the first failure of what was sent. */
  async settled(): Promise<void> {
    await Promise.all(this.sent);
  }

  /** Stops what is running; its connection is not used again, a late cancel could hit somebody else. */
  abandon(cancel: (client: PoolClient) => Promise<void>): void {
    this.open = false;
    cancel(this.client)
      .catch(ignore)
      .finally(() => release(this.client, true));
  }

  async commit(): Promise<void> {
    this.open = false;
    try {
      const { command } = await this.client.query('commit');
      // After a failed statement PostgreSQL answers a commit with ROLLBACK, without an error.
      if (command !== 'COMMIT') {
        throw translate(this.failure ?? new Error('The transaction was rolled back.'));
      }
    } catch (error) {
      throw translate(error);
    } finally {
      await this.giveBack();
    }
  }

  async rollback(): Promise<void> {
    this.open = false;
    await this.client.query('rollback').catch(ignore);
    await this.giveBack();
  }

  /** A connection whose prepared statements are not what we think is not used again. */
  private async giveBack(): Promise<void> {
    if (STALE.has(codeOf(this.failure))) release(this.client, true);
    else await giveBack(this.client);
  }
}

/** The statement is not there, or its columns have changed since: a migration came while the service ran. */
const STALE: ReadonlySet<unknown> = new Set(['26000', '0A000']);

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}

/** Releases a client; one that is still in a transaction is cleaned, or thrown away if it cannot be. */
async function giveBack(client: PoolClient): Promise<void> {
  if (client.getTransactionStatus() !== 'I') {
    await client.query('rollback').catch(ignore);
  }
  release(client, client.getTransactionStatus() !== 'I');
}

function release(client: PoolClient, destroy: boolean): void {
  client.release(destroy);
  client.removeListener('error', ignore);
}

function isAbortedTransaction(error: unknown): boolean {
  return codeOf(error) === '25P02';
}

/** Several statements in one text give several results, and any of them may have the rows. */
function allRows(result: { rows: unknown[] } | { rows: unknown[] }[]): { rows: unknown[] } {
  return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result;
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
    promise.catch(ignore);
  }
}

function ignore(): void {}
