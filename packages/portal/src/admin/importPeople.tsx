import type { ImportResult } from '@docent/contracts/directoryPeople';
import { useRef, useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { useKeptFocus } from '../ui/keptFocus.ts';
import { Badge } from '../ui/meter.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { counted } from '../ui/words.ts';

const tones = { created: 'good', updated: 'accent', unchanged: 'plain', refused: 'bad' } as const;
/** Rows of a result that are shown: those that something became of come first. */
const SHOWN = 200;

/** People from a file: first what would become of each row, then the import itself. */
export function ImportPeople() {
  const api = useApi();
  const [file, setFile] = useState<File | null>(null);
  const [createDepartments, setCreateDepartments] = useState(true);
  const [result, setResult] = useState<ImportResult | null>(null);
  const sending = useSubmit();
  const outcome = useRef<HTMLDivElement>(null);
  useKeptFocus(() => outcome.current, result);
  const send = (dryRun: boolean) =>
    sending.run(async () => {
      if (file === null) return;
      const type = /\.(ndjson|jsonl)$/i.test(file.name) ? 'application/x-ndjson' : 'text/csv';
      const response = await api.request('/v1/users/import', {
        method: 'POST',
        query: { dryRun, createDepartments },
        headers: { 'content-type': type },
        body: file,
      });
      setResult(await response.json());
    });
  const rows = (result?.rows ?? [])
    .toSorted((one, other) => rank(one.outcome) - rank(other.outcome))
    .slice(0, SHOWN);
  return (
    <Page
      title="Import people"
      back={{ href: '/app/admin/people', label: 'People' }}
      intro="CSV with a line of names, or NDJSON. Columns: email, name, role, status, department (Operations/Engineering), jobTitle, manager, externalId and others. What a row does not say stays as it is; the same file again changes nothing."
    >
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void send(true);
        }}
      >
        <Field label="File">
          {(field) => (
            <input
              {...field}
              type="file"
              required
              accept=".csv,.ndjson,.jsonl,text/csv"
              onChange={({ currentTarget }) => {
                setFile(currentTarget.files?.[0] ?? null);
                setResult(null);
              }}
            />
          )}
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={createDepartments}
            onChange={({ currentTarget }) => setCreateDepartments(currentTarget.checked)}
          />
          Make departments that are not there yet
        </label>
        <div class="actions">
          <Button type="submit" kind={result === null ? 'primary' : 'plain'} busy={sending.busy}>
            Look what would happen
          </Button>
          {result?.dryRun && (
            <Button kind="primary" busy={sending.busy} onClick={() => send(false)}>
              Import {counted(result.created + result.updated, 'person', 'people')}
            </Button>
          )}
        </div>
      </form>
      {sending.error !== undefined && <Failure error={sending.error} />}
      {result !== null && (
        <div class="stack" ref={outcome} tabIndex={-1}>
          <Notice tone={result.refused > 0 ? 'warning' : result.dryRun ? 'info' : 'good'}>
            {result.dryRun ? 'This would be: ' : 'Done: '}
            {result.created} new, {result.updated} changed, {result.unchanged} as they were,{' '}
            {result.refused} refused.
            {result.departmentsCreated.length > 0 &&
              ` New departments: ${result.departmentsCreated.join(', ')}.`}
          </Notice>
          <Table
            caption={
              result.rows.length > SHOWN
                ? `The first ${SHOWN} of ${result.rows.length} rows, refused ones first`
                : 'Rows, refused ones first'
            }
            rows={rows}
            rowKey={({ row }) => String(row)}
            columns={[
              {
                key: 'who',
                label: 'Person',
                cell: ({ name, email }) => name ?? email ?? 'No name',
              },
              { key: 'email', label: 'E-mail address', cell: ({ email }) => email ?? '–' },
              { key: 'line', label: 'Line of the file', numeric: true, cell: ({ line }) => line },
              {
                key: 'outcome',
                label: 'Outcome',
                cell: ({ outcome }) => <Badge tone={tones[outcome]}>{outcome}</Badge>,
              },
              { key: 'reason', label: 'Why', cell: ({ reason }) => reason ?? '–' },
            ]}
          />
        </div>
      )}
    </Page>
  );
}

function rank(outcome: keyof typeof tones): number {
  return ['refused', 'created', 'updated', 'unchanged'].indexOf(outcome);
}
