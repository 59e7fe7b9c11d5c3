import type { Asked, Candidate } from './candidates.ts';

/** Sentences below this share of the best score add noise. */
const WORTH = 0.72;
/** The same when the question's definition was found: mere mentions of the thing add nothing to it. */
const WORTH_BESIDE_DEFINITION = 0.8;
/** Share of words in common above which two sentences say the same. */
const SAME = 0.7;

/** Takes the best, then what adds most to it, with the sentences that a taken one cannot do without. */
export function chooseSentences(
  candidates: readonly Candidate[],
  asked: Asked,
  limits: { readonly count: number; readonly characters: number },
): ReadonlySet<Candidate> {
  const chosen = new Set<Candidate>();
  const best = Math.max(0, ...candidates.map(({ score }) => score));
  const defined = candidates.some(({ score, defining }) => score === best && defining > 0);
  const worth = best * (defined ? WORTH_BESIDE_DEFINITION : WORTH);
  const open = new Set(candidates.filter(({ score }) => score > 0 && score >= worth));
  let [count, characters] = [0, 0];
  while (count < limits.count) {
    const next = mostUseful(open, chosen, asked);
    if (!next) break;
    open.delete(next);
    const company = [
      ...before(next),
      ...stepsBefore(next, asked),
      ...after(next),
      ...steps(next, asked),
    ].filter((one) => !chosen.has(one) && !repeats(one, chosen));
    for (const one of [next, ...company]) {
      const room = characters + one.text.length <= limits.characters;
      if (!room && chosen.size > 0) continue;
      if (one !== next) one.support = Math.max(one.support, 0.8 * next.support);
      chosen.add(one);
      open.delete(one);
      characters += one.text.length;
    }
    count += 1;
  }
  return chosen;
}

function mostUseful(
  open: ReadonlySet<Candidate>,
  chosen: ReadonlySet<Candidate>,
  asked: Asked,
): Candidate | undefined {
  let [best, bestValue] = [undefined as Candidate | undefined, -Infinity];
  for (const candidate of open) {
    if (repeats(candidate, chosen)) continue;
    const news = newWords(candidate, chosen, asked);
    const beside = [...chosen].some(
      (one) =>
        one.passage === candidate.passage && Math.abs(one.position - candidate.position) === 1,
    );
    const alike = Math.max(0, ...[...chosen].map((one) => overlap(candidate.terms, one.terms)));
    const value = candidate.score - 0.4 * alike + 0.3 * news + (beside ? 0.1 : 0);
    if (value > bestValue) [best, bestValue] = [candidate, value];
  }
  return best;
}

/** Weighted share of the question's words that only this candidate would bring. */
function newWords(candidate: Candidate, chosen: ReadonlySet<Candidate>, asked: Asked): number {
  const had = new Set([...chosen].flatMap((one) => one.terms));
  const brought = asked.terms.filter((term) => candidate.terms.includes(term) && !had.has(term));
  return brought.reduce((sum, term) => sum + asked.weight(term), 0) / (asked.total || 1);
}

function repeats(candidate: Candidate, chosen: ReadonlySet<Candidate>): boolean {
  return [...chosen].some((one) => overlap(candidate.terms, one.terms) > SAME);
}

/** Share of the shorter sentence's words that the other has too. */
function overlap(left: readonly string[], right: readonly string[]): number {
  const [a, b] = [new Set(left), new Set(right)];
  const shared = [...a].filter((term) => b.has(term)).length;
  return shared / Math.max(1, Math.min(a.size, b.size));
}

/** The one or two sentences that a sentence starting with "It" or "This" points back to. */
function before(candidate: Candidate): Candidate[] {
  const found: Candidate[] = [];
  let current = candidate;
  while (current.refersBack && found.length < 2) {
    const previous = current.neighbours.before;
    if (previous?.kind !== 'sentence') break;
    found.unshift(previous);
    current = previous;
  }
  return found;
}

/** A definition is easier to understand with the sentence that goes on about it. */
function after({ defining, source, neighbours }: Candidate): Candidate[] {
  const next = neighbours.after;
  const goesOn = next?.kind === 'sentence' && next.source.block === source.block;
  return goesOn && defining === 1 && !/[?:]$/.test(next.text) ? [next] : [];
}

/** A step is of use with the steps before it, and with what announces them. */
function stepsBefore({ kind, neighbours }: Candidate, asked: Asked): Candidate[] {
  if (!asked.kind.steps || kind !== 'item') return [];
  const found: Candidate[] = [];
  for (let previous = neighbours.before; previous && found.length < 8; ) {
    if (previous.kind !== 'item' && !ANNOUNCES.test(previous.text)) break;
    found.unshift(previous);
    if (previous.kind !== 'item') break;
    previous = previous.neighbours.before;
  }
  return found;
}

const ANNOUNCES = /[:：]$/;

/** The list that follows a sentence: always after a colon, and for a question that asks how. */
function steps(candidate: Candidate, asked: Asked): Candidate[] {
  const announced = ANNOUNCES.test(candidate.text);
  const inList = asked.kind.steps && candidate.kind === 'item';
  if (!announced && !asked.kind.steps) return [];
  const found: Candidate[] = [];
  for (let next = candidate.neighbours.after; next && found.length < 8; ) {
    const code = next.kind === 'code' && (announced || inList) && found.length === 0;
    if (next.kind !== 'item' && !code) break;
    found.push(next);
    next = next.neighbours.after;
  }
  return found;
}
