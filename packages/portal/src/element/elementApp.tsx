import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import type { Turn } from '../chat/answer.ts';
import { ChatView } from '../chat/chatView.tsx';
import { ChatContext, type ChatSurroundings } from '../chat/context.tsx';
import { findSource, type SourceRef } from '../chat/sourceRef.ts';
import { type ChatLanguage, textsIn } from '../chat/texts/texts.ts';
import { useConversation } from '../chat/useConversation.ts';
import { Button } from '../ui/button.tsx';
import { forget, keep, kept } from './memory.ts';
import { Sheet } from './sheet.tsx';

/** What the element can do from outside. */
export interface ElementHandle {
  current: {
    conversationId(): string | null;
    ask(question: string): void;
    startAnew(): void;
  } | null;
}

/** How long a message stays, milliseconds. */
const SHOWN_MS = 5_000;

/** What the element shows: a head, the conversation, and the open source over it. */
export function ElementApp({
  api: bare,
  language,
  heading,
  memory,
  handle,
  emit,
}: {
  readonly api: Api;
  readonly language: ChatLanguage;
  readonly heading: string | null;
  /** Under which name the tab keeps the conversation. */
  readonly memory: string;
  readonly handle: ElementHandle;
  readonly emit: (name: string, detail: unknown) => void;
}) {
  const texts = textsIn(language);
  const api = useMemo(() => withEvents(bare, emit), [bare]);
  const [openSource, onOpenSource] = useState<SourceRef | null>(null);
  const [announced, announce] = useState('');
  const [said, say] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => say(''), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const { conversation, state } = useConversation(api, {
    onCreated: (id) => keep(memory, id),
    onAnswer: (turn, id) => tell(turn, id, emit),
  });
  useEffect(() => {
    const id = kept(memory);
    // Not over a question that was asked before this ran.
    if (id !== null && conversation.state().turns.length === 0) void conversation.open(id);
  }, [conversation, memory]);
  useEffect(() => {
    if (state.error === null) return;
    // Of somebody else who used this tab before, or deleted: there is nothing to go on with.
    if (statusOf(state.error) === 404) startAnew();
    else emit('docent-error', { message: texts.failed, ...describe(state.error) });
  }, [state.error]);

  const startAnew = () => {
    forget(memory);
    onOpenSource(null);
    void conversation.open(null);
  };
  handle.current = {
    conversationId: () => conversation.state().id,
    ask: (question) => void conversation.ask(question),
    startAnew,
  };
  const surroundings: ChatSurroundings = {
    ...{ api, texts, language, openSource, onOpenSource, say, announce },
  };
  const found = openSource && findSource(state.turns, openSource);
  return (
    <ChatContext.Provider value={surroundings}>
      <div class="docent-frame" part="frame" inert={found !== null}>
        <header class="docent-head" part="header">
          <h2 part="heading">{heading ?? texts.title}</h2>
          {state.turns.length > 0 && (
            <Button kind="quiet" icon="plus" iconOnly onClick={startAnew}>
              {texts.newConversation}
            </Button>
          )}
        </header>
        <ChatView
          conversation={conversation}
          state={state}
          empty={
            <div class="chat-empty">
              <h2>{texts.emptyTitle}</h2>
              <p>{texts.emptyText}</p>
            </div>
          }
        />
      </div>
      {found && (
        <Sheet source={found.source} citation={found.citation} onClose={() => onOpenSource(null)} />
      )}
      {said !== '' && <p class="docent-said">{said}</p>}
      <div class="visually-hidden" role="status" aria-live="polite">
        {said || announced}
      </div>
    </ChatContext.Provider>
  );
}

/** Ratings are told to the page when the API has taken them. */
function withEvents(api: Api, emit: (name: string, detail: unknown) => void): Api {
  return {
    ...api,
    async send(method, path, body, options) {
      const answer = await api.send<never>(method, path, body, options);
      const messageId = /^\/v1\/messages\/([^/]+)\/feedback$/.exec(path)?.[1];
      if (messageId !== undefined) {
        emit('docent-feedback', {
          messageId,
          rating: null,
          ...(typeof body === 'object' ? body : {}),
        });
      }
      return answer;
    },
  };
}

function tell(
  { question, answer }: Turn,
  conversationId: string | null,
  emit: (name: string, detail: unknown) => void,
): void {
  if (answer.error !== null) {
    const { code, detail, requestId } = answer.error;
    emit('docent-error', { code, message: detail, requestId, conversationId });
    return;
  }
  const { id: messageId, text, outcome, confidence, sources, status } = answer;
  emit('docent-answer', {
    ...{ conversationId, messageId, question, text, status, outcome, confidence, sources },
  });
}

function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'status' in error
    ? Number(error.status)
    : null;
}

function describe(error: unknown): object {
  if (!(error instanceof Error)) return {};
  const code = 'code' in error ? String(error.code) : 'unknown';
  const requestId = 'requestId' in error ? error.requestId : null;
  return { code, message: error.message, requestId };
}
