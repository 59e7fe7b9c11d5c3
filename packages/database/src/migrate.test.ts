import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inEmptyDatabase } from '@docent/test/emptyDatabase';
import { expect, onTestFinished, test, vi } from 'vitest';
import { asAdministrator } from './administrator.ts';
import { dumpSchema } from './internal/catalog.ts';
import { migrate, migrationStatus } from './migrate.ts';
import { SCHEMA_FILE } from './schema.ts';

// Databases from nothing, several times over.
vi.setConfig({ testTimeout: 180_000 });

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

/** A folder with the real migrations and the given files. */
async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'docent-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of await readdir(MIGRATIONS)) {
    await copyFile(join(MIGRATIONS, name), join(folder, name));
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

const extra = `-- Up Migration
create table docent.extra (org_id uuid primary key);
-- Down Migration
drop table docent.extra;
`;

test('the migrations make the committed schema, take it all back, and make it again', async () => {
  const committed = await readFile(SCHEMA_FILE, 'utf8');
  const { up, down, again } = await inEmptyDatabase(async (client) => {
    const names = await migrate(client);
    const up = await dumpSchema(client);
    const states: string[] = [];
    for (const _ of names) {
      await migrate(client, { direction: 'down' });
      states.push(await dumpSchema(client));
    }
    await migrate(client);
    return { up, down: states.at(-1), again: await dumpSchema(client) };
  });

  expect(up, 'Run: npm run migrate -- schema').toBe(committed);
  expect(down).not.toMatch(/docent\./);
  expect(again).toBe(up);
});

test('every migration can be taken back alone and leaves what was before it', async () => {
  const folder = await folderWith({ '0900_extra.sql': extra });

  await inEmptyDatabase(async (client) => {
    const before: string[] = [];
    const names = (await readdir(folder)).sort();
    const growing = await mkdtemp(join(tmpdir(), 'docent-migrations-'));
    onTestFinished(() => rm(growing, { recursive: true }));
    for (const name of names) {
      await copyFile(join(folder, name), join(growing, name));
      await migrate(client, { folder: growing });
      before.push(await dumpSchema(client));
    }
    for (const expected of before.slice(0, -1).reverse()) {
      await migrate(client, { folder, direction: 'down' });
      expect(await dumpSchema(client)).toBe(expected);
    }
  });
});

test('an applied file that was edited, or is gone, is refused with its name', async () => {
  await inEmptyDatabase(async (client) => {
    const folder = await folderWith({ '0900_extra.sql': extra });
    await migrate(client, { folder });
    const edited = await folderWith({ '0900_extra.sql': `${extra}-- one more word` });
    const gone = await folderWith({});

    await expect(migrate(client, { folder: edited })).rejects.toThrow(
      'The migration 0900_extra.sql was edited after it was applied.',
    );
    await expect(migrationStatus(client, { folder: gone })).rejects.toThrow(
      'The database has the migration 0900_extra',
    );
    expect(await migrationStatus(client, { folder })).toMatchObject({ pending: [] });
  });
});

test('a migration that fails changes nothing, also not by the files before it', async () => {
  const folder = await folderWith({
    '0900_extra.sql': extra,
    '0901_wrong.sql': `-- Up Migration
create table docent.half_way (id int);
select 1 / 0;
-- Down Migration
`,
  });

  await inEmptyDatabase(async (client) => {
    const applied = await migrate(client);
    const before = await dumpSchema(client);

    await expect(migrate(client, { folder })).rejects.toThrow(/nothing was changed/);

    expect(await dumpSchema(client)).toBe(before);
    expect(await migrationStatus(client, { folder })).toEqual({
      applied,
      pending: ['0900_extra', '0901_wrong'],
    });
  });
});

test('a file without its two parts is refused with its name', async () => {
  const folder = await folderWith({ '0900_extra.sql': 'create table docent.extra (id int);' });

  await inEmptyDatabase(async (client) => {
    await expect(migrate(client, { folder })).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/0900_extra.sql must have one "-- Up Migration"/) },
    });
  });
});

// Embedded, the lock on the data folder keeps a second process out (open.test.ts).
test.runIf(process.env.DATABASE_URL)(
  'migrators at once: one does it, the others wait',
  async () => {
    const done = await inEmptyDatabase((client, url = '') =>
      Promise.all([
        migrate(client),
        asAdministrator(url, migrate),
        asAdministrator(url, migrate),
        asAdministrator(url, migrate),
      ]),
    );

    const names = (await readdir(MIGRATIONS)).sort().map((name) => name.replace('.sql', ''));
    expect(done.flat()).toEqual(names);
  },
);
