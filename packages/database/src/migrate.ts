import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { prepare } from './internal/prepare.ts';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

/** Of `pg_advisory_lock`: one migrator at a time, also over `prepare` and the check of the files. */
const LOCK = 7_241_865_325;

interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  /** Hexadecimal SHA-256 of the whole file. */
  readonly sha256: string;
}

export interface MigrationStatus {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

export interface MigrateOptions {
  /** Default `up`: everything that is pending. */
  readonly direction?: 'up' | 'down';
  /** How many files to take back; `down` only. */
  readonly count?: number;
  /** Another folder of numbered files, for tests. */
  readonly folder?: string;
}

/**
 * Brings the database to the schema of this code, all or nothing. A second migrator waits for the first.
 *
 * The engine is node-pg-migrate; the checksums beside it are ours, written in the same transaction.
 *
 * @param client logged in as somebody who may create roles, extensions and tables; not a pipelining one
 *   of the application.
 * @returns the names of the files that were run.
 * @throws Error that names the file when an applied one was edited or is missing.
 */
export async function migrate(
  client: ClientBase,
  { direction = 'up', count, folder = MIGRATIONS }: MigrateOptions = {},
): Promise<string[]> {
  const files = await readFiles(folder);
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  try {
    await prepare(client);
    refuseChanged(files, await readLedger(client));
    const complaints: string[] = [];
    const ran = await runner({
      dbClient: client,
      dir: folder,
      direction,
      ...(direction === 'down' ? { count: count ?? 1 } : {}),
      migrationsSchema: 'docent_meta',
      migrationsTable: 'migrations',
      singleTransaction: true,
      noLock: true,
      logger: {
        info: () => undefined,
        warn: () => undefined,
        error: (message) => complaints.push(message),
      },
      migrationLoaderStrategies: [
        {
          extensions: ['.sql'],
          loader: async (paths) =>
            paths.map((path) => ({
              id: path,
              filePaths: [path],
              actions: actionsOf(fileAt(files, path)),
            })),
        },
      ],
    }).catch((error: unknown) => {
      throw new Error(`The migration failed and nothing was changed. ${complaints.join('\n')}`, {
        cause: error,
      });
    });
    return ran.map(({ name }) => name);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]);
  }
}

/**
 * Which files are applied and which are not. Changes nothing; docent_app may ask.
 *
 * @throws Error that names the file when an applied one was edited or is missing.
 */
export async function migrationStatus(
  client: Pick<ClientBase, 'query'>,
  { folder = MIGRATIONS }: Pick<MigrateOptions, 'folder'> = {},
): Promise<MigrationStatus> {
  const files = await readFiles(folder);
  const exists = await client.query(
    "select to_regclass('docent_meta.checksums') is not null as ready",
  );
  const ready = z.tuple([z.object({ ready: z.boolean() })]).parse(exists.rows)[0].ready;
  const ledger = ready ? await readLedger(client) : new Map<string, string>();
  refuseChanged(files, ledger);
  return {
    applied: [...ledger.keys()],
    pending: files.map(({ name }) => name).filter((name) => !ledger.has(name)),
  };
}

async function readFiles(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${folder}/${name}`, 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      return { name: basename(name, '.sql'), sql, sha256 };
    }),
  );
}

async function readLedger(client: Pick<ClientBase, 'query'>): Promise<Map<string, string>> {
  const { rows } = await client.query(
    'select name, sha256 from docent_meta.checksums order by name',
  );
  const ledger = z.array(z.object({ name: z.string(), sha256: z.string() })).parse(rows);
  return new Map(ledger.map(({ name, sha256 }) => [name, sha256]));
}

function refuseChanged(files: readonly MigrationFile[], ledger: ReadonlyMap<string, string>): void {
  for (const [name, sha256] of ledger) {
    const file = files.find((candidate) => candidate.name === name);
    if (file === undefined) {
      throw new Error(
        `The database has the migration ${name}, which this version of Docent does not know. ` +
          'Start the version that made it, or a newer one.',
      );
    }
    if (file.sha256 !== sha256) {
      throw new Error(
        `The migration ${name}.sql was edited after it was applied. ` +
          'Restore it, and put the change into a new file.',
      );
    }
  }
}

function fileAt(files: readonly MigrationFile[], path: string): MigrationFile {
  const file = files.find(({ name }) => name === basename(path, '.sql'));
  if (file === undefined) throw new Error(`${path} appeared while migrations were running.`);
  return file;
}

function actionsOf({ name, sql, sha256 }: MigrationFile) {
  const [before, up, down, ...rest] = sql.split(/^-- (?:Up|Down) Migration[^\n]*$/m);
  if (before?.trim() || up === undefined || down === undefined || rest.length > 0) {
    throw new Error(
      `${name}.sql must have one "-- Up Migration" and then one "-- Down Migration".`,
    );
  }
  return {
    up: (pgm: { sql(text: string): void }) => {
      pgm.sql(up);
      pgm.sql(`insert into docent_meta.checksums (name, sha256) values ('${name}', '${sha256}')`);
    },
    down: (pgm: { sql(text: string): void }) => {
      pgm.sql(down);
      pgm.sql(`delete from docent_meta.checksums where name = '${name}'`);
    },
  };
}
