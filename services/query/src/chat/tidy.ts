import { terms } from '@docent/core/text';
import type { FoundPassage } from '../search/interfaces.ts';
import { numbersOf } from './citations.ts';

/** Share of words in common from which two passages say the same; with other numbers they contradict. */
const SAME_WORDS = 0.9;
/** Shorter passages have too few words to tell. */
const LEAST_WORDS = 8;
/** Characters of a merged passage: five chunks. */
const LONGEST = 8_000;
/** White space between two chunks of a section, characters. */
const LARGEST_GAP = 8;

/**
 * The passages worth showing to a writer, best first: of those that say the same only the best, chunks that
 * stand next to each other in one section as one passage, and not too many of one document.
 *
 * @param passages best first.
 * @param most.perContent passages of one document, ≥ 1.
 * @param most.whole id of a content of which there may be as many as fit.
 */
export function tidy(
  passages: readonly FoundPassage[],
  most: { readonly passages: number; readonly perContent: number; readonly whole?: string | null },
): FoundPassage[] {
  const kept: FoundPassage[] = [];
  for (const passage of distinct(passages)) {
    const index = kept.findIndex((other) => joined(other, passage) !== null);
    const neighbour = kept[index];
    const whole = neighbour ? joined(neighbour, passage) : null;
    if (whole) kept[index] = whole;
    else if (kept.length < most.passages && fits(kept, passage)) {
      kept.push(passage);
    }
  }
  return kept;

  function fits(others: readonly FoundPassage[], passage: FoundPassage): boolean {
    return passage.contentId === most.whole || count(others, passage) < most.perContent;
  }
}

function count(passages: readonly FoundPassage[], { contentId }: FoundPassage): number {
  return passages.filter((other) => other.contentId === contentId).length;
}

function distinct(passages: readonly FoundPassage[]): FoundPassage[] {
  const kept: { passage: FoundPassage; words: Set<string>; numbers: string }[] = [];
  for (const passage of passages) {
    const words = new Set(terms(passage.text, passage.language));
    const numbers = [...numbersOf(passage.text)].sort().join(' ');
    const said = kept.some(
      (other) => other.numbers === numbers && overlap(other.words, words) >= SAME_WORDS,
    );
    if (!said || words.size < LEAST_WORDS) kept.push({ passage, words, numbers });
  }
  return kept.map(({ passage }) => passage);
}

/** Jaccard index of two sets, 0 to 1. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common += 1;
  return common === 0 ? 0 : common / (a.size + b.size - common);
}

/** Two chunks in a row of one section as one passage, as good as the better one; else null. */
function joined(better: FoundPassage, other: FoundPassage): FoundPassage | null {
  if (better.contentId !== other.contentId || better.version !== other.version) return null;
  const [first, second] = better.span.start <= other.span.start ? [better, other] : [other, better];
  const gap = second.span.start - first.span.end;
  const oneSection =
    first.tableHeader === second.tableHeader &&
    first.place.headingPath.join('\n') === second.place.headingPath.join('\n');
  if (!oneSection || gap < -first.text.length || gap > LARGEST_GAP) return null;
  const rest = gap < 0 ? second.text.slice(-gap) : second.text;
  const text = first.text + (gap > 1 ? '\n'.repeat(gap) : ' '.repeat(Math.max(0, gap))) + rest;
  if (text.length > LONGEST) return null;
  const end = Math.max(first.span.end, second.span.end);
  return { ...better, place: first.place, text, span: { start: first.span.start, end } };
}
