import './analytics.css';
import type { AtRiskPerson, UserAnalytics } from '@docent/contracts/analytics';
import type { Person } from '@docent/contracts/directoryPeople';
import { useState } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import { usePages, useResource } from '../api/resource.ts';
import { NotFound } from '../shell/notFound.tsx';
import { useQuery } from '../shell/query.ts';
import { Paged } from '../ui/list.tsx';
import { Meter } from '../ui/meter.tsx';
import { Empty, Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { SearchField } from '../ui/searchField.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Table } from '../ui/table.tsx';
import { percent } from '../ui/words.ts';

/** The people of a department, and who is at risk where the organization lets that be read. */
export function DepartmentPeople({ id = '' }: { readonly id?: string }) {
  const [{ q = '' }, setQuery] = useQuery();
  const people = usePages<Person>('/v1/users', { department: id, q, limit: 50 });
  const settings = useResource<{ atRiskList: boolean }>('/v1/analytics/settings');
  return (
    <Page
      title="People"
      back={{ href: `/app/analytics/departments/${id}`, label: 'Department' }}
      intro="What one person sees about themselves, their managers can see, too."
    >
      {settings.data?.atRiskList && <PeopleAtRisk departmentId={id} />}
      <div class="filters">
        <SearchField label="Name" value={q} change={(words) => setQuery({ q: words })} />
      </div>
      <Paged
        list={people}
        empty={
          <Empty title={q === '' ? 'Nobody belongs to this department' : 'Nobody by this name'} />
        }
      >
        {(rows) => (
          <Table
            caption="People of the department"
            hideCaption
            rows={rows}
            rowKey={(person) => person.id}
            columns={[
              {
                key: 'name',
                label: 'Name',
                cell: (person) => <a href={`/app/analytics/people/${person.id}`}>{person.name}</a>,
              },
              { key: 'job', label: 'Job', cell: ({ jobTitle }) => jobTitle ?? '–' },
            ]}
          />
        )}
      </Paged>
    </Page>
  );
}

function PeopleAtRisk({ departmentId }: { readonly departmentId: string }) {
  const [asked, setAsked] = useState(false);
  const list = useResource<{ items: readonly AtRiskPerson[] }>(
    asked ? `/v1/analytics/departments/${departmentId}/at-risk` : null,
  );
  return (
    <details class="card" onToggle={({ currentTarget }) => setAsked(currentTarget.open)}>
      <summary>Who may not complete a course (that you look is put on record)</summary>
      {list.error !== undefined && <Failure error={list.error} retry={list.reload} />}
      {asked && list.data === undefined && list.loading && <Skeleton />}
      {list.data?.items.length === 0 && <p>Nobody.</p>}
      {list.data !== undefined && list.data.items.length > 0 && (
        <Table
          caption="People at risk"
          hideCaption
          rows={list.data.items}
          rowKey={({ userId, course }) => `${userId} ${course.id}`}
          columns={[
            { key: 'name', label: 'Name', cell: ({ name }) => name },
            { key: 'course', label: 'Course', cell: ({ course }) => course.title },
            {
              key: 'risk',
              label: 'Risk',
              cell: ({ probability }) =>
                probability === null ? 'by the rule' : percent(probability),
            },
          ]}
        />
      )}
    </details>
  );
}

/** Learning of one person. */
export function PersonAnalytics({ id = '' }: { readonly id?: string }) {
  const person = useResource<Person>(`/v1/users/${id}`);
  const { data, error, reload } = useResource<UserAnalytics>(`/v1/analytics/users/${id}`);
  const name = person.data?.name ?? 'One person';
  const failure = error ?? person.error;
  // Nobody, or somebody of another department: the two look alike.
  if (failure instanceof ApiProblem && failure.status === 404) return <NotFound />;
  const department = person.data?.department;
  return (
    <Page
      title={name}
      intro={person.data?.jobTitle ?? undefined}
      {...(department
        ? {
            back: {
              href: `/app/analytics/departments/${department.id}/people`,
              label: `People of ${department.name}`,
            },
          }
        : {})}
    >
      {failure !== undefined && <Failure error={failure} retry={reload} />}
      {data === undefined && failure === undefined && <Skeleton lines={8} />}
      {data !== undefined && (
        <>
          <dl class="tiles">
            <Tile
              name="Courses completed"
              value={`${data.completedCourses} of ${data.totalCourses}`}
            />
            {data.totalSkills > 0 && (
              <Tile name="Skills with evidence" value={data.totalSkills.toLocaleString()} />
            )}
            <Tile
              name="Courses and skills with progress, last 7 days"
              value={data.recentActivity.recentProgress.toLocaleString()}
            />
            <Tile
              name="From start to completion, last 30 days"
              value={
                data.learningVelocity === null
                  ? 'nothing completed'
                  : lengthOf(data.learningVelocity)
              }
            />
          </dl>
          <div class="card">
            <h2>Progress of everything begun</h2>
            <Meter value={data.totalProgress / 100} label="Mean progress" />
          </div>
          {Object.keys(data.skillDistribution).length > 0 && (
            <Table
              caption="Skills by category"
              rows={Object.entries(data.skillDistribution)}
              rowKey={([category]) => category}
              columns={[
                { key: 'category', label: 'Category', cell: ([category]) => category },
                { key: 'count', label: 'Skills', numeric: true, cell: ([, count]) => count },
              ]}
            />
          )}
        </>
      )}
      <Notice tone="info">The person sees the same, and more, under “My learning”.</Notice>
    </Page>
  );
}

/** Mean hours from start to completion: after two days nobody counts in hours. */
function lengthOf(hours: number): string {
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}

function Tile({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div class="card">
      <dt class="muted small">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
