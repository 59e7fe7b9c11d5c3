import { v5, v7 } from 'uuid';

const CHUNKS = '6f1c9c0e-4f7b-5d0c-9a57-2f9b1f0c7a51';
const DERIVED = 'c1b0a9a6-3f0e-5e42-8d6b-7a5f7c3e9d14';

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

/** The id of what a repeatable request makes: the same for the same text. */
export function derivedId(text: string): string {
  return v5(text, DERIVED);
}
