import type { ComponentChildren } from 'preact';
import { type Column, Table } from '../ui/table.tsx';

/**
 * A picture that says what it means: a sentence above it, the same figures as a table behind it. The drawing
 * itself is hidden from screen readers, which get sentence and table.
 */
export function Figure<Row>({
  title,
  sentence,
  columns,
  rows,
  rowKey,
  actions,
  empty = rows.length === 0,
  children,
}: {
  readonly title: string;
  /** What the picture shows, with its most telling figure. */
  readonly sentence: ComponentChildren;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly actions?: ComponentChildren;
  /** There is nothing to draw: the sentence says so, and stands alone. */
  readonly empty?: boolean;
  readonly children: ComponentChildren;
}) {
  return (
    <figure class="figure">
      <figcaption>
        <div class="figure-title">
          <h2>{title}</h2>
          {actions}
        </div>
        <p>{sentence}</p>
      </figcaption>
      {!empty && (
        <>
          <div class="figure-picture" aria-hidden="true">
            {children}
          </div>
          <details>
            <summary>The figures as a table</summary>
            <Table caption={title} hideCaption columns={columns} rows={rows} rowKey={rowKey} />
          </details>
        </>
      )}
    </figure>
  );
}
