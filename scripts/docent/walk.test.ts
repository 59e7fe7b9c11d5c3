import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findFiles } from './walk.ts';

const all = { include: [], exclude: [] };

test('finds everything in a folder but hidden entries and node_modules', async () => {
  const root = folder([
    'b.md',
    'a.md',
    '.env',
    '.git/config',
    'node_modules/x/readme.md',
    'in/c.pdf',
  ]);

  const files = await findFiles([root], all);

  expect(inside(root, files)).toEqual(['a.md', 'b.md', 'in/c.pdf']);
});

test('a pattern without a slash is matched with the name, one with a slash with the path', async () => {
  const root = folder(['a.md', 'in/b.md', 'in/c.pdf', 'in/deep/d.md', 'drafts/e.md']);

  const byName = await findFiles([root], { include: ['*.md'], exclude: ['drafts/**'] });
  const byPath = await findFiles([root], { include: ['in/*'], exclude: [] });

  expect(inside(root, byName)).toEqual(['a.md', 'in/b.md', 'in/deep/d.md']);
  expect(inside(root, byPath)).toEqual(['in/b.md', 'in/c.pdf']);
});

test('a file has the same external id alone as in its folder', async () => {
  const root = folder(['a.md']);

  const [alone] = await findFiles([join(root, 'a.md')], all);
  const [inFolder] = await findFiles([root], all);
  const [both, ...more] = await findFiles([root, join(root, 'a.md')], all);

  expect(alone?.externalId).toBe(`${basename(root)}/a.md`);
  expect(inFolder).toEqual(alone);
  expect(both).toEqual(alone);
  expect(more).toEqual([]);
});

test('refuses two files that would overwrite each other', async () => {
  const root = folder(['one/docs/a.md', 'two/docs/a.md']);

  const found = findFiles([join(root, 'one/docs'), join(root, 'two/docs')], all);

  await expect(found).rejects.toThrow('would both become docs/a.md');
});

test('follows links to files, not to folders: they may lead in a circle', async () => {
  const root = folder(['a.md', 'in/b.md']);
  symlinkSync(join(root, 'a.md'), join(root, 'in', 'link.md'));
  symlinkSync(root, join(root, 'in', 'circle'));

  const files = await findFiles([root], all);

  expect(inside(root, files)).toEqual(['a.md', 'in/b.md', 'in/link.md']);
});

test('says which path is not there', async () => {
  await expect(findFiles(['/no/such/folder'], all)).rejects.toThrow(
    '/no/such/folder does not exist.',
  );
});

function inside(root: string, files: readonly { externalId: string }[]): string[] {
  return files.map(({ externalId }) => externalId.slice(basename(root).length + 1)).sort();
}

function folder(files: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'docent-walk-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file);
  }
  return root;
}
