import type { ImportResult } from '@docent/contracts/learningImport';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Failure, Notice } from '../ui/notice.tsx';
import { useSubmit } from '../ui/submit.ts';
import { Table } from '../ui/table.tsx';
import { counted, fileSize } from '../ui/words.ts';

const outcomes: Record<ImportResult['items'][number]['status'], string> = {
  created: 'New',
  updated: 'Changed',
  unchanged: 'As before',
  refused: 'Refused',
};

/** A file of many rows, CSV or NDJSON: tried first, then taken in, with a result for each line. */
export function ImportFile({
  path,
  fields,
  imported,
  children,
}: {
  readonly path: string;
  /** Names of the first line of CSV. */
  readonly fields: string;
  readonly imported?: () => void;
  /** More of the form, above the file. */
  readonly children?: ComponentChildren;
}) {
  const api = useApi();
  const [file, setFile] = useState<File | null>(null);
  const [result, setResult] = useState<ImportResult | null>(null);
  const { busy, error, run } = useSubmit();

  const send = async (dryRun: boolean) => {
    if (file === null) return;
    const sent = await run(async () => {
      const csv = /\.csv$/i.test(file.name);
      const response = await api.request(path, {
        method: 'POST',
        body: await file.text(),
        headers: { 'content-type': csv ? 'text/csv' : 'application/x-ndjson' },
        query: { dryRun },
      });
      setResult(await response.json());
      if (!dryRun) imported?.();
    });
    if (!sent) setResult(null);
  };

  return (
    <>
      <section class="card form" aria-labelledby="import-title">
        <h2 id="import-title">Import a file</h2>
        <div class="form-row">
          {children}
          <Field label="File" hint="CSV or NDJSON, up to 2,000 rows and 8 MB">
            {(field) => (
              <input
                {...field}
                type="file"
                accept=".csv,.ndjson,.jsonl"
                onChange={(event) => {
                  setFile(event.currentTarget.files?.[0] ?? null);
                  setResult(null);
                }}
              />
            )}
          </Field>
        </div>
        <p class="hint">
          CSV has these names in its first line: <code>{fields}</code>. The items of a list are
          separated by <code>|</code>; an empty cell leaves what is there. What is there already is
          changed.
        </p>
        <div class="actions">
          <Button disabled={file === null} busy={busy} onClick={() => void send(true)}>
            Try it, write nothing
          </Button>
          <Button
            kind="primary"
            icon="upload"
            disabled={file === null}
            busy={busy}
            onClick={() => void send(false)}
          >
            Import{file !== null && ` ${fileSize(file.size)}`}
          </Button>
        </div>
        {error !== undefined && <Failure error={error} />}
      </section>
      {result !== null && <Result result={result} />}
    </>
  );
}

function Result({ result }: { readonly result: ImportResult }) {
  const { created, updated, unchanged, refused, dryRun, items } = result;
  // What went wrong comes first: it is what one has to do something about.
  const rows = [...items].sort(
    (a, b) => Number(b.status === 'refused') - Number(a.status === 'refused') || a.line - b.line,
  );
  return (
    <section class="stack results" aria-labelledby="result-title">
      <h2 id="result-title">{dryRun ? 'What an import would do' : 'What the import did'}</h2>
      <Notice tone={refused > 0 ? 'warning' : 'good'}>
        {dryRun ? 'Nothing was written. ' : ''}
        {counted(created, 'row')} new, {updated} changed, {unchanged} as before, {refused} refused.
      </Notice>
      <Table
        caption="Result of each line"
        rows={rows}
        rowKey={({ line }) => String(line)}
        columns={[
          { key: 'line', label: 'Line', cell: ({ line }) => line },
          {
            key: 'status',
            label: 'Result',
            cell: ({ status }) => <span class={status}>{outcomes[status]}</span>,
          },
          { key: 'why', label: 'Why', cell: ({ problem }) => problem?.detail ?? '' },
        ]}
      />
    </section>
  );
}
