import type { SecurityEvent, SecurityEventKind } from '@docent/contracts/access';
import { usePages } from '../api/resource.ts';
import { useQuery } from '../shell/query.ts';
import { Field } from '../ui/field.tsx';
import { Paged } from '../ui/list.tsx';
import { Empty } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import { momentOf } from '../ui/words.ts';
import { adminTabs } from './tabs.ts';

/** Not read from the contracts at run time: those would bring their validation along. */
const kinds: Record<SecurityEventKind, string> = {
  sign_in_failed: 'Sign-in failed',
  sign_in_refused: 'Sign-in refused',
  revoked_key_used: 'Revoked key used',
  expired_key_used: 'Expired key used',
  locked_out: 'Locked out',
  cross_organization_denied: 'Reached for another organization',
  limit_exceeded: 'Limit exceeded',
};

/** Failed sign-ins, lock-outs and the like. */
export function SecurityEvents() {
  const [query, setQuery] = useQuery();
  const { kind = '' } = query;
  const list = usePages<SecurityEvent>('/v1/security-events', { kind, limit: 50 });
  return (
    <Page wide title="Security events" tabs={adminTabs}>
      <div class="filters">
        <Field label="What happened">
          {(field) => (
            <select
              {...field}
              value={kind}
              onChange={({ currentTarget }) => setQuery({ kind: currentTarget.value })}
            >
              <option value="">Everything</option>
              {Object.entries(kinds).map(([one, name]) => (
                <option key={one} value={one}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Paged list={list} empty={<Empty title="Nothing has happened" />}>
        {(rows) => (
          <Table
            caption="Security events"
            hideCaption
            rows={rows}
            rowKey={({ id }) => id}
            columns={[
              {
                key: 'kind',
                label: 'What',
                cell: (event) =>
                  `${kinds[event.kind]}${event.count > 1 ? ` (${event.count} times)` : ''}`,
              },
              { key: 'at', label: 'When', cell: ({ at }) => momentOf(at) },
              { key: 'ip', label: 'From', cell: ({ ip }) => ip },
              { key: 'key', label: 'Key', cell: ({ apiKeyId }) => apiKeyId ?? '–' },
              {
                key: 'agent',
                label: 'Program',
                cell: ({ userAgent }) => userAgent.slice(0, 80) || '–',
              },
            ]}
          />
        )}
      </Paged>
    </Page>
  );
}
