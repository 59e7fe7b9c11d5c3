/** The best candidates that the others are compared with. */
const BEST = 5;
/** A cosine from which two passages are of one subject: copies of one text are no more alike than that. */
const SAME_SUBJECT = 0.3;

/**
 * How much each candidate is like the best five, 0 to 1: the root of its mean cosine with them, by words that few
 * candidates have; the first of them counts most (1, 1/2, 1/3 …). Equal texts are equally alike.
 *
 * Pseudo-relevance feedback within the list that was found: words that the question lacks are taken from what answers
 * it best, and no second search is needed.
 *
 * @param passages words of each candidate, best first; of five or fewer none is like the others.
 * @see Rocchio, "Relevance Feedback in Information Retrieval", 1971.
 */
export function likeness(passages: readonly (readonly string[])[]): number[] {
  // The best are all there are: what they have in common tells nothing.
  if (passages.length <= BEST) return passages.map(() => 0);
  const counts = passages.map(countsOf);
  const holders = new Map<string, number>();
  for (const count of counts) {
    for (const term of count.keys()) holders.set(term, (holders.get(term) ?? 0) + 1);
  }
  const rarity = new Map(
    [...holders].map(([term, n]) => [term, Math.log(1 + (passages.length - n + 0.5) / (n + 0.5))]),
  );
  const vectors = counts.map((count) => unitVector(count, rarity));
  const best = vectors.slice(0, BEST);
  const all = best.reduce((sum, _, rank) => sum + 1 / (rank + 1), 0);
  return vectors.map((vector) => {
    const sum = best.reduce((total, other, rank) => {
      const subject = Math.min(1, product(vector, other) / SAME_SUBJECT);
      return total + subject / (rank + 1);
    }, 0);
    return Math.sqrt(sum / all);
  });
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Of length 1; a passage without words has none. */
function unitVector(
  counts: ReadonlyMap<string, number>,
  rarity: ReadonlyMap<string, number>,
): Map<string, number> {
  const vector = new Map<string, number>();
  let squares = 0;
  for (const [term, count] of counts) {
    const value = (1 + Math.log(count)) * (rarity.get(term) ?? 0);
    vector.set(term, value);
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  for (const [term, value] of vector) vector.set(term, value / length);
  return vector;
}

function product(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [term, value] of a) sum += value * (b.get(term) ?? 0);
  return sum;
}
