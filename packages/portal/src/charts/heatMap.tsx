import './charts.css';
import type { ComponentChildren } from 'preact';

/** How a cell looks; its text says the same. */
export type Heat = 0 | 1 | 2 | 3 | 4 | 'unknown' | 'hidden' | 'none';

export interface HeatCell {
  readonly heat: Heat;
  readonly text: string;
  /** More words for a tooltip and for screen readers. */
  readonly title: string;
}

/** A table whose cells have colours from light (little) to strong (much). It is its own table for screen readers. */
export function HeatMap<Row>({
  caption,
  corner,
  columns,
  rows,
  rowKey,
  rowLabel,
  cell,
}: {
  readonly caption: string;
  readonly corner: string;
  readonly columns: readonly { readonly key: string; readonly label: string }[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly rowLabel: (row: Row) => ComponentChildren;
  readonly cell: (row: Row, column: string) => HeatCell;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="heat-frame" aria-label={caption} tabIndex={0}>
      <table class="heat">
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {columns.map(({ key, label }) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              <th scope="row">{rowLabel(row)}</th>
              {columns.map(({ key }) => {
                const { heat, text, title } = cell(row, key);
                return (
                  <td key={key} class={`heat-${heat}`} title={title}>
                    <span aria-hidden="true">{text}</span>
                    <span class="visually-hidden">{title}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
