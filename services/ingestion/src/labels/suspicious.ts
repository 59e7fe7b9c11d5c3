import type { SuspicionReason } from '@docent/contracts/content';
import { patterns } from './suspicious.patterns.ts';

/** A part of a text that speaks to a model, or hides something. */
export interface Suspicion {
  readonly reason: SuspicionReason;
  /** UTF-16 code units into the text that was looked at, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** One text may not fill a page of labels. */
const MOST = 20;

/**
 * The parts of a text that look like instructions to a model, in order, none inside of another. In linear time.
 *
 * @returns at most 20.
 */
export function findSuspicious(text: string): Suspicion[] {
  const found = [...matches(text), ...encodedBlocks(text)].sort(
    (a, b) => a.start - b.start || b.end - a.end,
  );
  const apart: Suspicion[] = [];
  for (const one of found) {
    if (one.start >= (apart.at(-1)?.end ?? 0)) apart.push(one);
  }
  return apart.slice(0, MOST);
}

// Looked at where something was found: in front of every pattern they would take four times as long.
const WITHIN_WORD = /[\p{L}\p{N}]$/u;
const LETTER = /^\p{L}/u;
/** "Do not ignore the instructions above" is good advice. */
const DENIED = /(?:\b(?:not|never|niemals|ne|no|nunca)|n['’]t)\s{1,3}$|\bn['’]$/i;
const LONGEST_DENIAL = 12;

function* matches(text: string): Generator<Suspicion> {
  for (const { reason, pattern } of patterns) {
    for (const { 0: match, index } of text.matchAll(pattern)) {
      const before = text.slice(Math.max(0, index - LONGEST_DENIAL), index);
      if (WITHIN_WORD.test(before) && LETTER.test(match)) continue;
      if (reason === 'ignore_instructions' && DENIED.test(before)) continue;
      const start = index + (match.length - match.trimStart().length);
      yield { reason, start, end: index + match.trimEnd().length };
    }
  }
}

/** Shorter ones are names, hashes and keys; characters. */
const ENCODED = /[A-Za-z0-9+/]{80,}={0,2}/g;

/** Base64 in which there is prose. Certificates, keys, pictures and tokens decode to other things. */
function* encodedBlocks(text: string): Generator<Suspicion> {
  for (const { 0: block, index } of text.matchAll(ENCODED)) {
    const decoded = Buffer.from(block, 'base64').toString('utf8');
    const words = decoded.match(/\p{L}{2,}/gu)?.length ?? 0;
    const spaces = decoded.split(' ').length - 1;
    const readable =
      /^[\p{L}\p{N}\p{P}\p{Z}\p{S}\s]*$/u.test(decoded) && !decoded.includes('\ufffd');
    if (readable && words >= 8 && spaces >= 6) {
      yield { reason: 'encoded_text', start: index, end: index + block.length };
    }
  }
}

/** The tag block repeats ASCII without a shape: what it says is read by models only. */
const TAGS = /[\u{e0020}-\u{e007e}]{4,}/gu;
/** Runs of characters without width carry bits; one alone is a place to break a line. */
const WIDTHLESS = /[\u200b-\u200d\u2060-\u2064\ufeff]{6,}/g;
/** Text turned around, so that it shows another way than it is stored. */
const OVERRIDES = /[\u202d\u202e]/;
const RIGHT_TO_LEFT = /[\u0590-\u08ff]/;

/**
 * What characters without a shape hide in a text that was not cleaned yet, as people can read it; null: nothing.
 * Soft hyphens, joiners and marks as text processors write them are nothing, nor are flags of regions.
 */
export function hiddenIn(raw: string): string | null {
  const tags = raw
    .match(TAGS)
    ?.map(fromTags)
    .filter((text) => /\s|.{8}/u.test(text));
  if (tags && tags.length > 0) return tags.join(' ');
  const widthless = WIDTHLESS.exec(raw);
  if (widthless) return `${widthless[0].length} characters without width`;
  if (OVERRIDES.test(raw) && !RIGHT_TO_LEFT.test(raw))
    return 'a change of the direction of writing';
  return null;
}

function fromTags(tags: string): string {
  return [...tags].map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000)).join('');
}
