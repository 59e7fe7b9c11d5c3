import type { ChatRequest } from '@docent/contracts/chat';
import type { UiChatRequest } from '@docent/contracts/uiStream';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Tx } from '@docent/database/sql';
import { z } from 'zod';
import {
  findByClientId,
  insertConversation,
  insertForClient,
  touchConversation,
} from './conversations.store.ts';
import type { PastTurn } from './followUp.ts';
import { deleteFrom, findExchange, insertExchange, recentTurns } from './messages.store.ts';
import { type AnswerPolicy, findAnswerPolicy } from './policy.store.ts';
import type { AnswerLanguage } from './wording.ts';

/** A question, whichever shape it came in. */
export interface Question extends ChatRequest {
  /** What the page around the chat is written in. */
  readonly languageAround?: AnswerLanguage | null;
  /** Id that the client has for the conversation: one of ours, or its own. */
  readonly clientId?: string;
  /** The last question again: the exchange that ends the conversation goes, if it asks the same. */
  readonly again?: boolean;
}

/** Ids of a question and its answer. */
export const Exchange = z.object({
  conversationId: z.uuid(),
  userMessageId: z.uuid(),
  messageId: z.uuid(),
  streamId: z.uuid(),
});
export type Exchange = z.infer<typeof Exchange>;

/** What is known when an answer begins. */
export interface Opened {
  readonly exchange: Exchange;
  readonly history: PastTurn[];
  readonly policy: AnswerPolicy;
  /** Running answers that this one takes the place of. */
  readonly replaced: readonly string[];
}

const LONGEST_MESSAGE = 8_000;

/**
 * The question of what `useChat` sent: the text of its last message.
 * @throws AppError `invalid_request` when that is not a person's text.
 */
export function questionOf({ id, messages, trigger, messageId, filters }: UiChatRequest): Question {
  const last = messages.at(-1);
  if (last?.role !== 'user') {
    throw new AppError('invalid_request', 'body.messages: the last one must be the user’s.');
  }
  const other = last.parts.find(({ type }) => type === 'file');
  if (other) throw new AppError('invalid_request', 'body.messages: files are not read here.');
  const texts = last.parts.flatMap(({ type, text }) =>
    type === 'text' && typeof text === 'string' ? [text] : [],
  );
  const message = texts.join('\n').trim();
  if (message === '' || message.length > LONGEST_MESSAGE) {
    throw new AppError(
      'invalid_request',
      `body.messages: the text of the last one must have 1 to ${LONGEST_MESSAGE} characters.`,
    );
  }
  const again = trigger === 'regenerate-message';
  return {
    message,
    clientId: id,
    ...(filters ? { filters } : {}),
    ...(again ? { again } : {}),
    ...(again && z.uuid().safeParse(messageId).success && messageId ? { replaces: messageId } : {}),
  };
}

/**
 * Stores the question with the answer to come.
 * @throws AppError `not_found` for a conversation, or a message to replace, that the caller has not.
 */
export async function openExchange(
  tx: Tx,
  principal: Principal,
  question: Question,
): Promise<Opened> {
  const { id: conversationId, isNew } = await conversationOf(tx, principal, question);
  const replaced = await makeRoom(tx, principal, conversationId, question);
  const history = isNew ? [] : await recentTurns(tx, principal, conversationId, HISTORY);
  const exchange = {
    conversationId,
    userMessageId: newId(),
    messageId: newId(),
    streamId: newId(),
  };
  await insertExchange(tx, principal, { ...exchange, text: question.message });
  const policy = await findAnswerPolicy(tx, principal.orgId);
  return { exchange, history, policy, replaced };
}

/** Turns that a follow-up may lean on. */
const HISTORY = 8;

async function conversationOf(
  tx: Tx,
  principal: Principal,
  { conversationId, clientId, message }: Question,
): Promise<{ id: string; isNew: boolean }> {
  if (conversationId !== undefined) {
    if (await touchConversation(tx, principal, conversationId)) {
      return { id: conversationId, isNew: false };
    }
    throw notFound('conversation', conversationId);
  }
  const id = newId();
  const title = titleOf(message);
  if (clientId === undefined) {
    await insertConversation(tx, principal, { id, title });
    return { id, isNew: true };
  }
  // An id of ours that is somebody else's is, to this caller, one like any other.
  if (z.uuid().safeParse(clientId).success && (await touchConversation(tx, principal, clientId))) {
    return { id: clientId, isNew: false };
  }
  if (await insertForClient(tx, principal, { id, title, clientId })) return { id, isNew: true };
  const known = await findByClientId(tx, principal, clientId);
  if (known === null) throw new Error('a conversation of this client id is there and is not');
  await touchConversation(tx, principal, known);
  return { id: known, isNew: false };
}

/** Takes away what the answer to come stands for. @returns streams of answers among it that still run. */
async function makeRoom(
  tx: Tx,
  principal: Principal,
  conversationId: string,
  { replaces, again, message, clientId }: Question,
): Promise<string[]> {
  if (replaces === undefined && again !== true) return [];
  const found = await findExchange(tx, principal, conversationId, replaces ?? null);
  if (found === null) {
    // A client's own ids of messages mean nothing here; ours do.
    if (clientId !== undefined || replaces === undefined) return [];
    throw notFound('message', replaces);
  }
  if (replaces === undefined && found.question !== message) return [];
  return deleteFrom(tx, principal, conversationId, found.questionId);
}

const LONGEST_TITLE = 80;

/** A question as a title: one line, cut at a word. */
export function titleOf(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  if (line.length <= LONGEST_TITLE) return line;
  const cut = line.slice(0, LONGEST_TITLE);
  const word = cut.lastIndexOf(' ');
  // One long word, as in languages without spaces, is cut where it must be; never a pair of surrogates.
  const end = word > LONGEST_TITLE / 2 ? word : LONGEST_TITLE;
  return `${cut
    .slice(0, end)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}
