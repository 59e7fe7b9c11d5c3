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
  const sample = bytes.subarray(0, SAMPLE);
  const candidates = analyse(sample)
    .filter(({ name, confidence }) => confidence >= 10 && iconv.encodingExists(name))
    .map(({ name }) => windowsName(name, sample))
    // Statistics rank high what does not even decode.
    .filter((name) => !name.startsWith('UTF') && isClean(iconv.decode(sample, name)));
  return candidates[0] ?? (looksHungarian(sample) ? 'windows-1250' : 'windows-1252');
}

const WINDOWS: Readonly<Record<string, string>> = {
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'windows-1250',
  'ISO-8859-5': 'windows-1251',
  'ISO-8859-7': 'windows-1253',
  'ISO-8859-9': 'windows-1254',
};

/** The ISO sets leave 0x80 to 0x9f empty, where the Windows sets keep quotes and dashes. */
function windowsName(name: string, bytes: Buffer): string {
  const needsWindows = name === 'ISO-8859-1' || bytes.some((byte) => byte >= 0x80 && byte <= 0x9f);
  return (needsWindows ? WINDOWS[name] : undefined) ?? name;
}

/** No byte without a character, but for one at the end that the sample may have cut. */
function isClean(text: string): boolean {
  return !/[\u0080-\u009f\ufffd]/.test(text.slice(0, -1));
}

/** A few words in capitals or names: ő and ű, and no letter that Hungarian does not have. */
function looksHungarian(bytes: Buffer): boolean {
  const letters = bytes.filter((byte) => byte >= 0xc0);
  return (
    letters.some((byte) => [0xd5, 0xdb, 0xf5, 0xfb].includes(byte)) &&
    letters.every((byte) => /[áéíóöőúüű]/i.test(iconv.decode(Buffer.of(byte), 'windows-1250')))
  );
}
