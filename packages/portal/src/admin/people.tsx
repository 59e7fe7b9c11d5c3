import type { NewPerson, Person } from '@docent/contracts/directoryPeople';
import { type Role, roles } from '@docent/core/principal';
import { useMemo, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useApi } from '../api/context.tsx';
import { usePages } from '../api/resource.ts';
import { useQuery } from '../shell/query.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Paged } from '../ui/list.tsx';
import { Badge } from '../ui/meter.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { SearchField } from '../ui/searchField.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { TextField } from '../ui/textField.tsx';
import { roleName } from '../ui/words.ts';
import { DepartmentSelect } from './departmentSelect.tsx';
import { adminTabs } from './tabs.ts';

/** Everybody of the organization; filters stand in the address. */
export function People() {
  const { route } = useLocation();
  const [query, setQuery] = useQuery();
  const [adding, setAdding] = useState(false);
  const { q = '', role = '', status = '', department = '' } = query;
  const list = usePages<Person>('/v1/users', { q, role, status, department, limit: 50 });
  const filter = (name: string, value: string) => setQuery({ [name]: value });
  return (
    <Page
      wide
      title="People"
      tabs={adminTabs}
      actions={
        <>
          <ButtonLink icon="upload" href="/app/admin/people/import">
            Import
          </ButtonLink>
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            Add a person
          </Button>
        </>
      }
    >
      <div class="filters">
        <SearchField
          label="Name or e-mail address"
          value={q}
          change={(words) => filter('q', words)}
        />
        <Field label="Role">
          {(field) => (
            <select
              {...field}
              value={role}
              onChange={({ currentTarget }) => filter('role', currentTarget.value)}
            >
              <option value="">Every role</option>
              {roles.map((one) => (
                <option key={one} value={one}>
                  {roleName(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <DepartmentSelect
          label="Department"
          none="Every department"
          value={department}
          onChange={(id) => filter('department', id)}
        />
        <Field label="Status">
          {(field) => (
            <select
              {...field}
              value={status}
              onChange={({ currentTarget }) => filter('status', currentTarget.value)}
            >
              <option value="">Every status</option>
              <option value="active">Active</option>
              <option value="deactivated">Deactivated</option>
            </select>
          )}
        </Field>
      </div>
      <Paged list={list} empty={<Empty title="Nobody is like that" />}>
        {(rows) => (
          <Table
            caption="People"
            hideCaption
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'name',
                label: 'Name',
                cell: ({ id, name }) => <a href={`/app/admin/people/${id}`}>{name}</a>,
              },
              { key: 'email', label: 'E-mail address', cell: ({ email }) => email ?? '–' },
              {
                key: 'role',
                label: 'Role',
                cell: (person) => (person.role === undefined ? '–' : roleName(person.role)),
              },
              {
                key: 'department',
                label: 'Department',
                cell: (person) => person.department?.name ?? '–',
              },
              {
                key: 'status',
                label: 'Status',
                cell: (person) =>
                  person.status === 'deactivated' ? (
                    <Badge tone="bad">deactivated</Badge>
                  ) : (
                    'active'
                  ),
              },
            ]}
          />
        )}
      </Paged>
      {adding && (
        <AddPerson
          onClose={() => setAdding(false)}
          onAdded={({ id }) => route(`/app/admin/people/${id}`)}
        />
      )}
    </Page>
  );
}

function AddPerson({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (person: Person) => void;
}) {
  const api = useApi();
  const adding = useSubmit();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('learner');
  const [departmentId, setDepartmentId] = useState('');
  const person: NewPerson = { name, email, role, departmentId: departmentId || null };
  // The same for a second try of the same, so that it adds the person once.
  const idempotencyKey = useMemo(() => crypto.randomUUID(), [JSON.stringify(person)]);
  const submit = async (event: Event) => {
    event.preventDefault();
    await adding.run(async () =>
      onAdded(await api.send<Person>('POST', '/v1/users', person, { idempotencyKey })),
    );
  };
  return (
    <Dialog title="Add a person" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <TextField label="Name" required value={name} set={setName} />
        <TextField label="E-mail address" kind="email" required value={email} set={setEmail} />
        <RoleSelect value={role} onChange={setRole} />
        <DepartmentSelect
          label="Department"
          none="None"
          value={departmentId}
          onChange={setDepartmentId}
        />
        {adding.error !== undefined && <Failure error={adding.error} />}
        <div class="actions">
          <Button type="submit" kind="primary" busy={adding.busy}>
            Add
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function RoleSelect({
  value,
  onChange,
}: {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) {
  return (
    <Field
      label="Role"
      hint="What they may do here. HR managers see analytics of their departments."
    >
      {(field) => (
        <select
          {...field}
          value={value}
          onChange={({ currentTarget }) => {
            const chosen = roles.find((role) => role === currentTarget.value);
            if (chosen !== undefined) onChange(chosen);
          }}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {roleName(role)}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
