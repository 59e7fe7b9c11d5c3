import { AppError } from '@docent/core/errors';
import type { ChatModel } from '@docent/models/interfaces';
import type { Search } from '../search/interfaces.ts';
import type { SearchDeps } from '../search/search.ts';
import { type AnswerTask, type Draft, type Emit, EXTRACTIVE_MODEL, newDraft } from './draft.ts';
import { type ChatLog, contentOf, end, type Failure, type FinishDeps } from './finish.ts';
import { standAlone } from './followUp.ts';
import { type Judge, makeJudge } from './judge.ts';
import { makeLikeness } from './likeness.ts';
import { type FinishedAnswer, findEarlierAnswer } from './messages.store.ts';
import { metered } from './metered.ts';
import { abstain, askBack, endAbstention, repeat, say } from './outcomes.ts';
import { type Retrieved, retrieve } from './retrieve.ts';
import type { ChatSettings } from './settings.ts';
import { smallTalkAnswer } from './smallTalk.ts';
import { verify } from './verify.ts';
import { writeExtractive, writeGenerative } from './write.ts';

export interface AnswerDeps
  extends Pick<FinishDeps, 'database' | 'log'>,
    Pick<SearchDeps, 'embedder' | 'embedderById'> {
  readonly search: Search;
  /** Null: answers are sentences of the passages. */
  readonly chatModel: ChatModel | null;
  readonly settings: ChatSettings;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
}

/** Why an answer was ended by somebody: who asked did, or nobody was reading any more. */
export class Stopped extends Error {
  override name = 'Stopped';
}

export type Answer = (task: AnswerTask, emit: Emit, signal: AbortSignal) => Promise<void>;

/**
 * Answers a question: rewrite → search → decide → write → check citations → confidence → store. Never
 * throws; whatever happens, the last event is one `done` or `error`, and what was written so far is stored.
 * No database connection is held while the model writes.
 *
 * An abort with `Stopped` is an end (`done`, status `stopped`), with anything else a failure.
 */
export function makeAnswer(deps: AnswerDeps & FinishDeps): Answer {
  return async (task, emit, signal) => {
    const { finished, failure } = await produce(deps, task, emit, signal);
    await end(deps, task, finished, failure, emit);
  };
}

/** What came of a question; nothing of it is stored yet. */
export interface Produced {
  readonly finished: FinishedAnswer;
  readonly failure: Failure | null;
  readonly draft: Draft;
}

/** All of `makeAnswer` but the end, for who wants the answer and no conversation. Never throws. */
export async function produce(
  deps: AnswerDeps,
  task: AnswerTask,
  emit: Emit,
  signal: AbortSignal,
): Promise<Produced> {
  const startedAt = deps.clock();
  const draft = newDraft(task, deps.chatModel?.id ?? null);
  const chatModel = deps.chatModel && metered(deps.chatModel, deps, task.principal);
  let failure: Failure | null = null;
  try {
    await compose({ ...deps, chatModel }, task, draft, emit, signal);
  } catch (error) {
    failure = failureOf(error, signal, deps.log);
  }
  if (!draft.begun) await begin(task, draft, emit);
  const checked = await verify(
    task.policy.unsupportedCitations ?? deps.settings.UNSUPPORTED_CITATIONS,
    draft,
    failure !== null && !failure.stopped,
    failure === null
      ? { judge: judgeOf(deps, chatModel, signal), likeness: likenessOf(deps, draft, signal) }
      : { judge: null, likeness: null },
    emit,
  );
  const processingMs = Math.max(0, Math.round(deps.clock() - startedAt));
  const finished = { ...contentOf(task, draft, failure), ...checked, processingMs };
  return { finished, failure, draft };
}

/** Null when citations are not to be judged. */
function judgeOf(
  { settings, log }: AnswerDeps,
  chatModel: ChatModel | null,
  signal: AbortSignal,
): Judge | null {
  if (settings.CITATION_JUDGE === 'off' || chatModel === null) return null;
  return makeJudge(chatModel, {
    timeoutMs: settings.JUDGE_TIMEOUT_MS,
    contextTokens: settings.ANSWER_CONTEXT_TOKENS,
    signal,
    log,
  });
}

/** Null when the question has no vector to be compared with: words alone were searched. */
function likenessOf(
  { embedder, embedderById, log }: AnswerDeps,
  { embedderId }: Draft,
  signal: AbortSignal,
): Judge | null {
  if (embedderId === null) return null;
  const own = embedderId === embedder.id ? embedder : embedderById(embedderId);
  return own && makeLikeness(own, { signal, log });
}

/** Everything up to the last delta; what was reached is in the draft. */
async function compose(
  deps: AnswerDeps,
  task: AnswerTask,
  draft: Draft,
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  const { search, chatModel, settings } = deps;
  const friendly = smallTalkAnswer(task.message);
  if (friendly !== null) {
    draft.smallTalk = true;
    draft.answerer = 'extractive';
    draft.model = EXTRACTIVE_MODEL;
    await begin(task, draft, emit);
    return say(draft, friendly, 'answer', emit);
  }

  const question = await standAlone(task.message, task.history, {
    chatModel,
    timeoutMs: settings.REWRITE_TIMEOUT_MS,
    signal,
  });
  draft.question = question.question;
  await begin(task, draft, emit);

  await emit({ type: 'status', step: 'searching', text: draft.wording.searching });
  const wanted = { question, filters: task.filters, limit: settings.ANSWER_PASSAGES };
  const found = await retrieve(search, task.principal, wanted, signal);
  signal.throwIfAborted();
  if (found.correctedQuery !== null) {
    draft.question = draft.question.replace(question.query, () => found.query);
    const text = `${draft.wording.searching}: ${draft.question}`;
    await emit({ type: 'status', step: 'searching', text, question: draft.question });
  }
  draft.probability = found.probability;
  draft.embedderId = found.modelId;
  if (
    found.passages.length === 0 ||
    found.probability < (task.policy.abstainBelow ?? settings.ABSTAIN_BELOW)
  ) {
    return abstain(deps, task, draft, found, emit);
  }
  if (found.options.length > 0) return askBack(draft, found, emit);

  await emit({ type: 'status', step: 'writing', text: draft.wording.writing });
  const written = await write(deps, task, draft, found, emit, signal);
  if (!written) return abstain(deps, task, draft, found, emit);
  if (draft.outcome === 'abstain') await endAbstention(deps, task, draft, found, emit);
}

/**
 * By the chat model; when it fails before its first word, with an earlier answer to the same question or by
 * quoting the sources.
 */
async function write(
  { database, chatModel, settings, log }: AnswerDeps,
  task: AnswerTask,
  draft: Draft,
  found: Retrieved,
  emit: Emit,
  signal: AbortSignal,
): Promise<boolean> {
  const input = { task, draft, found, emit, signal };
  if (chatModel !== null) {
    try {
      const limits = {
        contextTokens: settings.ANSWER_CONTEXT_TOKENS,
        maxTokens: settings.ANSWER_MAX_TOKENS,
        times: {
          firstMs: settings.ANSWER_FIRST_TEXT_TIMEOUT_MS,
          gapMs: settings.ANSWER_TEXT_TIMEOUT_MS,
          totalMs: settings.ANSWER_TIMEOUT_MS,
        },
      };
      return await writeGenerative(chatModel, input, limits, log);
    } catch (error) {
      if (signal.aborted || draft.text !== '') throw error;
      const paid = !(error instanceof AppError && error.code === 'budget_exhausted');
      if (paid) log.warn({ err: error, model: chatModel.id }, 'the chat model failed');
      draft.degraded = 'quotes';
      draft.degradedBy = error instanceof AppError ? error.code : 'internal_error';
      const earlier = await database
        .withPrincipal(
          task.principal,
          (tx) => findEarlierAnswer(tx, task.principal, draft.question),
          { readOnly: true, signal },
        )
        // The passages are here: quotes need no database.
        .catch((err: unknown) => {
          log.warn({ err }, 'no earlier answer could be looked up');
          return null;
        });
      if (earlier !== null) return repeat(draft, earlier, emit);
      draft.answerer = 'extractive';
      draft.model = EXTRACTIVE_MODEL;
      draft.usage = null;
      const { fellBack, budgetUsedUp } = draft.wording;
      await emit({ type: 'status', step: 'writing', text: paid ? fellBack : budgetUsedUp });
    }
  }
  return writeExtractive(input);
}

async function begin(task: AnswerTask, draft: Draft, emit: Emit): Promise<void> {
  draft.begun = true;
  await emit({
    type: 'meta',
    streamId: task.streamId,
    conversationId: task.conversationId,
    messageId: task.messageId,
    userMessageId: task.userMessageId,
    question: draft.question,
    answerer: draft.answerer,
    model: draft.model,
  });
}

function failureOf(error: unknown, signal: AbortSignal, log: ChatLog): Failure {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (cause instanceof Stopped) return { code: 'internal_error', detail: '', stopped: true };
  if (cause instanceof AppError) return { code: cause.code, detail: cause.message, stopped: false };
  log.error({ err: cause }, 'an answer failed');
  return { code: 'internal_error', detail: 'The answer could not be finished.', stopped: false };
}
