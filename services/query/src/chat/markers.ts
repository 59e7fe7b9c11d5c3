/** A citation marker as it stands in the released text. */
export interface Marker {
  /** Number that the text shows, from 1, in order of first use. */
  readonly number: number;
  /** UTF-16 offsets of `[n]` in the released text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

export interface MarkerReader {
  /** The text that can be released now; the rest is held back until it is clear what it is. */
  push(chunk: string): string;
  /** What was still held back, at the end of the text. */
  end(): string;
  /** Markers released so far, in order. */
  readonly markers: readonly Marker[];
  /** Passages in order of first use, each by its number in the prompt: `[n]` is `used[n - 1]`. */
  readonly used: readonly number[];
  /**
   * Passages that would be in use if the text went on like this. What is still unclear then does not count,
   * unless the text ends there.
   */
  usedWith(more: string, final: boolean): ReadonlySet<number>;
}

/** What goes on longer is text. `[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]` has 31 characters. */
const LONGEST_MARKER = 48;
/** Longest rest of a line that opens a fence (```` ```ts title="x" ````) waited for, in characters. */
const LONGEST_INFO = 80;
/** Longest code between backticks, in characters: that much of a text waits to see whether a backtick opens code. */
const LONGEST_CODE = 300;

/**
 * Reads the citation markers of a text while it is being written: `[1]`, `[1, 2]`, `[1-3]`, `[1][2]`,
 * `[^1]` and `【1】`.
 *
 * They are released as `[n]`, renumbered in order of first use, once they are complete; those that point
 * to no passage are dropped with the space before them. What stands on the two sides of a marker is kept apart, so
 * that it does not become one word, or an address, when the marker goes. Links (`[1](url)`), escaped brackets, code spans
 * and fences are left alone; a backtick that nothing closes is text. However the text is cut into chunks, the result is the same.
 *
 * @param passages how many passages the writer was shown, numbered from 1.
 */
export function createMarkerReader(passages: number): MarkerReader {
  const markers: Marker[] = [];
  const used: number[] = [];
  let rest = '';
  let state: State = { in: 'text' };
  let length = 0;
  let last = '';

  return {
    markers,
    used,
    push: (chunk) => {
      rest += chunk;
      return read(false);
    },
    end: () => read(true),
    usedWith,
  };

  function usedWith(more: string, final: boolean): ReadonlySet<number> {
    const numbers = new Set(used);
    let position: Position = { state, last, final };
    for (let ahead = rest + more; ahead !== ''; ) {
      const token = nextToken(ahead, position);
      if (token === null) break;
      for (const number of known(token.numbers)) numbers.add(number);
      position = { state: token.next, last: ahead.charAt(token.length - 1), final };
      ahead = ahead.slice(token.length);
    }
    return numbers;
  }

  function known(numbers: readonly number[] = []): readonly number[] {
    return numbers.filter((number) => number >= 1 && number <= passages);
  }

  function read(final: boolean): string {
    let out = '';
    while (rest !== '') {
      const token = nextToken(rest, { state, last, final });
      if (token === null) break;
      const text = token.numbers ? shown(token, length) : rest.slice(0, token.length);
      rest = rest.slice(token.length);
      state = token.next;
      length += text.length;
      last = text.at(-1) ?? last;
      out += text;
    }
    return out;
  }

  /** A marker's text, with the space before it; nothing when no passage has any of its numbers. */
  function shown({ numbers, space = '', apart }: Token, offset: number): string {
    let text = '';
    for (const passage of new Set(known(numbers))) {
      if (!used.includes(passage)) used.push(passage);
      const number = used.indexOf(passage) + 1;
      const before = markers.at(-1);
      // `[1][1]` says nothing more than `[1]`.
      if (text === '' && before?.number === number && before.end === offset) continue;
      if (text === '') text = space;
      const start = offset + text.length;
      text += `[${number}]`;
      markers.push({ number, start, end: offset + text.length });
    }
    return apart ? `${text} ` : text;
  }
}

type State =
  | { readonly in: 'text' }
  /** In a fenced block: ends at a line of as many of the same character. */
  | { readonly in: 'fence'; readonly mark: string };

interface Token {
  /** Characters of the input that it takes. */
  readonly length: number;
  readonly next: State;
  /** Set for a marker: what it points to, and the white space before it. */
  readonly numbers?: readonly number[];
  readonly space?: string;
  /** What follows the marker would join with what stands before it. */
  readonly apart?: boolean;
}

interface Position {
  readonly state: State;
  /** Character released last, empty at the start. */
  readonly last: string;
  readonly final: boolean;
}

/** The first token of `input`, which is not empty; null when more input could make it another one. */
function nextToken(input: string, position: Position): Token | null {
  const { state, last, final } = position;
  const lineStart = last === '' || last === '\n';
  if (lineStart) {
    const fence = fenceToken(input, state, final);
    if (fence !== undefined) return fence;
  }
  const same = (length: number): Token => ({ length, next: state });
  if (state.in === 'fence') return same(lengthOf(/^[^\n]*\n?/, input));
  if (input.startsWith('\n')) return same(1);
  if (input.startsWith('`')) return ticksToken(input, state, final);
  if (input.startsWith('\\')) {
    if (input.length < 2 && !final) return null;
    return same(lengthOf(/^\\[^\n]?/, input));
  }
  const space = /^[ \t]*/.exec(input)?.[0] ?? '';
  const bracket = input.charAt(space.length);
  if (bracket === '' && !final) return null;
  if (bracket === '[' || bracket === '【') return bracketToken(input, space, position);
  return same(space.length || lengthOf(/^[^\s`\\[【]+|^\s/, input));
}

/** A line that opens or closes a fence; undefined for any other line. */
function fenceToken(input: string, state: State, final: boolean): Token | null | undefined {
  if (!final && /^ {0,3}(?:`*|~*)$/.test(input)) return null;
  const [, mark = '', info = ''] = /^ {0,3}(`{3,}|~{3,})([^\n]*)/.exec(input) ?? [];
  if (mark === '') return;
  const whole = final || input.includes('\n') || info.length > LONGEST_INFO;
  const length = input.indexOf(mark) + mark.length;
  if (state.in === 'fence') {
    if (!mark.startsWith(state.mark) || info.trim() !== '') return;
    return whole ? { length, next: { in: 'text' } } : null;
  }
  // Backticks in the rest of the line: code that begins and ends on this line.
  if (mark.startsWith('`') && info.includes('`')) return;
  return whole ? { length, next: { in: 'fence', mark } } : null;
}

/** Runs of backticks, and where a paragraph ends: an empty line, a list item, a heading, a quote, a fence. */
const TICKS_OR_END = /`+|\n(?=\s*(?:\n|[-*+][ \t]|\d{1,3}[.)][ \t]|#{1,6}[ \t]|>|```|~~~))/g;

/** Code up to the run of as many backticks that closes it; where none does, the backticks alone as text. */
function ticksToken(input: string, state: State, final: boolean): Token | null {
  const ticks = lengthOf(/^`+/, input);
  const known = input.slice(ticks, ticks + LONGEST_CODE);
  const whole = final || known.length === LONGEST_CODE;
  for (const { 0: found, index } of known.matchAll(TICKS_OR_END)) {
    const end = index + found.length;
    if (end === known.length && !whole) return null;
    if (found === '\n') return { length: ticks, next: state };
    if (end - index === ticks) return { length: ticks + end, next: state };
  }
  return whole ? { length: ticks, next: state } : null;
}

const MARKER = /^\[(?=[^\]]*\d)([\^\d\s,;–-]*)\]|^【(\d+(?: *, *\d+)*)(?:†[^】\n]*)?】/u;
/** Ends of an address, and what could go on with it: scripts without spaces put markers between letters. */
const JOINING_BEFORE = /[\p{Script=Latin}\p{N}!-~]/u;
const JOINING_BEHIND = /^(?:[\p{L}\p{N}/\\@#&]|[.:][\p{L}\p{N}/\\])/u;
const JOINT = /^[.:]$/;
const PART = /^(?:\[[\^\d\s,;–-]*|【[^】\n]*)$/u;

/** A marker, or the bracket alone as text. */
function bracketToken(input: string, space: string, { state, last, final }: Position) {
  const rest = input.slice(space.length);
  const asText: Token = { length: space.length + 1, next: state };
  const match = MARKER.exec(rest.slice(0, LONGEST_MARKER));
  if (match === null) {
    return !final && rest.length < LONGEST_MARKER && PART.test(rest) ? null : asText;
  }
  const after = rest.charAt(match[0].length);
  if (after === '' && !final) return null;
  if (after === '(' && rest.startsWith('[')) return asText;
  const numbers = numbersOf(match[1] ?? match[2] ?? '');
  // `a[0]` as text: passages are counted from 1, and a marker does not stand inside a word.
  const isIndex = space === '' && /[\p{L}\p{N}_]/u.test(last) && numbers.every((n) => n === 0);
  if (isIndex) return asText;
  const behind = rest.slice(match[0].length);
  if (!final && JOINT.test(behind)) return null;
  const apart = JOINING_BEFORE.test(last) && JOINING_BEHIND.test(behind);
  return { length: space.length + match[0].length, next: state, numbers, space, apart };
}

/** `1, 3-5` → 1, 3, 4, 5. A range of more than ten is its two ends. */
function numbersOf(list: string): number[] {
  return list
    .replaceAll('^', '')
    .split(/[,;\s]+(?![–-])/)
    .flatMap((part) => {
      const [from = Number.NaN, to = from] = part.split(/\s*[–-]\s*/).map(Number);
      if (!(to > from) || to - from > 9) return [from, to];
      return Array.from({ length: to - from + 1 }, (_, index) => from + index);
    });
}

function lengthOf(pattern: RegExp, input: string): number {
  return pattern.exec(input)?.[0].length ?? 1;
}
