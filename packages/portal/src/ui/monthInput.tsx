import { useEffect, useState } from 'preact/hooks';
import type { FieldProps } from './field.tsx';

/** Before it, a year is one that is still being typed. */
const FIRST = '2000-01';
/** Pause after the last key before a month is taken, milliseconds. */
const PAUSE_MS = 800;

/**
 * A month of this century that is not in the future. It is told when it is whole and one stops typing, presses Enter
 * or goes elsewhere; what is not whole by then is as it was.
 */
export function MonthInput({
  value,
  set,
  ...field
}: FieldProps & {
  readonly value: string;
  readonly set: (month: string) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const now = new Date().toISOString().slice(0, 7);
  const take = () => {
    const whole =
      typed !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(typed) && typed >= FIRST && typed <= now;
    if (whole && typed !== value) set(typed);
  };
  useEffect(() => {
    const timer = setTimeout(take, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <input
      {...field}
      type="month"
      pattern="[0-9]{4}-[0-9]{2}"
      placeholder="2026-03"
      min={FIRST}
      max={now}
      value={typed ?? value}
      onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      onKeyDown={({ key }) => {
        if (key === 'Enter') take();
      }}
      onBlur={() => {
        take();
        setTyped(null);
      }}
    />
  );
}
