import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appConfig } from './vite.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** Says from what `dist` was built; written last, so that half a build is none. */
const stampFile = join(dist, 'built-from');

/**
 * The folder with the built pages, `app/` in it. They are built when they are not there or something they
 * are made of has changed: about two seconds.
 *
 * @param onBuild told before a build begins, for the person who waits.
 * @throws Error when the sources do not build; what was there before stays without a stamp.
 */
export async function builtPortal(onBuild: () => void = () => {}): Promise<string> {
  const stamp = await stampOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return dist;
  onBuild();
  // Loaded only when there is something to build.
  const { build } = await import('vite');
  await build(appConfig(root, dist));
  writeFileSync(stampFile, stamp);
  return dist;
}

async function stampOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['src', 'build']) {
    const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
    for (const path of paths) hash.update(path.slice(root.length)).update(await readFile(path));
  }
  for (const file of ['index.html', 'package.json', '../../pnpm-lock.yaml']) {
    hash.update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}
