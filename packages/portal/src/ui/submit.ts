import { useState } from 'preact/hooks';

/** A change on its way: whether it runs, and what went wrong with it. */
export interface Submit {
  readonly busy: boolean;
  readonly error: unknown;
  /** @returns whether it went well; a second call while it runs does nothing. */
  run(change: () => Promise<unknown>): Promise<boolean>;
}

/** `const saving = useSubmit()`, then `saving.run(() => api.send(…))`; nothing that was typed is lost on failure. */
export function useSubmit(): Submit {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({
    busy: false,
    error: undefined,
  });
  return {
    ...state,
    async run(change) {
      if (state.busy) return false;
      setState({ busy: true, error: undefined });
      try {
        await change();
        setState({ busy: false, error: undefined });
        return true;
      } catch (error) {
        setState({ busy: false, error });
        return false;
      }
    },
  };
}
