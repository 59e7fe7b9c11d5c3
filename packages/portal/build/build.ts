import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { appConfig, elementConfig } from './vite.ts';

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.gzip);

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
/** Says from what `dist` was built; written last, so that half a build is none. */
const stampFile = join(dist, 'built-from');

/** Made by whoever builds: processes that start together, such as test files, build once. */
const lockFolder = join(root, 'dist.building');
/** Older than this, a lock is of a process that was killed, milliseconds. */
const LOCK_MS = 60_000;

/**
 * The folder with the built pages, `app/` and `embed/` in it. They are built when they are not there or
 * something they are made of has changed: about two seconds.
 *
 * @param onBuild told before a build begins, for the person who waits.
 * @throws Error when the sources do not build; what was there before stays without a stamp.
 */
export async function builtPortal(onBuild: () => void = () => {}): Promise<string> {
  const stamp = await stampOfSources();
  if (isBuiltFrom(stamp)) return dist;
  await locked(async () => {
    if (isBuiltFrom(stamp)) return;
    onBuild();
    rmSync(stampFile, { force: true });
    // Loaded only when there is something to build.
    const { build } = await import('vite');
    await build(appConfig(root, dist));
    await build(elementConfig(root, dist));
    for (const file of ['demo.html', 'demo.css']) {
      await copyFile(join(root, 'src/element/demo', file), join(dist, 'embed', file));
    }
    await compressAll(dist);
    writeFileSync(stampFile, stamp);
  });
  return dist;
}

/** Each text beside itself as .br and .gz: compressed once, not for each request. */
async function compressAll(folder: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { name, parentPath } of found) {
    if (!/\.(?:js|css|html|svg)$/.test(name)) continue;
    const file = join(parentPath, name);
    const text = await readFile(file);
    await writeFile(`${file}.br`, await brotli(text));
    await writeFile(`${file}.gz`, await gzip(text, { level: 9 }));
  }
}

function isBuiltFrom(stamp: string): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
}

async function locked(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      mkdirSync(lockFolder);
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const made = statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - made > LOCK_MS) rmSync(lockFolder, { recursive: true, force: true });
      else await pause(100);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

async function stampOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['src', 'build']) {
    const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
    const files = found.filter((entry) => entry.isFile() && !entry.name.includes('.test.'));
    const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
    for (const path of paths) hash.update(path.slice(root.length)).update(await readFile(path));
  }
  for (const file of ['index.html', 'package.json', '../../pnpm-lock.yaml']) {
    hash.update(await readFile(join(root, file)));
  }
  return hash.digest('hex');
}
