import { one, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { chatEnv } from './settings.ts';

/** What an organization decides about its answers: `settings.answers`. What is absent or wrong is the service's. */
const AnswerPolicy = z
  .object({
    abstainBelow: chatEnv.ABSTAIN_BELOW.unwrap().optional().catch(undefined),
    unsupportedCitations: chatEnv.UNSUPPORTED_CITATIONS.unwrap().optional().catch(undefined),
  })
  .catch({});
export type AnswerPolicy = z.infer<typeof AnswerPolicy>;

/** The organization's own thresholds. */
export async function findAnswerPolicy(tx: Tx, orgId: string): Promise<AnswerPolicy> {
  const query = sql`
    select o.settings -> 'answers' as policy
      from docent.organizations o
     where o.org_id = ${orgId}`;
  const { policy } = await one(tx, z.object({ policy: AnswerPolicy.nullable() }), query);
  return policy ?? {};
}
