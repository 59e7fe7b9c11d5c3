import type { ComponentChildren } from 'preact';
import { Field } from './field.tsx';

/** One of some values, each with its name, in their order. */
export function SelectField<T extends string>({
  label,
  hint,
  value,
  options,
  change,
}: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly value: T;
  readonly options: readonly (readonly [value: T, name: string])[];
  readonly change: (value: T) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <select
          {...field}
          value={value}
          onChange={({ currentTarget }) => {
            const found = options.find(([one]) => one === currentTarget.value);
            if (found !== undefined) change(found[0]);
          }}
        >
          {options.map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
