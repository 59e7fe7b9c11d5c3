import { type Evidence, evidenceOf } from '@docent/query/chat/confidence';
import type { SearchResult } from '@docent/query/search/interfaces';
import { type Question, readQuestions } from './ask.ts';
import { spread } from './estimate.ts';
import { type Instance, openInstance } from './instance.ts';
import { loadSet } from './load.ts';
import { readSet } from './sets.ts';

/**
 * Kinds of cases, with their share of the weight in the fit: half of the questions can be answered, a little more
 * than a third cannot although their topic is there, the others are about something else. `lost`: the search did
 * not find the passage.
 */
export const KINDS = {
  'clapnq answerable': 0.22,
  'clapnq unanswerable': 0.17,
  'clapnq near miss': 0.04,
  'clapnq absent': 0.05,
  'squad2 found': 0.22,
  'squad2 lost': 0,
  'squad2 adversarial': 0.04,
  'squad2 near miss': 0.12,
  'squad2 absent': 0.05,
  'product found': 0.02,
  'product lost': 0,
  'product near miss': 0.01,
  'product absent': 0.01,
  'clinc answerable': 0.04,
  'clinc unanswerable': 0.03,
} as const;
export type Kind = keyof typeof KINDS;

/** What a search gave for a question of which it is known whether the material answers it. */
export interface LabelledCase {
  readonly set: string;
  readonly kind: Kind;
  /** Number of the question within its set: its cases are held out together. */
  readonly question: number;
  readonly positive: boolean;
  readonly evidence: Evidence;
}

/** Questions of a set, evenly spread, and of others whose topics it does not have. */
const QUESTIONS = 700;
const ABSENT = 90;
/** As the chat searches. */
const PASSAGES = 30;
/** The passage is found when it is one of the first ones. */
const FOUND = 3;

type SetName = 'clapnq-dev' | 'squad2-dev' | 'product-docs-dev' | 'clinc-oos';

/** Asks the questions of the sets, through the search that the chat uses. */
export async function collectCases(
  sets: readonly SetName[],
  options: {
    readonly evalDir: string;
    readonly cacheDir: string;
    readonly env: Record<string, string | undefined>;
    readonly say: (line: string) => void;
  },
): Promise<{ cases: LabelledCase[]; embedder: string }> {
  const cases: LabelledCase[] = [];
  let embedder = '';
  for (const name of sets) {
    const set = await readSet(options.evalDir, name);
    const instance = await openInstance({
      set: name,
      contents: JSON.stringify(set.passages),
      cacheDir: options.cacheDir,
      env: options.env,
    });
    embedder = instance.model;
    try {
      const passageOf = await loadSet(instance, set, (line) => options.say(`${name}: ${line}`));
      const relevant = new Map(set.queries.map((query) => [query.id, query.relevant]));
      for (const [index, question] of spread(
        readQuestions(options.evalDir, name),
        QUESTIONS,
      ).entries()) {
        const right = relevant.get(question._id);
        const isRight = (contentId: string) => right?.has(passageOf.get(contentId) ?? '') ?? false;
        cases.push(...(await casesOf(instance, name, index, question, isRight)));
      }
      if (name !== 'clinc-oos') {
        // Half of them are said to an assistant of another field, half are asked about other articles.
        const other = name === 'squad2-dev' ? 'clapnq-dev' : 'squad2-dev';
        for (const from of [other, 'clinc-oos']) {
          const absent = spread(readQuestions(options.evalDir, from), ABSENT);
          for (const [index, { text }] of absent.entries()) {
            const evidence = evidenceOf(text, withHeadings(name, await ask(instance, text)));
            cases.push({
              set: name,
              kind: absentIn(name),
              question: index,
              positive: false,
              evidence,
            });
          }
        }
      }
      options.say(`${name}: ${cases.length} cases so far`);
    } finally {
      await instance.close();
    }
  }
  return { cases, embedder };
}

async function casesOf(
  instance: Instance,
  set: SetName,
  question: number,
  { text, answerable }: Question,
  isRight: (contentId: string) => boolean,
): Promise<LabelledCase[]> {
  const found = withHeadings(set, await ask(instance, text));
  const case_ = (kind: Kind, positive: boolean, passages = found.passages) => ({
    set,
    kind,
    question,
    positive,
    evidence: evidenceOf(found.query, { ...found, passages }),
  });
  const without = found.passages.filter(({ contentId }) => !isRight(contentId));
  const isFound = found.passages.slice(0, FOUND).some(({ contentId }) => isRight(contentId));
  if (set === 'clinc-oos') {
    return [case_(answerable ? 'clinc answerable' : 'clinc unanswerable', answerable)];
  }
  if (set === 'clapnq-dev') {
    if (!answerable) return [case_('clapnq unanswerable', false)];
    return [case_('clapnq answerable', isFound), case_('clapnq near miss', false, without)];
  }
  if (set === 'squad2-dev') {
    if (!answerable) return [case_('squad2 adversarial', false)];
    const kind = isFound ? 'squad2 found' : 'squad2 lost';
    return [case_(kind, true), case_('squad2 near miss', false, without)];
  }
  const kind = isFound ? 'product found' : 'product lost';
  return [case_(kind, true), case_('product near miss', false, without)];
}

/** What the set of product documentation has for titles are headings of sections: the only ones in these sets. */
function withHeadings(set: SetName, found: SearchResult): SearchResult {
  if (set !== 'product-docs-dev') return found;
  const passages = found.passages.map((passage) => ({
    ...passage,
    title: '',
    place: { ...passage.place, headingPath: [passage.title] },
  }));
  return { ...found, passages };
}

function absentIn(set: Exclude<SetName, 'clinc-oos'>): Kind {
  if (set === 'clapnq-dev') return 'clapnq absent';
  return set === 'squad2-dev' ? 'squad2 absent' : 'product absent';
}

function ask({ search, principal }: Instance, text: string) {
  const { signal } = new AbortController();
  const input = { query: text.trim(), filters: {}, limit: PASSAGES, mode: 'hybrid' as const };
  return search(principal, input, { signal });
}
