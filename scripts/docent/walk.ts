import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, matchesGlob, relative, resolve, sep } from 'node:path';
import { Failure } from './terminal.ts';

export interface FoundFile {
  readonly path: string;
  /**
   * The folder's name and the path inside it, with `/`: `handbook/travel/per-diem.md`. The same for
   * the same file on the next run, and for different folders different.
   */
  readonly externalId: string;
  readonly sizeBytes: number;
}

export interface Patterns {
  /** Only files that match one of these; none: all files. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * The files that the arguments name, in order of their names; folders with everything in them but
 * hidden entries and `node_modules`. Links to files count, links to folders are not followed.
 *
 * Patterns are globs on the path inside the folder; one without `/` is matched with the file's name.
 *
 * @throws Failure when a path is not there or two files would become the same content.
 */
export async function findFiles(
  paths: readonly string[],
  patterns: Patterns,
): Promise<FoundFile[]> {
  const found = new Map<string, FoundFile>();
  for (const path of paths.map((each) => resolve(each))) {
    const info = await stat(path).catch((error: unknown) => {
      const missing = error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
      throw new Failure(missing ? `${path} does not exist.` : `${path} cannot be read.`);
    });
    const root = info.isDirectory() ? path : dirname(path);
    const files = info.isDirectory() ? await walk(path) : [path];
    for (const file of files) {
      const inside = relative(root, file).split(sep).join('/');
      if (!wanted(inside, patterns)) continue;
      const externalId = [basename(root), inside].filter((part) => part !== '').join('/');
      const other = found.get(externalId);
      if (other !== undefined && other.path !== file) {
        throw new Failure(
          `${other.path} and ${file} would both become ${externalId}: ingest them in two runs with different --source-service.`,
        );
      }
      found.set(externalId, { path: file, externalId, sizeBytes: (await stat(file)).size });
    }
  }
  return [...found.values()];
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await walk(path)));
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) files.push(path);
  }
  return files;
}

async function isFile(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info?.isFile() ?? false;
}

function wanted(path: string, { include, exclude }: Patterns): boolean {
  const matches = (pattern: string) =>
    matchesGlob(pattern.includes('/') ? path : basename(path), pattern);
  return (include.length === 0 || include.some(matches)) && !exclude.some(matches);
}
