import { workerPrincipal } from '@docent/core/principal';
import { ensureAuditPartitions } from '@docent/database/audit';
import type { Database } from '@docent/database/database';

const DAY_MS = 24 * 3600 * 1000;
/** The partitions are of no organization. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Makes the audit log's partitions of the next months, now and once a day; several processes may. Where none does,
 * entries go to the default partition: nothing is lost.
 *
 * @returns stops it, once what runs has ended.
 */
export function keepAuditPartitions(
  database: Database,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const make = () =>
    database.withPrincipal(workerPrincipal(NOBODY), ensureAuditPartitions).catch(onError);
  let running = make();
  const timer = setInterval(() => {
    running = make();
  }, DAY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
