import { one, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { ReplayFigures } from './replay.ts';
import type { TasteSettings } from './settings.ts';

/** Nobody else rebuilds the organization until the transaction ends. */
export async function lockRebuild(tx: Tx, orgId: string): Promise<void> {
  await run(
    tx,
    sql`select pg_advisory_xact_lock(hashtextextended('docent.rebuild_recommendations:' || ${orgId}::text, 0))`,
  );
}

/** A number that no generation of the organization had. */
export async function nextGeneration(tx: Tx, orgId: string): Promise<number> {
  const { generation } = await one(
    tx,
    z.object({ generation: z.coerce.number().int() }),
    sql`
      select coalesce(max(generation), 0) + 1 as generation
        from docent.recommend_rebuilds
       where org_id = ${orgId}`,
  );
  return generation;
}

export interface RebuildRow {
  readonly id: string;
  readonly startedAt: Date;
  readonly generation: number | null;
  readonly counts: { learners: number; items: number; events: number } | null;
  readonly buildMs: number | null;
  readonly settings: TasteSettings | null;
  readonly replay: readonly ReplayFigures[];
  readonly error: string | null;
}

export async function insertRebuild(tx: Tx, orgId: string, row: RebuildRow): Promise<void> {
  const { id, startedAt, generation, counts, buildMs, settings, replay, error } = row;
  await run(
    tx,
    sql`
      insert into docent.recommend_rebuilds (org_id, id, started_at, finished_at, generation, learners, items,
             events, build_ms, settings, replay, error)
      values (${orgId}, ${id}, ${startedAt}, clock_timestamp(), ${generation}, ${counts?.learners ?? null},
        ${counts?.items ?? null}, ${counts?.events ?? null}, ${buildMs},
        ${settings === null ? null : JSON.stringify(settings)}::jsonb, ${JSON.stringify(replay)}::jsonb, ${error})`,
  );
}
