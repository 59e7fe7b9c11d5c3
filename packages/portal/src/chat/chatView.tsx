import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { useKeptFocus } from '../ui/keptFocus.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { isRunning } from './answer.ts';
import { ErrorNote } from './answerStates.tsx';
import { Composer } from './composer.tsx';
import { useChatSurroundings } from './context.tsx';
import type { Conversation, ConversationState } from './conversation.ts';
import type { Draft } from './drafts.ts';
import { TurnView } from './turn.tsx';
import { spokenText } from './words.ts';

/** How near to its end the conversation must be to stay there while it grows, pixels. */
const NEAR_PX = 80;

/** A conversation with the field to ask in. `empty` stands where there are no questions yet. */
export function ChatView({
  conversation,
  state,
  draft,
  empty,
}: {
  readonly conversation: Conversation;
  readonly state: ConversationState;
  readonly draft?: Draft;
  readonly empty: ComponentChildren;
}) {
  const { texts, say } = useChatSurroundings();
  const { scroller, atEnd, toEnd } = useStayAtEnd(state);
  const { turns, loading, error, connected } = state;
  const last = turns.at(-1);
  const busy = last !== undefined && isRunning(last.answer);
  useAnnouncements(state);
  const guarded = (work: Promise<unknown>) => {
    work.catch(() => say(texts.failed));
  };
  const asked = useRef(false);
  // What was pressed to ask, like an option of a question back, is gone when the new question is there.
  useKeptFocus(() => {
    if (!asked.current) return null;
    asked.current = false;
    return scroller.current?.querySelector('.chat-turn:last-of-type .chat-question');
  }, last?.key);
  const ask = (question: string) => {
    asked.current = true;
    guarded(conversation.ask(question));
    toEnd();
  };
  const retry = () => {
    asked.current = true;
    guarded(conversation.retry());
  };
  return (
    <section class="chat" aria-label={texts.conversation}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <div class="chat-scroller" ref={scroller} tabIndex={0}>
        <div class="chat-column">
          {loading && <Skeleton lines={6} />}
          {error !== null && (
            <ErrorNote
              error={error}
              retryLabel={texts.tryAgain}
              {...(isGone(error) ? {} : { onRetry: () => guarded(conversation.open(state.id)) })}
            />
          )}
          {!loading && error === null && turns.length === 0 && empty}
          {turns.map((turn, index) => (
            <TurnView
              key={turn.key}
              turn={turn}
              isLast={index === turns.length - 1}
              onAsk={ask}
              onRetry={retry}
              rate={(feedback) =>
                turn.answer.id === null
                  ? Promise.resolve()
                  : conversation.rate(turn.answer.id, feedback)
              }
            />
          ))}
          {!connected && (
            <p class="chat-connection" role="status">
              <Icon name="retry" size={16} /> {texts.reconnecting}
            </p>
          )}
        </div>
      </div>
      <div class="chat-bottom">
        {!atEnd && (
          <Button class="chat-to-end" icon="expand" onClick={toEnd}>
            {texts.latest}
          </Button>
        )}
        <div class="chat-column">
          <Composer
            busy={busy}
            disabled={loading || error !== null}
            draft={draft}
            onAsk={ask}
            onStop={() => guarded(conversation.stop())}
          />
        </div>
      </div>
    </section>
  );
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

/** Keeps the end of a growing conversation in view, unless the reader has gone elsewhere. */
function useStayAtEnd(state: ConversationState) {
  const scroller = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = () => {
    follow.current = true;
    const { current } = scroller;
    current?.scrollTo({ top: current.scrollHeight });
  };
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const look = () => {
      const { scrollHeight, scrollTop, clientHeight } = current;
      follow.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
      setAtEnd(follow.current);
    };
    current.addEventListener('scroll', look, { passive: true });
    return () => current.removeEventListener('scroll', look);
  }, []);
  useLayoutEffect(() => {
    follow.current = true;
  }, [state.id]);
  useLayoutEffect(() => {
    if (follow.current) toEnd();
  }, [state.turns]);
  return { scroller, atEnd, toEnd };
}

/** Screen readers hear that an answer begins, and then all of it: not every word that comes. */
function useAnnouncements({ turns }: ConversationState): void {
  const { texts, announce } = useChatSurroundings();
  const last = turns.at(-1);
  const running = last !== undefined && isRunning(last.answer);
  const before = useRef(running);
  useEffect(() => {
    if (running === before.current) return;
    before.current = running;
    if (running) announce(texts.announceStart);
    else if (last) {
      // What went wrong is an alert of its own.
      announce(last.answer.error === null ? texts.announceEnd(spokenText(last.answer)) : '');
    }
  }, [running]);
}
