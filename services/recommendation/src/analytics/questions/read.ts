import type { AnalyticsBodies } from '@docent/contracts/analytics';
import { AnalyticsGroup, KnowledgeGap, Suppressed } from '@docent/contracts/analytics';
import type { Tx } from '@docent/database/sql';
import { z } from 'zod';
import { findContent, findExamples } from './read.store.ts';

const Stored = z.object({
  rows: z.array(
    z.object({
      group: AnalyticsGroup,
      questionGroupId: z.uuid(),
      value: z.union([Suppressed, KnowledgeGap]),
      contentId: z.uuid().nullable(),
      similarity: z.number().nullable(),
    }),
  ),
});

/** Published knowledge gaps with the content and the words that this caller may see. */
export async function describeKnowledgeGaps(
  tx: Tx,
  orgId: string,
  body: unknown,
): Promise<AnalyticsBodies['knowledgeGaps']> {
  const { rows } = Stored.parse(body);
  const contentIds = [...new Set(rows.flatMap(({ contentId }) => contentId ?? []))];
  const content = await findContent(tx, orgId, contentIds);
  const examples = await findExamples(tx, orgId, [
    ...new Set(rows.map(({ questionGroupId }) => questionGroupId)),
  ]);
  return {
    rows: rows.map(({ contentId, similarity, ...row }) => {
      const title = content.get(contentId ?? '');
      return {
        ...row,
        content:
          contentId === null || similarity === null || title === undefined
            ? null
            : { id: contentId, title, similarity },
        example: examples.get(row.questionGroupId) ?? null,
      };
    }),
  };
}
