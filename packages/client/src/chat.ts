import { randomUUID } from 'node:crypto';
import { ChatEvent, type ChatRequest, Message } from '@docent/contracts/chat';
import type { CreateOptions } from './content.ts';
import { DocentError } from './error.ts';
import { followEvents, type ServerEvent } from './events.ts';
import type { Transport } from './transport.ts';

/** Questions and their answers. All throw DocentError. */
export function chatClient(transport: Transport) {
  return {
    /**
     * Asks and gives the answer's events as they come: `meta · status* · sources · delta* ·
     * citation* · confidence · done | error`. A lost connection is taken up again where it broke.
     * A failure after the first event is an `error` event; leaving the loop ends the connection.
     */
    async *stream(
      request: ChatRequest,
      options: CreateOptions = {},
    ): AsyncGenerator<ChatEvent, void, undefined> {
      const { signal } = options;
      const first = await transport.open({
        method: 'POST',
        path: '/v1/chat',
        json: request,
        headers: { ...headersOf(options), accept: 'text/event-stream' },
        signal,
      });
      yield* follow(first, null, signal);
    },

    /** The events of a running or just finished answer, after `lastEventId` or from the start. */
    async *resume(
      streamId: string,
      { lastEventId = null, signal }: { lastEventId?: string | null; signal?: AbortSignal } = {},
    ): AsyncGenerator<ChatEvent, void, undefined> {
      yield* follow(await openStream(streamId, lastEventId, signal), streamId, signal);
    },

    /** Asks and waits for the whole answer, a message as history shows it. */
    async ask(request: ChatRequest, options: CreateOptions = {}): Promise<Message> {
      return transport.json(Message, {
        method: 'POST',
        path: '/v1/chat',
        json: request,
        headers: headersOf(options),
        signal: options.signal,
      });
    },

    /** Ends a running answer; what was written so far is kept. */
    async stop(streamId: string): Promise<void> {
      const path = `/v1/chat/streams/${encodeURIComponent(streamId)}/stop`;
      const response = await transport.open({ method: 'POST', path, safe: true });
      await response.body?.cancel();
    },
  };

  async function* follow(
    first: Response,
    knownId: string | null,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChatEvent, void, undefined> {
    let streamId = knownId;
    const events = followEvents(first, {
      isTerminal: ({ name }) => name === 'done' || name === 'error',
      resume: (lastEventId) =>
        streamId === null ? null : openStream(streamId, lastEventId, signal),
      signal,
    });
    for await (const event of events) {
      const parsed = parse(event);
      if (parsed === null) continue;
      if (parsed.type === 'meta') streamId = parsed.streamId;
      yield parsed;
    }
  }

  function openStream(
    streamId: string,
    lastEventId: string | null,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    return transport.open({
      method: 'GET',
      path: `/v1/chat/streams/${encodeURIComponent(streamId)}`,
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
      },
      signal,
    });
  }
}

export type ChatClient = ReturnType<typeof chatClient>;

const known: ReadonlySet<string> = new Set(
  ChatEvent.options.map((option) => option.shape.type.value),
);

/** Null: an event of a newer service, which this client can do without. */
function parse({ name, data }: ServerEvent): ChatEvent | null {
  if (!known.has(name)) return null;
  const result = ChatEvent.safeParse(data);
  if (result.success) return result.data;
  const detail = `The event ${name} of the answer is not what this client expects.`;
  throw new DocentError(
    { code: 'unexpected_answer', status: 200, detail },
    { cause: result.error },
  );
}

function headersOf({ idempotencyKey = randomUUID() }: CreateOptions) {
  return { 'idempotency-key': idempotencyKey };
}
