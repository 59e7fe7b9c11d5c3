import type { ComponentChildren } from 'preact';
import { Field } from './field.tsx';

/** A number with its label, as it is typed: `''` is none. */
export function NumberField({
  label,
  hint,
  min,
  max,
  step,
  required = false,
  value,
  set,
}: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly min?: number;
  readonly max?: number;
  /** `any`: also what is not whole. */
  readonly step?: 'any';
  readonly required?: boolean;
  readonly value: string;
  readonly set: (value: string) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <input
          {...field}
          type="number"
          min={min}
          max={max}
          step={step}
          required={required}
          value={value}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
    </Field>
  );
}
