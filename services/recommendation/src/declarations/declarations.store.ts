import type { Declaration, DeclarationInput } from '@docent/contracts/learningProgress';
import type { Principal } from '@docent/core/principal';
import { many, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At } from '../graph/rows.ts';

const DeclarationRow = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  skillId: z.uuid(),
  skillName: z.string(),
  kind: z.enum(['self', 'manager']),
  level: z.int(),
  note: z.string(),
  declaredBy: z.uuid().nullable(),
  declaredAt: At,
});

/** What was declared about a person, by skill. */
export function listDeclarations(tx: Tx, orgId: string, userId: string): Promise<Declaration[]> {
  return many(
    tx,
    DeclarationRow,
    sql`
      select d.id, d.user_id as "userId", d.skill_id as "skillId", s.name as "skillName", d.kind, d.level, d.note,
             d.declared_by as "declaredBy", d.declared_at as "declaredAt"
        from docent.skill_declarations d
        join docent.skills s
          on s.org_id = d.org_id and s.id = d.skill_id
       where d.org_id = ${orgId}
         and d.user_id = ${userId}
       order by lower(s.name), d.kind desc`,
  );
}

/** A later declaration of the same kind replaces the earlier one. */
export async function upsertDeclaration(
  tx: Tx,
  { orgId, userId: declaredBy }: Principal,
  of: {
    readonly id: string;
    readonly userId: string;
    readonly skillId: string;
    readonly kind: string;
  },
  { level, note }: DeclarationInput,
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.skill_declarations (org_id, id, user_id, skill_id, kind, level, note, declared_by)
      values (${orgId}, ${of.id}, ${of.userId}, ${of.skillId}, ${of.kind}, ${level}, ${note}, ${declaredBy})
      on conflict (org_id, user_id, skill_id, kind) do update
        set level = excluded.level,
            note = excluded.note,
            declared_by = excluded.declared_by,
            declared_at = now()`,
  );
}

export function deleteDeclaration(
  tx: Tx,
  orgId: string,
  of: { readonly userId: string; readonly skillId: string; readonly kind: string },
): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.skill_declarations
       where org_id = ${orgId}
         and user_id = ${of.userId}
         and skill_id = ${of.skillId}
         and kind = ${of.kind}`,
  );
}
