import type { Recommendation } from '@docent/contracts/recommend';
import { send, sql, type Tx } from '@docent/database/sql';

export type NewRecommendation = Pick<
  Recommendation,
  | 'id'
  | 'type'
  | 'itemId'
  | 'score'
  | 'reason'
  | 'reasonType'
  | 'evidence'
  | 'position'
  | 'algoVersion'
> & { readonly propensity: number };

/**
 * Stores a list with the end of the transaction. Older ones of the type that nobody saw go: of each of them a list may
 * still be in a cache, but no longer than an hour.
 */
export function insertRecommendations(
  tx: Tx,
  orgId: string,
  userId: string,
  type: Recommendation['type'],
  rows: readonly NewRecommendation[],
): void {
  send(
    tx,
    sql`
      delete from docent.recommendations
       where org_id = ${orgId}
         and user_id = ${userId}
         and type = ${type}
         and shown_at is null
         and clicked_at is null
         and dismissed_at is null
         and enrolled_at is null
         and completed_at is null
         and created_at < now() - interval '1 day'`,
  );
  send(
    tx,
    sql`
      insert into docent.recommendations (org_id, id, user_id, type, item_id, score, reason, reason_type, evidence,
             position, algo_version, propensity)
      select ${orgId}, r.id, ${userId}, ${type}, r."itemId", r.score, r.reason, r."reasonType", r.evidence,
             r.position, r."algoVersion", r.propensity
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r (id uuid, "itemId" uuid, score float8, reason text,
             "reasonType" text, evidence jsonb, position int, "algoVersion" text, propensity float8)`,
  );
}

/** Which of these content is in effect and the caller may read now. */
export async function findReadable(
  tx: Tx,
  orgId: string,
  contentIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await tx.query(sql`
    select id::text as id
      from docent.content
     where org_id = ${orgId}
       and current_version is not null
       and docent.validity(effective_from, expires_at) = 'effective'
       and id = any (${contentIds}::uuid[])`);
  return new Set(rows.map((row) => String(Reflect.get(Object(row), 'id'))));
}
