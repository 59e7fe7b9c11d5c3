import type { Budget, Usage } from '@docent/contracts/usage';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { useEvery } from '../api/every.ts';
import { useResource } from '../api/resource.ts';
import { useQuery } from '../shell/query.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Meter } from '../ui/meter.tsx';
import { MonthInput } from '../ui/monthInput.tsx';
import { Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { fileSize } from '../ui/words.ts';
import { DepartmentSelect } from './departmentSelect.tsx';
import { adminTabs } from './tabs.ts';

/** What was used in a month, beside its limits. */
export function UsagePage() {
  const [query, setQuery] = useQuery();
  const { data, error, reload } = useResource<Usage>('/v1/usage', { month: query.month });
  return (
    <Page wide title="Usage and limits" tabs={adminTabs}>
      <div class="filters">
        <Field label="Month">
          {(field) => (
            <MonthInput
              {...field}
              value={query.month || (data?.month ?? '')}
              set={(month) => setQuery({ month })}
            />
          )}
        </Field>
      </div>
      {error !== undefined && <Failure error={error} retry={reload} />}
      {data === undefined && error === undefined && <Skeleton lines={8} />}
      {data !== undefined && (
        <>
          {data.organization !== null && <Plan organization={data.organization} />}
          <Table
            caption="Tokens of departments, with those below"
            rows={data.departments}
            rowKey={({ id }) => id}
            columns={[
              { key: 'name', label: 'Department', cell: ({ name }) => name },
              {
                key: 'tokens',
                label: 'Tokens',
                numeric: true,
                cell: ({ tokens }) => tokens.toLocaleString(),
              },
              {
                key: 'limit',
                label: 'Limit',
                numeric: true,
                cell: ({ limit }) => limit?.toLocaleString() ?? 'none',
              },
            ]}
          />
          {data.people.length > 0 && (
            <Table
              caption="People who used most"
              rows={data.people}
              rowKey={({ id }) => id}
              columns={[
                { key: 'name', label: 'Name', cell: ({ name }) => name },
                {
                  key: 'tokens',
                  label: 'Tokens',
                  numeric: true,
                  cell: ({ tokens }) => tokens.toLocaleString(),
                },
                {
                  key: 'calls',
                  label: 'Calls',
                  numeric: true,
                  cell: ({ calls }) => calls.toLocaleString(),
                },
                {
                  key: 'limit',
                  label: 'Limit',
                  numeric: true,
                  cell: ({ limit }) => limit?.toLocaleString() ?? 'none',
                },
              ]}
            />
          )}
          <Budgets departments={data.departments} onChange={reload} />
        </>
      )}
    </Page>
  );
}

function Plan({ organization }: { readonly organization: NonNullable<Usage['organization']> }) {
  const rows = [
    {
      name: 'Tokens this month',
      ...organization.tokens,
      text: (value: number) => value.toLocaleString(),
    },
    { name: 'Stored files', ...organization.storageBytes, text: fileSize },
    {
      name: 'People who can sign in',
      ...organization.people,
      text: (value: number) => value.toLocaleString(),
    },
  ];
  return (
    <dl class="tiles">
      {rows.map(({ name, used, limit, text }) => (
        <div class="card" key={name}>
          <dt class="muted small">{name}</dt>
          <dd>{text(used)}</dd>
          <dd class="small">
            {limit === null || limit === 0 ? (
              <span class="muted">no limit</span>
            ) : (
              <Meter
                value={used / limit}
                label={`${name}, of the limit`}
                tone={used > limit * 0.9 ? 'warning' : 'accent'}
                text={`of ${text(limit)}`}
              />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Budgets({
  departments,
  onChange,
}: {
  readonly departments: Usage['departments'];
  readonly onChange: () => void;
}) {
  const api = useApi();
  const budgets = useEvery<Budget>('/v1/budgets');
  const saving = useSubmit();
  const [departmentId, setDepartmentId] = useState('');
  const [most, setMost] = useState('1000000');
  const changed = () => {
    budgets.reload();
    onChange();
  };
  const add = async (event: Event) => {
    event.preventDefault();
    const body = { departmentId, maxTokensPerMonth: Number(most) };
    if (await saving.run(() => api.send('POST', '/v1/budgets', body))) changed();
  };
  const names = new Map(departments.map(({ id, name }) => [id, name]));
  return (
    <section class="card" aria-labelledby="budgets-title">
      <h2 id="budgets-title">Monthly limits of tokens</h2>
      {budgets.data !== undefined && budgets.data.length > 0 && (
        <Table
          caption="Monthly limits of tokens"
          hideCaption
          rows={budgets.data}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'of',
              label: 'Of',
              cell: (budget) =>
                budget.departmentId === null
                  ? 'one person'
                  : (names.get(budget.departmentId) ?? 'a department'),
            },
            {
              key: 'most',
              label: 'At most',
              numeric: true,
              cell: ({ maxTokensPerMonth }) => maxTokensPerMonth.toLocaleString(),
            },
            {
              key: 'remove',
              label: 'Remove',
              cell: ({ id }) => (
                <Button
                  kind="quiet"
                  busy={saving.busy}
                  onClick={async () => {
                    if (await saving.run(() => api.send('DELETE', `/v1/budgets/${id}`))) changed();
                  }}
                >
                  Remove
                </Button>
              ),
            },
          ]}
        />
      )}
      <form onSubmit={add}>
        <div class="filters">
          <DepartmentSelect
            label="Department"
            none="Choose …"
            value={departmentId}
            onChange={setDepartmentId}
          />
          <Field label="Tokens a month">
            {(field) => (
              <input
                {...field}
                type="number"
                min={0}
                required
                value={most}
                onInput={({ currentTarget }) => setMost(currentTarget.value)}
              />
            )}
          </Field>
          <Button type="submit" icon="plus" busy={saving.busy} disabled={departmentId === ''}>
            Set the limit
          </Button>
        </div>
      </form>
      {saving.error !== undefined && <Failure error={saving.error} />}
    </section>
  );
}
