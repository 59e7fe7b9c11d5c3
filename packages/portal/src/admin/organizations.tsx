import type {
  CreatedOrganization,
  NewChildOrganization,
  Organization,
} from '@docent/contracts/directoryOrganizations';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { usePages } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Paged } from '../ui/list.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { TextField } from '../ui/textField.tsx';
import { dayOf, fileSize } from '../ui/words.ts';
import { SecretOnce } from './secretOnce.tsx';
import { adminTabs } from './tabs.ts';

/** The own organization and those below it. */
export function Organizations() {
  const list = usePages<Organization>('/v1/organizations', { limit: 50 });
  const own = useMe().organization.id;
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Organization | null>(null);
  return (
    <Page
      wide
      title="Organizations"
      tabs={adminTabs}
      actions={
        <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
          Add an organization
        </Button>
      }
    >
      <p class="intro">
        An organization below this one is a tenant of its own: its people, content and figures are
        not seen from here.
      </p>
      <Paged list={list} empty={<Empty title="No organization" />}>
        {(rows) => (
          <Table
            caption="Organizations"
            hideCaption
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'name',
                label: 'Name',
                cell: ({ id, name, depth }) =>
                  `${'– '.repeat(Math.min(depth, 5))}${name}${id === own ? ' (this one)' : ''}`,
              },
              { key: 'status', label: 'Status', cell: ({ status }) => status ?? '–' },
              { key: 'limits', label: 'Limits', cell: limitsText },
              { key: 'since', label: 'Since', cell: ({ createdAt }) => dayOf(createdAt) },
              {
                key: 'change',
                label: 'Change',
                cell: (organization) => (
                  <Button kind="quiet" icon="edit" onClick={() => setRenaming(organization)}>
                    Rename
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Paged>
      {adding && (
        <Add
          onClose={() => {
            setAdding(false);
            list.reload();
          }}
        />
      )}
      {renaming !== null && (
        <Rename
          organization={renaming}
          onClose={() => setRenaming(null)}
          onSaved={() => {
            setRenaming(null);
            list.reload();
          }}
        />
      )}
    </Page>
  );
}

function limitsText({ limits }: Organization): string {
  if (limits === undefined) return '–';
  const parts = [
    limits.maxUsers === null ? null : `${limits.maxUsers.toLocaleString()} people`,
    limits.maxStorageBytes === null ? null : fileSize(limits.maxStorageBytes),
    limits.maxTokensPerMonth === null
      ? null
      : `${limits.maxTokensPerMonth.toLocaleString()} tokens a month`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function Add({ onClose }: { readonly onClose: () => void }) {
  const api = useApi();
  const adding = useSubmit();
  const [name, setName] = useState('');
  const [adminName, setAdminName] = useState('');
  const [adminEmail, setAdminEmail] = useState('');
  const [made, setMade] = useState<CreatedOrganization | null>(null);
  const add = async (event: Event) => {
    event.preventDefault();
    const body: Pick<NewChildOrganization, 'name' | 'admin'> = {
      name,
      admin: { name: adminName, email: adminEmail },
    };
    await adding.run(async () =>
      setMade(await api.send<CreatedOrganization>('POST', '/v1/organizations', body)),
    );
  };
  if (made !== null) {
    return (
      <Dialog title={`${made.organization.name} is there`} once onClose={onClose}>
        <SecretOnce
          what={`The API key of ${made.admin.name}, its first administrator`}
          secret={made.apiKey.token}
        />
      </Dialog>
    );
  }
  const text = (label: string, value: string, set: (value: string) => void) => (
    <TextField label={label} required value={value} set={set} />
  );
  return (
    <Dialog title="Add an organization" onClose={onClose}>
      <form class="stack" onSubmit={add}>
        {text('Name', name, setName)}
        {text('Name of its first administrator', adminName, setAdminName)}
        <TextField
          label="Their e-mail address"
          kind="email"
          required
          maxLength={320}
          value={adminEmail}
          set={setAdminEmail}
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

function Rename({
  organization,
  onClose,
  onSaved,
}: {
  readonly organization: Organization;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}) {
  const api = useApi();
  const saving = useSubmit();
  const [name, setName] = useState(organization.name);
  const save = async (event: Event) => {
    event.preventDefault();
    const path = `/v1/organizations/${organization.id}`;
    if (await saving.run(() => api.send('PATCH', path, { name }))) onSaved();
  };
  return (
    <Dialog title="Rename the organization" onClose={onClose}>
      <form class="stack" onSubmit={save}>
        <TextField label="Name" required value={name} set={setName} />
        {saving.error !== undefined && <Failure error={saving.error} />}
        <div class="actions">
          <Button type="submit" kind="primary" busy={saving.busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
