import { type Progress, type Version, VersionState } from '@docent/contracts/content';
import { maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

/**
 * The right to write to a version while it is processed. Every write names the token: whoever takes
 * the version up later has another one, and what a worker writes after that finds no row.
 */
export interface Lease {
  readonly orgId: string;
  readonly contentId: string;
  readonly version: number;
  readonly token: string;
}

/** Another worker has the version now, or it is gone: nothing that this one does counts any more. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

const Taken = z.object({
  state: VersionState,
  fileName: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
});
export type Taken = z.output<typeof Taken>;

/** Takes a version up; null when it is gone or nothing is left to do. */
export function takeVersion(tx: Tx, lease: Lease): Promise<Taken | null> {
  return maybeOne(
    tx,
    Taken,
    sql`
      update docent.content_versions
         set attempts = attempts + 1,
             lease_token = ${lease.token},
             state = case state when 'queued' then 'extracting' else state end,
             started_at = coalesce(started_at, now())
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version = ${lease.version}
         and state in ('queued', 'extracting', 'embedding')
      returning state, file_name as "fileName", media_type as "mediaType",
                size_bytes::float8 as "sizeBytes", encode(sha256, 'hex') as sha256`,
  );
}

/** Shows how far the work is. @throws LeaseLost */
export async function showStep(
  tx: Tx,
  lease: Lease,
  step: Progress['step'],
  percent: number,
): Promise<void> {
  const rows = await run(
    tx,
    sql`
      update docent.content_versions
         set step = ${step},
             percent = ${percent}
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version = ${lease.version}
         and lease_token = ${lease.token}`,
  );
  if (rows === 0) throw new LeaseLost();
}

/** Keeps other workers from taking the version until the transaction ends. @throws LeaseLost */
export async function holdLease(tx: Tx, lease: Lease): Promise<void> {
  const rows = await run(
    tx,
    sql`
      select 1
        from docent.content_versions
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version = ${lease.version}
         and lease_token = ${lease.token}
         for update`,
  );
  if (rows === 0) throw new LeaseLost();
}

/** Shows how many chunks have their vectors. @throws LeaseLost */
export async function showEmbedded(tx: Tx, lease: Lease, embedded: number): Promise<void> {
  const rows = await run(
    tx,
    sql`
      update docent.content_versions
         set embedded_count = ${embedded}::int,
             percent = 55 + 44 * ${embedded}::int / greatest(chunk_count, 1)
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version = ${lease.version}
         and lease_token = ${lease.token}`,
  );
  if (rows === 0) throw new LeaseLost();
}

/** How a version ends. */
export type Ending =
  | { readonly state: 'ready'; readonly warning?: string }
  | {
      readonly state: Exclude<Version['state'], 'queued' | 'extracting' | 'embedding' | 'ready'>;
      readonly error: string;
    };

/** Puts a version into a final state and gives the lease back. @throws LeaseLost */
export async function finish(tx: Tx, lease: Lease, ending: Ending): Promise<void> {
  const error = 'error' in ending ? ending.error : null;
  const warning = 'warning' in ending ? ending.warning : null;
  const rows = await run(
    tx,
    sql`
      update docent.content_versions
         set state = ${ending.state},
             step = 'done',
             percent = 100,
             error = ${error},
             -- What extraction had to leave out is still true.
             warning = nullif(concat_ws(' ', warning, ${warning}::text), ''),
             lease_token = null,
             finished_at = now()
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version = ${lease.version}
         and lease_token = ${lease.token}`,
  );
  if (rows === 0) throw new LeaseLost();
}
