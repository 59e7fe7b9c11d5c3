import { useEffect, useRef } from 'preact/hooks';

/**
 * Where the focus goes when `state` has changed and what had the focus, like the button that was pressed, is gone.
 * Without it, people with a keyboard or a screen reader would begin at the top again.
 */
export function useKeptFocus(target: () => HTMLElement | null | undefined, state: unknown): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    if (document.activeElement === null || document.activeElement === document.body) {
      target()?.focus();
    }
  }, [state]);
}
