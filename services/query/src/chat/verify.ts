import type { Citation, Confidence } from '@docent/contracts/chat';
import { languageOf } from '../search/language.ts';
import { checkCitations, unknownNumbers, type Verdict, withoutMarkers } from './citations.ts';
import { confidenceIn } from './confidence.ts';
import type { Draft, Emit } from './draft.ts';
import type { Judge } from './judge.ts';
import { createMarkerReader } from './markers.ts';
import type { ChatSettings } from './settings.ts';

/**
 * Checks the citations of what was written and says how sure it is.
 *
 * @param judge asked about what a chat model wrote; null: words, numbers and names alone decide.
 * @param cut a failure cut the text: no confidence in it.
 */
export async function verify(
  unsupportedCitations: ChatSettings['UNSUPPORTED_CITATIONS'],
  draft: Draft,
  cut: boolean,
  judge: Judge | null,
  emit: Emit,
): Promise<{ citations: Citation[]; confidence: Confidence | null }> {
  if (draft.smallTalk || draft.text === '') return { citations: [], confidence: null };
  const { citations, support } = await checkedIn(draft, unsupportedCitations, judge);
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
  judge: Judge | null,
) {
  if (draft.earlier) return { citations: draft.earlier.citations, support: null };
  const language = languageOf(draft.text);
  const check = (verdict?: Verdict) =>
    checkCitations(draft.text, draft.markers, draft.cited, language, verdict);
  const byWords = check();
  const verdict =
    judge !== null && draft.answerer === 'generative'
      ? await judge(byWords.arguable, draft.text, draft.cited)
      : undefined;
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
