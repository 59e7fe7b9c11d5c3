import { createHash } from 'node:crypto';

/** Names the state of a thing as a caller is shown it: the value of its `ETag`. */
export function etagOf(shown: object): string {
  const hash = createHash('sha256').update(JSON.stringify(shown)).digest('base64url');
  return `"${hash.slice(0, 22)}"`;
}
