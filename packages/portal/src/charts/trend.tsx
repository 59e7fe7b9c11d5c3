import './trend.css';
import { useWidth } from './width.ts';

const HEIGHT = 160;
const LEFT = 28;
const PAD = 10;

/** A value after each step as a line, with the goal as a dashed one. The axis has each whole number. */
export function Trend({
  values,
  from,
  to,
  goal,
}: {
  readonly values: readonly number[];
  /** The lowest and highest value of the axis, whole numbers. */
  readonly from: number;
  readonly to: number;
  readonly goal: number | null;
}) {
  const { ref, width } = useWidth<HTMLDivElement>();
  const room = Math.max(80, width - LEFT - PAD);
  const x = (index: number) =>
    LEFT + (values.length < 2 ? room : (index / (values.length - 1)) * room);
  const y = (value: number) => PAD + ((to - value) / (to - from)) * (HEIGHT - 2 * PAD);
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const last = values.at(-1) ?? from;
  return (
    <div class="trend" ref={ref}>
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: the figure around it hides it; its sentence and table tell the same. */}
      <svg width={LEFT + room + PAD} height={HEIGHT}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="trend-grid" x1={LEFT} x2={LEFT + room} y1={y(tick)} y2={y(tick)} />
            <text class="trend-text" x={LEFT - 10} y={y(tick) + 4} text-anchor="end">
              {tick}
            </text>
          </g>
        ))}
        {goal !== null && (
          <>
            <line class="trend-goal" x1={LEFT} x2={LEFT + room} y1={y(goal)} y2={y(goal)} />
            <text class="trend-text" x={LEFT + 6} y={y(goal) + 14}>
              asked for
            </text>
          </>
        )}
        <polyline
          class="trend-line"
          points={values.map((value, at) => `${x(at)},${y(value)}`).join(' ')}
        />
        <circle class="trend-end" cx={x(values.length - 1)} cy={y(last)} r={4} />
      </svg>
    </div>
  );
}
