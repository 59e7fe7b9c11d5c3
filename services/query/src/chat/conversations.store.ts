import { type Conversation, Feedback, type FeedbackRequest } from '@docent/contracts/chat';
import type { Principal } from '@docent/core/principal';
import type { Position } from '@docent/database/resource';
import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Row = z
  .object({
    id: z.uuid(),
    title: z.string(),
    messageCount: z.int(),
    createdAt: z.date(),
    updatedAt: z.date(),
    /** Microseconds, as the database has them: a page ends between two rows of one millisecond. */
    position: z.string(),
  })
  .transform(({ createdAt, updatedAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));

const columns = sql`
  c.id, c.title, c.created_at as "createdAt", c.updated_at as "updatedAt",
  to_char(c.updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position,
  (select count(*)::int
     from docent.messages m
    where m.org_id = c.org_id
      and m.conversation_id = c.id) as "messageCount"`;

export type ListedConversation = Conversation & { readonly position: string };

/** A conversation of the caller's own, or null. */
export function findConversation(
  tx: Tx,
  principal: Principal,
  id: string,
): Promise<ListedConversation | null> {
  const query = sql`
    select ${columns}
      from docent.conversations c
     where c.org_id = ${principal.orgId}
       and c.user_id = ${principal.userId}
       and c.id = ${id}`;
  return maybeOne(tx, Row, query);
}

/** The caller's own, last used first; those whose title or messages hold `words`. */
export function listConversations(
  tx: Tx,
  principal: Principal,
  {
    words,
    after,
    limit,
  }: {
    words: string | null;
    after: { readonly position: string; readonly id: string } | null;
    limit: number;
  },
): Promise<ListedConversation[]> {
  const pattern = words === null ? null : `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  const query = sql`
    select ${columns}
      from docent.conversations c
     where c.org_id = ${principal.orgId}
       and c.user_id = ${principal.userId}
       and (${pattern}::text is null
         or c.title ilike ${pattern}
         or exists (
           select
             from docent.messages m
            where m.org_id = c.org_id
              and m.conversation_id = c.id
              and m.text ilike ${pattern}))
       and (${after?.position ?? null}::timestamptz is null
         or (c.updated_at, c.id) < (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
     order by c.updated_at desc, c.id desc
     limit ${limit}`;
  return many(tx, Row, query);
}

export async function insertConversation(
  tx: Tx,
  { orgId, userId }: Principal,
  { id, title }: { id: string; title: string },
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.conversations (org_id, id, user_id, title)
      values (${orgId}, ${id}, ${userId}, ${title})`,
  );
}

/** A conversation that a client knows by an id of its own. False: the caller has one of that id. */
export async function insertForClient(
  tx: Tx,
  { orgId, userId }: Principal,
  { id, title, clientId }: { id: string; title: string; clientId: string },
): Promise<boolean> {
  const query = sql`
    insert into docent.conversations (org_id, id, user_id, title, client_id)
    values (${orgId}, ${id}, ${userId}, ${title}, ${clientId})
    on conflict (org_id, user_id, client_id) do nothing`;
  return (await run(tx, query)) > 0;
}

/** The caller's conversation that a client knows by this id, or null. */
export async function findByClientId(
  tx: Tx,
  { orgId, userId }: Principal,
  clientId: string,
): Promise<string | null> {
  const query = sql`
    select id
      from docent.conversations
     where org_id = ${orgId}
       and user_id = ${userId}
       and client_id = ${clientId}`;
  const found = await maybeOne(tx, z.object({ id: z.uuid() }), query);
  return found?.id ?? null;
}

/** Moves a conversation to the top of the list. False: the caller has none with this id. */
export async function touchConversation(
  tx: Tx,
  { orgId, userId }: Principal,
  id: string,
): Promise<boolean> {
  const query = sql`
    update docent.conversations
       set updated_at = now()
     where org_id = ${orgId}
       and user_id = ${userId}
       and id = ${id}`;
  return (await run(tx, query)) > 0;
}

/** False: the caller has none with this id. */
export async function renameConversation(
  tx: Tx,
  { orgId, userId }: Principal,
  id: string,
  title: string,
): Promise<boolean> {
  const query = sql`
    update docent.conversations
       set title = ${title}
     where org_id = ${orgId}
       and user_id = ${userId}
       and id = ${id}`;
  return (await run(tx, query)) > 0;
}

/** With its messages and their feedback. False: the caller has none with this id. */
export async function deleteConversation(
  tx: Tx,
  { orgId, userId }: Principal,
  id: string,
): Promise<boolean> {
  const query = sql`
    delete from docent.conversations
     where org_id = ${orgId}
       and user_id = ${userId}
       and id = ${id}`;
  return (await run(tx, query)) > 0;
}

/** Stores what the caller thinks of an answer; a later rating replaces it. */
export async function upsertFeedback(
  tx: Tx,
  { orgId, userId }: Principal,
  { id, messageId, rating, reason, comment }: FeedbackRequest & { id: string; messageId: string },
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.feedback (org_id, id, message_id, user_id, rating, reason, comment)
      values (${orgId}, ${id}, ${messageId}, ${userId}, ${rating}, ${reason ?? null}, ${comment ?? null})
      on conflict (org_id, message_id, user_id) do update
        set rating = excluded.rating,
            reason = excluded.reason,
            comment = excluded.comment`,
  );
}

const FeedbackRow = Feedback.extend({ createdAt: z.date(), position: z.string() }).transform(
  ({ position, ...row }) => ({
    position,
    id: row.id,
    item: { ...row, createdAt: row.createdAt.toISOString() },
  }),
);

/** The caller's own ratings, newest first. */
export function listFeedback(
  tx: Tx,
  { orgId, userId }: Principal,
  after: Position | null,
  limit: number,
): Promise<(Position & { item: Feedback })[]> {
  const [position, id] = [after?.position ?? null, after?.id ?? null];
  return many(
    tx,
    FeedbackRow,
    sql`
      select f.id, f.message_id as "messageId", m.conversation_id as "conversationId", f.rating, f.reason, f.comment,
             f.created_at as "createdAt",
             to_char(f.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
        from docent.feedback f
        join docent.messages m
          on m.org_id = f.org_id
         and m.id = f.message_id
       where f.org_id = ${orgId}
         and f.user_id = ${userId}
         and (${position}::timestamptz is null
           or (f.created_at, f.id) < (${position}::timestamptz, ${id}::uuid))
       order by f.created_at desc, f.id desc
       limit ${limit}`,
  );
}

export async function deleteFeedback(
  tx: Tx,
  { orgId, userId }: Principal,
  messageId: string,
): Promise<void> {
  await run(
    tx,
    sql`
      delete from docent.feedback
       where org_id = ${orgId}
         and user_id = ${userId}
         and message_id = ${messageId}`,
  );
}

/** One row per answer, for counting: never what was asked. */
export async function insertChatEvent(
  tx: Tx,
  { orgId, userId }: Principal,
  { id, metadata }: { id: string; metadata: Readonly<Record<string, unknown>> },
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.analytics_events (org_id, id, event_type, user_id, metadata)
      values (${orgId}, ${id}, 'chat_message', ${userId}, ${JSON.stringify(metadata)}::jsonb)
      on conflict (org_id, id) do nothing`,
  );
}
