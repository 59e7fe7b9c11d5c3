import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from '@docent/core/env';
import { asAdministrator, databaseUrl } from '@docent/database/administrator';
import { databaseEnv, IN_MEMORY } from '@docent/database/config';
import { dumpDatabase } from '@docent/database/dump';
import { migrate } from '@docent/database/migrate';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Embedded: the file that every test database starts from. Servers: the name of that database. */
    databaseTemplate: string;
  }
}

/**
 * Makes a migrated database once; every test database is a copy of it. It is kept for the next run
 * and made again when a file of packages/database changed.
 */
export async function setup(project: TestProject): Promise<void> {
  const config = parseEnv(databaseEnv, process.env);
  const version = fingerprint(fileURLToPath(new URL('../../packages/database', import.meta.url)));
  const admin = config.DATABASE_ADMIN_URL ?? config.DATABASE_URL;
  project.provide(
    'databaseTemplate',
    admin === undefined ? await embeddedTemplate(version) : await serverTemplate(admin, version),
  );
}

async function embeddedTemplate(version: string): Promise<string> {
  const file = join(tmpdir(), `docent-template-${version}.tar`);
  await dropOldTemplates();
  if (await stat(file).catch(() => null)) return file;
  const dump = await dumpDatabase({ ...parseEnv(databaseEnv, {}), DOCENT_DATA_DIR: IN_MEMORY });
  // Two runs at once make it twice; each puts a whole file in place.
  const part = `${file}.${process.pid}`;
  await writeFile(part, dump);
  await rename(part, file);
  return file;
}

/** Those that no run has used for a day. */
async function dropOldTemplates(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!/^docent-template-.*\.tar/.test(name)) continue;
    const file = join(tmpdir(), name);
    const { atimeMs } = await stat(file);
    if (Date.now() - atimeMs > 24 * 3600 * 1000) await rm(file, { force: true });
  }
}

async function serverTemplate(admin: string, version: string): Promise<string> {
  const name = `docent_template_${version}`;
  await asAdministrator(admin, async (client) => {
    // Two runs at once: the second one waits and finds it made.
    await client.query("select pg_advisory_lock(hashtext('docent_template'))");
    const { rows } = await client.query(
      'select from pg_database where datname = $1 and datistemplate',
      [name],
    );
    if (rows.length > 0) return;
    await client.query(`drop database if exists ${name}`);
    await client.query(`create database ${name}`);
    await asAdministrator(databaseUrl(admin, name), migrate);
    // Only now is it a template: one that was left half made is made again.
    await client.query(`alter database ${name} is_template true`);
  });
  return name;
}

function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const part of ['migrations', 'src']) {
    for (const name of readdirSync(join(folder, part), {
      recursive: true,
      encoding: 'utf8',
    }).sort()) {
      if (/\.(sql|ts)$/.test(name) && !/\.test\.ts$/.test(name)) {
        hash.update(name).update(readFileSync(join(folder, part, name)));
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}
