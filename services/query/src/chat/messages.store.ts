import { Citation, Confidence, Message, Outcome, Source } from '@docent/contracts/chat';
import type { Principal } from '@docent/core/principal';
import { many, maybeOne, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { PastTurn } from './followUp.ts';

const Row = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    status: Message.shape.status,
    outcome: Outcome.nullable(),
    confidence: Confidence.nullable(),
    sources: z.array(Source),
    citations: z.array(Citation),
    nearest: z.array(Source),
    question: z.string().nullable(),
    model: z.string().nullable(),
    answerer: Message.shape.answerer,
    degraded: Message.shape.degraded,
    promptTokens: z.int().nullable(),
    completionTokens: z.int().nullable(),
    processingMs: z.int().nullable(),
    error: Message.shape.error,
    streamId: z.uuid().nullable(),
    feedback: z.enum(['up', 'down']).nullable(),
    createdAt: z.date(),
  })
  .transform(({ promptTokens, completionTokens, createdAt, ...row }): Message => {
    const counted = promptTokens !== null && completionTokens !== null;
    return {
      ...row,
      usage: counted ? { promptTokens, completionTokens } : null,
      createdAt: createdAt.toISOString(),
    };
  });

const columns = sql`
  m.id, m.conversation_id as "conversationId", m.role, m.text, m.status, m.outcome, m.confidence,
  m.sources, m.citations, m.nearest, m.question, m.model, m.answerer, m.degraded,
  m.prompt_tokens as "promptTokens", m.completion_tokens as "completionTokens",
  m.processing_ms as "processingMs", m.error, m.stream_id as "streamId",
  m.created_at as "createdAt"`;

/** The caller's own rating of a message, in a statement where `m` is the message. */
function ratingOf(principal: Principal): Sql {
  return sql`
    (select f.rating
       from docent.feedback f
      where f.org_id = ${principal.orgId}
        and f.message_id = m.id
        and f.user_id = ${principal.userId}) as feedback`;
}

/** One message of the caller's own, or null. */
export function findMessage(tx: Tx, principal: Principal, id: string): Promise<Message | null> {
  const query = sql`
    select ${columns}, ${ratingOf(principal)}
      from docent.messages m
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.id = ${id}`;
  return maybeOne(tx, Row, query);
}

/** The answer that a stream of the caller's own carries, or null. */
export function findByStream(
  tx: Tx,
  principal: Principal,
  streamId: string,
): Promise<Message | null> {
  const query = sql`
    select ${columns}, ${ratingOf(principal)}
      from docent.messages m
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.stream_id = ${streamId}`;
  return maybeOne(tx, Row, query);
}

/** Streams of the answers of a conversation that are being written, in the order of their questions. */
export async function findRunning(
  tx: Tx,
  principal: Principal,
  conversationId: string,
): Promise<string[]> {
  const query = sql`
    select m.stream_id as "streamId"
      from docent.messages m
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.conversation_id = ${conversationId}
       and m.status = 'streaming'
       and m.stream_id is not null
     order by m.id`;
  const rows = await many(tx, z.object({ streamId: z.uuid() }), query);
  return rows.map(({ streamId }) => streamId);
}

/** The question of an answer, of the conversation's last one when `answerId` is null; null: there is none. */
export function findExchange(
  tx: Tx,
  principal: Principal,
  conversationId: string,
  answerId: string | null,
): Promise<{ questionId: string; question: string } | null> {
  const query = sql`
    select q.id as "questionId", q.text as question
      from docent.messages a
      join docent.messages q
        on q.org_id = a.org_id
       and q.conversation_id = a.conversation_id
       and q.role = 'user'
       and q.id < a.id
     where a.org_id = ${principal.orgId}
       and a.user_id = ${principal.userId}
       and q.org_id = ${principal.orgId}
       and q.user_id = ${principal.userId}
       and a.conversation_id = ${conversationId}
       and a.role = 'assistant'
       and (${answerId}::uuid is null or a.id = ${answerId}::uuid)
     order by a.id desc, q.id desc
     limit 1`;
  return maybeOne(tx, z.object({ questionId: z.uuid(), question: z.string() }), query);
}

/** Deletes a message and what followed it. @returns streams of the answers among them that still run. */
export async function deleteFrom(
  tx: Tx,
  principal: Principal,
  conversationId: string,
  messageId: string,
): Promise<string[]> {
  const query = sql`
    delete from docent.messages m
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.conversation_id = ${conversationId}
       and m.id >= ${messageId}
    returning m.status, m.stream_id as "streamId"`;
  const row = z.object({ status: Message.shape.status, streamId: z.uuid().nullable() });
  const deleted = await many(tx, row, query);
  return deleted.flatMap(({ status, streamId }) =>
    status === 'streaming' && streamId !== null ? [streamId] : [],
  );
}

/** Oldest first; after the message with this id, when one is given. */
export function listMessages(
  tx: Tx,
  principal: Principal,
  conversationId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<Message[]> {
  // Ids are made in order (UUIDv7), so they order messages of the same transaction too.
  const query = sql`
    select ${columns}, ${ratingOf(principal)}
      from docent.messages m
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.conversation_id = ${conversationId}
       and (${after}::uuid is null or m.id > ${after}::uuid)
     order by m.id
     limit ${limit}`;
  return many(tx, Row, query);
}

const TurnRow = z.object({
  role: Row.in.shape.role,
  text: z.string(),
  question: z.string().nullable(),
  cited: z.array(z.string()),
  offered: z.array(z.object({ contentId: z.string(), title: z.string() })),
});

/** The last turns before now, oldest first, with what they stand on; answers that say nothing are left out. */
export async function recentTurns(
  tx: Tx,
  principal: Principal,
  conversationId: string,
  limit: number,
): Promise<PastTurn[]> {
  const query = sql`
    select m.role, m.text, m.question,
           array(
             select c ->> 'contentId'
               from jsonb_array_elements(m.citations) with ordinality u (c, place)
              where (c ->> 'supported')::boolean
              group by c ->> 'contentId'
              order by min(place)) as cited,
           case when m.outcome = 'clarify' then m.nearest else '[]' end as offered
      from docent.messages m
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.conversation_id = ${conversationId}
       and m.text <> ''
       and m.outcome is distinct from 'abstain'
     order by m.id desc
     limit ${limit}`;
  const turns = await many(tx, TurnRow, query);
  return turns.reverse();
}

export interface NewExchange {
  readonly conversationId: string;
  readonly userMessageId: string;
  readonly messageId: string;
  readonly streamId: string;
  readonly text: string;
}

/** The question, and the answer that is about to be written. */
export async function insertExchange(
  tx: Tx,
  { orgId, userId }: Principal,
  { conversationId, userMessageId, messageId, streamId, text }: NewExchange,
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.messages
        (org_id, id, conversation_id, user_id, role, text, status, stream_id)
      values
        (${orgId}, ${userMessageId}, ${conversationId}, ${userId}, 'user', ${text}, 'complete', null),
        (${orgId}, ${messageId}, ${conversationId}, ${userId}, 'assistant', '', 'streaming', ${streamId})`,
  );
}

/** An answer as it is stored when it has ended. */
export type FinishedAnswer = Pick<
  Message,
  | 'id'
  | 'text'
  | 'outcome'
  | 'confidence'
  | 'sources'
  | 'citations'
  | 'nearest'
  | 'question'
  | 'model'
  | 'answerer'
  | 'degraded'
  | 'usage'
  | 'error'
> & { readonly status: Exclude<Message['status'], 'streaming'>; readonly processingMs: number };

/** Stores how an answer ended. @returns the message, null when it was deleted meanwhile. */
export function finishAnswer(
  tx: Tx,
  principal: Principal,
  answer: FinishedAnswer,
): Promise<Message | null> {
  const query = sql`
    update docent.messages m
       set text = ${answer.text},
           status = ${answer.status},
           outcome = ${answer.outcome},
           confidence = ${jsonb(answer.confidence)}::jsonb,
           sources = ${jsonb(answer.sources)}::jsonb,
           citations = ${jsonb(answer.citations)}::jsonb,
           nearest = ${jsonb(answer.nearest)}::jsonb,
           question = ${answer.question},
           model = ${answer.model},
           answerer = ${answer.answerer},
           degraded = ${answer.degraded},
           prompt_tokens = ${answer.usage?.promptTokens ?? null},
           completion_tokens = ${answer.usage?.completionTokens ?? null},
           processing_ms = ${answer.processingMs},
           error = ${jsonb(answer.error)}::jsonb
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.id = ${answer.id}
    returning ${columns}, ${ratingOf(principal)}`;
  return maybeOne(tx, Row, query);
}

/**
 * The caller's latest answer by a chat model to this stand-alone question, if every source of it is still the
 * current version of content that is in effect and that the caller may see; else null.
 */
export function findEarlierAnswer(
  tx: Tx,
  principal: Principal,
  question: string,
): Promise<Message | null> {
  const query = sql`
    select ${columns}, ${ratingOf(principal)}
      from docent.messages m
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and md5(lower(m.question)) = md5(lower(${question}))
       and m.outcome = 'answer'
       and m.status = 'complete'
       and m.answerer = 'generative'
       and m.degraded is null
       and jsonb_array_length(m.sources) > 0
       and not exists (
             select
               from jsonb_array_elements(m.sources) s
               left join docent.content c
                 on c.org_id = ${principal.orgId}
                and c.id = (s ->> 'contentId')::uuid
              where c.current_version is distinct from (s ->> 'version')::int
                 or docent.validity(c.effective_from, c.expires_at) <> 'effective')
       and not exists (
             select
               from docent.feedback f
              where f.org_id = ${principal.orgId}
                and f.message_id = m.id
                and f.rating = 'down')
     order by m.id desc
     limit 1`;
  return maybeOne(tx, Row, query);
}

/** Marks an answer whose writer is gone; one that has ended meanwhile stays as it is. */
export function abandonAnswer(
  tx: Tx,
  principal: Principal,
  id: string,
  error: NonNullable<Message['error']>,
): Promise<Message | null> {
  const query = sql`
    update docent.messages m
       set status = 'incomplete',
           error = ${jsonb(error)}::jsonb
     where m.org_id = ${principal.orgId}
       and m.user_id = ${principal.userId}
       and m.id = ${id}
       and m.status = 'streaming'
    returning ${columns}, ${ratingOf(principal)}`;
  return maybeOne(tx, Row, query);
}

function jsonb(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
