import type { ComponentChildren } from 'preact';
import { Field } from './field.tsx';

/** Some lines of text with their label. */
export function TextArea({
  label,
  hint,
  rows,
  required = false,
  maxLength = 5_000,
  value,
  set,
}: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly rows: number;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly value: string;
  readonly set: (value: string) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <textarea
          {...field}
          rows={rows}
          required={required}
          maxLength={maxLength}
          value={value}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
    </Field>
  );
}
