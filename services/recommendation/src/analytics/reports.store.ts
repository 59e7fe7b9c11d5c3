import type { AnalyticsGroup, AnalyticsTable } from '@docent/contracts/analytics';
import { many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

/** What may be shown of a department, or of the organization, in one table. */
export interface Report {
  /** Id of the department or of the organization. */
  readonly nodeId: string;
  readonly departmentId: string | null;
  readonly body: object;
}

/** Reports that travel to the database at a time. */
const BATCH = 50;

/** One publication at a time; the second one waits. */
export async function lockReports(tx: Tx, orgId: string): Promise<void> {
  await tx.query(
    sql`select pg_advisory_xact_lock(hashtextextended('docent.analytics_reports:' || ${orgId}::text, 0))`,
  );
}

/** A large organization takes minutes: more than a request may. Ends with the transaction. */
export async function allowMinutes(tx: Tx): Promise<void> {
  await tx.query(sql`set local statement_timeout = '10min'`);
}

/** The organization has more people than that. */
export async function hasMorePeople(tx: Tx, orgId: string, people: number): Promise<boolean> {
  const rows = await many(
    tx,
    z.object({ one: z.int() }),
    sql`
      select 1 as one
        from docent.users
       where org_id = ${orgId}
      offset ${people}
       limit 1`,
  );
  return rows.length > 0;
}

/** When the organization's reports were worked out, and with which smallest group; null: never. */
export function findPublication(
  tx: Tx,
  orgId: string,
): Promise<{ computedAt: Date; k: number } | null> {
  return maybeOne(
    tx,
    z.object({ computedAt: z.date(), k: z.int() }),
    sql`
      select computed_at as "computedAt", min_group as k
        from docent.analytics_reports
       where org_id = ${orgId}
         and node_id = ${orgId}
         and part = 'completion'`,
  );
}

/** The body is checked by whoever knows the table. */
const ReportRow = z.object({ part: z.string(), body: z.unknown() });

/** The reports of a department or of the organization that the caller may see. */
export function listReports(
  tx: Tx,
  orgId: string,
  nodeId: string,
  parts: readonly AnalyticsTable[],
): Promise<z.output<typeof ReportRow>[]> {
  return many(
    tx,
    ReportRow,
    sql`
      select part, body
        from docent.analytics_reports
       where org_id = ${orgId}
         and node_id = ${nodeId}
         and part = any (${parts}::text[])`,
  );
}

/** Puts these in place of all reports of a table; those of departments that are gone go with them. */
export async function replaceReports(
  tx: Tx,
  { orgId, part, k, now }: { orgId: string; part: AnalyticsTable; k: number; now: Date },
  reports: readonly Report[],
): Promise<void> {
  await run(
    tx,
    sql`
      delete from docent.analytics_reports
       where org_id = ${orgId}
         and part = ${part}`,
  );
  for (let start = 0; start < reports.length; start += BATCH) {
    const batch = reports.slice(start, start + BATCH);
    await run(
      tx,
      sql`
        insert into docent.analytics_reports
          (org_id, node_id, part, department_id, min_group, body, computed_at)
        select ${orgId}, r.node_id, ${part}, r.department_id, ${k}, r.body::jsonb, ${now}::timestamptz
          from unnest(
            ${batch.map(({ nodeId }) => nodeId)}::uuid[],
            ${batch.map(({ departmentId }) => departmentId)}::uuid[],
            ${batch.map(({ body }) => JSON.stringify(body))}::text[]) r (node_id, department_id, body)`,
    );
  }
}

/** What names a line among those of its table, in the database and here. */
function lineKey(slice: string, { kind, departmentId, name }: AnalyticsGroup, period: string) {
  return JSON.stringify([slice, kind, departmentId, kind === 'job_title' ? name : null, period]);
}

const LineRow = z.object({
  slice: z.string(),
  kind: z.enum(['organization', 'department', 'own', 'job_title']),
  departmentId: z.uuid().nullable(),
  name: z.string().nullable(),
  period: z.string(),
});

/** Which lines of a table the reports that are there now show; everything when there are none. */
export async function findShownBefore(
  tx: Tx,
  orgId: string,
  part: AnalyticsTable,
): Promise<(slice: string, group: AnalyticsGroup, period: string) => boolean> {
  const rows = await many(
    tx,
    LineRow,
    sql`
      select distinct coalesce(line->'skill'->>'id', line->'course'->>'id', line->>'questionGroupId',
               (line->>'by') || ' ' || (line->>'key'), '') as slice,
             line->'group'->>'kind' as kind, line->'group'->>'departmentId' as "departmentId",
             line->'group'->>'name' as name, coalesce(line->>'period', 'now') as period
        from docent.analytics_reports r
        cross join lateral jsonb_array_elements(r.body->'rows') line
       where r.org_id = ${orgId}
         and r.part = ${part}
         and line->'group' is not null
         and not coalesce((line->'value'->>'suppressed')::boolean, false)`,
  );
  if (rows.length === 0) return () => true;
  const shown = new Set(
    rows.flatMap((row) => wholesOf(row.period).map((period) => lineKey(row.slice, row, period))),
  );
  return (slice, group, period) => shown.has(lineKey(slice, group, period));
}

/** A period and those it is a part of: what is split was shown as a whole. */
function wholesOf(period: string): string[] {
  const [year = '', part = ''] = period.split('-');
  if (!/^[0-9]{2}$/.test(part)) return [period, year];
  return [period, `${year}-Q${Math.ceil(Number(part) / 3)}`, year];
}
