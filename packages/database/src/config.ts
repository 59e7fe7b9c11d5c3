import { z } from 'zod';

const serverUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must look like postgres://login:password@host:5432/database',
});

/** Settings of the database, to be spread into the shape of a service's `parseEnv`. */
export const databaseEnv = {
  /** `postgres://…` of a PostgreSQL server. Not set: the embedded database in `DOCENT_DATA_DIR`. */
  DATABASE_URL: serverUrl.optional(),
  /** A login that may create roles and tables: for migrations only, never used by a service. */
  DATABASE_ADMIN_URL: serverUrl.optional(),
  /** The folder of the embedded database and of uploaded files. */
  DOCENT_DATA_DIR: z.string().default('.docent'),
  /** Connections to the server, 1 to 500. */
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(500).default(10),
  /** Milliseconds after which the server gives up on a statement, 100 to 3,600,000. */
  DATABASE_STATEMENT_TIMEOUT_MS: z.coerce.number().int().min(100).max(3_600_000).default(15_000),
  /** Start although the search operator is not leakproof: every search reads the whole organization. */
  ACCEPT_SLOW_WORD_SEARCH: z.stringbool().default(false),
};

export type DatabaseConfig = z.output<z.ZodObject<typeof databaseEnv>>;

/** The value of `DOCENT_DATA_DIR` for an embedded database that lives in memory only. */
export const IN_MEMORY = 'memory://';
