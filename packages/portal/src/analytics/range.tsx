import { useQuery } from '../shell/query.ts';
import { Field } from '../ui/field.tsx';
import { MonthInput } from '../ui/monthInput.tsx';

/** Months of a page, from its address. Undefined: as the API has it, the last twelve. */
export interface Range {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export function useRange(): { range: Range; change: (range: Range) => void } {
  const [{ from, to }, setQuery] = useQuery();
  const change = ({ from, to }: Range) => setQuery({ from, to });
  return { range: { from: from || undefined, to: to || undefined }, change };
}

/** @param shown the months that the page shows, or is asked to; empty: not known yet. */
export function RangeFields({
  shown,
  change,
}: {
  readonly shown: { readonly from: string; readonly to: string };
  readonly change: (range: Range) => void;
}) {
  const last = (months: number) => {
    const to = new Date();
    const from = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() - months + 1, 1));
    return from.toISOString().slice(0, 7);
  };
  return (
    <>
      <Field label="From">
        {(field) => (
          <MonthInput
            {...field}
            value={shown.from}
            set={(from) => change({ from, to: shown.to })}
          />
        )}
      </Field>
      <Field label="To">
        {(field) => (
          <MonthInput {...field} value={shown.to} set={(to) => change({ from: shown.from, to })} />
        )}
      </Field>
      <Field label="Or">
        {(field) => (
          <select
            {...field}
            value=""
            onChange={(event) =>
              change({ from: last(Number(event.currentTarget.value)), to: undefined })
            }
          >
            <option value="" disabled>
              the last …
            </option>
            <option value="3">3 months</option>
            <option value="6">6 months</option>
            <option value="12">12 months</option>
            <option value="24">24 months</option>
          </select>
        )}
      </Field>
    </>
  );
}
