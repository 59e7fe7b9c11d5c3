import type { Grant, NewGrant } from '@docent/contracts/directory';
import { extents, scopes } from '@docent/core/principal';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { useEvery } from '../api/every.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Failure } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { TextField } from '../ui/textField.tsx';
import { dayOf } from '../ui/words.ts';

const reach = {
  organization: 'everything',
  department: 'the own departments',
  own: 'what is their own',
};

/** Rights that a person has beyond their role. */
export function PersonGrants({ userId }: { readonly userId: string }) {
  const api = useApi();
  const path = `/v1/users/${userId}/grants`;
  const { data, error, reload } = useEvery<Grant>(path);
  const revoking = useSubmit();
  const inForce = data?.filter((grant) => grant.inForce) ?? [];
  return (
    <section class="card" aria-labelledby="grants-title">
      <h2 id="grants-title">Rights beyond the role</h2>
      {error !== undefined && <Failure error={error} retry={reload} />}
      {revoking.error !== undefined && <Failure error={revoking.error} />}
      {data === undefined && error === undefined && <Skeleton lines={2} />}
      {data !== undefined && inForce.length === 0 && <p class="muted">None.</p>}
      {inForce.length > 0 && (
        <Table
          caption="Rights beyond the role"
          hideCaption
          rows={inForce}
          rowKey={({ id }) => id}
          columns={[
            { key: 'right', label: 'Right', cell: ({ scope }) => <code>{scope}</code> },
            { key: 'extent', label: 'Reaches', cell: ({ extent }) => reach[extent] },
            { key: 'reason', label: 'Because', cell: ({ reason }) => reason ?? '–' },
            {
              key: 'end',
              label: 'Until',
              cell: ({ expiresAt }) => (expiresAt === null ? 'taken back' : dayOf(expiresAt)),
            },
            {
              key: 'revoke',
              label: 'Take back',
              cell: ({ id }) => (
                <Button
                  kind="quiet"
                  busy={revoking.busy}
                  onClick={async () => {
                    if (await revoking.run(() => api.send('DELETE', `${path}/${id}`))) reload();
                  }}
                >
                  Take back
                </Button>
              ),
            },
          ]}
        />
      )}
      <Give path={path} onGiven={reload} />
    </section>
  );
}

function Give({ path, onGiven }: { readonly path: string; readonly onGiven: () => void }) {
  const api = useApi();
  const giving = useSubmit();
  const [scope, setScope] = useState<(typeof scopes)[number]>('analytics:read');
  const [extent, setExtent] = useState<(typeof extents)[number]>('department');
  const [reason, setReason] = useState('');
  const give = async (event: Event) => {
    event.preventDefault();
    const grant: NewGrant = { scope, extent, ...(reason.trim() === '' ? {} : { reason }) };
    if (await giving.run(() => api.send('POST', path, grant))) {
      setReason('');
      onGiven();
    }
  };
  return (
    <form onSubmit={give}>
      <div class="filters">
        <Field label="Right">
          {(field) => (
            <select
              {...field}
              value={scope}
              onChange={({ currentTarget }) =>
                setScope(scopes.find((one) => one === currentTarget.value) ?? scope)
              }
            >
              {scopes.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Reaches">
          {(field) => (
            <select
              {...field}
              value={extent}
              onChange={({ currentTarget }) =>
                setExtent(extents.find((one) => one === currentTarget.value) ?? extent)
              }
            >
              {extents.map((one) => (
                <option key={one} value={one}>
                  {reach[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField label="Because" maxLength={500} value={reason} set={setReason} />
        <Button type="submit" icon="plus" busy={giving.busy}>
          Give
        </Button>
      </div>
      {giving.error !== undefined && <Failure error={giving.error} />}
    </form>
  );
}
