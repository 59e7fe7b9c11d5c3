import { type Compound, spelledTerms } from '@docent/core/compounds';
import { languageRules } from '@docent/core/languages';
import { readable } from '@docent/core/readable';
import { fold, type Sentence, type SentenceKind, sentences, terms } from '@docent/core/text';
import type { QuestionKind } from './questions.ts';

/** A sentence that may become part of an extractive answer. */
export interface Candidate {
  readonly source: Sentence;
  readonly kind: Exclude<SentenceKind, 'heading'>;
  readonly text: string;
  readonly passage: number;
  /** Among the candidates of its passage. */
  readonly position: number;
  readonly terms: readonly string[];
  /** The same with what hyphenated words are as one word; those of the headings are so, too. */
  readonly spelled: ReadonlySet<string>;
  readonly headingTerms: ReadonlySet<string>;
  /** Needs the sentence before to be understood. */
  readonly refersBack: boolean;
  readonly neighbours: { before?: Candidate; after?: Candidate };
  coverage: number;
  support: number;
  /** How much it looks like the definition that is asked for, 0 to 1. */
  defining: number;
  score: number;
}

/** The sentences of a passage that can be read, in order, each knowing its neighbours. */
export function candidatesOf(
  passage: { readonly text: string; readonly heading?: string },
  index: number,
  language: string | null,
): Candidate[] {
  const { backReferences } = languageRules(language);
  const outer = spelledTerms(passage.heading ?? '', language);
  const headings = headingLines(passage.heading ?? '');
  const found: Candidate[] = [];
  let inner: ReadonlySet<string> = new Set();
  for (const source of sentences(passage.text, language)) {
    const text = readable(source);
    if (source.kind === 'heading' || headings.has(plain(text))) {
      inner = spelledTerms(text, language);
      continue;
    }
    // What a picture shows is no statement.
    if (!/\p{L}/u.test(text) || /^\[Image\b[^\]]*\]$/.test(text)) continue;
    const before = found.at(-1);
    const candidate: Candidate = {
      source,
      kind: source.kind,
      text,
      passage: index,
      position: found.length,
      terms: terms(text, language),
      spelled: spelledTerms(text, language),
      headingTerms: new Set([...outer, ...inner]),
      refersBack: backReferences.has(fold(/[\p{L}'’]+/u.exec(text)?.[0] ?? '')),
      neighbours: before ? { before } : {},
      coverage: 0,
      support: 0,
      defining: 0,
      score: 0,
    };
    if (before) before.neighbours.after = candidate;
    found.push(candidate);
  }
  return found;
}

/**
 * What of the text is a heading and no statement. `describePlace` joins headings; extracted text has them as plain
 * lines, which read as one sentence when a section begins right below the title.
 */
function headingLines(heading: string): ReadonlySet<string> {
  const parts = heading.split(/\n| · | › /).map(plain);
  const runs = parts.flatMap((_, from) =>
    parts.slice(from).map((_, length) => parts.slice(from, from + length + 1).join(' ')),
  );
  return new Set(runs);
}

function plain(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What a question asks for, as sentences are rated by it. */
export interface Asked {
  readonly terms: readonly string[];
  readonly hyphenated: readonly Compound[];
  readonly weight: (term: string) => number;
  readonly total: number;
  readonly kind: QuestionKind;
}
