import './chat.css';
import './chatPage.css';
import type { Conversation as ConversationRow } from '@docent/contracts/chat';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../api/context.tsx';
import { usePages, useResource } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useToast } from '../ui/toast.tsx';
import { ChatView } from './chatView.tsx';
import { ChatContext, type ChatSurroundings } from './context.tsx';
import { ConversationList } from './conversationList.tsx';
import { draftOf, moveDraft } from './drafts.ts';
import { SourceBeside } from './sourceBeside.tsx';
import { findSource, readSourceRef, type SourceRef, writeSourceRef } from './sourceRef.ts';
import { Suggestions } from './suggestions.tsx';
import { textsIn } from './texts/texts.ts';
import { useConversation } from './useConversation.ts';

/** Conversations shown at once. */
const LISTED = 30;

/** `/app/chat` and `/app/chat/:id`, with `?source=` for the source that is open and `?q=` for a search. */
export function ChatPage({ id }: { readonly id?: string }) {
  const api = useApi();
  const me = useMe();
  const toast = useToast();
  const { route, query } = useLocation();
  const [announced, announce] = useState('');
  const [listOpen, setListOpen] = useState(false);
  const q = query.q ?? '';
  const list = usePages<ConversationRow>('/v1/conversations', { limit: LISTED, q });
  const reload = useRef(list.reload);
  reload.current = list.reload;
  const here = useRef(addressOf(id, {}));
  here.current = addressOf(id, query);

  const { conversation, state } = useConversation(api, {
    onCreated: (created) => {
      moveDraft(draftOf(me.user.id, null), draftOf(me.user.id, created));
      route(addressOf(created, { q }), true);
      reload.current();
    },
    onAnswer: () => reload.current(),
  });
  useEffect(() => {
    // Who is quick asks before this runs: opening what is shown already would throw the question away.
    if (conversation.state().id !== (id ?? null)) void conversation.open(id ?? null);
    setListOpen(false);
  }, [conversation, id]);

  const openSource = useMemo(() => readSourceRef(query.source), [query.source]);
  const onOpenSource = useCallback(
    (source: SourceRef | null) => {
      const next = new URL(here.current, location.href);
      if (source === null) next.searchParams.delete('source');
      else next.searchParams.set('source', writeSourceRef(source));
      route(next.pathname + next.search, openSource !== null);
    },
    [route, openSource],
  );
  const surroundings: ChatSurroundings = {
    ...{ api, texts, language: 'en', openSource, onOpenSource },
    say: toast,
    announce,
  };

  const own = useResource<ConversationRow>(id === undefined ? null : `/v1/conversations/${id}`);
  const listed = list.items.find((one) => one.id === id) ?? own.data;
  const known = listed?.id === id ? listed?.title : undefined;
  const title = id === undefined ? texts.newConversation : (known ?? texts.conversation);
  useEffect(() => {
    document.title = `${id === undefined ? 'Chat' : title} · Docent`;
  }, [id, title]);

  const found = openSource && findSource(state.turns, openSource);
  const conversations = (
    <ConversationList
      list={list}
      open={id ?? null}
      q={q}
      onSearch={(words) => route(addressOf(id, { ...query, q: words }), true)}
      onDeleted={(gone) => {
        list.update((items) => items.filter((one) => one.id !== gone));
        if (gone === id) route('/app/chat', true);
      }}
      onRenamed={(renamed) => {
        list.update((items) => items.map((one) => (one.id === renamed.id ? renamed : one)));
        if (renamed.id === id) own.set(renamed);
      }}
    />
  );
  return (
    <ChatContext.Provider value={surroundings}>
      <div class={`chat-page${found ? ' with-source' : ''}`}>
        {conversations}
        <div class="chat-main">
          <header class="chat-head">
            <Button
              kind="quiet"
              icon="chat"
              iconOnly
              class="chat-list-button"
              onClick={() => setListOpen(true)}
            >
              Conversations
            </Button>
            <h1 tabIndex={-1}>{title}</h1>
            {id !== undefined && (
              <ButtonLink kind="quiet" icon="plus" iconOnly href={addressOf(undefined, { q })}>
                {texts.newConversation}
              </ButtonLink>
            )}
          </header>
          <ChatView
            conversation={conversation}
            state={state}
            draft={draftOf(me.user.id, id ?? null)}
            empty={<Suggestions onAsk={(question) => void conversation.ask(question)} />}
          />
        </div>
        {found && (
          <SourceBeside
            key={query.source}
            source={found.source}
            citation={found.citation}
            onClose={() => onOpenSource(null)}
          />
        )}
        {listOpen && (
          <Dialog title="Conversations" onClose={() => setListOpen(false)}>
            {conversations}
          </Dialog>
        )}
        <div class="visually-hidden" role="status" aria-live="polite">
          {announced}
        </div>
      </div>
    </ChatContext.Provider>
  );
}

const texts = textsIn('en');

function addressOf(
  id: string | undefined,
  { q, source }: { readonly q?: string | undefined; readonly source?: string | undefined },
): string {
  const search = new URLSearchParams();
  if (q) search.set('q', q);
  if (source) search.set('source', source);
  const path = id === undefined ? '/app/chat' : `/app/chat/${id}`;
  return search.size === 0 ? path : `${path}?${search}`;
}
