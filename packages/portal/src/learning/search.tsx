import { useEffect, useState } from 'preact/hooks';
import { Field } from '../ui/field.tsx';
import { counted } from '../ui/words.ts';

/** How long after the last key something is looked for, milliseconds. */
const PAUSE_MS = 250;

export interface Search {
  readonly text: string;
  /** What is looked for: the text, once nobody types for a moment. */
  readonly words: string;
  change(text: string): void;
}

export function useSearch(): Search {
  const [text, change] = useState('');
  const [words, setWords] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setWords(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return { text, words, change };
}

/** @param found how much there is of it: said to screen readers. */
export function SearchField({
  label,
  search,
  found,
}: {
  readonly label: string;
  readonly search: Search;
  readonly found: number;
}) {
  return (
    <div class="search-field">
      <Field label={label}>
        {(field) => (
          <input
            {...field}
            type="search"
            autocomplete="off"
            maxLength={200}
            value={search.text}
            onInput={(event) => search.change(event.currentTarget.value)}
          />
        )}
      </Field>
      <p class="visually-hidden" role="status">
        {search.words === '' ? '' : `${counted(found, 'result')} for ${search.words}`}
      </p>
    </div>
  );
}
