import { sentences } from '@docent/core/text';
import type { FoundPassage } from '../search/interfaces.ts';
import { languageOf } from '../search/language.ts';
import { checkCitations, numbersOf } from './citations.ts';
import { type Conflict, findConflict } from './conflicts.ts';
import type { Draft } from './draft.ts';

/**
 * What a chat model kept quiet about: a statement that its answer takes from a source, with its number, and that a
 * document contradicts which it was shown, too, and neither cites nor mentions. Null: nothing, or the answer ends within
 * code, where nothing can be added to it.
 *
 * @param passages those that the model was shown; the conflict's indexes are of these.
 */
export function conflictKeptQuiet(
  { text, markers, cited }: Pick<Draft, 'text' | 'markers' | 'cited'>,
  passages: readonly FoundPassage[],
): Conflict | null {
  if (endsInCode(text)) return null;
  const { citations } = checkCitations(text, markers, cited, languageOf(text));
  const named = new Set(cited.map(({ contentId }) => contentId));
  const told = numbersOf(text);
  for (const { number, quote, answerSpan, supported } of citations) {
    const passage = cited[number - 1];
    if (!supported || !passage) continue;
    const claimed = numbersOf(text.slice(answerSpan.start, answerSpan.end));
    const index = passages.indexOf(passage);
    const said = sentences(quote, passage.language)
      .filter((one) => [...numbersOf(one.text)].some((each) => claimed.has(each)))
      .map((one) => ({ passage: index, text: one.text }));
    for (const one of said) {
      const conflict = findConflict([one], passages);
      const others = (conflict?.others ?? []).filter((other) => {
        const { contentId = '' } = passages[other.passage] ?? {};
        return !named.has(contentId) && ![...numbersOf(other.text)].every((each) => told.has(each));
      });
      if (others.length > 0) return { said: one, others };
    }
  }
  return null;
}

function endsInCode(text: string): boolean {
  return [...text.matchAll(/^ {0,3}(?:`{3,}|~{3,})/gm)].length % 2 === 1;
}
