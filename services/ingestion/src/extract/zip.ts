import { fromBufferPromise, type ZipFile } from 'yauzl';
import { ReadFailure } from './failure.ts';

/** The parts that a parser inflates. Pictures and films are never read and may be large. */
const READ_PARTS = /\.(?:xml|rels|vml|x?html?|ncx|opf|rdf|rtf|txt|mht|css)$|^mimetype$/i;
/** Word and PowerPoint write some ten parts per slide or picture, so thousands are ordinary. */
const MOST_PARTS = 10_000;
/** Office XML rarely shrinks below a fiftieth; what does and is large is a bomb. */
const HIGHEST_RATIO = 200;
const RATIO_COUNTS_FROM = 50 * 1024 * 1024;

/**
 * Refuse a ZIP container that would fill the memory or that lies about itself, before a parser
 * opens it. Bytes are counted while they are inflated; what the directory claims is not believed.
 *
 * @param maxInflatedBytes most bytes that the readable parts may have together.
 * @param format OOXML never has a document type definition, EPUB and ODF may name one.
 * @throws ReadFailure `too_large`, `corrupt` or `password`.
 */
export async function checkZip(
  bytes: Buffer,
  { maxInflatedBytes, format }: { maxInflatedBytes: number; format: 'ooxml' | 'other' },
): Promise<void> {
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
    await countParts(zip, maxInflatedBytes, format);
  } catch (cause) {
    if (cause instanceof ReadFailure) throw cause;
    throw new ReadFailure('corrupt', 'The file is damaged: its parts cannot be unpacked.', {
      cause,
    });
  }
}

async function countParts(zip: ZipFile, maxInflatedBytes: number, format: 'ooxml' | 'other') {
  let [parts, inflated, compressed] = [0, 0, 0];
  for await (const entry of zip.eachEntry()) {
    if (++parts > MOST_PARTS) {
      throw new ReadFailure('too_large', `The file has more than ${MOST_PARTS} parts inside.`);
    }
    if (entry.isEncrypted()) {
      throw new ReadFailure(
        'password',
        'The file is protected by a password. Save it without one.',
      );
    }
    if (!READ_PARTS.test(entry.fileName)) continue;
    let start = '';
    // Reading past the claimed size ends with an error of yauzl, which makes the file corrupt.
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      if (!Buffer.isBuffer(chunk)) continue;
      if (start.length < 8_192) start += chunk.subarray(0, 8_192).toString('latin1');
      inflated += chunk.length;
      if (inflated > maxInflatedBytes) throw tooLarge(maxInflatedBytes);
    }
    compressed += entry.compressedSize;
    if (inflated > RATIO_COUNTS_FROM && inflated / Math.max(1, compressed) > HIGHEST_RATIO) {
      throw tooLarge(RATIO_COUNTS_FROM);
    }
    refuseEntities(start, format);
  }
}

/** Entities are how a few lines of XML become gigabytes or read another file. */
function refuseEntities(start: string, format: 'ooxml' | 'other'): void {
  // In UTF-16 every second byte is zero.
  const xml = start.replaceAll('\0', '');
  if (
    /<!ENTITY/i.test(xml) ||
    (format === 'ooxml' && /^[^<]*(?:<\?[^>]*>\s*)*<!DOCTYPE/i.test(xml))
  ) {
    const sentence = 'The file declares entities of its own, which office files never do.';
    throw new ReadFailure('corrupt', sentence);
  }
}

function tooLarge(bytes: number): ReadFailure {
  const megabytes = Math.round(bytes / 1024 / 1024);
  return new ReadFailure('too_large', `The file unpacks to more than ${megabytes} MB.`);
}
