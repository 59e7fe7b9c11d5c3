import type { ContentType, PublicationStatus } from '@docent/contracts/content';
import { Field } from '../ui/field.tsx';
import { SelectField } from '../ui/selectField.tsx';
import { TextField } from '../ui/textField.tsx';
import { contentTypes, statusNames, typeNames } from './words.ts';

/** What is said of a content, and of all files of an upload, as it is typed. */
export interface ContentFields {
  readonly contentType: ContentType;
  readonly status: PublicationStatus;
  /** Separated by commas. */
  readonly tags: string;
  /** As `datetime-local` has them; `''`: none. */
  readonly effectiveFrom: string;
  readonly expiresAt: string;
}

type Change = (part: Partial<ContentFields>) => void;

export function KindFields({
  value,
  statuses,
  change,
}: {
  readonly value: ContentFields;
  readonly statuses: readonly PublicationStatus[];
  readonly change: Change;
}) {
  return (
    <div class="form-row">
      <SelectField
        label="Kind"
        value={value.contentType}
        options={contentTypes.map((type) => [type, typeNames[type]])}
        change={(contentType) => change({ contentType })}
      />
      <SelectField
        label="Publication"
        hint="Only published content is found"
        value={value.status}
        options={statuses.map((status) => [status, statusNames[status]])}
        change={(status) => change({ status })}
      />
      <TextField
        label="Tags"
        hint="Separated by commas"
        maxLength={2_000}
        value={value.tags}
        set={(tags) => change({ tags })}
      />
    </div>
  );
}

/** From when until when it counts. */
export function PeriodFields({
  value: { effectiveFrom, expiresAt },
  change,
}: {
  readonly value: Pick<ContentFields, 'effectiveFrom' | 'expiresAt'>;
  readonly change: Change;
}) {
  const time = (label: string, hint: string, value: string, set: (value: string) => void) => (
    <Field label={label} hint={hint}>
      {(field) => (
        <input
          {...field}
          type="datetime-local"
          value={value}
          onInput={({ currentTarget }) => set(currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <>
      {time('Counts from', 'Empty: at once', effectiveFrom, (at) => change({ effectiveFrom: at }))}
      {time('Counts until', 'Empty: without end', expiresAt, (at) => change({ expiresAt: at }))}
    </>
  );
}
