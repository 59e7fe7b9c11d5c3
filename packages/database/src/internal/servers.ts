import pg from 'pg';
import type { DatabaseConfig } from '../config.ts';
import { APP_SETTINGS } from './settings.ts';

/** Milliseconds to wait for a free connection before the request is refused. */
const CONNECT_TIMEOUT_MS = 5_000;

/** The pool of a PostgreSQL server. Every connection acts as docent_app, whoever logs in. */
export function serverPool(url: string, config: DatabaseConfig): pg.Pool {
  const settings = {
    role: 'docent_app',
    ...APP_SETTINGS,
    statement_timeout: String(config.DATABASE_STATEMENT_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(4 * config.DATABASE_STATEMENT_TIMEOUT_MS),
  };
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  // Options in the address would replace these: they are taken out of it and come first, ours win.
  const address = new URL(url);
  const theirs = address.searchParams.get('options');
  address.searchParams.delete('options');
  const pool = new pg.Pool({
    connectionString: theirs === null ? url : address.href,
    options: [...(theirs === null ? [] : [theirs]), ...ours].join(' '),
    max: config.DATABASE_POOL_SIZE,
    pipeline: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'docent',
  });
  // An idle connection that breaks is replaced by the pool; without a listener it ends the process.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * Asks the server to stop what `client` is running, by the protocol's own message: it needs no login
 * and no free connection of a busy pool. Resolves when the server has taken it up.
 */
export async function cancelOn(pool: pg.Pool, client: pg.PoolClient): Promise<void> {
  const [processId, secret] = [Reflect.get(client, 'processID'), Reflect.get(client, 'secretKey')];
  const canceller = new pg.Client(pool.options);
  canceller.on('error', () => undefined);
  // Where a session would begin, after the TLS handshake if there is one, it sends the message instead.
  const { connection } = canceller;
  Reflect.set(connection, 'startup', () =>
    Reflect.apply(Reflect.get(connection, 'cancel'), connection, [processId, secret]),
  );
  // The server answers by closing the connection, which is a failure to connect.
  await canceller.connect().catch(() => undefined);
}
