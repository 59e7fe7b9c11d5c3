import type { ComponentChildren } from 'preact';
import { useTyped } from '../shell/typed.ts';
import { Field } from './field.tsx';

/** A field for words to look for; `change` gets them when one stops typing. */
export function SearchField({
  label,
  placeholder,
  hint,
  value,
  change,
}: {
  readonly label: string;
  readonly placeholder?: string;
  readonly hint?: ComponentChildren;
  readonly value: string;
  readonly change: (value: string) => void;
}) {
  const [typed, type] = useTyped(value, change);
  return (
    <Field label={label} hint={hint}>
      {(field) => (
        <input
          {...field}
          type="search"
          autocomplete="off"
          maxLength={200}
          placeholder={placeholder}
          value={typed}
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      )}
    </Field>
  );
}
