import { EvaluationResult } from '@docent/contracts/evaluations';
import { many, run, sql, type Tx } from '@docent/database/sql';
import type { z } from 'zod';
import type { Asked } from './ask.ts';

const columns = sql`
  r.position, r.question_id as "questionId", r.question, r.answerable, r.expected_contents as "expectedContents",
  r.expected_answers as "expectedAnswers", r.language, r.status, r.outcome, r.answer, r.citations, r.confidence,
  r.probability, r.first_rank as "firstRank", r.ndcg, r.recall, r.reciprocal_rank as "reciprocalRank",
  r.contained, r.cited_expected as "citedExpected", r.abstention_right as "abstentionRight", r.support, r.passed,
  r.ms, r.embedding_model as "embeddingModel", r.tokens, r.error`;

/** Results of a run in the order of its questions. */
export function listResults(
  tx: Tx,
  orgId: string,
  evaluationId: string,
  {
    after,
    limit,
    failed,
    positions,
  }: {
    /** The position of the last one seen; 0 for none. */
    after: number;
    limit: number;
    /** Only those that did not pass, or could not be asked. */
    failed: boolean;
    /** Only these; null: any. */
    positions: readonly number[] | null;
  },
): Promise<EvaluationResult[]> {
  return many(
    tx,
    EvaluationResult,
    sql`
      select ${columns}
        from docent.evaluation_results r
       where r.org_id = ${orgId}
         and r.evaluation_id = ${evaluationId}
         and r.position > ${after}
         and (not ${failed}::boolean or r.passed is false or r.status = 'failed')
         and (${positions}::int[] is null or r.position = any (${positions}::int[]))
       order by r.position
       limit ${limit}`,
  );
}

const MeasuredRow = EvaluationResult.omit({
  expectedContents: true,
  expectedAnswers: true,
  language: true,
  answer: true,
  citations: true,
  error: true,
});
export type MeasuredResult = z.infer<typeof MeasuredRow>;

/** All results of a run, without their texts. */
export function listMeasured(
  tx: Tx,
  orgId: string,
  evaluationId: string,
): Promise<MeasuredResult[]> {
  return many(
    tx,
    MeasuredRow,
    sql`
      select r.position, r.question_id as "questionId", r.question, r.answerable, r.status, r.outcome, r.confidence,
             r.probability, r.first_rank as "firstRank", r.ndcg, r.recall,
             r.reciprocal_rank as "reciprocalRank", r.contained, r.cited_expected as "citedExpected",
             r.abstention_right as "abstentionRight", r.support, r.passed, r.ms,
             r.embedding_model as "embeddingModel", r.tokens
        from docent.evaluation_results r
       where r.org_id = ${orgId}
         and r.evaluation_id = ${evaluationId}
       order by r.position`,
  );
}

const WaitingRow = EvaluationResult.pick({
  position: true,
  question: true,
  answerable: true,
  expectedContents: true,
  expectedAnswers: true,
});

/** The next questions of a run that were not asked yet. */
export function listWaiting(
  tx: Tx,
  orgId: string,
  evaluationId: string,
  limit: number,
): Promise<z.infer<typeof WaitingRow>[]> {
  return many(
    tx,
    WaitingRow,
    sql`
      select r.position, r.question, r.answerable, r.expected_contents as "expectedContents",
             r.expected_answers as "expectedAnswers"
        from docent.evaluation_results r
       where r.org_id = ${orgId}
         and r.evaluation_id = ${evaluationId}
         and r.status = 'waiting'
       order by r.position
       limit ${limit}`,
  );
}

/** Stores what came of a question. False: it was asked already, or its run is gone. */
export async function storeResult(
  tx: Tx,
  orgId: string,
  evaluationId: string,
  position: number,
  asked: Asked,
): Promise<boolean> {
  const stored = await run(
    tx,
    sql`
      update docent.evaluation_results
         set status = ${asked.status},
             outcome = ${asked.outcome},
             answer = ${asked.answer},
             citations = ${JSON.stringify(asked.citations)}::jsonb,
             confidence = ${asked.confidence},
             probability = ${asked.probability},
             first_rank = ${asked.firstRank},
             ndcg = ${asked.ndcg},
             recall = ${asked.recall},
             reciprocal_rank = ${asked.reciprocalRank},
             contained = ${asked.contained},
             cited_expected = ${asked.citedExpected},
             abstention_right = ${asked.abstentionRight},
             support = ${asked.support},
             passed = ${asked.passed},
             ms = ${JSON.stringify(asked.ms)}::jsonb,
             embedding_model = ${asked.embeddingModel},
             tokens = ${asked.tokens},
             error = ${asked.error === null ? null : JSON.stringify(asked.error)}::jsonb,
             finished_at = now()
       where org_id = ${orgId}
         and evaluation_id = ${evaluationId}
         and position = ${position}
         and status = 'waiting'`,
  );
  return stored === 1;
}
