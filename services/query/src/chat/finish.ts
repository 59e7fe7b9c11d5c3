import { setTimeout as pause } from 'node:timers/promises';
import type { ChatEvent, Message } from '@docent/contracts/chat';
import { AppError, type ErrorCode } from '@docent/core/errors';
import type { Database } from '@docent/database/database';
import { insertChatEvent } from './conversations.store.ts';
import { type AnswerTask, type Draft, type Emit, sourceOf } from './draft.ts';
import { type FinishedAnswer, finishAnswer } from './messages.store.ts';

export interface ChatLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface FinishDeps {
  readonly database: Database;
  readonly log: ChatLog;
  /** Aborted when the process stops: what waits to be stored is tried once more, without a pause. */
  readonly closing: AbortSignal;
}

/** Why an answer has no proper end; `stopped`: somebody wanted it so. */
export interface Failure {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly stopped: boolean;
}

/** What is stored of an answer. */
export function contentOf(task: AnswerTask, draft: Draft, failure: Failure | null) {
  const { text, question, model, answerer, nearest, usage, degraded, earlier } = draft;
  const outcome = draft.outcome ?? (failure?.stopped && text !== '' ? 'answer' : null);
  return {
    id: task.messageId,
    text,
    status: failure === null ? 'complete' : failure.stopped ? 'stopped' : 'incomplete',
    outcome,
    sources: earlier?.sources ?? draft.cited.map(sourceOf),
    nearest,
    question,
    model,
    answerer,
    degraded,
    usage,
    error:
      failure === null || failure.stopped ? null : { code: failure.code, detail: failure.detail },
  } as const;
}

/** Pauses before the tries to store an answer, milliseconds: the reader waits for the first ones. */
const STORE_PAUSES_MS = [0, 100, 400, 1_500];
const LATER_PAUSES_MS = [5_000, 15_000, 60_000, 120_000];

/** Stores the answer and sends the terminal event; when it cannot be stored, says so and goes on trying. */
export async function end(
  deps: FinishDeps,
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
  { database, log, closing }: FinishDeps,
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
