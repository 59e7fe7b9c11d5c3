import { useState } from 'preact/hooks';
import { usePages } from '../../api/resource.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/notice.tsx';
import { SearchField } from '../../ui/searchField.tsx';

/** A search in a list of the API, with a button beside each thing found. */
export function SearchAndAdd<T extends { readonly id: string }>({
  label,
  placeholder,
  path,
  query = {},
  name,
  about,
  added,
  add,
}: {
  readonly label: string;
  readonly placeholder: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly name: (item: T) => string;
  readonly about?: (item: T) => string;
  readonly added: (item: T) => boolean;
  readonly add: (item: T) => void;
}) {
  const [words, setWords] = useState('');
  const list = usePages<T>(words === '' ? null : path, { ...query, q: words, limit: 8 });
  const shown = words === '' ? [] : list.items;
  return (
    <div class="group">
      <SearchField label={label} placeholder={placeholder} value={words} change={setWords} />
      <p class="visually-hidden" role="status">
        {words !== '' && !list.loading && `${shown.length} found`}
      </p>
      {words !== '' && list.error !== undefined && <Failure error={list.error} />}
      {words !== '' && !list.loading && shown.length === 0 && list.error === undefined && (
        <p class="hint">Nothing is called so.</p>
      )}
      {shown.length > 0 && (
        <ul class="found">
          {shown.map((item) => (
            <li key={item.id}>
              <span>
                {name(item)} {about && <span class="muted small">{about(item)}</span>}
              </span>
              <Button
                kind="quiet"
                icon={added(item) ? 'check' : 'plus'}
                disabled={added(item)}
                aria-label={added(item) ? `${name(item)} is added` : `Add ${name(item)}`}
                onClick={() => add(item)}
              >
                {added(item) ? 'Added' : 'Add'}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
