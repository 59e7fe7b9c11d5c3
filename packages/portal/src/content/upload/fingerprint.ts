/** Larger files are not compared beforehand: the whole file would have to fit in memory. */
const LARGEST_BYTES = 64_000_000;

/** SHA-256 of a file in hexadecimal digits; null where the browser cannot tell (no HTTPS) or the file is too large. */
export async function fingerprint(file: File): Promise<string | null> {
  if (!isSecureContext || file.size > LARGEST_BYTES) return null;
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
