/** A stretch of a text without white space at its ends; UTF-16 code units, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** Where a text may be parted, best places first. */
export type Level = 'paragraph' | 'line' | 'cell' | 'sentence';

/** An atom with its tokens. */
export interface Atom extends Span {
  tokens: number;
}

/**
 * Part a span into atoms of at most `mostTokens`, at the first level that makes them small enough;
 * when no level does, at white space, and in scripts and runs without any, between characters.
 *
 * @param count tokens of a text.
 * @returns atoms in order that cover everything but white space, one after the other.
 */
export function* splitIntoAtoms(
  text: string,
  span: Span,
  { levels, mostTokens, count }: SplitOptions,
): Generator<Atom> {
  // In English a token is some four characters, in Hungarian and German two or three.
  yield* visit(span, 0, 2 * mostTokens);

  function* visit(part: Span, depth: number, width: number): Generator<Atom> {
    const trimmed = trim(text, part);
    if (trimmed === null) return;
    const tokens = countUpTo(text, trimmed, mostTokens, count);
    if (tokens <= mostTokens || trimmed.end - trimmed.start <= SMALLEST) {
      yield { ...trimmed, tokens };
      return;
    }
    const level = levels[depth];
    const inner = level
      ? splitAt[level](text, trimmed, mostTokens)
      : splitByWidth(text, trimmed, width);
    const innerWidth = level ? width : Math.max(SMALLEST, Math.floor(width / 2));
    for (const piece of inner) yield* visit(piece, level ? depth + 1 : depth, innerWidth);
  }
}

interface SplitOptions {
  levels: readonly Level[];
  mostTokens: number;
  count: (text: string) => number;
}

/** Characters that are never parted, however many tokens they have. */
const SMALLEST = 4;

/** The span as one atom, when it has at most `mostTokens`. */
export function wholeAtom(
  text: string,
  span: Span,
  mostTokens: number,
  count: (text: string) => number,
): Atom | null {
  const trimmed = trim(text, span);
  if (trimmed === null) return null;
  const tokens = countUpTo(text, trimmed, mostTokens, count);
  return tokens <= mostTokens ? { ...trimmed, tokens } : null;
}

/** A long span is parted anyway: its beginning tells that it is too long. */
function countUpTo(
  text: string,
  { start, end }: Span,
  most: number,
  count: (text: string) => number,
): number {
  const sample = 12 * most;
  if (end - start > 2 * sample) {
    const tokens = count(text.slice(start, start + sample));
    if (tokens > most) return tokens;
  }
  return count(text.slice(start, end));
}

const splitAt: Record<Level, (text: string, span: Span, mostTokens: number) => Span[]> = {
  paragraph: (text, span) => splitAtPattern(text, span, /\n[^\S\n]*\n\s*/g),
  line: (text, span, most) => grouped(splitAtPattern(text, span, /\n/g), most / 2),
  cell: (text, span, most) => grouped(splitAtPattern(text, span, / \| /g), most / 2),
  sentence: (text, span, most) => grouped(sentences(text, span), most / 2),
};

function splitAtPattern(text: string, { start, end }: Span, pattern: RegExp): Span[] {
  const spans: Span[] = [];
  let from = start;
  for (const match of text.slice(start, end).matchAll(pattern)) {
    const to = start + match.index + match[0].length;
    spans.push({ start: from, end: to });
    from = to;
  }
  spans.push({ start: from, end });
  return spans;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** Knows the full stops of all scripts. */
function sentences(text: string, { start, end }: Span): Span[] {
  const spans: Span[] = [];
  for (const { index, segment } of segmenter.segment(text.slice(start, end))) {
    spans.push({ start: start + index, end: start + index + segment.length });
  }
  return spans;
}

/** Neighbours joined while they have at most `characters`: one count instead of many. */
function grouped(spans: readonly Span[], characters: number): Span[] {
  const groups: Span[] = [];
  for (const span of spans) {
    const last = groups.at(-1);
    if (last && span.end - last.start <= characters) last.end = span.end;
    else groups.push({ ...span });
  }
  return groups;
}

/** Pieces of at most `width` code units, cut at the last white space of each, if it has one. */
function splitByWidth(text: string, { start, end }: Span, width: number): Span[] {
  const spans: Span[] = [];
  for (let from = start; from < end; ) {
    const to = from + width >= end ? end : cutBefore(text, from, from + width);
    spans.push({ start: from, end: to });
    from = to;
  }
  return spans;
}

function cutBefore(text: string, from: number, to: number): number {
  for (let at = to; at > from + (to - from) / 2; at--) {
    if (/\s/.test(text.charAt(at))) return at;
  }
  // Not between the halves of a character, nor before what is drawn onto the one before.
  let cut = to;
  while (cut > from + 1 && /^(?:[\udc00-\udfff]|\p{M}|\u200d)/u.test(text.charAt(cut))) cut--;
  return cut;
}

function trim(text: string, { start, end }: Span): Span | null {
  const part = text.slice(start, end);
  const left = part.length - part.trimStart().length;
  const length = part.trim().length;
  return length === 0 ? null : { start: start + left, end: start + left + length };
}
