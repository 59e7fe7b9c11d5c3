import type { Department } from '@docent/contracts/directoryDepartments';
import { useEvery } from '../api/every.ts';
import { Field } from '../ui/field.tsx';

/** One of the organization's departments by its path; `''` is none. */
export function DepartmentSelect({
  label,
  none,
  value,
  onChange,
  without,
}: {
  readonly label: string;
  /** What choosing none is called. */
  readonly none: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** Left out with everything below it. */
  readonly without?: string;
}) {
  const { data = [] } = useEvery<Department>('/v1/departments');
  const choices = data
    .filter(({ id, path }) => without === undefined || (id !== without && !path.includes(without)))
    .toSorted((one, other) => one.pathName.localeCompare(other.pathName));
  return (
    <Field label={label}>
      {(field) => (
        <select
          {...field}
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          <option value="">{none}</option>
          {choices.map(({ id, pathName }) => (
            <option key={id} value={id}>
              {pathName}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
