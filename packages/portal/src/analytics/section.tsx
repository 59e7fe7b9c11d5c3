import type { AnalyticsTable } from '@docent/contracts/analytics';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useApi } from '../api/context.tsx';
import { sentenceOf } from '../api/problem.ts';
import { Button } from '../ui/button.tsx';
import { useToast } from '../ui/toast.tsx';
import type { Range } from './range.tsx';

/** What the sections of a page are about. */
export interface About {
  /** Null: the organization. */
  readonly departmentId: string | null;
  readonly name: string;
  readonly range: Range;
}

/** `/v1/analytics/…` of what the page is about. */
export function analyticsPath({ departmentId }: Pick<About, 'departmentId'>): string {
  return departmentId === null
    ? '/v1/analytics/overview'
    : `/v1/analytics/departments/${departmentId}`;
}

/** Saves a section's table as CSV. */
export function ExportButton({
  about,
  table,
}: {
  readonly about: About;
  readonly table: AnalyticsTable;
}) {
  const api = useApi();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      const query = { ...about.range, table };
      await api.download(`${analyticsPath(about)}/export`, `${about.name} ${wordsOf(table)}.csv`, {
        query,
      });
    } catch (error) {
      toast(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button kind="quiet" icon="download" busy={busy} onClick={save}>
      CSV
    </Button>
  );
}

/** `skillGaps` as `skill gaps`. */
function wordsOf(table: AnalyticsTable): string {
  return table.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A section whose content is a table or a list of its own: title, the sentence that it says, export. */
export function Section({
  title,
  sentence,
  about,
  table,
  children,
}: {
  readonly title: string;
  readonly sentence: ComponentChildren;
  readonly about: About;
  readonly table: AnalyticsTable;
  readonly children?: ComponentChildren;
}) {
  return (
    <section class="figure">
      <div>
        <div class="figure-title">
          <h2>{title}</h2>
          <ExportButton about={about} table={table} />
        </div>
        <p>{sentence}</p>
      </div>
      {children}
    </section>
  );
}
