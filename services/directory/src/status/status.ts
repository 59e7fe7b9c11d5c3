import type { Status } from '@docent/contracts/status';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { countVersions } from './status.store.ts';

/** What a process knows of its own setup. */
export type Installation = Pick<Status, 'version' | 'cache' | 'models'>;

/** How the installation is set up, and how it is doing for this organization. */
export async function readStatus(
  database: Database,
  installation: Installation,
  principal: Principal,
  { signal }: { readonly signal: AbortSignal },
): Promise<Status> {
  const options = { readOnly: true, signal };
  const asked = performance.now();
  await database.withPrincipal(principal, async () => {}, options);
  const answersInMs = Math.round((performance.now() - asked) * 10) / 10;
  const content = await database.withPrincipal(
    principal,
    (tx) => countVersions(tx, principal.orgId),
    options,
  );
  return {
    ...installation,
    startedAt: new Date(performance.timeOrigin).toISOString(),
    database: { kind: database.kind, answersInMs },
    content,
  };
}
