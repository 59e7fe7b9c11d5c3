import type { Passage } from '@docent/contracts/search';
import { addressesIn, keyOf } from './addresses.ts';
import { nextPiece, type Piece } from './linkPieces.ts';
import { createMarkerReader } from './markers.ts';

/** A text that is being written, without the addresses that it must not have. */
export interface LinkGuard {
  /** The text that can be released now; the rest is held back until it is clear what it is. */
  push(chunk: string): string;
  /** What was still held back, at the end of the text. */
  end(): string;
}

/** Longest text behind an address that waits for a citation, in characters; four long sentences have 800. */
const LONGEST_WAIT = 1_000;
/** The end of a sentence with the markers that stand behind it, or of a line; what follows is known to be none. */
const SENTENCE_END =
  /\n|[。！？]|[.!?…]["”’')*_]*(?:[ \t]*(?:\[[\^\d\s,;–-]+\]|【[^】\n]*】))*(?=\s+[^\s[【])/u;

/**
 * Takes out of a text that is being written every address that no cited passage holds, so that instructions
 * in a passage cannot carry anything to another host: images always, links keep their words, HTML that could
 * load or run something goes. A passage is cited once the sentence of the address, or the text before, has its
 * marker. However the text is cut into chunks, the result is the same.
 *
 * What is no address is not held back; an address that a passage holds which is not cited yet waits, with what
 * follows it, for the end of its sentence.
 *
 * @param passages what the writer was shown: `[n]` in the text is `passages[n - 1]`.
 * @param removed what stands where an address was.
 */
export function createLinkGuard(
  passages: readonly Pick<Passage, 'text' | 'tableHeader' | 'url'>[],
  removed: string,
): LinkGuard {
  const known = passages.map(
    ({ text, tableHeader, url }) =>
      new Set([text, tableHeader ?? '', url ?? ''].flatMap(addressesIn)),
  );
  const every = passages.map((_, index) => index + 1);
  const reader = createMarkerReader(passages.length);
  const waiting: Waiting[] = [];
  let rest = '';
  let before = '';
  let opening = true;

  return {
    push(chunk) {
      rest += chunk;
      return read(false);
    },
    end: () => read(true),
  };

  function read(final: boolean): string {
    let out = '';
    while (rest !== '') {
      const piece = nextPiece(rest, { before, opening, final, removed });
      if (piece === null) break;
      const plain = piece.render(never);
      waiting.push({ ...piece, plain });
      before = rest.charAt(piece.length - 1);
      rest = rest.slice(piece.length);
      const [last = '', ...earlier] = plain.split('\n').reverse();
      opening = (opening || earlier.length > 0) && /^[\s>*+\-\d.)]*$/.test(last);
      out += release(false);
    }
    return out + release(final);
  }

  function release(final: boolean): string {
    let out = '';
    while (waiting[0]) {
      const text = decided(waiting[0], final);
      if (text === null) break;
      waiting.shift();
      reader.push(text);
      out += text;
    }
    return out;
  }

  /** The first of the waiting pieces as the reader may see it; null while its sentence goes on. */
  function decided(piece: Waiting, final: boolean): string | null {
    if (piece.addresses.length === 0) return piece.plain;
    const cited = allowedBy(reader.used);
    const citable = allowedBy(every);
    if (piece.addresses.every((one) => cited(one) === citable(one))) return piece.render(cited);
    let behind = '';
    for (const { plain } of waiting.slice(1)) behind += plain;
    const within = behind.slice(0, LONGEST_WAIT);
    const end = SENTENCE_END.exec(within);
    const over = end !== null || behind.length >= LONGEST_WAIT;
    if (!over && !final) return null;
    // A marker is one when the character behind it is known.
    const sentence = end ? within.slice(0, end.index + end[0].length + 1) : within;
    return piece.render(allowedBy(reader.usedWith(sentence, !over)));
  }

  function allowedBy(numbers: Iterable<number>): (address: string) => boolean {
    const sets = [...numbers].flatMap((number) => known[number - 1] ?? []);
    return (address) => {
      const key = keyOf(address);
      return key !== null && sets.some((addresses) => addresses.has(key));
    };
  }
}

interface Waiting extends Piece {
  /** What of it stays whatever is cited. */
  readonly plain: string;
}

function never(): boolean {
  return false;
}
