import type { AnalyticsSettings } from '@docent/contracts/analytics';
import { maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const defaults: AnalyticsSettings = { minGroup: 5, atRiskList: false };

/** How the organization publishes its analytics. */
export async function findSettings(tx: Tx, orgId: string): Promise<AnalyticsSettings> {
  const found = await maybeOne(
    tx,
    z.object({ minGroup: z.int(), atRiskList: z.boolean() }),
    sql`
      select min_group as "minGroup", at_risk_list as "atRiskList"
        from docent.analytics_settings
       where org_id = ${orgId}`,
  );
  return found ?? defaults;
}

export async function upsertSettings(
  tx: Tx,
  orgId: string,
  { minGroup, atRiskList }: AnalyticsSettings,
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.analytics_settings (org_id, min_group, at_risk_list)
      values (${orgId}, ${minGroup}, ${atRiskList})
      on conflict (org_id) do update
        set min_group = excluded.min_group,
            at_risk_list = excluded.at_risk_list`,
  );
}
