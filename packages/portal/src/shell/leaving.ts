import { useEffect } from 'preact/hooks';

/** What is asked before the page is left. Empty: nothing gets lost. */
const unfinished = new Set<{ readonly question: string; readonly address: string }>();

/**
 * Makes leaving a question while something is unfinished: by a link, by going back, by closing the page. Call it before
 * the router listens: of listeners of the window, the first one hears first.
 */
export function guardLeaving(): void {
  addEventListener('beforeunload', (event) => {
    if (unfinished.size > 0) event.preventDefault();
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
    const [first] = unfinished;
    if (first === undefined || mayLeave()) return;
    // The address has changed already: before the pages hear of it, it is put back.
    event.stopImmediatePropagation();
    history.pushState(null, '', first.address);
  });
}

/** Asks `question` before the page is left while `active`. */
export function useUnfinished(active: boolean, question: string): void {
  useEffect(() => {
    if (!active) return;
    const entry = { question, address: location.href };
    unfinished.add(entry);
    return () => {
      unfinished.delete(entry);
    };
  }, [active, question]);
}

/** Asks before something is closed that is a part of the page. */
export function mayLose(question: string): boolean {
  return confirm(question);
}

function mayLeave(): boolean {
  const [first] = unfinished;
  return first === undefined || confirm(first.question);
}
