import type { FeedbackRequest, Message } from '@docent/contracts/chat';
import type { Api, Page } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import {
  type Answer,
  answerOf,
  isRunning,
  type Turn,
  turnsOf,
  waitingAnswer,
  withPart,
} from './answer.ts';
import { type Asking, type ReaderOptions, readAnswer } from './answerReader.ts';

export interface ConversationState {
  /** Null: nothing was asked yet. */
  readonly id: string | null;
  readonly turns: readonly Turn[];
  readonly loading: boolean;
  /** Why the conversation could not be read. */
  readonly error: unknown;
  /** False while a lost connection is waited for. */
  readonly connected: boolean;
}

export interface ConversationEvents {
  readonly onChange: (state: ConversationState) => void;
  /** A question made a conversation. */
  readonly onCreated?: (id: string) => void;
  /** An answer has come to its end, a good one or not. */
  readonly onAnswer?: (turn: Turn, conversationId: string | null) => void;
}

/** One conversation at a time: its turns, and the answer that is being written. */
export interface Conversation {
  readonly state: () => ConversationState;
  /** Shows another one, and goes on with its answer when one is being written; null: a new one. */
  open(id: string | null): Promise<void>;
  ask(message: string): Promise<void>;
  /** Asks the last question again; its answer, if it has one, is replaced. */
  retry(): Promise<void>;
  /** Ends the answer; what was written stays. */
  stop(): Promise<void>;
  /** @throws ApiProblem; nothing has changed then. */
  rate(answerId: string, feedback: FeedbackRequest | null): Promise<void>;
  /** Reads no more; the answer that is being written goes on without a reader. */
  close(): void;
}

const LONGEST_PAGE = 100;

const empty: ConversationState = {
  id: null,
  turns: [],
  loading: false,
  error: null,
  connected: true,
};

export function createConversation(
  api: Api,
  { onChange, onCreated = () => {}, onAnswer = () => {} }: ConversationEvents,
  { pause }: Pick<ReaderOptions, 'pause'> = {},
): Conversation {
  let state = empty;
  let reading: AbortController | null = null;
  let stopWanted = false;

  return {
    state: () => state,

    async open(id) {
      if (id !== null && id === state.id && state.error === null) return;
      reading?.abort();
      reading = null;
      set({ ...empty, id, loading: id !== null });
      if (id === null) return;
      const controller = new AbortController();
      reading = controller;
      try {
        const turns = turnsOf(await messagesOf(id, controller.signal));
        if (controller.signal.aborted) return;
        set({ ...state, loading: false, turns });
      } catch (error) {
        if (!controller.signal.aborted) set({ ...state, loading: false, error });
        return;
      }
      const last = state.turns.at(-1);
      const streamId = last?.answer.streamId ?? null;
      if (last && isRunning(last.answer) && streamId !== null) await follow(last, { streamId });
    },

    async ask(message) {
      if (running() !== null) return;
      const turn = { key: crypto.randomUUID(), question: message, answer: waitingAnswer };
      set({ ...state, turns: [...state.turns, turn] });
      await follow(turn, { message, ...(state.id === null ? {} : { conversationId: state.id }) });
    },

    async retry() {
      const last = state.turns.at(-1);
      if (last === undefined || isRunning(last.answer)) return;
      const { id: replaces } = last.answer;
      const turn = { ...last, key: crypto.randomUUID(), answer: waitingAnswer };
      set({ ...state, turns: [...state.turns.slice(0, -1), turn] });
      await follow(turn, {
        message: last.question,
        ...(state.id === null ? {} : { conversationId: state.id }),
        ...(state.id === null || replaces === null ? {} : { replaces }),
      });
    },

    async stop() {
      const turn = running();
      if (turn === null) return;
      const { streamId } = turn.answer;
      if (streamId === null) stopWanted = true;
      else await api.send('POST', `/v1/chat/streams/${streamId}/stop`);
    },

    async rate(answerId, feedback) {
      const path = `/v1/messages/${answerId}/feedback`;
      if (feedback === null) await api.send('DELETE', path);
      else await api.send('PUT', path, feedback);
      const turns = state.turns.map((turn) =>
        turn.answer.id === answerId
          ? { ...turn, answer: { ...turn.answer, feedback: feedback?.rating ?? null } }
          : turn,
      );
      set({ ...state, turns });
    },

    close() {
      reading?.abort();
      reading = null;
    },
  };

  function set(next: ConversationState): void {
    state = next;
    onChange(state);
  }

  function running(): Turn | null {
    const last = state.turns.at(-1);
    return last && isRunning(last.answer) ? last : null;
  }

  /** All of them: conversations are as long as people talk. */
  async function messagesOf(id: string, signal: AbortSignal): Promise<Message[]> {
    const messages: Message[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Message> = await api.get(`/v1/conversations/${id}/messages`, {
        query: { limit: LONGEST_PAGE, cursor },
        signal,
      });
      messages.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return messages;
  }

  async function follow(turn: Turn, asking: Asking): Promise<void> {
    reading?.abort();
    const controller = new AbortController();
    reading = controller;
    stopWanted = false;
    const { signal } = controller;
    const show = (change: (answer: Answer) => Answer) => {
      const turns = state.turns.map((one) =>
        one.key === turn.key ? { ...one, answer: change(one.answer) } : one,
      );
      set({ ...state, turns });
    };
    try {
      const onConnection = (connected: boolean) => set({ ...state, connected });
      const parts = readAnswer(api, asking, { signal, onConnection, ...(pause ? { pause } : {}) });
      for await (const { chunk, requestId } of parts) {
        if (signal.aborted) return;
        show((answer) => withPart(answer, chunk, requestId));
        if (chunk.type !== 'data-meta') continue;
        const { conversationId, streamId } = chunk.data;
        if (state.id === null) {
          set({ ...state, id: conversationId });
          onCreated(conversationId);
        }
        if (stopWanted) void api.send('POST', `/v1/chat/streams/${streamId}/stop`).catch(() => {});
      }
    } catch (error) {
      if (signal.aborted) return;
      show((answer) => ({ ...answer, status: 'incomplete', step: null, error: errorOf(error) }));
    }
    if (signal.aborted) return;
    if (!state.connected) set({ ...state, connected: true });
    const ended = state.turns.find(({ key }) => key === turn.key);
    // Its end was seen by an earlier connection: what is stored tells the rest.
    if (ended?.answer.id && isRunning(ended.answer)) {
      const stored = await api.get<Message>(`/v1/messages/${ended.answer.id}`, { signal });
      show(() => answerOf(stored));
    }
    const shown = state.turns.find(({ key }) => key === turn.key);
    if (shown) onAnswer(shown, state.id);
  }
}

function errorOf(error: unknown) {
  if (error instanceof ApiProblem) {
    return { code: error.code, detail: error.message, requestId: error.requestId };
  }
  return { code: 'unknown', detail: '', requestId: null };
}
