import type { ComponentChildren } from 'preact';
import { Field } from './field.tsx';

/** One line of text with its label. */
export function TextField({
  label,
  hint,
  error,
  value,
  set,
  kind = 'text',
  required = false,
  maxLength = 200,
}: {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly kind?: 'text' | 'email';
  readonly required?: boolean;
  readonly maxLength?: number;
}) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(field) => {
        const all = {
          ...field,
          required,
          maxLength,
          value,
          onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
            set(currentTarget.value),
        };
        return kind === 'email' ? <input {...all} type="email" /> : <input {...all} />;
      }}
    </Field>
  );
}
