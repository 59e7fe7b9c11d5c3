import { percent } from './words.ts';

/** A share between 0 and 1 as a bar, with its name and value in words. */
export function Meter({
  value,
  label,
  tone = 'accent',
  text = percent(value),
}: {
  readonly value: number;
  readonly label: string;
  readonly tone?: 'accent' | 'good' | 'warning' | 'bad';
  readonly text?: string;
}) {
  return (
    <span class={`meter ${tone}`}>
      <meter class="visually-hidden" aria-label={label} min={0} max={1} value={value}>
        {text}
      </meter>
      <span class="meter-track" aria-hidden="true">
        <span style={{ inlineSize: `${Math.min(100, Math.max(0, value * 100))}%` }} />
      </span>
      <span class="meter-text" aria-hidden="true">
        {text}
      </span>
    </span>
  );
}

/** A word on a coloured ground. The word says it; the colour only helps. */
export function Badge({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'accent' | 'good' | 'warning' | 'bad';
  readonly children: string;
}) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
