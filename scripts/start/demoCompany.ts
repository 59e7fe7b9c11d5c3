import { workerPrincipal } from '@docent/core/principal';
import { inBackground } from '@docent/database/background';
import { type Demo, demoPeople } from '@docent/directory/demo';
import { hasNothingToLearn } from '@docent/recommendation/seed/write.store';
import { type CompanyDeps, fillCompany } from './company.ts';
import type { Instance } from './instance.ts';

/** Who of the demo organization gets a place in the company. */
export const demoCast = Object.values(demoPeople).map(({ email }) => email);

/** What is remembered of the company, and how. */
export interface CompanyNote {
  readonly known: Instance['company'];
  write(company: NonNullable<Instance['company']>): void;
}

/**
 * Fills the demo organization in the background: one that has nothing yet, or where an earlier process was stopped
 * midway. It is done once: what somebody deleted afterwards does not come back.
 *
 * @param tell gets a line when it begins and one when it is over.
 * @returns closing it stops the work and waits for the end of its transaction; `finished` never rejects.
 */
export function bringCompany(
  deps: CompanyDeps,
  { orgId }: Pick<Demo, 'orgId'>,
  note: CompanyNote,
  tell: (line: string) => void,
): { close(): Promise<void>; readonly finished: Promise<void> } {
  const stopping = new AbortController();
  const running = inBackground(bring).catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    tell(`The demo company is not complete; the next start goes on. ${reason}`);
  });
  return {
    finished: running,
    async close() {
      stopping.abort(new Error('The process is stopping.'));
      await running;
    },
  };

  async function bring(): Promise<void> {
    if (note.known?.doneAt) return;
    const again = note.known !== null;
    const empty = await deps.database.withPrincipal(
      workerPrincipal(orgId),
      (tx) => hasNothingToLearn(tx, orgId),
      { readOnly: true },
    );
    if (!again && !empty) return;

    // A year that was begun on another day is finished as of that day.
    const begunAt = note.known?.begunAt ?? new Date().toISOString();
    note.write({ begunAt, doneAt: null });
    tell(
      `The demo company is ${again ? 'being finished' : 'moving in'} in the background; everything works meanwhile …`,
    );
    const started = performance.now();
    const what = await fillCompany(deps, orgId, {
      cast: demoCast,
      now: new Date(begunAt),
      signal: stopping.signal,
    });
    note.write({ begunAt, doneAt: new Date().toISOString() });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    tell(`The demo company is there: ${what} (${seconds} s).`);
  }
}
