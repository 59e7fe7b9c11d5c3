import type { Citation, Confidence } from '@docent/contracts/chat';
import { languageOf } from '../search/language.ts';
import {
  type CheckedAnswer,
  checkCitations,
  unknownNumbers,
  type Verdict,
  withoutMarkers,
} from './citations.ts';
import { confidenceIn } from './confidence.ts';
import type { Draft, Emit } from './draft.ts';
import type { Judge } from './judge.ts';
import { createMarkerReader } from './markers.ts';
import type { ChatSettings } from './settings.ts';

/** Null: it is not asked. */
export interface Judges {
  readonly judge: Judge | null;
  readonly likeness: Judge | null;
}

/**
 * Checks the citations of what was written and says how sure it is.
 *
 * @param judges asked about what a chat model wrote: a chat model about all that numbers and names do not refute, then an
 *   embedder about what is not supported by its words. Without them, words, numbers and names alone decide.
 * @param cut a failure cut the text: no confidence in it.
 */
export async function verify(
  unsupportedCitations: ChatSettings['UNSUPPORTED_CITATIONS'],
  draft: Draft,
  cut: boolean,
  judges: Judges,
  emit: Emit,
): Promise<{ citations: Citation[]; confidence: Confidence | null }> {
  if (draft.smallTalk || draft.text === '') return { citations: [], confidence: null };
  const { citations, support } = await checkedIn(draft, unsupportedCitations, judges);
  for (const citation of citations) await emit({ type: 'citation', citation });
  if (cut) return { citations, confidence: null };
  const confidence = draft.earlier?.confidence ?? confidenceOf(draft, citations, support);
  await emit({ type: 'confidence', confidence });
  return { citations, confidence };
}

/** By the setting, citations that their passages do not support leave the text of the finished message. */
async function checkedIn(
  draft: Draft,
  wrong: ChatSettings['UNSUPPORTED_CITATIONS'],
  judges: Judges,
) {
  if (draft.earlier) return { citations: draft.earlier.citations, support: null };
  const language = languageOf(draft.text);
  const check = (verdict?: Verdict) =>
    checkCitations(draft.text, draft.markers, draft.cited, language, verdict);
  const byWords = check();
  const verdict =
    draft.answerer === 'generative' ? await verdictOn(byWords, draft, judges) : undefined;
  const checked = verdict ? check(verdict) : byWords;
  const { unsupported } = checked;
  if (wrong === 'mark' || unsupported.length === 0) return checked;
  draft.text = withoutMarkers(draft.text, unsupported);
  const reader = createMarkerReader(draft.cited.length);
  draft.text = reader.push(draft.text) + reader.end();
  draft.markers = reader.markers;
  draft.cited = reader.used.flatMap((number) => draft.cited[number - 1] ?? []);
  return check(verdict);
}

async function verdictOn(
  { arguable }: CheckedAnswer,
  { text, cited }: Draft,
  { judge, likeness }: Judges,
): Promise<Verdict> {
  const judged = judge ? await judge(arguable, text, cited) : () => undefined;
  const short = arguable.filter(({ supported, answerSpan, chunkId }) => {
    const claim = text.slice(answerSpan.start, answerSpan.end);
    return !supported && judged(claim, chunkId) === undefined;
  });
  const alike = likeness && short.length > 0 ? await likeness(short, text, cited) : () => undefined;
  return (claim, chunkId) => judged(claim, chunkId) ?? alike(claim, chunkId);
}

function confidenceOf(
  { outcome, probability, text, cited, question, wording }: Draft,
  citations: readonly Citation[],
  support: number | null,
): Confidence {
  const said = outcome ?? 'answer';
  return confidenceIn(
    {
      outcome: said,
      probability,
      support,
      citations,
      unknownNumbers: said === 'answer' ? unknownNumbers(text, cited, question) : [],
    },
    wording,
  );
}
