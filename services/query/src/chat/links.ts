/** What a text is written from, as far as links go. */
export interface LinkGuard {
  /** The text that can be released now; the rest is held back until it is clear what it is. */
  push(chunk: string): string;
  /** What was still held back, at the end of the text. */
  end(): string;
}

/** What goes on longer is no link that anybody needs; characters. */
const LONGEST = 2_000;
/** Elements that load, send or run something. What a page shows is cleaned again where it is shown. */
const TAG =
  /^<\/?(?:a|applet|area|audio|base|button|embed|form|frame|iframe|image|img|input|link|math|meta|object|script|source|style|svg|template|track|video)(?=[\s/>])/i;
const ADDRESS = /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/|:\/\/|www\.|mailto:|javascript:|data:[a-z]+\/)/i;
const ADDRESS_PART = /^(?:[a-z][a-z0-9+.-]{0,20}(?::\/?)?|:\/?|w{1,3}\.?)$/i;

/**
 * Takes out of a text that is being written every address that its sources do not hold, so that instructions
 * in a passage cannot carry anything to another host: images always, links keep their words, HTML that could
 * load or run something goes. A link is held back until it is whole. However the text is cut into chunks, the
 * result is the same.
 *
 * @param sources texts and addresses that the writer was shown: what stands there to the letter may be repeated.
 * @param removed what stands where an address was.
 */
export function createLinkGuard(sources: readonly string[], removed: string): LinkGuard {
  let rest = '';
  let last = '';

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
      const taken = next(rest, last, final);
      if (taken === null) break;
      last = rest.charAt(taken.length - 1);
      rest = rest.slice(taken.length);
      out += taken.text;
    }
    return out;
  }

  /** The first piece of `input` and what is released of it; null when more input could change that. */
  function next(input: string, before: string, final: boolean): Taken | null {
    const character = input.charAt(0);
    if (character === '!' || character === '[') return bracketed(input, final);
    if (character === '<') return tagged(input, final);
    // A scheme begins a word; what is left of one whose scheme is out already does not.
    if (/[\p{L}\p{N}_]/u.test(before) && character !== ':') return plain(input);
    const word = /^[^\s<>"'`()[\]{}|]+/.exec(input)?.[0] ?? '';
    if (ADDRESS.test(word)) return address(input, word, final);
    const open = word.length === input.length && !final;
    return open && ADDRESS_PART.test(word) ? null : plain(input);
  }

  function address(input: string, word: string, final: boolean): Taken | null {
    if (word.length === input.length && !final && word.length < LONGEST) return null;
    const url = word.replace(/[.,;:!?*_~]+$/, '');
    return { length: url.length, text: isKnown(url) ? url : removed };
  }

  /** `[words](target)`, `![words](target)`, `[words][reference]`; every other bracket is text. */
  function bracketed(input: string, final: boolean): Taken | null {
    const image = input.startsWith('!');
    if (image && input.length === 1 && !final) return null;
    if (image && input.charAt(1) !== '[') return { length: 1, text: '!' };
    const open = image ? 1 : 0;
    const close = closing(input, open, '[', ']');
    if (close === -1) return final || input.length > LONGEST ? one(input) : null;
    if (input.length === close + 1 && !final) return null;
    const label = input.slice(open + 1, close);
    if (input.charAt(close + 1) !== '(') {
      return image ? { length: close + 1, text: quoted(label) } : one(input);
    }
    const end = closing(input, close + 1, '(', ')');
    if (end === -1) return final || input.length > LONGEST ? one(input) : null;
    const target = (/^\s*<?([^\s>]*)/.exec(input.slice(close + 2, end))?.[1] ?? '').trim();
    const keep = !image && isKnown(target);
    return {
      length: end + 1,
      text: keep ? `[${filtered(label)}](${target})` : quoted(label),
    };
  }

  function tagged(input: string, final: boolean): Taken | null {
    const inside = /^<([^\s<>]*)>/.exec(input)?.[1];
    if (inside !== undefined && ADDRESS.test(inside)) {
      return { length: inside.length + 2, text: isKnown(inside) ? `<${inside}>` : removed };
    }
    const end = input.indexOf('>');
    if (TAG.test(input)) {
      if (end !== -1) return { length: end + 1, text: ' ' };
      return final || input.length > LONGEST ? { length: input.length, text: ' ' } : null;
    }
    // An address in angle brackets, or the name of an element, ends with one of these.
    const undecided = /^<[^\s<>]*$/.test(input);
    return undecided && !final && input.length < LONGEST ? null : one(input);
  }

  /** In quotes, so that words of a link never join with what stands beside them to another address. */
  function quoted(label: string): string {
    const text = filtered(label).trim();
    return text === '' ? ' ' : `“${text}”`;
  }

  /** Words of a link may hold another one. */
  function filtered(label: string): string {
    const inner = createLinkGuard(sources, removed);
    return inner.push(label) + inner.end();
  }

  function isKnown(url: string): boolean {
    return (
      /^(?:https?:\/\/|mailto:|www\.)[^\s/.]/i.test(url) &&
      sources.some((text) => text.includes(url))
    );
  }
}

interface Taken {
  /** Characters of the input that it takes. */
  readonly length: number;
  readonly text: string;
}

function one(input: string): Taken {
  return { length: 1, text: input.charAt(0) };
}

/** Up to where something could begin that is not plain. */
function plain(input: string): Taken {
  const length = /^[\p{L}\p{N}_]+|^[^\p{L}\p{N}_!<[:]+|^./su.exec(input)?.[0].length ?? 1;
  return { length, text: input.slice(0, length) };
}

/** Index of the bracket that closes the one at `from`, or -1. */
function closing(input: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let index = from; index < Math.min(input.length, from + LONGEST); index += 1) {
    const character = input.charAt(index);
    if (character === '\\') index += 1;
    else if (character === open) depth += 1;
    else if (character === close && --depth === 0) return index;
    else if (character === '\n' && input.charAt(index + 1) === '\n') return -1;
  }
  return -1;
}
