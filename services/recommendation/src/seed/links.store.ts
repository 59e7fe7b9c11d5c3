import { one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

/** The sample's texts cover the courses that they were written for. */
export async function linkMaterial(tx: Tx, orgId: string): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
      select ${orgId}, gen_random_uuid(), 'covers', 'content', c.id, 'course', k.id
        from docent.content c
        join docent.courses k
          on k.org_id = c.org_id and k.id::text = c.metadata ->> 'course_id'
       where c.org_id = ${orgId}
      on conflict do nothing`,
  );
}

/** Versions of content that are still being read. */
export async function countUnread(tx: Tx, orgId: string): Promise<number> {
  const { waiting } = await one(
    tx,
    z.object({ waiting: z.int() }),
    sql`
      select count(*)::int as waiting
        from docent.content_versions v
       where v.org_id = ${orgId}
         and v.state in ('queued', 'extracting', 'embedding')`,
  );
  return waiting;
}

/** Questions that people asked the assistant, and whether it could answer. */
export async function insertQuestions(
  tx: Tx,
  orgId: string,
  questions: readonly {
    readonly id: string;
    /** Of the question and of its answer. */
    readonly messageIds: readonly [string, string];
    readonly userId: string;
    readonly text: string;
    readonly answered: boolean;
    readonly askedAt: string;
  }[],
): Promise<void> {
  const json = JSON.stringify(questions);
  await run(
    tx,
    sql`
      insert into docent.conversations (org_id, id, user_id, title, created_at, updated_at)
      select ${orgId}, q.id, q."userId", q.text, q."askedAt", q."askedAt"
        from jsonb_to_recordset(${json}::jsonb) q (id uuid, "userId" uuid, text text, "askedAt" timestamptz)
      on conflict do nothing`,
  );
  await run(
    tx,
    sql`
      insert into docent.messages (org_id, id, conversation_id, user_id, role, text, status, outcome, confidence, question,
        answerer, created_at, updated_at)
      select ${orgId}, (q."messageIds" ->> m.place)::uuid, q.id, q."userId", m.role,
             case when m.role = 'user' then q.text
               when q.answered then 'See the material of the course.'
               else 'The material does not answer this.' end,
             'complete',
             case when m.role = 'assistant' then case when q.answered then 'answer' else 'abstain' end end,
             case
               when m.role = 'user' then null
               when q.answered then '{"value": 0.8, "level": "high", "outcome": "answer", "explanation": ""}'::jsonb
               else '{"value": 0.1, "level": "low", "outcome": "abstain", "explanation": ""}'::jsonb
             end,
             case when m.role = 'assistant' then q.text end,
             case when m.role = 'assistant' then 'extractive' end,
             q."askedAt" + m.place * interval '1 second', q."askedAt" + m.place * interval '1 second'
        from jsonb_to_recordset(${json}::jsonb) q (id uuid, "messageIds" jsonb, "userId" uuid, text text,
               answered boolean, "askedAt" timestamptz)
        cross join (values ('user', 0), ('assistant', 1)) m (role, place)
      on conflict do nothing`,
  );
}
