import type { ChatEvent, Message, Source } from '@docent/contracts/chat';
import type { SearchFilters } from '@docent/contracts/search';
import type { ErrorCode } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { FoundPassage } from '../search/interfaces.ts';
import type { PastTurn } from './followUp.ts';
import type { Marker } from './markers.ts';
import { createMarkerReader } from './markers.ts';
import type { AnswerPolicy } from './policy.store.ts';
import { type AnswerLanguage, type Wording, wordingFor } from './wording.ts';

/** A question that is to be answered. */
export interface AnswerTask {
  readonly principal: Principal;
  readonly conversationId: string;
  readonly userMessageId: string;
  /** Id of the answer. */
  readonly messageId: string;
  readonly streamId: string;
  readonly message: string;
  /** What the page around the chat is written in: decides where the question does not tell its language. */
  readonly languageAround: AnswerLanguage | null;
  readonly filters: SearchFilters;
  /** Turns before the question, oldest first. */
  readonly history: readonly PastTurn[];
  /** What the organization decided about its answers. */
  readonly policy: AnswerPolicy;
}

/** Where events of an answer go; resolves when the next may follow. */
export type Emit = (event: ChatEvent) => Promise<void>;

/** An answer while it is being made: what is known so far survives any failure. */
export interface Draft {
  readonly wording: Wording;
  /** `meta` was sent. */
  begun: boolean;
  question: string;
  /** Always exactly what the deltas said. */
  text: string;
  outcome: Message['outcome'];
  answerer: NonNullable<Message['answerer']>;
  model: string;
  /** Small talk has no sources and no confidence. */
  smallTalk: boolean;
  /** Probability that the passages answer the question, 0 to 1. */
  probability: number;
  /** Whose vectors were searched; null: words alone were. */
  embedderId: string | null;
  /** Passages that the answer's numbers stand for: `[n]` is `cited[n - 1]`. */
  cited: FoundPassage[];
  markers: readonly Marker[];
  nearest: Source[];
  usage: Message['usage'];
  degraded: Message['degraded'];
  /** Why the chat model did not write it. */
  degradedBy: ErrorCode | null;
  /** An earlier answer that stands for this one. */
  earlier: Message | null;
}

export const EXTRACTIVE_MODEL = 'builtin:extractive';

export function newDraft(task: AnswerTask, chatModelId: string | null): Draft {
  return {
    wording: wordingFor(task.message, task.languageAround),
    begun: false,
    question: task.message,
    text: '',
    outcome: null,
    answerer: chatModelId === null ? 'extractive' : 'generative',
    model: chatModelId ?? EXTRACTIVE_MODEL,
    smallTalk: false,
    probability: 0,
    embedderId: null,
    cited: [],
    markers: [],
    nearest: [],
    usage: null,
    degraded: null,
    degradedBy: null,
    earlier: null,
  };
}

export interface Release {
  push(written: string): Promise<void>;
  /** Releases what was held back. */
  end(): Promise<void>;
}

/**
 * Sends what is written as deltas with renumbered markers, and the sources before the first of them. The
 * sources are sent again before a delta that cites them in another order: those cited come first, in
 * order of first use, so a number in the text is always the number of its source.
 */
export function releaseTo(draft: Draft, passages: readonly FoundPassage[], emit: Emit): Release {
  const reader = createMarkerReader(passages.length);
  let sent: string | null = null;

  async function release(text: string): Promise<void> {
    if (text === '') return;
    const order = [...new Set([...reader.used, ...passages.map((_, index) => index + 1)])];
    const sources = order.flatMap((number) => passages[number - 1] ?? []);
    if (sent !== order.join()) {
      sent = order.join();
      await emit({ type: 'sources', sources: sources.map(sourceOf) });
    }
    draft.text += text;
    draft.markers = reader.markers;
    draft.cited = sources.slice(0, reader.used.length);
    await emit({ type: 'delta', text });
  }

  return {
    push: (written) => release(reader.push(written)),
    end: () => release(reader.end()),
  };
}

/** A passage as a source; `index` is its place in the list, from 0. */
export function sourceOf(passage: FoundPassage, index: number): Source {
  return {
    number: index + 1,
    chunkId: passage.id,
    contentId: passage.contentId,
    version: passage.version,
    title: passage.title,
    url: passage.url,
    place: passage.place,
    text: passage.text,
    score: passage.score,
    expiresAt: passage.expiresAt,
  };
}
