import type { ChatEvent } from '@docent/contracts/chat';
import type { EvaluationResult, RunSettings } from '@docent/contracts/evaluations';
import { AppError, type ErrorCode } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import { type AnswerDeps, produce } from '../chat/answer.ts';
import type { Search, SearchResult } from '../search/interfaces.ts';
import { makeSearch, type SearchDeps } from '../search/search.ts';
import { type Expectation, judge } from './judge.ts';

/** What chat stands on, with what its search is made of. */
export type AskDeps = Omit<AnswerDeps, 'search'> & Omit<SearchDeps, 'log'>;

export type Asked = Omit<
  EvaluationResult,
  | 'position'
  | 'questionId'
  | 'question'
  | 'answerable'
  | 'expectedContents'
  | 'expectedAnswers'
  | 'language'
>;

export type Ask = (
  question: Expectation & { readonly question: string },
  signal: AbortSignal,
) => Promise<Asked>;

/** Worth another try of the whole job: nothing was wrong with the question. */
const PASSING: readonly ErrorCode[] = ['database_unavailable', 'overloaded', 'shutting_down'];

/**
 * Asks golden questions as chat would answer them for this person with these settings, and judges the answers.
 * Nothing is written.
 *
 * The returned function gives status `failed` when a model was down or a budget used up: an answer that another
 * model wrote, or none, would say nothing about the settings.
 *
 * @throws the reason of `signal`; AppError `database_unavailable`, `overloaded`.
 */
export function makeAsk(deps: AskDeps, principal: Principal, settings: RunSettings): Ask {
  const { vectorShare } = settings;
  const search = makeSearch({
    ...deps,
    ...(vectorShare === null
      ? {}
      : { weights: () => ({ words: 1 - vectorShare, vectors: vectorShare }) }),
  });
  const chatModel = settings.answerer === 'extractive' ? null : deps.chatModel;
  const { abstainBelow, unsupportedCitations } = settings;
  const chat = {
    ...deps,
    chatModel,
    settings: {
      ...deps.settings,
      CITATION_JUDGE: settings.citationJudge,
      ANSWER_PASSAGES: settings.passages,
      ANSWER_CONTEXT_TOKENS: settings.contextTokens,
      ANSWER_MAX_TOKENS: settings.maxTokens,
    },
  };

  return async (question, signal) => {
    const watch = stopwatch(deps.clock);
    const searched = recorded(search, settings, watch);
    const { finished, failure, draft } = await produce(
      { ...chat, search: searched.search },
      {
        principal,
        conversationId: newId(),
        userMessageId: newId(),
        messageId: newId(),
        streamId: newId(),
        message: question.question,
        languageAround: null,
        filters: {},
        history: [],
        policy: { abstainBelow, unsupportedCitations },
      },
      watch.emit,
      signal,
    );
    signal.throwIfAborted();
    if (failure !== null && PASSING.includes(failure.code)) {
      throw new AppError(failure.code, failure.detail);
    }
    const [found] = searched.results;
    const usage = finished.usage;
    const facts = {
      outcome: finished.outcome,
      answer: finished.text,
      citations: finished.citations.map(({ contentId, title, place, quote, supported }) => ({
        contentId,
        title,
        place,
        quote,
        supported,
      })),
      confidence: finished.confidence?.value ?? null,
      probability: found ? draft.probability : null,
      ms: watch.read(),
      embeddingModel: found?.modelId ?? null,
      tokens: usage ? usage.promptTokens + usage.completionTokens : null,
    };
    const error = failure ?? degraded(draft.degradedBy);
    if (error !== null || finished.outcome === null) {
      const { code, detail } = error ?? { code: 'internal_error', detail: 'There is no answer.' };
      return { ...NOTHING, ...facts, status: 'failed', error: { code, detail } };
    }
    const judged = judge(question, {
      outcome: finished.outcome,
      text: finished.text,
      citations: finished.citations,
      found: found?.passages ?? [],
    });
    return { ...facts, ...judged, status: 'done', error: null };
  };
}

const NOTHING = {
  firstRank: null,
  ndcg: null,
  recall: null,
  reciprocalRank: null,
  contained: null,
  citedExpected: null,
  abstentionRight: null,
  support: null,
  passed: null,
};

function degraded(code: ErrorCode | null): { code: ErrorCode; detail: string } | null {
  if (code === null) return null;
  if (code === 'budget_exhausted') return { code, detail: 'The token budget is used up.' };
  return { code, detail: 'The chat model failed; quotes would not have been its answer.' };
}

/** The search with the settings of the run, and what it found. */
function recorded(search: Search, settings: RunSettings, watch: Stopwatch) {
  const results: SearchResult[] = [];
  const { mode, rerank } = settings;
  const recording: Search = async (principal, input, options) => {
    const stop = watch.start();
    try {
      const result = await search(principal, { ...input, mode, rerank }, options);
      results.push(result);
      return result;
    } finally {
      stop();
    }
  };
  return { search: recording, results };
}

type Stopwatch = ReturnType<typeof stopwatch>;

/** How long the stages of an answer took, milliseconds, by the events that it sends. */
function stopwatch(clock: () => number) {
  const startedAt = clock();
  let search = 0;
  let writing: number | null = null;
  let lastDelta: number | null = null;
  return {
    start: () => {
      const from = clock();
      return () => {
        search += clock() - from;
      };
    },
    emit: async (event: ChatEvent) => {
      if (event.type === 'status' && event.step === 'writing') writing ??= clock();
      if (event.type === 'delta') lastDelta = clock();
    },
    read: () => {
      const now = clock();
      return {
        search,
        ...(writing !== null && lastDelta !== null ? { write: lastDelta - writing } : {}),
        ...(lastDelta !== null ? { verify: now - lastDelta } : {}),
        total: now - startedAt,
      };
    },
  };
}
