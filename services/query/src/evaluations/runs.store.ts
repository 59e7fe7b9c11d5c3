import {
  CandidateSettings,
  type Evaluation,
  EvaluationFigures,
  type EvaluationStatus,
  RunSettings,
} from '@docent/contracts/evaluations';
import type { Principal } from '@docent/core/principal';
import type { Position } from '@docent/database/resource';
import { many, maybeOne, one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, timePosition } from './rows.ts';

const RunRow = z
  .object({
    id: z.uuid(),
    setId: z.uuid().nullable(),
    setName: z.string(),
    label: z.string(),
    ownerId: z.uuid(),
    status: z.enum(['queued', 'running', 'done', 'cancelled', 'failed']),
    questions: z.int(),
    asked: z.int(),
    candidate: CandidateSettings,
    // Of before it was recorded: there was no judge.
    settings: RunSettings.extend({
      citationJudge: RunSettings.shape.citationJudge.default('off'),
    }),
    algorithm: z.string(),
    chatModel: z.string().nullable(),
    reranker: z.string().nullable(),
    // Of an older version they may lack something: the run can still be read, compared and deleted.
    figures: EvaluationFigures.nullable().catch(null),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    createdAt: At,
    startedAt: At.nullable(),
    finishedAt: At.nullable(),
  })
  .transform(
    (row): Evaluation => ({ ...row, percent: Math.floor((100 * row.asked) / row.questions) }),
  );
const ListRow = z
  .object({ position: z.string(), ...RunRow.in.shape })
  .transform(({ position, ...row }) => ({
    position,
    id: row.id,
    item: { ...row, percent: Math.floor((100 * row.asked) / row.questions) },
  }));

const columns = sql`
  t.id, t.set_id as "setId", t.set_name as "setName", t.label, t.owner_id as "ownerId", t.status, t.questions,
  t.asked, t.candidate, t.settings, t.algorithm, t.chat_model as "chatModel", t.reranker, t.figures, t.error,
  t.created_at as "createdAt", t.started_at as "startedAt", t.finished_at as "finishedAt"`;

/** Whose runs the caller sees: the own, an administrator (or worker) all. */
const visibleTo = ({ userId, role }: Principal) =>
  sql`(t.owner_id = ${userId} or ${role === 'admin' || role === 'worker'})`;

export function findRun(tx: Tx, principal: Principal, id: string): Promise<Evaluation | null> {
  return maybeOne(
    tx,
    RunRow,
    sql`
      select ${columns}
        from docent.evaluations t
       where t.org_id = ${principal.orgId}
         and t.id = ${id}
         and ${visibleTo(principal)}`,
  );
}

/** The same, its row locked until the transaction ends. */
export function lockRun(tx: Tx, principal: Principal, id: string): Promise<Evaluation | null> {
  return maybeOne(
    tx,
    RunRow,
    sql`
      select ${columns}
        from docent.evaluations t
       where t.org_id = ${principal.orgId}
         and t.id = ${id}
         and ${visibleTo(principal)}
         for update of t`,
  );
}

/** Newest first. */
export function listRuns(
  tx: Tx,
  principal: Principal,
  filters: { setId?: string | undefined; status?: EvaluationStatus | undefined },
  after: Position | null,
  limit: number,
): Promise<z.output<typeof ListRow>[]> {
  const { setId = null, status = null } = filters;
  return many(
    tx,
    ListRow,
    sql`
      select ${columns}, ${timePosition(sql`t.created_at`)} as position
        from docent.evaluations t
       where t.org_id = ${principal.orgId}
         and ${visibleTo(principal)}
         and (${setId}::uuid is null or t.set_id = ${setId}::uuid)
         and (${status}::text is null or t.status = ${status})
         and (${after?.id ?? null}::uuid is null
           or (t.created_at, t.id) < (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by t.created_at desc, t.id desc
       limit ${limit}`,
  );
}

export type NewRun = Pick<
  Evaluation,
  'id' | 'label' | 'candidate' | 'settings' | 'algorithm' | 'chatModel' | 'reranker'
> & { readonly setId: string };

/**
 * A run of all confirmed questions of a set, with a copy of each.
 * @returns false: there is none.
 */
export async function insertRun(tx: Tx, principal: Principal, made: NewRun): Promise<boolean> {
  const { orgId, userId } = principal;
  const added = await run(
    tx,
    sql`
      insert into docent.evaluations (org_id, id, owner_id, set_id, set_name, label, candidate, settings,
        algorithm, chat_model, reranker, questions)
      select s.org_id, ${made.id}, ${userId}, s.id, s.name, ${made.label},
             ${JSON.stringify(made.candidate)}::jsonb, ${JSON.stringify(made.settings)}::jsonb,
             ${made.algorithm}, ${made.chatModel}, ${made.reranker}, confirmed.questions
        from docent.evaluation_sets s
        cross join lateral (
          select count(*)::int as questions
            from docent.evaluation_questions q
           where q.org_id = ${orgId}
             and q.set_id = s.id
             and q.status = 'confirmed'
        ) confirmed
       where s.org_id = ${orgId}
         and s.id = ${made.setId}
         and confirmed.questions > 0`,
  );
  if (added === 0) return false;
  await run(
    tx,
    sql`
      insert into docent.evaluation_results (org_id, evaluation_id, position, owner_id, question_id, question,
        answerable, expected_contents, expected_answers, language)
      select q.org_id, ${made.id}, row_number() over (order by q.created_at, q.id), ${userId}, q.id, q.question,
             q.answerable, q.expected_contents, q.expected_answers, q.language
        from docent.evaluation_questions q
       where q.org_id = ${orgId}
         and q.set_id = ${made.setId}
         and q.status = 'confirmed'`,
  );
  return true;
}

/** Runs of the caller that wait or run. One transaction of a person counts at a time. */
export async function countUnfinished(tx: Tx, { orgId, userId }: Principal): Promise<number> {
  await run(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('docent.evaluations:' || ${userId}::text, 0))`,
  );
  const { runs } = await one(
    tx,
    z.object({ runs: z.int() }),
    sql`
      select count(*)::int as runs
        from docent.evaluations
       where org_id = ${orgId}
         and owner_id = ${userId}
         and status in ('queued', 'running')`,
  );
  return runs;
}

/** Notes that a run is under way. Null: it ended, or is gone. */
export async function beginRun(tx: Tx, worker: Principal, id: string): Promise<Evaluation | null> {
  const begun = await run(
    tx,
    sql`
      update docent.evaluations
         set status = 'running',
             started_at = coalesce(started_at, now())
       where org_id = ${worker.orgId}
         and id = ${id}
         and status in ('queued', 'running')`,
  );
  return begun === 0 ? null : findRun(tx, worker, id);
}

/** Counts one more question that was asked. False: the run ended, or is gone. */
export async function countAsked(tx: Tx, orgId: string, id: string): Promise<boolean> {
  const counted = await run(
    tx,
    sql`
      update docent.evaluations
         set asked = asked + 1
       where org_id = ${orgId}
         and id = ${id}
         and status = 'running'`,
  );
  return counted === 1;
}

/** False: it had ended before, or is gone. */
export async function endRun(
  tx: Tx,
  orgId: string,
  id: string,
  {
    status,
    figures,
    error = null,
  }: Pick<Evaluation, 'status' | 'figures'> & { error?: Evaluation['error'] },
): Promise<boolean> {
  const ended = await run(
    tx,
    sql`
      update docent.evaluations
         set status = ${status},
             figures = ${JSON.stringify(figures)}::jsonb,
             error = ${error === null ? null : JSON.stringify(error)}::jsonb,
             finished_at = now()
       where org_id = ${orgId}
         and id = ${id}
         and status in ('queued', 'running')`,
  );
  return ended === 1;
}

/** How many contents can be found, and when the last change of one was; for a worker, who sees all of them. */
export function findMaterial(tx: Tx, orgId: string): Promise<EvaluationFigures['material']> {
  return one(
    tx,
    z.object({ contents: z.int(), changedAt: At.nullable() }),
    sql`
      select count(*)::int as contents, max(greatest(c.updated_at, v.updated_at)) as "changedAt"
        from docent.content c
        join docent.content_versions v
          on v.org_id = ${orgId}
         and v.content_id = c.id
         and v.version = c.current_version
       where c.org_id = ${orgId}
         and c.status = 'published'`,
  );
}

export function deleteRun(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.evaluations
       where org_id = ${orgId}
         and id = ${id}`,
  );
}
