import type { Database } from '../database.ts';
import type { SystemQuery } from './transactions.ts';

/** Outside of this package nobody can reach these: `internal` is not exported. */
const queries = new WeakMap<Database, SystemQuery>();

export function register(database: Database, query: SystemQuery): void {
  queries.set(database, query);
}

/** Statements of no principal, for the job queue. Row-level security shows them no tenant's rows. */
export function systemQuery(database: Database): SystemQuery {
  const query = queries.get(database);
  if (query === undefined) throw new Error('This database was not opened by openDatabase.');
  return query;
}
