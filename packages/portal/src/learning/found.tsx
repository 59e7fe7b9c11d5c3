import { counted } from '../ui/words.ts';

/** How much a search has found, for screen readers. */
export function Found({ words, count }: { readonly words: string; readonly count: number }) {
  return (
    <p class="visually-hidden" role="status">
      {words === '' ? '' : `${counted(count, 'result')} for ${words}`}
    </p>
  );
}
