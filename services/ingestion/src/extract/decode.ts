import { analyse } from 'chardet';
import iconv from 'iconv-lite';

/** How much of a file the guess looks at, bytes. */
const SAMPLE = 200_000;

export interface Decoded {
  text: string;
  /** Name of the character set when it was guessed from the bytes; null when it is certain. */
  guessed: string | null;
}

/**
 * Text of bytes in any common character set: by byte order mark, then UTF-8 when it is valid, then
 * what the file declares about itself, then by statistics.
 *
 * @param declared what an HTML or XML file says; not believed when the bytes are valid UTF-8.
 */
export function decodeText(bytes: Buffer, declared?: string): Decoded {
  const marked = byteOrderMark(bytes);
  if (marked) return { text: iconv.decode(bytes, marked), guessed: null };
  const wide = zeroPattern(bytes);
  if (wide) return { text: iconv.decode(bytes, wide), guessed: null };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), guessed: null };
  } catch {
    if (declared && iconv.encodingExists(declared) && !/^utf-?8$/i.test(declared)) {
      return { text: iconv.decode(bytes, declared), guessed: null };
    }
  }
  const name = guess(bytes);
  return { text: iconv.decode(bytes, name), guessed: name };
}

function byteOrderMark(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 4).toString('hex');
  if (head.startsWith('efbbbf')) return 'utf-8';
  if (head === 'fffe0000') return 'utf-32le';
  if (head === '0000feff') return 'utf-32be';
  if (head.startsWith('fffe')) return 'utf-16le';
  if (head.startsWith('feff')) return 'utf-16be';
  return null;
}

/** UTF-16 without a mark: in European text nearly every second byte is zero. */
function zeroPattern(bytes: Buffer): string | null {
  const sample = bytes.subarray(0, 4_000);
  let [even, odd] = [0, 0];
  for (const [index, byte] of sample.entries()) {
    if (byte === 0) index % 2 === 0 ? even++ : odd++;
  }
  const half = sample.length / 2;
  if (odd > 0.4 * half && even < 0.05 * half) return 'utf-16le';
  if (even > 0.4 * half && odd < 0.05 * half) return 'utf-16be';
  return null;
}

function guess(bytes: Buffer): string {
  const candidates = analyse(bytes.subarray(0, SAMPLE)).filter(
    ({ name }) => iconv.encodingExists(name) && !name.startsWith('UTF'),
  );
  const best = candidates[0];
  if (best === undefined || best.confidence < 10) return 'windows-1252';
  // The ISO sets leave 0x80 to 0x9f empty, where the Windows sets keep quotes and dashes.
  const usesWindowsOnly = bytes.subarray(0, SAMPLE).some((byte) => byte >= 0x80 && byte <= 0x9f);
  const windows: Record<string, string> = {
    'ISO-8859-1': 'windows-1252',
    'ISO-8859-2': 'windows-1250',
    'ISO-8859-5': 'windows-1251',
    'ISO-8859-7': 'windows-1253',
    'ISO-8859-9': 'windows-1254',
  };
  return (usesWindowsOnly || best.name === 'ISO-8859-1' ? windows[best.name] : null) ?? best.name;
}
