import type { PGlite } from '@electric-sql/pglite';
import { EmscriptenBuiltinFilesystem } from '@electric-sql/pglite/basefs';

/** Where PGlite looks for its data. */
const FOLDER = '/pglite/data';
const BLOCK = 512;
const TYPE_FOLDER = '5'.charCodeAt(0);

/**
 * A data folder in memory that begins as the tar file of an earlier one (`PGlite.dumpDataDir('none')`). The files
 * are slices of the tar file's bytes, which must be of nobody else: copying each takes longer than starting
 * PostgreSQL does.
 */
export class CopiedFolder extends EmscriptenBuiltinFilesystem {
  private readonly tar: Uint8Array;

  constructor(tar: Uint8Array) {
    super();
    this.tar = tar;
  }

  override async initialSyncFs(): Promise<void> {
    if (this.pg === undefined) throw new Error('the folder belongs to no database yet');
    const files: PGlite['Module']['FS'] = this.pg.Module.FS;
    files.mkdirTree(FOLDER, 0o700);
    for (const { name, isFolder, data } of entriesOf(this.tar)) {
      const path = `${FOLDER}/${name}`;
      if (isFolder) files.mkdirTree(path, 0o700);
      else files.writeFile(path, data, OWNED);
    }
  }
}

/** The file keeps the bytes that it is given; not in the types of Emscripten. */
const OWNED = { canOwn: true };

function* entriesOf(tar: Uint8Array) {
  const text = (from: number, length: number) => {
    const [value = ''] = new TextDecoder().decode(tar.subarray(from, from + length)).split('\0');
    return value;
  };
  // Header: name at 0, octal size at 124, type at 156. Two blocks of zeros end the file.
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    if (!Number.isSafeInteger(size)) throw new Error('the file of a database cannot be read');
    const from = at + BLOCK;
    yield {
      name: text(at, 100).replace(/^\/|\/$/g, ''),
      isFolder: tar[at + 156] === TYPE_FOLDER,
      data: tar.subarray(from, from + size),
    };
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
}
