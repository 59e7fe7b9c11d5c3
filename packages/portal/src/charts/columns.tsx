import './charts.css';
import { useId } from 'preact/hooks';
import { useWidth } from './width.ts';

/** One column; `hidden` is drawn hatched, `none` leaves its place empty. */
export interface ColumnOf {
  readonly key: string;
  readonly label: string;
  readonly value: number | 'hidden' | 'none';
}

const HEIGHT = 200;
const FOOT = 24;
const HEAD = 18;
const SIDE = 44;
/** Narrower than this, pixels, labels would touch. */
const LABEL = 46;

/**
 * Columns over time.
 *
 * @param max value at the top; from the data when it is not given.
 */
export function Columns({
  data,
  max,
  format,
}: {
  readonly data: readonly ColumnOf[];
  readonly max?: number;
  readonly format: (value: number) => string;
}) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const hatch = useId();
  const numbers = data.flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const top = max ?? niceTop(Math.max(0, ...numbers));
  const step = (width - SIDE) / Math.max(1, data.length);
  const bar = Math.min(48, step * 0.64);
  const every = Math.max(1, Math.ceil(LABEL / step));
  const y = (value: number) => HEAD + (HEIGHT - HEAD - FOOT) * (1 - value / top);
  return (
    <div ref={ref} class="chart">
      <svg width={width} height={HEIGHT} role="presentation">
        <defs>
          <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse">
            <path d="M0 6L6 0" class="chart-hatch" />
          </pattern>
        </defs>
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="chart-grid" x1={SIDE} x2={width} y1={y(top * share)} y2={y(top * share)} />
            <text class="chart-text" x={SIDE - 8} y={y(top * share) + 4} text-anchor="end">
              {format(top * share)}
            </text>
          </g>
        ))}
        {data.map(({ key, label, value }, index) => {
          const x = SIDE + step * index + (step - bar) / 2;
          const shown = typeof value === 'number';
          return (
            <g key={key}>
              {value === 'hidden' && (
                <rect
                  x={x}
                  y={HEAD}
                  width={bar}
                  height={HEIGHT - HEAD - FOOT}
                  fill={`url(#${hatch})`}
                />
              )}
              {shown && (
                <rect
                  class="chart-bar"
                  x={x}
                  y={y(value)}
                  width={bar}
                  height={Math.max(1, y(0) - y(value))}
                  rx="3"
                />
              )}
              {shown && step > 34 && (
                <text class="chart-text" x={x + bar / 2} y={y(value) - 5} text-anchor="middle">
                  {format(value)}
                </text>
              )}
              {index % every === 0 && (
                <text class="chart-text" x={x + bar / 2} y={HEIGHT - 6} text-anchor="middle">
                  {label}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** The next of 1, 2, 5 times a power of ten that is not below `value`. */
function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10);
}
