import { randomBytes } from 'node:crypto';
import { parseEnv } from '@docent/core/env';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { asAdministrator, databaseUrl } from '@docent/database/administrator';
import { databaseEnv } from '@docent/database/config';
import type { Database } from '@docent/database/database';
import { migrate } from '@docent/database/migrate';
import { openDatabase } from '@docent/database/open';
import { run, sql, type Tx } from '@docent/database/sql';
import { createOrganization } from '@docent/directory/bootstrap';
import type { Chunk } from '@docent/ingestion/chunk/chunk';
import { insertChunks, insertWords } from '@docent/ingestion/processing/chunks.store';
import { missingOfVersion, upsertVectors } from '@docent/ingestion/processing/embeddings.store';
import { activateFirst } from '@docent/ingestion/processing/models.store';
import { z } from 'zod';
import { DIMENSIONS, type MadePassage } from './corpus.ts';

export const MODEL = { id: 'bench:made:512', dimensions: DIMENSIONS };

/** A database of its own on the server, with one organization; dropped when it is closed. */
export interface BenchDatabase {
  readonly database: Database;
  readonly principal: Principal;
  readonly key: string;
  /** The address of the database for a role that may make tables. */
  readonly adminUrl: string;
  close(): Promise<void>;
}

/** @throws Error with a sentence when the settings name no server. */
export async function openBenchDatabase(
  env: Record<string, string | undefined>,
): Promise<BenchDatabase> {
  const config = parseEnv(databaseEnv, env);
  const { DATABASE_URL: appUrl, DATABASE_ADMIN_URL: admin } = config;
  if (appUrl === undefined || admin === undefined) {
    throw new Error(
      'The benchmark needs a PostgreSQL server: set DATABASE_URL and DATABASE_ADMIN_URL (scripts/servers up, scripts/servers env).',
    );
  }
  const name = `docent_bench_${randomBytes(6).toString('hex')}`;
  await asAdministrator(admin, async (client) => {
    await dropAbandoned(client);
    await client.query(`create database ${name}`);
  });
  const adminUrl = databaseUrl(admin, name);
  const drop = async () => {
    await asAdministrator(admin, (client) => client.query(`drop database ${name} with (force)`));
  };
  try {
    await asAdministrator(adminUrl, (client) => migrate(client));
    const database = await openDatabase({
      ...config,
      DATABASE_URL: databaseUrl(appUrl, name),
      DATABASE_STATEMENT_TIMEOUT_MS: 600_000,
    });
    const { orgId, adminId, token } = await createOrganization(database, {
      name: 'Benchmark',
      adminEmail: 'bench@example.org',
      adminName: 'Benchmark',
      env: 'bench',
    });
    const principal: Principal = {
      orgId,
      userId: adminId,
      role: 'admin',
      departmentIds: [],
      scopes: ['*'],
    };
    await database.withPrincipal(workerPrincipal(orgId), (tx) => activateFirst(tx, orgId, MODEL));
    const close = async () => {
      await database.close();
      await drop();
    };
    return { database, principal, key: token, adminUrl, close };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** A benchmark that was killed could not drop its own. */
async function dropAbandoned(client: AdministratorClient): Promise<void> {
  const { rows } = await client.query(`
    select d.datname as name
      from pg_database d
     where d.datname like 'docent\\_bench\\_%'
       and not exists (select from pg_stat_activity a where a.datname = d.datname)`);
  for (const { name } of z.array(z.object({ name: z.string() })).parse(rows)) {
    await client.query(`drop database if exists ${name}`);
  }
}

type AdministratorClient = Parameters<Parameters<typeof asAdministrator>[1]>[0];

/** Builds the index of the vectors, counts the words and lets the planner see both. */
export async function finishLoading({
  database,
  principal,
  adminUrl,
}: BenchDatabase): Promise<void> {
  const worker = workerPrincipal(principal.orgId);
  // The graph of 100,000 vectors does not fit into the server's default, without which building takes minutes.
  await asAdministrator(adminUrl, async (client) => {
    await client.query("set maintenance_work_mem = '1GB'");
    await client.query('select docent.ensure_embedding_index($1, $2)', [
      MODEL.id,
      MODEL.dimensions,
    ]);
  });
  await database.withPrincipal(worker, (tx) =>
    run(tx, sql`select docent.refresh_search_statistics(${principal.orgId})`),
  );
  await asAdministrator(adminUrl, (client) => client.query('vacuum analyze'));
}

/**
 * Stores passages as the chunks of one content by the very statements of ingestion, in one transaction.
 *
 * @param parts.words false: the words are left out, as in a store that has only vectors.
 */
export async function storeContent(
  { database, principal }: Pick<BenchDatabase, 'database' | 'principal'>,
  passages: readonly MadePassage[],
  parts: { words: boolean },
): Promise<void> {
  const { orgId } = principal;
  const contentId = newId();
  const lease = { orgId, contentId, version: 1, token: newId() };
  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await insertContent(tx, orgId, contentId);
    await insertChunks(tx, lease, passages.map(toChunk));
    if (parts.words) await insertWords(tx, lease, passages.length);
    const rows = await missingOfVersion(tx, lease, MODEL.id, passages.length);
    await upsertVectors(
      tx,
      orgId,
      MODEL.id,
      rows,
      passages.map(({ vector }) => vector),
    );
  });
}

async function insertContent(tx: Tx, orgId: string, contentId: string): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.content (org_id, id, title, content_type, language, current_version, latest_version)
      values (${orgId}, ${contentId}, 'A made content', 'reference', 'en', 1, 1)`,
  );
  await run(
    tx,
    sql`
      insert into docent.content_versions (org_id, content_id, version, state, file_name, media_type,
             size_bytes, sha256)
      values (${orgId}, ${contentId}, 1, 'ready', 'made.txt', 'text/plain', 1, ${Buffer.alloc(32)})`,
  );
}

function toChunk({ text }: MadePassage, ordinal: number): Chunk {
  return {
    ordinal,
    start: 0,
    end: text.length,
    text,
    place: { headingPath: [] },
    headingPath: [],
    tableHeader: null,
    tokenCount: 350,
  };
}
