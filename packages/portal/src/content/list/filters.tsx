import { useState } from 'preact/hooks';
import type { Query } from '../../shell/query.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { SearchField } from '../../ui/searchField.tsx';
import {
  commonLanguages,
  languageName,
  sortNames,
  stateNames,
  statusNames,
  typeNames,
  validityNames,
} from '../words.ts';

/** Filters by their names in the address. */
export const filterNames = [
  'q',
  'type',
  'state',
  'status',
  'language',
  'tag',
  'labels',
  'mine',
] as const;

/** What narrows the list, and its order. The common ones are seen, the others fold out. */
export function Filters({
  query,
  change,
  clear,
}: {
  readonly query: Query;
  readonly change: (query: Query) => void;
  readonly clear: (() => void) | null;
}) {
  const [more, setMore] = useState(
    [query.language, query.tag, query.labels, query.mine].some((value) => value !== undefined),
  );
  const choose = (name: string) => (event: Event & { currentTarget: { value: string } }) =>
    change({ [name]: event.currentTarget.value });
  return (
    <search class="content-filters">
      <div class="filters">
        <SearchField
          label="Title"
          placeholder="Any words"
          value={query.q ?? ''}
          change={(q) => change({ q })}
        />
        <Field label="Kind">
          {(field) => (
            <select {...field} value={query.type ?? ''} onChange={choose('type')}>
              <option value="">All kinds</option>
              {named(typeNames)}
            </select>
          )}
        </Field>
        <Field label="Publication">
          {(field) => (
            <select {...field} value={query.status ?? ''} onChange={choose('status')}>
              <option value="">Any</option>
              {named(statusNames)}
            </select>
          )}
        </Field>
        <Field label="State">
          {(field) => (
            <select {...field} value={query.state ?? ''} onChange={choose('state')}>
              <option value="">Any</option>
              <optgroup label="In effect?">{named(validityNames)}</optgroup>
              <optgroup label="Latest version">{named(stateNames)}</optgroup>
            </select>
          )}
        </Field>
        <Field label="Order">
          {(field) => (
            <select {...field} value={query.sort ?? 'newest'} onChange={choose('sort')}>
              {named(sortNames)}
            </select>
          )}
        </Field>
        <div class="actions">
          <Button aria-expanded={more} aria-controls="more-filters" onClick={() => setMore(!more)}>
            {more ? 'Fewer filters' : 'More filters'}
          </Button>
          {clear !== null && (
            <Button kind="quiet" icon="close" onClick={clear}>
              Clear
            </Button>
          )}
        </div>
      </div>
      <div id="more-filters" class="filters" hidden={!more}>
        <Field label="Language">
          {(field) => (
            <select {...field} value={query.language ?? ''} onChange={choose('language')}>
              <option value="">Any</option>
              {commonLanguages.map((code) => (
                <option key={code} value={code}>
                  {languageName(code)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <SearchField
          label="Tag"
          placeholder="The whole tag"
          value={query.tag ?? ''}
          change={(tag) => change({ tag })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={query.mine === '1'}
            onChange={(event) => change({ mine: event.currentTarget.checked ? '1' : undefined })}
          />
          Uploaded by me
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={query.labels === 'suspicious'}
            onChange={(event) =>
              change({ labels: event.currentTarget.checked ? 'suspicious' : undefined })
            }
          />
          With suspicious passages
        </label>
      </div>
    </search>
  );
}

function named(names: Readonly<Record<string, string>>) {
  return Object.entries(names).map(([value, name]) => (
    <option key={value} value={value}>
      {name}
    </option>
  ));
}
