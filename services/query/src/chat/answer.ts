import { setTimeout as pause } from 'node:timers/promises';
import type { ChatEvent, Citation, Confidence, Message } from '@docent/contracts/chat';
import { AppError, type ErrorCode } from '@docent/core/errors';
import type { Database } from '@docent/database/database';
import type { ChatModel } from '@docent/models/interfaces';
import type { Search } from '../search/interfaces.ts';
import { checkCitations } from './citations.ts';
import { confidenceIn } from './confidence.ts';
import { insertChatEvent } from './conversations.store.ts';
import {
  type AnswerTask,
  type Draft,
  type Emit,
  EXTRACTIVE_MODEL,
  newDraft,
  sourceOf,
} from './draft.ts';
import { standAlone } from './followUp.ts';
import { type FinishedAnswer, finishAnswer } from './messages.store.ts';
import { type Retrieved, retrieve } from './retrieve.ts';
import type { ChatSettings } from './settings.ts';
import { smallTalkAnswer } from './smallTalk.ts';
import { languageOf } from './wording.ts';
import { writeExtractive, writeGenerative } from './write.ts';

export interface AnswerDeps {
  readonly database: Database;
  readonly search: Search;
  /** Null: answers are sentences of the passages. */
  readonly chatModel: ChatModel | null;
  readonly settings: ChatSettings;
  readonly log: ChatLog;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  /** Aborted when the process stops: what waits to be stored is tried once more, without a pause. */
  readonly closing: AbortSignal;
}

export interface ChatLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
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
export function makeAnswer(deps: AnswerDeps): Answer {
  return async (task, emit, signal) => {
    const startedAt = deps.clock();
    const draft = newDraft(task, deps.chatModel?.id ?? null);
    let failure: Failure | null = null;
    try {
      await compose(deps, task, draft, emit, signal);
    } catch (error) {
      failure = failureOf(error, signal, deps.log);
    }
    if (!draft.begun) await begin(task, draft, emit);
    const checked = await check(draft, failure, emit);
    const finished = {
      ...contentOf(task, draft, failure),
      ...checked,
      processingMs: Math.max(0, Math.round(deps.clock() - startedAt)),
    };
    await end(deps, task, finished, failure, emit);
  };
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
  draft.probability = found.probability;
  if (found.passages.length === 0 || found.probability < settings.ABSTAIN_BELOW) {
    return abstain(draft, found, emit);
  }

  await emit({ type: 'status', step: 'writing', text: draft.wording.writing });
  const written = await write(deps, task, draft, found, emit, signal);
  if (!written) await abstain(draft, found, emit);
}

/** By the chat model; when it fails before its first word, by quoting the sources. */
async function write(
  { chatModel, settings, log }: AnswerDeps,
  task: AnswerTask,
  draft: Draft,
  found: Retrieved,
  emit: Emit,
  signal: AbortSignal,
): Promise<boolean> {
  const input = { task, draft, found, emit, signal };
  if (chatModel !== null) {
    try {
      return await writeGenerative(chatModel, input, {
        contextTokens: settings.ANSWER_CONTEXT_TOKENS,
        maxTokens: settings.ANSWER_MAX_TOKENS,
        times: {
          firstMs: settings.ANSWER_FIRST_TEXT_TIMEOUT_MS,
          gapMs: settings.ANSWER_TEXT_TIMEOUT_MS,
          totalMs: settings.ANSWER_TIMEOUT_MS,
        },
      });
    } catch (error) {
      if (signal.aborted || draft.text !== '') throw error;
      log.warn({ err: error, model: chatModel.id }, 'the chat model failed: quoting the sources');
      draft.answerer = 'extractive';
      draft.model = EXTRACTIVE_MODEL;
      draft.usage = null;
      await emit({ type: 'status', step: 'writing', text: draft.wording.fellBack });
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

/** The nearest material an abstention shows. */
const NEAREST = 3;

function abstain(draft: Draft, found: Retrieved, emit: Emit): Promise<void> {
  const { abstain: nothing, abstainWithNearest } = draft.wording;
  draft.nearest = found.passages.slice(0, NEAREST).map(sourceOf);
  return say(draft, draft.nearest.length > 0 ? abstainWithNearest : nothing, 'abstain', emit);
}

/** Something that Docent says by itself: without sources. */
async function say(
  draft: Draft,
  text: string,
  outcome: 'answer' | 'abstain',
  emit: Emit,
): Promise<void> {
  draft.outcome = outcome;
  await emit({ type: 'sources', sources: [] });
  draft.text = text;
  await emit({ type: 'delta', text });
}

/** Citations and confidence of what was written. A failure cut the text: no confidence in it. */
async function check(
  draft: Draft,
  failure: Failure | null,
  emit: Emit,
): Promise<{ citations: Citation[]; confidence: Confidence | null }> {
  if (draft.smallTalk || draft.text === '') return { citations: [], confidence: null };
  const { citations, support } = checkCitations(
    draft.text,
    draft.markers,
    draft.cited,
    languageOf(draft.text),
  );
  for (const citation of citations) await emit({ type: 'citation', citation });
  if (failure !== null && !failure.stopped) return { citations, confidence: null };
  const { outcome, probability, wording } = draft;
  const judged = { outcome: outcome ?? 'answer', probability, support, citations } as const;
  const confidence = confidenceIn(judged, wording);
  await emit({ type: 'confidence', confidence });
  return { citations, confidence };
}

interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly stopped: boolean;
}

function failureOf(error: unknown, signal: AbortSignal, log: ChatLog): Failure {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (cause instanceof Stopped) return { code: 'internal_error', detail: '', stopped: true };
  if (cause instanceof AppError) return { code: cause.code, detail: cause.message, stopped: false };
  log.error({ err: cause }, 'an answer failed');
  return { code: 'internal_error', detail: 'The answer could not be finished.', stopped: false };
}

function contentOf(task: AnswerTask, draft: Draft, failure: Failure | null) {
  const { text, question, model, answerer, nearest, usage } = draft;
  const outcome = draft.outcome ?? (failure?.stopped && text !== '' ? 'answer' : null);
  return {
    id: task.messageId,
    text,
    status: failure === null ? 'complete' : failure.stopped ? 'stopped' : 'incomplete',
    outcome,
    sources: draft.cited.map(sourceOf),
    nearest,
    question,
    model,
    answerer,
    usage,
    error:
      failure === null || failure.stopped ? null : { code: failure.code, detail: failure.detail },
  } as const;
}

/** Pauses before the tries to store an answer, milliseconds: the reader waits for the first ones. */
const STORE_PAUSES_MS = [0, 100, 400, 1_500];
const LATER_PAUSES_MS = [5_000, 15_000, 60_000, 120_000];

/** Stores the answer and sends the terminal event; when it cannot be stored, says so and goes on trying. */
async function end(
  deps: AnswerDeps,
  task: AnswerTask,
  finished: FinishedAnswer,
  failure: Failure | null,
  emit: Emit,
): Promise<void> {
  const stored = await store(deps, task, finished, STORE_PAUSES_MS);
  if (stored.message && (failure === null || failure.stopped)) {
    return emit({ type: 'done', message: stored.message });
  }
  const partial = finished.text !== '';
  if (stored.error) {
    const detail = 'The answer could not be stored yet; it may appear in the conversation later.';
    const code = stored.error instanceof AppError ? stored.error.code : 'internal_error';
    await emit(errorEvent(code, detail, partial));
    const { message } = await store(deps, task, finished, LATER_PAUSES_MS);
    if (!message) deps.log.error({ messageId: task.messageId }, 'an answer was not stored');
  } else if (!stored.message) {
    await emit(errorEvent('not_found', 'The conversation was deleted meanwhile.', partial));
  } else {
    const { code = 'internal_error', detail = '' } = failure ?? {};
    await emit(errorEvent(code, detail, partial));
  }
}

/** With the event that is counted, in one transaction. @returns message null: deleted, or the error. */
async function store(
  { database, log, closing }: AnswerDeps,
  task: AnswerTask,
  finished: FinishedAnswer,
  pausesMs: readonly number[],
): Promise<{ message: Message | null; error?: unknown }> {
  const { principal, conversationId, messageId } = task;
  const { status, outcome, confidence, answerer, model, processingMs } = finished;
  const metadata = {
    conversationId,
    messageId,
    status,
    outcome,
    confidence: confidence?.value ?? null,
    answerer,
    model,
    processingMs,
  };
  let error: unknown;
  for (const ms of pausesMs) {
    await pause(ms, undefined, { ref: false, signal: closing }).catch(() => {});
    try {
      const message = await database.withPrincipal(principal, async (tx) => {
        const stored = await finishAnswer(tx, principal, finished);
        // The answer's id: a second try after a lost commit counts nothing twice.
        if (stored) await insertChatEvent(tx, principal, { id: messageId, metadata });
        return stored;
      });
      return { message };
    } catch (cause) {
      error = cause;
      log.warn({ err: cause, messageId }, 'an answer could not be stored');
    }
  }
  return { message: null, error };
}

const RETRYABLE: readonly ErrorCode[] = [
  'model_unavailable',
  'model_rate_limited',
  'model_timeout',
  'database_unavailable',
  'shutting_down',
  'stream_interrupted',
  'overloaded',
];

/** The terminal event of a failure. */
export function errorEvent(
  code: ErrorCode,
  detail: string,
  partial: boolean,
): Extract<ChatEvent, { type: 'error' }> {
  const words = code.replaceAll('_', ' ');
  return {
    type: 'error',
    code,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    detail,
    retryable: RETRYABLE.includes(code),
    partial,
  };
}
