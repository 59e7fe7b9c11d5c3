import type { AnalyticsBodies, AnalyticsGroup, AnalyticsTable } from '@docent/contracts/analytics';
import type { Tx } from '@docent/database/sql';
import type { Group } from '../groups.ts';

/** What a table is made from. */
export interface TableContext {
  readonly tx: Tx;
  readonly orgId: string;
  readonly tree: Group;
  /** Fewest people of a group that is shown. */
  readonly k: number;
  readonly now: Date;
  /** Whether the publication before showed a line of this table. */
  readonly shownBefore: (slice: string, group: AnalyticsGroup, period: string) => boolean;
}

/** As published: content and words of knowledge gaps are added when somebody reads them. */
export type StoredBodies = {
  [T in AnalyticsTable]: T extends 'knowledgeGaps' ? KnowledgeGapsBody : AnalyticsBodies[T];
};

export interface KnowledgeGapsBody {
  rows: (Omit<AnalyticsBodies['knowledgeGaps']['rows'][number], 'content' | 'example'> & {
    contentId: string | null;
    similarity: number | null;
  })[];
}

/** Reads what a table counts, and gives the report of a group: nothing in it that may not be shown. */
export type Table<T extends AnalyticsTable> = (
  context: TableContext,
) => Promise<(group: Group) => StoredBodies[T]>;
