import type { Conversation, Feedback, FeedbackRequest, Message } from '@docent/contracts/chat';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Tx } from '@docent/database/sql';
import { type PageRequest, readPage } from '@docent/http/paging';
import { z } from 'zod';
import { type ChatDeps, settle } from './chat.ts';
import {
  deleteConversation,
  deleteFeedback,
  findConversation,
  type ListedConversation,
  listConversations,
  listFeedback,
  renameConversation,
  upsertFeedback,
} from './conversations.store.ts';
import { findMessage, findRunning, listMessages } from './messages.store.ts';
import { streamKey } from './runs.ts';

export interface Page {
  readonly cursor?: string | undefined;
  /** Rows wanted, 1 to 100. */
  readonly limit: number;
}

interface PageOf<T> {
  items: T[];
  nextCursor: string | null;
}

/** The caller's own conversations; one of somebody else does not exist for them (`not_found`). */
export type Conversations = ReturnType<typeof makeConversations>;

export function makeConversations(deps: Pick<ChatDeps, 'database' | 'cache'>) {
  const { database, cache } = deps;
  const reading = <T>(principal: Principal, work: (tx: Tx) => Promise<T>, keepPlans = true) =>
    database.withPrincipal(principal, work, { readOnly: true, keepPlans });

  return {
    /** Last used first. @param q words, or a part of one, in the title or in a message. */
    async list(
      principal: Principal,
      { cursor, limit, q }: Page & { q?: string | undefined },
    ): Promise<PageOf<Conversation>> {
      const after = cursor === undefined ? null : readCursor(ConversationCursor, cursor);
      const wanted = { words: q ?? null, after, limit: limit + 1 };
      const first = q === undefined && after === null;
      const rows = await reading(
        principal,
        (tx) => listConversations(tx, principal, wanted),
        first,
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map(shown),
        nextCursor: last ? writeCursor({ position: last.position, id: last.id }) : null,
      };
    },

    async get(principal: Principal, id: string): Promise<Conversation> {
      return shown(await reading(principal, (tx) => existing(tx, principal, id)));
    },

    /** Oldest first. */
    async messages(
      principal: Principal,
      id: string,
      { cursor, limit }: Page,
    ): Promise<PageOf<Message>> {
      const after = cursor === undefined ? null : readCursor(MessageCursor, cursor).id;
      const rows = await reading(principal, async (tx) => {
        await existing(tx, principal, id);
        return listMessages(tx, principal, id, { after, limit: limit + 1 });
      });
      const items = await Promise.all(
        rows.slice(0, limit).map((message) => settle(deps, principal, message)),
      );
      const last = rows.length > limit ? items.at(-1) : undefined;
      return { items, nextCursor: last ? writeCursor({ id: last.id }) : null };
    },

    rename(principal: Principal, id: string, title: string): Promise<Conversation> {
      return database.withPrincipal(principal, async (tx) => {
        await renameConversation(tx, principal, id, title);
        return shown(await existing(tx, principal, id));
      });
    },

    /** With its messages; answers that are being written end. */
    async delete(principal: Principal, id: string): Promise<void> {
      const running = await database.withPrincipal(principal, async (tx) => {
        const streams = await findRunning(tx, principal, id);
        if (!(await deleteConversation(tx, principal, id))) throw notFound('conversation', id);
        return streams;
      });
      await Promise.all(running.map((streamId) => cache.streams.requestStop(streamKey(streamId))));
    },

    async message(principal: Principal, id: string): Promise<Message> {
      const message = await reading(principal, (tx) => findMessage(tx, principal, id));
      if (message === null) throw notFound('message', id);
      return settle(deps, principal, message);
    },

    /** Newest first. */
    ratings(principal: Principal, page: PageRequest): Promise<PageOf<Feedback>> {
      return reading(principal, (tx) =>
        readPage('time', page, (after, limit) => listFeedback(tx, principal, after, limit)),
      );
    },

    /** A later rating of the same answer replaces the earlier one. */
    async rate(principal: Principal, messageId: string, feedback: FeedbackRequest): Promise<void> {
      await database.withPrincipal(principal, async (tx) => {
        await answerOf(tx, principal, messageId);
        await upsertFeedback(tx, principal, { ...feedback, id: newId(), messageId });
      });
    },

    async unrate(principal: Principal, messageId: string): Promise<void> {
      await database.withPrincipal(principal, async (tx) => {
        await answerOf(tx, principal, messageId);
        await deleteFeedback(tx, principal, messageId);
      });
    },
  };
}

function shown({ position: _, ...conversation }: ListedConversation): Conversation {
  return conversation;
}

async function existing(tx: Tx, principal: Principal, id: string): Promise<ListedConversation> {
  const found = await findConversation(tx, principal, id);
  if (found === null) throw notFound('conversation', id);
  return found;
}

async function answerOf(tx: Tx, principal: Principal, id: string): Promise<void> {
  const message = await findMessage(tx, principal, id);
  if (message === null) throw notFound('message', id);
  if (message.role !== 'assistant') {
    throw new AppError('invalid_request', 'Only answers can be rated, not questions.');
  }
}

const ConversationCursor = z.object({ position: z.iso.datetime(), id: z.uuid() });
const MessageCursor = z.object({ id: z.uuid() });

function writeCursor(position: object): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function readCursor<S extends z.ZodType>(schema: S, cursor: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('invalid_request', 'The cursor is not one that a list has given.', {
      cause,
    });
  }
}
