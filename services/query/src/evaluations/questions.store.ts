import {
  type EvaluationQuestion,
  ExpectedContent,
  type NewEvaluationQuestion,
  QuestionOrigin,
  QuestionStatus,
} from '@docent/contracts/evaluationSets';
import type { Principal } from '@docent/core/principal';
import { type ResourceStore, ROW_LOCK } from '@docent/database/resource';
import { emptySql, many, maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, patternsOf, timePosition } from './rows.ts';

const QuestionRow = z.object({
  id: z.uuid(),
  setId: z.uuid(),
  question: z.string(),
  answerable: z.boolean(),
  expectedContents: z.array(ExpectedContent),
  expectedAnswers: z.array(z.string()),
  language: z.string().nullable(),
  note: z.string(),
  origin: QuestionOrigin,
  status: QuestionStatus,
  decidedBy: z.uuid().nullable(),
  decidedAt: At.nullable(),
  createdBy: z.uuid().nullable(),
  createdAt: At,
  updatedAt: At,
});
const ListRow = z
  .object({ position: z.string(), ...QuestionRow.shape })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

const columns = sql`
  t.id, t.set_id as "setId", t.question, t.answerable, t.expected_contents as "expectedContents",
  t.expected_answers as "expectedAnswers", t.language, t.note, t.origin, t.status, t.decided_by as "decidedBy",
  t.decided_at as "decidedAt", t.created_by as "createdBy", t.created_at as "createdAt",
  t.updated_at as "updatedAt"`;

/** All that can be said about a question. */
export interface QuestionValues extends NewEvaluationQuestion {
  readonly setId: string;
  readonly origin: QuestionOrigin;
  /** What it was made of, so that it is not made again. */
  readonly originId?: string | null;
  readonly status: QuestionStatus;
  readonly decidedBy: string | null;
}

export interface QuestionFilters {
  readonly setId: string;
  readonly status?: QuestionStatus | undefined;
  readonly origin?: QuestionOrigin | undefined;
  readonly q?: string | undefined;
}

export const questionStore: ResourceStore<EvaluationQuestion, QuestionValues, QuestionFilters> = {
  find: findQuestion,
  lock: (tx, orgId, id) => findQuestion(tx, orgId, id, ROW_LOCK),

  list: (tx, orgId, { setId, status = null, origin = null, q }, after, limit) => {
    const patterns = patternsOf(q);
    return many(
      tx,
      ListRow,
      sql`
        select ${columns}, ${timePosition(sql`t.created_at`)} as position
          from docent.evaluation_questions t
         where t.org_id = ${orgId}
           and t.set_id = ${setId}
           and (${status}::text is null or t.status = ${status})
           and (${origin}::text is null or t.origin = ${origin})
           and (${patterns}::text[] is null or t.question ilike all (${patterns}::text[]))
           and (${after?.id ?? null}::uuid is null
             or (t.created_at, t.id) > (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
         order by t.created_at, t.id
         limit ${limit}`,
    );
  },

  async insert(tx, principal, id, values) {
    await run(tx, insertion(principal, id, values));
  },

  async update(tx, orgId, id, values) {
    const { question, answerable, expectedContents, expectedAnswers, language, note } = values;
    await run(
      tx,
      sql`
        update docent.evaluation_questions
           set question = ${question},
               answerable = ${answerable},
               expected_contents = ${JSON.stringify(expectedContents)}::jsonb,
               expected_answers = ${expectedAnswers}::text[],
               language = ${language},
               note = ${note},
               status = ${values.status},
               decided_at = case when status = ${values.status} then decided_at else now() end,
               decided_by = ${values.decidedBy}
         where org_id = ${orgId}
           and id = ${id}`,
    );
  },

  remove: (tx, orgId, id) =>
    run(
      tx,
      sql`
        delete from docent.evaluation_questions
         where org_id = ${orgId}
           and id = ${id}`,
    ),
};

function findQuestion(tx: Tx, orgId: string, id: string, lock = emptySql) {
  return maybeOne(
    tx,
    QuestionRow,
    sql`
      select ${columns}
        from docent.evaluation_questions t
       where t.org_id = ${orgId}
         and t.id = ${id}
       ${lock}`,
  );
}

function insertion({ orgId, userId }: Principal, id: string, values: QuestionValues) {
  const { question, answerable, expectedContents, expectedAnswers, language, note } = values;
  return sql`
    insert into docent.evaluation_questions (org_id, id, set_id, question, answerable, expected_contents,
      expected_answers, language, note, origin, origin_id, status, created_by)
    values (${orgId}, ${id}, ${values.setId}, ${question}, ${answerable},
      ${JSON.stringify(expectedContents)}::jsonb, ${expectedAnswers}::text[], ${language}, ${note},
      ${values.origin}, ${values.originId ?? null}, ${values.status}, ${userId})`;
}

/** False: the set has this question, or one of the same origin, whatever became of it. */
export async function insertUnknown(
  tx: Tx,
  principal: Principal,
  id: string,
  values: QuestionValues,
): Promise<boolean> {
  return (await run(tx, sql`${insertion(principal, id, values)} on conflict do nothing`)) === 1;
}

/** The set's row, locked so that its number of questions stands still; how many it has, or null. */
export async function lockSet(tx: Tx, orgId: string, setId: string): Promise<number | null> {
  const found = await maybeOne(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select id
        from docent.evaluation_sets
       where org_id = ${orgId}
         and id = ${setId}
         for update`,
  );
  if (found === null) return null;
  const { questions } = await one(
    tx,
    z.object({ questions: z.int() }),
    sql`
      select count(*)::int as questions
        from docent.evaluation_questions
       where org_id = ${orgId}
         and set_id = ${setId}`,
  );
  return questions;
}

/** The question of a set with this text, without regard to case. */
export function findByText(
  tx: Tx,
  orgId: string,
  setId: string,
  question: string,
): Promise<EvaluationQuestion | null> {
  return maybeOne(
    tx,
    QuestionRow,
    sql`
      select ${columns}
        from docent.evaluation_questions t
       where t.org_id = ${orgId}
         and t.set_id = ${setId}
         and md5(lower(t.question)) = md5(lower(${question}))`,
  );
}

/** How many of these questions of the set were decided; those that are so already count. */
export function decideQuestions(
  tx: Tx,
  { orgId, userId }: Principal,
  setId: string,
  { questionIds, status }: { questionIds: readonly string[]; status: 'confirmed' | 'rejected' },
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.evaluation_questions
         set status = ${status},
             decided_by = ${userId},
             decided_at = now()
       where org_id = ${orgId}
         and set_id = ${setId}
         and id = any (${questionIds}::uuid[])`,
  );
}

/** Which of these contents the caller may see. */
export async function findVisible(
  tx: Tx,
  orgId: string,
  contentIds: readonly string[],
): Promise<Set<string>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select id
        from docent.content
       where org_id = ${orgId}
         and id = any (${contentIds}::uuid[])`,
  );
  return new Set(rows.map(({ id }) => id));
}
