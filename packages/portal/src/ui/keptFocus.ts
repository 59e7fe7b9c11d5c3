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
    focusIfLost(target());
  }, [state]);
}

/** The same for what has just come in place of what had the focus. */
export function useFocusNow(target: () => HTMLElement | null | undefined): void {
  useEffect(() => focusIfLost(target()), []);
}

function focusIfLost(target: HTMLElement | null | undefined): void {
  const { activeElement } = document;
  if (activeElement === null || activeElement === document.body) target?.focus();
}
