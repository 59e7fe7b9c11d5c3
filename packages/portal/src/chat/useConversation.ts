import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import {
  type Conversation,
  type ConversationEvents,
  type ConversationState,
  createConversation,
} from './conversation.ts';

/** At most this late a change is shown, also in a window that draws nothing, milliseconds. */
const LATEST_MS = 100;

/** A conversation and its state, drawn at most once a frame however fast an answer comes. */
export function useConversation(
  api: Api,
  events: Omit<ConversationEvents, 'onChange'>,
): { readonly conversation: Conversation; readonly state: ConversationState } {
  const handlers = useRef(events);
  handlers.current = events;
  const show = useRef<() => void>(() => {});
  const conversation = useMemo(
    () =>
      createConversation(api, {
        onChange: () => show.current(),
        onCreated: (id) => handlers.current.onCreated?.(id),
        onAnswer: (turn, id) => handlers.current.onAnswer?.(turn, id),
      }),
    [api],
  );
  const [state, setState] = useState(conversation.state);
  useEffect(() => {
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      timer = undefined;
      setState(conversation.state());
    };
    show.current = () => {
      if (timer !== undefined) return;
      frame = requestAnimationFrame(draw);
      timer = setTimeout(draw, LATEST_MS);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      show.current = () => {};
      conversation.close();
    };
  }, [conversation]);
  return { conversation, state };
}
