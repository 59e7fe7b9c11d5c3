import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import type { SourceRef } from './sourceRef.ts';
import type { ChatLanguage, Texts } from './texts/texts.ts';

/** What everything of a chat needs. */
export interface ChatSurroundings {
  readonly api: Api;
  readonly texts: Texts;
  readonly language: ChatLanguage;
  /** The source that is open beside the conversation. */
  readonly openSource: SourceRef | null;
  readonly onOpenSource: (source: SourceRef | null) => void;
  /** Shows a sentence for a moment; screen readers hear it, too. */
  readonly say: (text: string) => void;
  /** For screen readers alone. */
  readonly announce: (text: string) => void;
}

export const ChatContext = createContext<ChatSurroundings | null>(null);

/** @throws Error outside of a `ChatContext`. */
export function useChatSurroundings(): ChatSurroundings {
  const surroundings = useContext(ChatContext);
  if (surroundings === null) throw new Error('this is for parts of a chat only');
  return surroundings;
}
