import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@docent/core/env';
import { fileDatabase, testOrganization } from '@docent/test/database';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { databaseEnv } from './config.ts';
import { openDatabase } from './open.ts';
import { many, one, sql } from './sql.ts';

const database = fileDatabase();
const Name = z.object({ name: z.string() });

test('a read sees the rows of its own organization only', async () => {
  const mine = await testOrganization(database(), { name: 'Mine' });
  await testOrganization(database(), { name: 'Other' });

  const names = await database().withPrincipal(
    mine.principal,
    (tx) => many(tx, Name, sql`select name from docent.organizations`),
    { readOnly: true },
  );

  expect(names).toEqual([{ name: 'Mine' }]);
});

test('the embedded database keeps its data in its folder, which only one can have open', {
  timeout: 180_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'docent-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const config = parseEnv(databaseEnv, { DOCENT_DATA_DIR: folder });
  const first = await openDatabase(config);
  const { principal } = await testOrganization(first, { name: 'Kept' });

  await expect(openDatabase(config)).rejects.toThrow(
    `The data folder ${folder} is in use by process ${process.pid}.`,
  );
  await first.close();
  const second = await openDatabase(config);
  onTestFinished(() => second.close());

  const kept = await second.withPrincipal(principal, (tx) =>
    one(tx, Name, sql`select name from docent.organizations`),
  );
  expect({ kind: second.kind, ...kept }).toEqual({ kind: 'embedded', name: 'Kept' });
  expect(await readdir(folder)).toEqual(['database', 'lock']);
});

test('settings have defaults, and wrong ones are named without their value', () => {
  expect(parseEnv(databaseEnv, {})).toEqual({
    DOCENT_DATA_DIR: '.docent',
    DATABASE_POOL_SIZE: 10,
    DATABASE_STATEMENT_TIMEOUT_MS: 15_000,
    ACCEPT_SLOW_WORD_SEARCH: false,
  });
  const wrong = { DATABASE_URL: 'mysql://root:secret@host/x', DATABASE_POOL_SIZE: '0' };
  expect(() => parseEnv(databaseEnv, wrong)).toThrow(/DATABASE_URL: .*\n.*DATABASE_POOL_SIZE: /);
  expect(() => parseEnv(databaseEnv, wrong)).not.toThrow(/secret/);
});

test.each(['postgres://u:p@h:5433/d?sslmode=require', 'postgresql:///docent?host=/run/postgresql'])(
  'an address may be %s',
  (url) => {
    expect(parseEnv(databaseEnv, { DATABASE_URL: url }).DATABASE_URL).toBe(url);
  },
);
