import { useEffect } from 'preact/hooks';

/** What is asked before the page is left; null: nothing gets lost. */
let unfinished: { readonly question: string; readonly address: string } | null = null;

/**
 * Makes leaving a question while something is unfinished: by a link, by going back, by closing the page. Call it before
 * the router listens: of listeners of the window, the first one hears first.
 */
export function guardLeaving(): void {
  addEventListener('beforeunload', (event) => {
    if (unfinished !== null) event.preventDefault();
  });
  addEventListener(
    'click',
    (event) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      if (link === null || link.getAttribute('target') === '_blank' || mayLeave()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  addEventListener('popstate', (event) => {
    if (unfinished === null || mayLeave()) return;
    // The address has changed already: before the pages hear of it, it is put back.
    event.stopImmediatePropagation();
    history.pushState(null, '', unfinished.address);
  });
}

/** Asks `question` before the page is left while `active`. */
export function useUnfinished(active: boolean, question: string): void {
  useEffect(() => {
    if (!active) return;
    unfinished = { question, address: location.href };
    return () => {
      unfinished = null;
    };
  }, [active, question]);
}

function mayLeave(): boolean {
  return unfinished === null || confirm(unfinished.question);
}
