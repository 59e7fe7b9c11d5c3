import {
  type AskedQuestion,
  KeyedQuestion,
  type QuestionInput,
} from '@docent/contracts/learningAssessments';
import { many, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const KeyedRow = z
  .object({
    id: z.uuid(),
    retired: z.boolean(),
    type: z.string(),
    prompt: z.string(),
    options: z.array(z.json()),
    skillId: z.uuid().nullable(),
    difficulty: z.int(),
    weight: z.number(),
    externalUri: z.string().nullable(),
    answer: z.json(),
    explanation: z.string(),
  })
  .transform(({ options, ...question }) =>
    KeyedQuestion.parse(options.length > 0 ? { ...question, options } : question),
  );

/**
 * The questions of an assessment with their answers, in order: for those whose row-level security shows
 * answers, and for grading. Others get none.
 * @param ids only these, also retired ones; null: all.
 */
export function findKeyedQuestions(
  tx: Tx,
  orgId: string,
  assessmentId: string,
  ids: readonly string[] | null,
): Promise<KeyedQuestion[]> {
  return many(
    tx,
    KeyedRow,
    sql`
      select q.id, q.retired, q.type, q.prompt, q.options, q.skill_id as "skillId", q.difficulty, q.weight,
             q.external_uri as "externalUri", k.answer, k.explanation
        from docent.assessment_questions q
        join docent.assessment_keys k
          on k.org_id = q.org_id and k.id = q.id
       where q.org_id = ${orgId}
         and q.assessment_id = ${assessmentId}
         and (${ids}::uuid[] is null or q.id = any (${ids}::uuid[]))
       order by q.retired, q.position, q.id`,
  );
}

const AskedRow = z.object({
  id: z.uuid(),
  type: z.enum(['single', 'multiple', 'text', 'numeric']),
  prompt: z.string(),
  options: z.array(z.object({ id: z.string(), text: z.string() })),
  weight: z.number(),
});

/** What is asked, without answers, in order. */
export function findAskedQuestions(
  tx: Tx,
  orgId: string,
  assessmentId: string,
  ids: readonly string[] | null,
): Promise<AskedQuestion[]> {
  return many(
    tx,
    AskedRow,
    sql`
      select q.id, q.type, q.prompt, q.options, q.weight
        from docent.assessment_questions q
       where q.org_id = ${orgId}
         and q.assessment_id = ${assessmentId}
         and case when ${ids}::uuid[] is null then not q.retired else q.id = any (${ids}::uuid[]) end
       order by q.position, q.id`,
  );
}

/** Which of these ids are questions of another assessment. */
export async function foreignQuestions(
  tx: Tx,
  orgId: string,
  assessmentId: string,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      select q.id
        from docent.assessment_questions q
       where q.org_id = ${orgId}
         and q.id = any (${ids}::uuid[])
         and q.assessment_id <> ${assessmentId}`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Makes these the questions of an assessment, in this order. A question that is not among them goes; one
 * that was answered is retired, so that its answers keep their meaning.
 */
export async function replaceQuestions(
  tx: Tx,
  orgId: string,
  assessmentId: string,
  questions: readonly (QuestionInput & { id: string })[],
): Promise<void> {
  const rows = questions.map((question, position) => ({
    id: question.id,
    position,
    type: question.type,
    prompt: question.prompt,
    options: 'options' in question ? question.options : [],
    skill_id: question.skillId,
    difficulty: question.difficulty,
    weight: question.weight,
    external_uri: question.externalUri,
    answer: question.answer,
    explanation: question.explanation,
  }));
  const json = JSON.stringify(rows);
  const ids = questions.map(({ id }) => id);
  await run(
    tx,
    sql`
      delete from docent.assessment_questions q
       where q.org_id = ${orgId}
         and q.assessment_id = ${assessmentId}
         and q.id <> all (${ids}::uuid[])
         and not docent.question_is_used(q.org_id, q.id)`,
  );
  await run(
    tx,
    sql`
      update docent.assessment_questions q
         set retired = true, external_uri = null
       where q.org_id = ${orgId}
         and q.assessment_id = ${assessmentId}
         and q.id <> all (${ids}::uuid[])
         and not q.retired`,
  );
  await run(
    tx,
    sql`
      insert into docent.assessment_questions as q (org_id, id, assessment_id, position, type, prompt, options,
        skill_id, difficulty, weight, external_uri)
      select ${orgId}, r.id, ${assessmentId}, r.position, r.type, r.prompt, r.options, r.skill_id, r.difficulty,
             r.weight, r.external_uri
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, position int, type text, prompt text, options jsonb,
               skill_id uuid, difficulty int, weight float8, external_uri text)
      on conflict (org_id, id) do update
        set position = excluded.position,
            type = excluded.type,
            prompt = excluded.prompt,
            options = excluded.options,
            skill_id = excluded.skill_id,
            difficulty = excluded.difficulty,
            weight = excluded.weight,
            external_uri = excluded.external_uri,
            retired = false
        where q.assessment_id = excluded.assessment_id`,
  );
  await run(
    tx,
    sql`
      insert into docent.assessment_keys (org_id, id, answer, explanation)
      select ${orgId}, r.id, r.answer, r.explanation
        from jsonb_to_recordset(${json}::jsonb) r (id uuid, answer jsonb, explanation text)
      on conflict (org_id, id) do update
        set answer = excluded.answer,
            explanation = excluded.explanation`,
  );
}
