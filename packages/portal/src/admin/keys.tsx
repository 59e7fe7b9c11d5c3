import type { ApiKey, CreatedApiKey, NewApiKey } from '@docent/contracts/access';
import { scopes } from '@docent/core/principal';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { usePages } from '../api/resource.ts';
import { useQuery } from '../shell/query.ts';
import { Button } from '../ui/button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Paged } from '../ui/list.tsx';
import { Badge } from '../ui/meter.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { NumberField } from '../ui/numberField.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { TextField } from '../ui/textField.tsx';
import { dayOf, sinceOf } from '../ui/words.ts';
import { Named, usePeopleNames } from './names.tsx';
import { SecretOnce } from './secretOnce.tsx';
import { adminTabs } from './tabs.ts';

const tones = { active: 'good', expired: 'warning', revoked: 'bad' } as const;

/** Keys of services and people; a key's secret is shown once. */
export function Keys() {
  const api = useApi();
  const [query, setQuery] = useQuery();
  const status = query.status ?? 'active';
  const list = usePages<ApiKey>('/v1/api-keys', {
    status: status === 'all' ? '' : status,
    limit: 50,
  });
  const names = [
    usePeopleNames(list.items.flatMap(({ userId, createdBy }) => [userId, createdBy])),
  ];
  const [adding, setAdding] = useState(false);
  const [rotating, setRotating] = useState<ApiKey | null>(null);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  return (
    <Page
      wide
      title="API keys"
      tabs={adminTabs}
      actions={
        <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
          Make a key
        </Button>
      }
    >
      <div class="filters">
        <Field label="Status">
          {(field) => (
            <select
              {...field}
              value={status}
              onChange={({ currentTarget }) => setQuery({ status: currentTarget.value })}
            >
              <option value="active">Active</option>
              <option value="expired">Expired</option>
              <option value="revoked">Revoked</option>
              <option value="all">Every status</option>
            </select>
          )}
        </Field>
      </div>
      <Paged
        list={list}
        empty={
          <Empty title="No such keys">
            <p>Services that call Docent need one.</p>
          </Empty>
        }
      >
        {(rows) => (
          <Table
            caption="API keys"
            hideCaption
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'name',
                label: 'Name',
                cell: ({ name, prefix, lastFour }) => (
                  <>
                    {name}
                    <code class="muted key-start">
                      {prefix}…{lastFour}
                    </code>
                  </>
                ),
              },
              {
                key: 'status',
                label: 'Status',
                cell: (key) => <Badge tone={tones[key.status]}>{key.status}</Badge>,
              },
              {
                key: 'of',
                label: 'Acts for',
                cell: ({ userId, createdBy }) => (
                  <>
                    <Named id={userId} names={names} />
                    {createdBy !== null && createdBy !== userId && (
                      <p class="muted small">
                        made by <Named id={createdBy} names={names} />
                      </p>
                    )}
                  </>
                ),
              },
              {
                key: 'scopes',
                label: 'May',
                cell: (key) => (key.scopes.includes('*') ? 'everything' : key.scopes.join(', ')),
              },
              {
                key: 'used',
                label: 'Last used',
                cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : sinceOf(lastUsedAt)),
              },
              {
                key: 'expires',
                label: 'Until',
                cell: ({ expiresAt }) => (expiresAt === null ? 'no end' : dayOf(expiresAt)),
              },
              {
                key: 'actions',
                label: 'Change',
                cell: (key) =>
                  key.status === 'active' && (
                    <div class="actions">
                      <Button kind="quiet" icon="retry" onClick={() => setRotating(key)}>
                        Replace
                      </Button>
                      <Button kind="quiet" icon="close" onClick={() => setRevoking(key)}>
                        Revoke
                      </Button>
                    </div>
                  ),
              },
            ]}
          />
        )}
      </Paged>
      {adding && (
        <MakeKey
          onClose={() => {
            setAdding(false);
            list.reload();
          }}
        />
      )}
      {rotating !== null && (
        <Replace
          apiKey={rotating}
          onClose={() => {
            setRotating(null);
            list.reload();
          }}
        />
      )}
      {revoking !== null && (
        <Confirm
          title={`Revoke ${revoking.name}?`}
          action="Revoke the key"
          onClose={() => setRevoking(null)}
          onConfirm={async () => {
            await api.send('POST', `/v1/api-keys/${revoking.id}/revoke`, {});
            list.reload();
          }}
        >
          <p>Whoever uses it is turned away within seconds. It cannot be made to work again.</p>
        </Confirm>
      )}
    </Page>
  );
}

function MakeKey({ onClose }: { readonly onClose: () => void }) {
  const api = useApi();
  const making = useSubmit();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [chosen, setChosen] = useState<ReadonlySet<(typeof scopes)[number]>>(new Set());
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  if (made !== null && made.token !== null) {
    return (
      <Dialog title={`The key ${made.name}`} once onClose={onClose}>
        <SecretOnce what="The key" secret={made.token} />
      </Dialog>
    );
  }
  const make = async (event: Event) => {
    event.preventDefault();
    const body: Omit<NewApiKey, 'env'> = {
      name,
      scopes: [...chosen],
      expiresInDays: Number(days),
    };
    await making.run(async () =>
      setMade(await api.send<CreatedApiKey>('POST', '/v1/api-keys', body)),
    );
  };
  return (
    <Dialog title="Make a key" onClose={onClose}>
      <form class="stack" onSubmit={make}>
        <TextField
          label="Name"
          hint="What uses it: “LMS”, “HR portal”."
          required
          value={name}
          set={setName}
        />
        <fieldset class="checks">
          <legend>What it may do of what you may</legend>
          {scopes.map((scope) => (
            <label key={scope} class="check">
              <input
                type="checkbox"
                checked={chosen.has(scope)}
                onChange={({ currentTarget }) => {
                  const next = new Set(chosen);
                  if (currentTarget.checked) next.add(scope);
                  else next.delete(scope);
                  setChosen(next);
                }}
              />
              <code>{scope}</code>
            </label>
          ))}
        </fieldset>
        <NumberField
          label="Days until it ends"
          min={1}
          max={3650}
          required
          value={days}
          set={setDays}
        />
        {making.error !== undefined && <Failure error={making.error} />}
        <div class="actions">
          <Button type="submit" kind="primary" busy={making.busy} disabled={chosen.size === 0}>
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Replace({ apiKey, onClose }: { readonly apiKey: ApiKey; readonly onClose: () => void }) {
  const api = useApi();
  const rotating = useSubmit();
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  return (
    <Dialog title={`Replace ${apiKey.name}`} once={made !== null} onClose={onClose}>
      {made === null || made.token === null ? (
        <>
          <p>A new key with the same rights. The old one works for another day.</p>
          {rotating.error !== undefined && <Failure error={rotating.error} />}
          <div class="actions">
            <Button
              kind="primary"
              busy={rotating.busy}
              onClick={() =>
                rotating.run(async () =>
                  setMade(
                    await api.send<CreatedApiKey>('POST', `/v1/api-keys/${apiKey.id}/rotate`, {}),
                  ),
                )
              }
            >
              Make the new key
            </Button>
          </div>
        </>
      ) : (
        <SecretOnce what="The new key" secret={made.token} />
      )}
    </Dialog>
  );
}
