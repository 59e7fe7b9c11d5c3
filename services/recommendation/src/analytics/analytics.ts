import {
  type Analytics,
  type AnalyticsRange,
  type AnalyticsSettings,
  type AnalyticsTable,
  analyticsBodies,
  analyticsTables,
} from '@docent/contracts/analytics';
import { AppError, notFound } from '@docent/core/errors';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { catchUpOrganization } from '../mastery/mastery.ts';
import { oversees } from './access.ts';
import { type CsvFile, csvOf } from './csv.ts';
import { departmentName } from './groups.store.ts';
import { monthsOf } from './periods.ts';
import { publishAnalytics } from './publish.ts';
import { describeKnowledgeGaps } from './questions/read.ts';
import { findPublication, hasMorePeople, listReports } from './reports.store.ts';
import { findSettings, upsertSettings } from './settings.store.ts';

export interface AnalyticsDeps {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'send'>;
  /** Reports older than this are worked out anew in the background, minutes. */
  readonly refreshMinutes: number;
  readonly now?: (() => Date) | undefined;
}

/** What is published about groups of people: reading it, exporting it, and how it is published. */
export type AnalyticsStory = ReturnType<typeof makeAnalytics>;

export function makeAnalytics(deps: AnalyticsDeps) {
  const { database, jobs, refreshMinutes, now: clock = () => new Date() } = deps;

  return {
    /** @throws AppError `not_found` for a department that the caller does not oversee. */
    async ofDepartment(principal: Principal, id: string, range: AnalyticsRange) {
      return read(principal, { id }, range, analyticsTables);
    },

    async ofOrganization(principal: Principal, range: AnalyticsRange) {
      return read(principal, null, range, analyticsTables);
    },

    /** One table as a file for spreadsheets. */
    async export(
      principal: Principal,
      departmentId: string | null,
      table: AnalyticsTable,
      range: AnalyticsRange,
    ): Promise<CsvFile> {
      const department = departmentId === null ? null : { id: departmentId };
      const analytics = await read(principal, department, range, [table]);
      const body = analytics[table];
      if (body === null) {
        throw new AppError('forbidden', `The table ${table} is not for your role.`);
      }
      return csvOf(table, analytics, body.rows);
    },

    async settings(principal: Principal): Promise<AnalyticsSettings> {
      return database.withPrincipal(principal, (tx) => findSettings(tx, principal.orgId), {
        readOnly: true,
      });
    },

    /** In force at once: reports with smaller groups are worked out anew before they are read again. */
    async changeSettings(
      principal: Principal,
      settings: AnalyticsSettings,
    ): Promise<AnalyticsSettings> {
      await database.withPrincipal(principal, (tx) =>
        upsertSettings(tx, principal.orgId, settings),
      );
      return settings;
    },
  };

  async function read(
    principal: Principal,
    wanted: { id: string } | null,
    range: AnalyticsRange,
    parts: readonly AnalyticsTable[],
  ): Promise<Analytics> {
    const { orgId } = principal;
    const months = rangeOf(range, clock());
    if (wanted !== null && !oversees(principal, wanted.id)) throw notFound('department', wanted.id);
    const { asOf, k } = await publication(orgId);

    return database.withPrincipal(
      principal,
      async (tx) => {
        const department = wanted === null ? null : await existing(tx, orgId, wanted.id);
        const reports = await listReports(tx, orgId, wanted?.id ?? orgId, parts);
        const bodies = new Map(reports.map(({ part, body }) => [part, body]));
        const answer: Analytics = {
          department,
          asOf: asOf.toISOString(),
          k,
          ...months,
          ...nothing,
        };
        for (const part of parts) await add(tx, principal, answer, part, bodies.get(part), months);
        return answer;
      },
      { readOnly: true },
    );
  }

  /**
   * The newest reports; old ones are worked out anew in the background. The first ones of a small organization are
   * worked out now.
   *
   * @throws AppError `overloaded` while the first ones of a large organization are under way.
   */
  async function publication(orgId: string): Promise<{ asOf: Date; k: number }> {
    const worker = workerPrincipal(orgId);
    const find = () =>
      database.withPrincipal(
        worker,
        async (tx) => {
          const { minGroup } = await findSettings(tx, orgId);
          const found = await findPublication(tx, orgId);
          const large = found?.k !== minGroup && (await hasMorePeople(tx, orgId, LARGE));
          return { found: found?.k === minGroup ? found : null, large };
        },
        { readOnly: true },
      );
    const refresh = () =>
      database.withPrincipal(worker, (tx) =>
        jobs.send(tx, 'refresh-analytics', { orgId }, { singletonKey: orgId }),
      );

    let { found, large } = await find();
    if (found === null && large) {
      await refresh();
      throw new AppError(
        'overloaded',
        'The analytics of this organization are being worked out for the first time. Ask again in a minute.',
      );
    }
    if (found === null) {
      await catchUpOrganization(database, orgId);
      await publishAnalytics({ database, now: clock }, orgId);
      ({ found } = await find());
    } else if (clock().getTime() - found.computedAt.getTime() > refreshMinutes * 60_000) {
      await refresh();
    }
    if (found === null) throw new Error(`no analytics of ${orgId} after they were published`);
    return { asOf: found.computedAt, k: found.k };
  }
}

/** People of an organization whose reports take longer than somebody should wait for. */
const LARGE = 5_000;

const nothing = {
  skillGaps: null,
  completion: null,
  timeToCompetency: null,
  activity: null,
  atRisk: null,
  content: null,
  questions: null,
  recommendations: null,
  knowledgeGaps: null,
} satisfies Partial<Analytics>;

async function existing(tx: Tx, orgId: string, id: string) {
  const name = await departmentName(tx, orgId, id);
  if (name === null) throw notFound('department', id);
  return { id, name };
}

async function add(
  tx: Tx,
  { orgId }: Principal,
  answer: Analytics,
  part: AnalyticsTable,
  body: unknown,
  months: { from: string; to: string },
): Promise<void> {
  if (body === undefined) return;
  switch (part) {
    case 'knowledgeGaps':
      answer.knowledgeGaps = await describeKnowledgeGaps(tx, orgId, body);
      return;
    case 'completion':
      answer.completion = within(analyticsBodies.completion.parse(body), months);
      return;
    case 'activity':
      answer.activity = within(analyticsBodies.activity.parse(body), months);
      return;
    default:
      Object.assign(answer, { [part]: analyticsBodies[part].parse(body) });
  }
}

/** The lines whose period has a month in the range: a quarter or a year may reach beyond it. */
function within<T extends { rows: { period: string }[] }>(
  body: T,
  { from, to }: { from: string; to: string },
): T {
  const rows = body.rows.filter(({ period }) => {
    const { first, last } = monthsOf(period);
    return first <= to && last >= from;
  });
  return { ...body, rows };
}

/** @throws AppError `invalid_request` when it ends before it begins. */
function rangeOf({ from, to }: AnalyticsRange, now: Date): { from: string; to: string } {
  const last = to ?? monthOf(now);
  const [year = 0, month = 0] = last.split('-').map(Number);
  const first = from ?? monthOf(new Date(Date.UTC(year, month - 12)));
  if (first > last) {
    throw new AppError('invalid_request', `The range ends (${last}) before it begins (${first}).`);
  }
  return { from: first, to: last };
}

function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}
