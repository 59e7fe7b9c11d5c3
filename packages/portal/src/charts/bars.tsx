import './charts.css';
import type { ComponentChildren } from 'preact';

/** One bar; null: nothing to draw, only `text`. */
export interface BarOf {
  readonly key: string;
  readonly label: ComponentChildren;
  /** 0 to 1. */
  readonly share: number | null;
  readonly text: string;
}

/** Shares under each other, with their names before and their values behind them. */
export function Bars({ data }: { readonly data: readonly BarOf[] }) {
  return (
    <ul class="bars">
      {data.map(({ key, label, share, text }) => (
        <li key={key}>
          <span class="bars-label">{label}</span>
          <svg
            class="bars-track"
            role="presentation"
            preserveAspectRatio="none"
            viewBox="0 0 100 1"
          >
            {share === null ? (
              <line class="bars-none" x1="0" x2="100" y1="0.5" y2="0.5" />
            ) : (
              <rect class="chart-bar" width={share * 100} height="1" />
            )}
          </svg>
          <span class="bars-text">{text}</span>
        </li>
      ))}
    </ul>
  );
}
