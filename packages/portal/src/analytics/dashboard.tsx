import './analytics.css';
import type { Analytics } from '@docent/contracts/analytics';
import type { Department } from '@docent/contracts/directoryDepartments';
import { useLocation } from 'preact-iso';
import { ApiProblem } from '../api/problem.ts';
import { useResource } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { NotFound } from '../shell/notFound.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Empty, Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { momentOf } from '../ui/words.ts';
import { AtRisk, TimeToCompetency } from './bySkill.tsx';
import { Courses, KnowledgeGaps, Questions, Recommendations } from './material.tsx';
import { ActivityOverTime, CompletionOverTime } from './overTime.tsx';
import { RangeFields, useRange } from './range.tsx';
import { analyticsPath } from './section.tsx';
import { SkillGaps } from './skillGaps.tsx';

/** Everything that may be told about a department, or about the organization. */
export function Dashboard({
  departmentId,
  departments,
}: {
  /** Null: the organization. */
  readonly departmentId: string | null;
  /** Those that the person may look at, to go from one to the other. */
  readonly departments: readonly Department[];
}) {
  const { role, organization } = useMe();
  const { route } = useLocation();
  const { range, change } = useRange();
  const { data, error, loading, reload } = useResource<Analytics>(analyticsPath({ departmentId }), {
    ...range,
  });
  if (error instanceof ApiProblem && [403, 404].includes(error.status)) return <NotFound />;
  const known = departments.find(({ id }) => id === departmentId)?.name;
  const name =
    departmentId === null ? organization.name : (data?.department?.name ?? known ?? 'Department');
  const shown = { from: range.from ?? data?.from ?? '', to: range.to ?? data?.to ?? '' };
  const about = { departmentId, name, range };
  const people = departmentId !== null && role !== 'trainer';
  return (
    <Page
      wide
      title={name}
      intro="What people can do, what they are learning, and what they ask and cannot find. Never about fewer than five people."
      actions={
        <>
          {people && (
            <ButtonLink icon="people" href={`/app/analytics/departments/${departmentId}/people`}>
              People
            </ButtonLink>
          )}
          <Button icon="print" onClick={() => window.print()}>
            Print
          </Button>
        </>
      }
    >
      <div class="filters">
        {departments.length > 0 && (
          <Field label="Of">
            {(field) => (
              <select
                {...field}
                value={departmentId ?? ''}
                onChange={({ currentTarget }) => route(addressOf(currentTarget.value))}
              >
                {role !== 'hr_manager' && <option value="">{organization.name}</option>}
                {departments.map(({ id, pathName }) => (
                  <option key={id} value={id}>
                    {pathName}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <RangeFields shown={shown} change={change} />
      </div>
      {error !== undefined && <Failure error={error} retry={reload} />}
      {data === undefined && loading && <Skeleton lines={18} />}
      {data !== undefined && (
        <div class="dashboard" aria-busy={loading}>
          <p class="print-only">
            {monthName(data.from)} to {monthName(data.to)}
          </p>
          {data.skillGaps && <SkillGaps rows={data.skillGaps.rows} about={about} />}
          <div class="dashboard-pair">
            {data.completion && <CompletionOverTime rows={data.completion.rows} about={about} />}
            {data.activity && <ActivityOverTime rows={data.activity.rows} about={about} />}
          </div>
          {data.timeToCompetency && (
            <TimeToCompetency rows={data.timeToCompetency.rows} about={about} />
          )}
          <div class="dashboard-pair">
            {data.atRisk && <AtRisk body={data.atRisk} about={about} />}
            {data.recommendations && <Recommendations body={data.recommendations} about={about} />}
          </div>
          {data.knowledgeGaps && <KnowledgeGaps rows={data.knowledgeGaps.rows} about={about} />}
          {data.content && <Courses rows={data.content.rows} about={about} />}
          {departmentId === null && data.questions && (
            <Questions rows={data.questions.rows} about={about} />
          )}
          {nothing(data) && (
            <Empty title="Nothing has been worked out yet">
              <p>Analytics are made in the background; look again in a few minutes.</p>
              <Button onClick={reload}>Look again</Button>
            </Empty>
          )}
          <Notice tone="info">
            <p>
              As of {momentOf(data.asOf)}. “Not shown” and hatched cells stand for groups of fewer
              than {data.k} people, and for those that would give such a group away by subtraction.
              Numbers of people are ranges; shares of small groups are rounded.
            </p>
          </Notice>
        </div>
      )}
    </Page>
  );
}

/** Where the dashboard of a department is; the organization's for `''`. */
export function addressOf(departmentId: string): string {
  return departmentId === ''
    ? '/app/analytics/organization'
    : `/app/analytics/departments/${departmentId}`;
}

function nothing({ skillGaps, completion, content, knowledgeGaps }: Analytics): boolean {
  return [skillGaps, completion, content, knowledgeGaps].every((table) => table === null);
}

/** `2026-03` as `March 2026`. */
function monthName(month: string): string {
  const first = new Date(`${month}-01T00:00:00Z`);
  return first.toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
