import type { Citation, Outcome } from '@docent/contracts/chat';
import type { ExpectedContent } from '@docent/contracts/evaluationSets';
import type { EvaluationResult } from '@docent/contracts/evaluations';
import { containsAnswer, metricsAt10 } from '@docent/core/metrics';
import { fold } from '@docent/core/text';

/** What is expected of an answer. */
export type Expectation = Pick<
  EvaluationResult,
  'answerable' | 'expectedContents' | 'expectedAnswers'
>;

/** What is compared with it. */
export interface Given {
  readonly outcome: Outcome;
  readonly text: string;
  readonly citations: readonly Citation[];
  /** All that the search found, best first. */
  readonly found: readonly Located[];
}

/** What a passage and a citation have in common. */
type Located = Pick<Citation, 'contentId' | 'title' | 'place'>;

export type Judgement = Pick<
  EvaluationResult,
  | 'firstRank'
  | 'ndcg'
  | 'recall'
  | 'reciprocalRank'
  | 'contained'
  | 'citedExpected'
  | 'abstentionRight'
  | 'support'
  | 'passed'
>;

/**
 * Compares an answer with what is expected of it; null is what cannot be told.
 *
 * It passes when everything that can be told is right: what cannot be answered was not, what can be was, with one of
 * the expected answers in its text and one of the expected contents among its sources.
 */
export function judge(
  expected: Expectation,
  { outcome, text, citations, found }: Given,
): Judgement {
  const { answerable, expectedContents, expectedAnswers } = expected;
  const answered = outcome === 'answer';
  const contained =
    expectedAnswers.length === 0 ? null : answered && holdsOneOf(text, expectedAnswers);
  const citedExpected =
    expectedContents.length === 0
      ? null
      : answered &&
        citations.some((one) => expectedContents.some((content) => meets(one, content)));
  const supported = citations.filter((citation) => citation.supported).length;
  const abstentionRight = answered === answerable;
  return {
    ...ranking(found, expectedContents),
    contained,
    citedExpected,
    abstentionRight,
    support: citations.length === 0 ? null : supported / citations.length,
    passed: abstentionRight && contained !== false && citedExpected !== false,
  };
}

function holdsOneOf(text: string, answers: readonly string[]): boolean {
  return answers.some((answer) => containsAnswer(text, answer));
}

/**
 * Measures of the contents found. Passages of one content count once, where the first of them stands; one with an
 * expected place where the place stands.
 */
function ranking(found: readonly Located[], expected: readonly ExpectedContent[]) {
  if (expected.length === 0) {
    return { firstRank: null, ndcg: null, recall: null, reciprocalRank: null };
  }
  const list = new Set<string>();
  for (const passage of found) {
    const met = expected.findIndex(
      (content, index) => !list.has(`expected ${index}`) && meets(passage, content),
    );
    // Further passages of what was met already add nothing.
    if (met < 0 && expected.some((content) => meets(passage, content))) continue;
    list.add(met < 0 ? passage.contentId : `expected ${met}`);
  }
  const ranked = [...list];
  const first = ranked.findIndex((key) => key.startsWith('expected '));
  const relevant = new Map(expected.map((_, index) => [`expected ${index}`, 1]));
  const { ndcg, recall, mrr } = metricsAt10(ranked, relevant);
  return { firstRank: first < 0 ? null : first + 1, ndcg, recall, reciprocalRank: mrr };
}

/** Titles and headings are compared without case and accents. */
function meets(one: Located, { contentId, title, page, heading }: ExpectedContent): boolean {
  if (contentId !== undefined && one.contentId !== contentId) return false;
  if (title !== undefined && fold(one.title.trim()) !== fold(title)) return false;
  if (page !== undefined && one.place.page !== page) return false;
  return (
    heading === undefined || one.place.headingPath.some((above) => fold(above) === fold(heading))
  );
}
