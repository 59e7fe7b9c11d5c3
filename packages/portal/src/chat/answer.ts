import type { Citation, Confidence, Message, Source } from '@docent/contracts/chat';
import type { UiChunk } from '@docent/contracts/uiStream';

/** Why an answer has no proper end. */
export interface AnswerError {
  readonly code: string;
  readonly detail: string;
  readonly requestId: string | null;
}

/** An answer as it is shown, whole or while it is being written. */
export interface Answer {
  /** Of the message; null until the service has said it. */
  readonly id: string | null;
  readonly streamId: string | null;
  readonly status: 'waiting' | Message['status'];
  /** What is being done, while it is. */
  readonly step: string | null;
  readonly text: string;
  readonly outcome: Message['outcome'];
  readonly sources: readonly Source[];
  readonly citations: readonly Citation[];
  readonly nearest: readonly Source[];
  readonly confidence: Confidence | null;
  /** The stand-alone question that was searched. */
  readonly question: string | null;
  readonly degraded: Message['degraded'];
  readonly feedback: Message['feedback'];
  readonly error: AnswerError | null;
}

/** A question with its answer. */
export interface Turn {
  /** Stays the same while the answer is written. */
  readonly key: string;
  readonly question: string;
  readonly answer: Answer;
}

/** An answer of which nothing is known yet. */
export const waitingAnswer: Answer = {
  id: null,
  streamId: null,
  status: 'waiting',
  step: null,
  text: '',
  outcome: null,
  sources: [],
  citations: [],
  nearest: [],
  confidence: null,
  question: null,
  degraded: null,
  feedback: null,
  error: null,
};

/** Whether an answer is still being written. */
export function isRunning({ status }: Answer): boolean {
  return status === 'waiting' || status === 'streaming';
}

/** The answer after one more part of its stream. */
export function withPart(answer: Answer, chunk: UiChunk, requestId: string | null): Answer {
  switch (chunk.type) {
    case 'start':
      // A stream that is read from its start again says everything again.
      return {
        ...waitingAnswer,
        status: 'streaming',
        id: chunk.messageId,
        streamId: answer.streamId,
      };
    case 'data-meta':
      return { ...answer, streamId: chunk.data.streamId, question: chunk.data.question };
    case 'data-status':
      return {
        ...answer,
        step: chunk.data.text,
        question: chunk.data.question ?? answer.question,
      };
    case 'data-sources':
      return { ...answer, sources: chunk.data };
    case 'text-delta':
      return { ...answer, text: answer.text + chunk.delta };
    case 'data-citation':
      return { ...answer, citations: [...answer.citations, chunk.data] };
    case 'data-confidence':
      return { ...answer, confidence: chunk.data };
    case 'data-outcome':
      return { ...answer, ...chunk.data };
    case 'finish':
      return answerOf(chunk.messageMetadata);
    case 'data-error': {
      const { code, detail } = chunk.data;
      return { ...answer, status: 'incomplete', step: null, error: { code, detail, requestId } };
    }
    default:
      return answer;
  }
}

/** A stored answer. */
export function answerOf(message: Message): Answer {
  const { id, streamId, status, text, outcome, sources, citations, nearest } = message;
  const { confidence, question, degraded, feedback, error } = message;
  return {
    ...{ id, streamId, status, text, outcome, sources, citations, nearest },
    ...{ confidence, question, degraded, feedback },
    step: null,
    error: error === null ? null : { ...error, requestId: null },
  };
}

/** Messages, oldest first, as questions with their answers. */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'user') continue;
    const next = messages[index + 1];
    const answer = next?.role === 'assistant' ? answerOf(next) : waitingAnswer;
    turns.push({ key: message.id, question: message.text, answer });
  }
  return turns;
}
