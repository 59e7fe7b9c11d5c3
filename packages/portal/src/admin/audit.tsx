import type { AuditEntry } from '@docent/contracts/audit';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { usePages } from '../api/resource.ts';
import { useQuery } from '../shell/query.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Paged } from '../ui/list.tsx';
import { Empty, Failure } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { momentOf } from '../ui/words.ts';
import { ByWhom } from './byWhom.tsx';
import { Named, type Names, nameOf, useKeyAndDepartmentNames, usePeopleNames } from './names.tsx';
import { adminTabs } from './tabs.ts';

const kinds = [
  'user',
  'department',
  'organization',
  'api_key',
  'grant',
  'issuer',
  'content',
  'skill',
  'course',
  'assessment',
];

/** Who changed what; filters stand in the address. */
export function Audit() {
  const api = useApi();
  const [query, setQuery] = useQuery();
  const { action = '', targetKind = '', actor = '', from = '', to = '' } = query;
  const asked = { action, targetKind, actor, from: dayStart(from), to: dayStart(to, 1) };
  const list = usePages<AuditEntry>('/v1/audit', { ...asked, limit: 50 });
  const people = usePeopleNames([
    actorId(actor),
    ...list.items.flatMap((entry) => [actorId(entry.actor), entry.targetId]),
  ]);
  const names = [people, useKeyAndDepartmentNames()];
  const exporting = useSubmit();
  const filter = (name: string, value: string) => setQuery({ [name]: value.trim() });
  const text = (label: string, name: string, value: string) => (
    <Field label={label}>
      {(field) => (
        <input
          {...field}
          value={value}
          onChange={({ currentTarget }) => filter(name, currentTarget.value)}
        />
      )}
    </Field>
  );
  const day = (label: string, name: string, value: string) => (
    <Field label={label}>
      {(field) => (
        <input
          {...field}
          type="date"
          value={value}
          onChange={({ currentTarget }) => filter(name, currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <Page
      wide
      title="Audit log"
      tabs={adminTabs}
      actions={
        <Button
          icon="download"
          busy={exporting.busy}
          onClick={() =>
            exporting.run(() => api.download('/v1/audit/export', 'audit.ndjson', { query: asked }))
          }
        >
          Export
        </Button>
      }
    >
      <div class="filters">
        <Field label="Of">
          {(field) => (
            <>
              <input
                {...field}
                list="audit-kinds"
                value={targetKind}
                placeholder="Everything"
                onChange={({ currentTarget }) => filter('targetKind', currentTarget.value)}
              />
              <datalist id="audit-kinds">
                {kinds.map((kind) => (
                  <option key={kind} value={kind} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        {text('Action', 'action', action)}
        <ByWhom actor={actor} names={names} choose={(chosen) => filter('actor', chosen)} />
        {day('From', 'from', from)}
        {day('To', 'to', to)}
      </div>
      <p class="hint">
        Actions are named like <code>user.updated</code>. Who did it is found by name, or by an id
        like <code>user:…</code>, <code>key:…</code> and <code>system:worker</code>.
      </p>
      {exporting.error !== undefined && <Failure error={exporting.error} />}
      <Paged list={list} empty={<Empty title="Nothing like that has been done" />}>
        {(rows) => (
          <ul class="entries">
            {rows.map((entry) => (
              <Entry key={entry.seq} entry={entry} names={names} />
            ))}
          </ul>
        )}
      </Paged>
    </Page>
  );
}

function Entry({ entry, names }: { readonly entry: AuditEntry; readonly names: readonly Names[] }) {
  const [open, setOpen] = useState(false);
  const changes = Object.entries(entry.changes);
  return (
    <li>
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <strong>{entry.action}</strong>{' '}
          {nameOf(entry.targetId, names) ?? <code>{entry.targetId}</code>}{' '}
          <span class="muted small">
            #{entry.seq} · {momentOf(entry.at)} ·{' '}
            {nameOf(actorId(entry.actor), names) ?? entry.actor}
          </span>
        </summary>
        {open && (
          <div class="entry">
            <p>
              By <Named id={actorId(entry.actor)} names={names} />, about{' '}
              <Named id={entry.targetId} names={names} />
            </p>
            {changes.length > 0 && (
              <dl>
                {changes.map(([name, change]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                      {'old' in change && <del>{shown(change.old)}</del>}{' '}
                      {'new' in change && <ins>{shown(change.new)}</ins>}
                    </dd>
                  </div>
                ))}
              </dl>
            )}
            {Object.keys(entry.details).length > 0 && (
              <pre>{JSON.stringify(entry.details, null, 2)}</pre>
            )}
            <p class="muted small">
              {[entry.ip, entry.userAgent, entry.requestId && `request ${entry.requestId}`]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <p class="muted small">
              Hash <code>{entry.hash}</code>
            </p>
          </div>
        )}
      </details>
    </li>
  );
}

/** `user:<id>` without its kind. */
function actorId(actor: string): string {
  return actor.slice(actor.indexOf(':') + 1);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Midnight here of a day `2026-03-01`, with an offset in days; nothing for nothing. */
function dayStart(day: string, offset = 0): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return '';
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + offset);
  return date.toISOString();
}
