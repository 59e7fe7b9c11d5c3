import { createHash, randomUUID } from 'node:crypto';
import {
  access,
  constants,
  type FileHandle,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '@docent/core/errors';

/** A file that was received but belongs to nothing yet. */
export interface StagedFile {
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Moves it to its place; the same bytes may be there already. */
  place(): Promise<void>;
  /** Removes what was not placed; does nothing after `place`. */
  discard(): Promise<void>;
}

/** Original files by organization and SHA-256: no name that a person gave is ever part of a path. */
export interface FileStore {
  /**
   * Writes a stream to disk while it arrives, hashing it; memory stays at one piece.
   * @throws AppError `too_large` past `maxBytes`, `overloaded` when the disk is full, or what the
   *   stream throws; nothing is left behind.
   */
  stage(
    orgId: string,
    bytes: AsyncIterable<Uint8Array>,
    limits: { maxBytes: number },
  ): Promise<StagedFile>;
  /** Where a placed file can be read. */
  pathOf(orgId: string, sha256: string): string;
  /** Removes a placed file; one that is not there is no failure. */
  remove(orgId: string, sha256: string): Promise<void>;
}

/** A cut-off upload's file is removed at the next start after this time. */
const STALE_MS = 24 * 60 * 60 * 1000;

/**
 * Files in a folder, which is made if it does not exist.
 *
 * @throws Error with a sentence when it cannot be made or written to.
 */
export async function openFolder(folder: string): Promise<FileStore> {
  const root = resolve(folder);
  const staging = join(root, 'staging');
  try {
    await mkdir(staging, { recursive: true });
    await access(staging, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `Files cannot be kept in FILES_DIR: ${root} is no folder that can be written.`,
      {
        cause,
      },
    );
  }
  await removeStale(staging);

  return {
    async stage(orgId, bytes, { maxBytes }) {
      const temporary = join(staging, randomUUID());
      try {
        const { sha256, sizeBytes } = await write(temporary, bytes, maxBytes);
        const target = pathOf(orgId, sha256);
        return {
          sha256,
          sizeBytes,
          place: () => move(temporary, target),
          discard: () => rm(temporary, { force: true }),
        };
      } catch (error) {
        await rm(temporary, { force: true });
        throw diskFull(error) ?? error;
      }
    },
    pathOf,
    remove: (orgId, sha256) => rm(pathOf(orgId, sha256), { force: true }),
  };

  function pathOf(orgId: string, sha256: string): string {
    if (!/^[0-9a-f-]{36}$/.test(orgId) || !/^[0-9a-f]{64}$/.test(sha256)) {
      throw new Error('a file is found by the id of its organization and its SHA-256');
    }
    // Two digits of the hash as a folder: no folder grows beyond what tools can list.
    return join(root, orgId, sha256.slice(0, 2), sha256);
  }
}

async function write(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  await using file = await open(path, 'wx', 0o600);
  for await (const piece of bytes) {
    sizeBytes += piece.byteLength;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    hash.update(piece);
    await writeAll(file, piece);
  }
  // What was answered with 202 must survive a power cut.
  await file.sync();
  return { sha256: hash.digest('hex'), sizeBytes };
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  let written = 0;
  while (written < piece.byteLength) {
    written += (await file.write(piece, written)).bytesWritten;
  }
}

async function move(from: string, to: string): Promise<void> {
  const folder = dirname(to);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(from, to);
  // The rename itself is on disk only when its folder is.
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function removeStale(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const info = await stat(path).catch(() => null);
    if (info !== null && Date.now() - info.mtimeMs > STALE_MS) await rm(path, { force: true });
  }
}

/** The one wording for a file past the limit. */
export function tooLarge(maxBytes: number): AppError {
  return new AppError('too_large', `The file is larger than ${maxBytes} bytes.`, {
    details: { maxBytes },
  });
}

function diskFull(error: unknown): AppError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return null;
  return new AppError('overloaded', 'The file store is full.', { cause: error });
}
