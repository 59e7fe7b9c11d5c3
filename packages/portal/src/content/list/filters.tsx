import { useEffect, useRef, useState } from 'preact/hooks';
import type { Query } from '../../shell/query.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
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

/** Pause after the last key before a text filters, milliseconds. */
const TYPING_MS = 300;

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
        <Typed label="Title" name="q" placeholder="Any words" query={query} change={change} />
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
        <Typed label="Tag" name="tag" placeholder="The whole tag" query={query} change={change} />
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

/** A text that filters when one stops typing. */
function Typed({
  label,
  name,
  placeholder,
  query,
  change,
}: {
  readonly label: string;
  readonly name: 'q' | 'tag';
  readonly placeholder: string;
  readonly query: Query;
  readonly change: (query: Query) => void;
}) {
  const value = query[name] ?? '';
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    // Changed by something else than typing: cleared, or gone back.
    if (value !== sent.current) {
      sent.current = value;
      setTyped(value);
    }
  }, [value]);
  useEffect(() => {
    const text = typed.trim();
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      change({ [name]: text });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Field label={label}>
      {(field) => (
        <input
          {...field}
          type="search"
          value={typed}
          placeholder={placeholder}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
