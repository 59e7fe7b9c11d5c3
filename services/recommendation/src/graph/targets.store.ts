import type { NewSkillTarget, SkillTarget, TargetFilters } from '@docent/contracts/learning';
import { type Position, type ResourceStore, ROW_LOCK } from '@docent/database/resource';
import { emptySql, many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, timePosition } from './rows.ts';

const TargetRow = z.object({
  id: z.uuid(),
  jobRole: z.string().nullable(),
  departmentId: z.uuid().nullable(),
  skillId: z.uuid(),
  level: z.int(),
  importance: z.number(),
  skillName: z.string(),
  createdAt: At,
  updatedAt: At,
});

const ListRow = z
  .object({ position: z.string(), ...TargetRow.shape })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

const columns = sql`
  t.id, t.job_role as "jobRole", t.department_id as "departmentId", t.skill_id as "skillId", t.level,
  t.importance, s.name as "skillName", t.created_at as "createdAt", t.updated_at as "updatedAt"`;

export const targetStore: ResourceStore<SkillTarget, NewSkillTarget, TargetFilters> = {
  find: findTarget,
  lock: (tx, orgId, id) => findTarget(tx, orgId, id, ROW_LOCK),

  list: listTargets,

  async insert(tx, { orgId }, id, target) {
    await run(
      tx,
      sql`
        insert into docent.skill_targets (org_id, id, job_role, department_id, skill_id, level, importance)
        values (${orgId}, ${id}, ${target.jobRole}, ${target.departmentId}, ${target.skillId}, ${target.level},
          ${target.importance})`,
    );
  },

  async update(tx, orgId, id, target) {
    await run(
      tx,
      sql`
        update docent.skill_targets
           set level = ${target.level},
               importance = ${target.importance}
         where org_id = ${orgId}
           and id = ${id}`,
    );
  },

  remove: (tx, orgId, id) =>
    run(
      tx,
      sql`
        delete from docent.skill_targets
         where org_id = ${orgId}
           and id = ${id}`,
    ),
};

function findTarget(tx: Tx, orgId: string, id: string, lock = emptySql) {
  return maybeOne(
    tx,
    TargetRow,
    sql`
      select ${columns}
        from docent.skill_targets t
        join docent.skills s
          on s.org_id = t.org_id and s.id = t.skill_id
       where t.org_id = ${orgId}
         and t.id = ${id}
       ${lock}`,
  );
}

function listTargets(
  tx: Tx,
  orgId: string,
  filters: TargetFilters,
  after: Position | null,
  limit: number,
) {
  const { jobRole = null, departmentId = null, skillId = null } = filters;
  return many(
    tx,
    ListRow,
    sql`
      select ${columns}, ${timePosition(sql`t.created_at`)} as position
        from docent.skill_targets t
        join docent.skills s
          on s.org_id = t.org_id and s.id = t.skill_id
       where t.org_id = ${orgId}
         and (${jobRole}::text is null or lower(t.job_role) = lower(${jobRole}))
         and (${departmentId}::uuid is null or t.department_id = ${departmentId})
         and (${skillId}::uuid is null or t.skill_id = ${skillId})
         and (${after?.position ?? null}::timestamptz is null
              or (t.created_at, t.id) > (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by t.created_at, t.id
       limit ${limit}`,
  );
}
