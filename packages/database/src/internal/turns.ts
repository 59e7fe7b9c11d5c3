import { setImmediate as nextRound, setTimeout as pause } from 'node:timers/promises';
import { isBackground } from '../background.ts';

/** Background work waits until no request has used the connection for so long: their transactions come in rows. */
const QUIET_MS = 10;
/** And then goes on all the same, so that a busy installation gets its work done. */
const PATIENCE_MS = 250;

export interface Turns {
  /** Waits for the turn. @returns what tells that the transaction is over. */
  take(): Promise<() => void>;
}

/**
 * Whose turn it is where one connection serves everybody. PGlite runs in this thread and answers in microtasks: a
 * row of transactions would keep the process from reading its sockets, so each one lets the others go first.
 */
export function takeTurns(): Turns {
  let requests = 0;
  let lastRequest = 0;
  return {
    async take() {
      if (isBackground()) {
        const since = performance.now();
        await nextRound();
        while (isBusy() && performance.now() - since < PATIENCE_MS) await pause(QUIET_MS);
        return () => undefined;
      }
      requests += 1;
      await nextRound();
      return () => {
        requests -= 1;
        lastRequest = performance.now();
      };
    },
  };

  function isBusy(): boolean {
    return requests > 0 || performance.now() - lastRequest < QUIET_MS;
  }
}
