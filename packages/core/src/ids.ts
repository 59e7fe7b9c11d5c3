import { v5, v7 } from 'uuid';

const CHUNKS = '6f1c9c0e-4f7b-5d0c-9a57-2f9b1f0c7a51';

/** A new id: UUIDv7, so that ids made later sort later and indexes grow at one end. */
export function newId(): string {
  return v7();
}

/**
 * The id of a chunk, the same for the same version, position and text: a worker that starts over
 * writes the very rows that the first one wrote.
 */
export function chunkId(contentId: string, version: number, ordinal: number, hash: string): string {
  return v5(`${contentId}/${version}/${ordinal}/${hash}`, CHUNKS);
}
