import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@docent/core/ids';
import { expect, onTestFinished, test } from 'vitest';
import { openFolder } from './files.ts';

const orgId = newId();
const limits = { maxBytes: 1_000 };

test('a placed file is found by organization and hash, whatever its pieces were', async () => {
  const { files } = await store();

  const staged = await files.stage(orgId, pieces('Red is ', '', 'plus.'), limits);
  await staged.place();
  await staged.discard();

  const sha256 = createHash('sha256').update('Red is plus.').digest('hex');
  expect(staged).toMatchObject({ sha256, sizeBytes: 12 });
  expect(await readFile(files.pathOf(orgId, sha256), 'utf8')).toBe('Red is plus.');
  expect(files.pathOf(newId(), sha256)).not.toBe(files.pathOf(orgId, sha256));
});

test('the same bytes are placed twice without harm', async () => {
  const { files, names } = await store();

  for (let time = 0; time < 2; time++) {
    const staged = await files.stage(orgId, pieces('same'), limits);
    await staged.place();
  }

  expect(await names()).toHaveLength(1);
});

test('what is not placed leaves nothing behind', async () => {
  const { files, names } = await store();
  const broken = (async function* () {
    yield Buffer.from('half');
    throw new Error('cut off');
  })();

  const staged = await files.stage(orgId, pieces('unwanted'), limits);
  await staged.discard();
  const large = files.stage(orgId, pieces('x'.repeat(600), 'x'.repeat(401)), limits);
  await expect(large).rejects.toMatchObject({ code: 'too_large', details: { maxBytes: 1_000 } });
  await expect(files.stage(orgId, broken, limits)).rejects.toThrow('cut off');

  expect(await names()).toEqual([]);
});

test('a file of exactly the limit is taken', async () => {
  const { files } = await store();

  const staged = await files.stage(orgId, pieces('x'.repeat(1_000)), limits);

  expect(staged.sizeBytes).toBe(1_000);
});

test('removing a file that is not there is no failure', async () => {
  const { files, names } = await store();
  const staged = await files.stage(orgId, pieces('gone'), limits);
  await staged.place();

  await files.remove(orgId, staged.sha256);
  await files.remove(orgId, staged.sha256);

  expect(await names()).toEqual([]);
});

test('nothing but ids and hashes makes a path', async () => {
  const { files } = await store();

  expect(() => files.pathOf('../../etc', 'a'.repeat(64))).toThrow();
  expect(() => files.pathOf(orgId, '../passwd')).toThrow();
});

test('what a cut-off upload left is removed at a start a day later, a running one is not', async () => {
  const { folder, names } = await store();
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await writeFile(join(folder, 'staging', 'old'), 'x');
  await writeFile(join(folder, 'staging', 'new'), 'x');
  await utimes(join(folder, 'staging', 'old'), yesterday, yesterday);

  await openFolder(folder);

  expect(await names()).toEqual(['new']);
});

async function store() {
  const folder = await mkdtemp(join(tmpdir(), 'docent-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const files = await openFolder(folder);
  const names = async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  };
  return { folder, files, names };
}

async function* pieces(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}
