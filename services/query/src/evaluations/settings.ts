import { createHash } from 'node:crypto';
import type { CandidateSettings, RunSettings } from '@docent/contracts/evaluations';
import { calibrationFor } from '../chat/confidence.weights.ts';
import type { AnswerPolicy } from '../chat/policy.store.ts';
import type { ChatSettings } from '../chat/settings.ts';
import { RERANK_WEIGHTS } from '../search/rerank.weights.ts';
import { fusionWeights } from '../search/weights.ts';

/**
 * What a run is run with: what it tries, else what the organization decided, else the service's own.
 *
 * @param hasChatModel without one, answers are quotes, and no model judges them whatever is set.
 */
export function runSettings(
  candidate: CandidateSettings,
  policy: AnswerPolicy,
  settings: ChatSettings,
  hasChatModel: boolean,
): RunSettings {
  const answerer = candidate.answerer ?? 'configured';
  const judge = candidate.citationJudge ?? settings.CITATION_JUDGE;
  return {
    abstainBelow: candidate.abstainBelow ?? policy.abstainBelow ?? settings.ABSTAIN_BELOW,
    unsupportedCitations:
      candidate.unsupportedCitations ??
      policy.unsupportedCitations ??
      settings.UNSUPPORTED_CITATIONS,
    passages: candidate.passages ?? settings.ANSWER_PASSAGES,
    mode: candidate.mode ?? 'hybrid',
    vectorShare: candidate.vectorShare ?? null,
    rerank: candidate.rerank ?? true,
    answerer,
    citationJudge: hasChatModel && answerer === 'configured' ? judge : 'off',
    contextTokens: candidate.contextTokens ?? settings.ANSWER_CONTEXT_TOKENS,
    maxTokens: candidate.maxTokens ?? settings.ANSWER_MAX_TOKENS,
  };
}

/** Raised when searching, answering or judging give something else for the same settings and weights. */
const ALGORITHM = 1;

/** Version of the algorithm, and fingerprint of all that was fitted and is not a setting. */
export function algorithmOf(embeddingModel: string): string {
  const fitted = [
    RERANK_WEIGHTS,
    calibrationFor(null),
    calibrationFor(embeddingModel),
    fusionWeights(embeddingModel),
  ];
  const print = createHash('sha256').update(JSON.stringify(fitted)).digest('hex').slice(0, 8);
  return `${ALGORITHM}+${print}`;
}
