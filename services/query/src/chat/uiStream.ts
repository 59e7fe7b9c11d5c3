import type { ChatEvent, Message, Source } from '@docent/contracts/chat';
import type { UiChunk } from '@docent/contracts/uiStream';
import type { NumberedEvent } from './chat.ts';

/** What is sent for one part; `[DONE]` ends the stream. */
export interface UiPart {
  /** `k.j`: the j-th part of the k-th event, both from 1. Null: not of the stream's log. */
  readonly id: string | null;
  readonly chunk: UiChunk | '[DONE]';
}

/**
 * The events of an answer as the AI SDK's UI message stream. Ends with `finish` or `error`, then `[DONE]`.
 *
 * The same events give the same parts with the same ids, so that a reader who lost the connection gets what
 * followed the last part that it saw: the events are always taken from the first one.
 *
 * @param afterId the last part that was seen, `k.j`, or `k` for all parts of event k; null: none.
 */
export async function* uiStreamOf(
  events: AsyncIterable<NumberedEvent>,
  afterId: string | null,
): AsyncGenerator<UiPart> {
  const seen = positionOf(afterId);
  const encode = createUiEncoder();
  for await (const { id, event } of events) {
    const chunks: UiPart['chunk'][] = encode(event);
    if (event.type === 'done' || event.type === 'error') chunks.push('[DONE]');
    for (const [index, chunk] of chunks.entries()) {
      if (id === null) yield { id, chunk };
      else if (isAfter(Number(id), index + 1, seen)) yield { id: `${id}.${index + 1}`, chunk };
    }
  }
}

/**
 * Turns events into parts, one event at a time.
 *
 * The AI SDK's clients add every `source-document` to the message, also one that they have: sources are sent so
 * when their numbers are final, each once, those that the text cites only. Before, `data-sources` tells them.
 */
export function createUiEncoder(): (event: ChatEvent) => UiChunk[] {
  let begun = false;
  let text: 'none' | 'open' | 'closed' = 'none';
  let confident = false;
  let citations = 0;
  let sources: readonly Source[] = [];
  const documents = new Set<string>();

  return encode;

  function encode(event: ChatEvent): UiChunk[] {
    switch (event.type) {
      case 'meta': {
        begun = true;
        const { type: _, ...data } = event;
        return [...start(event.messageId), { type: 'data-meta', id: 'meta', data }];
      }
      case 'status': {
        const { type: _, ...data } = event;
        return [{ type: 'data-status', id: 'status', data }];
      }
      case 'sources':
        sources = event.sources;
        return [
          { type: 'data-sources', id: 'sources', data: event.sources },
          ...ahead(event.outcome ?? null, event.nearest ?? []),
        ];
      case 'delta':
        return [...openText(), { type: 'text-delta', id: 'text', delta: event.text }];
      case 'citation': {
        citations += 1;
        const { citation } = event;
        const cited = sources.filter(({ chunkId }) => chunkId === citation.chunkId);
        const id = `citation-${citations}`;
        return [...closeText(), ...show(cited), { type: 'data-citation', id, data: citation }];
      }
      case 'confidence':
        confident = true;
        return [
          ...closeText(),
          { type: 'data-confidence', id: 'confidence', data: event.confidence },
        ];
      case 'done':
        return [...(begun ? [] : whole(event.message)), ...finish(event.message)];
      case 'error': {
        const { type: _, ...data } = event;
        return [
          ...closeText(),
          { type: 'data-error', id: 'error', data },
          { type: 'error', errorText: event.detail },
        ];
      }
    }
  }

  function openText(): UiChunk[] {
    if (text !== 'none') return [];
    text = 'open';
    return [{ type: 'text-start', id: 'text' }];
  }

  function closeText(): UiChunk[] {
    if (text !== 'open') return [];
    text = 'closed';
    return [{ type: 'text-end', id: 'text' }];
  }

  function show(cited: readonly Source[]): UiChunk[] {
    const fresh = cited.filter(({ chunkId }) => !documents.has(chunkId));
    for (const { chunkId } of fresh) documents.add(chunkId);
    return fresh.map(documentOf);
  }

  /** An answer of which only its end is kept, from its stored message. */
  function whole(message: Message): UiChunk[] {
    sources = message.sources;
    return [
      ...start(message.id),
      { type: 'data-sources', id: 'sources', data: message.sources },
      ...ahead(message.outcome, message.nearest),
      ...(message.text === '' ? [] : encode({ type: 'delta', text: message.text })),
      ...message.citations.flatMap((citation) => encode({ type: 'citation', citation })),
    ];
  }

  function finish(message: Message): UiChunk[] {
    const { confidence, outcome, status, degraded, nearest } = message;
    return [
      ...closeText(),
      ...show(message.sources),
      ...(confidence && !confident ? encode({ type: 'confidence', confidence }) : []),
      { type: 'data-outcome', id: 'outcome', data: { outcome, status, degraded, nearest } },
      { type: 'finish-step' },
      {
        type: 'finish',
        finishReason: status === 'complete' ? 'stop' : 'interrupted',
        messageMetadata: message,
      },
    ];
  }
}

function start(messageId: string): UiChunk[] {
  return [{ type: 'start', messageId }, { type: 'start-step' }];
}

/** An abstention and a question back are told before their text; `data-outcome` comes again at the end, whole. */
function ahead(outcome: Message['outcome'], nearest: readonly Source[]): UiChunk[] {
  if (outcome === null || outcome === 'answer') return [];
  const data = { outcome, status: 'streaming' as const, degraded: null, nearest: [...nearest] };
  return [{ type: 'data-outcome', id: 'outcome', data }];
}

function documentOf({ title, ...metadata }: Source): UiChunk {
  return {
    type: 'source-document',
    sourceId: metadata.chunkId,
    // Of what is sent, the passage's text; the original may be any kind of file.
    mediaType: 'text/plain',
    title,
    providerMetadata: { docent: metadata },
  };
}

interface Position {
  readonly event: number;
  readonly part: number;
}

function positionOf(id: string | null): Position {
  const [event = '0', part] = (id ?? '').split('.');
  return {
    event: Number(event),
    part: part === undefined ? Number.POSITIVE_INFINITY : Number(part),
  };
}

function isAfter(event: number, part: number, seen: Position): boolean {
  return event > seen.event || (event === seen.event && part > seen.part);
}
