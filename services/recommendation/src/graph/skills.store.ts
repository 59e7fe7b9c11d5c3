import {
  LearningStatus,
  type NewSkill,
  NodeRef,
  type Skill,
  type SkillFilters,
  SkillScheme,
} from '@docent/contracts/learning';
import { type Position, type ResourceStore, ROW_LOCK } from '@docent/database/resource';
import { emptySql, many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, patternsOf, prerequisitesOf } from './rows.ts';

const SkillRow = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  category: z.string(),
  level: z.int(),
  scheme: SkillScheme,
  externalUri: z.string().nullable(),
  status: LearningStatus,
  metadata: z.record(z.string(), z.json()),
  prerequisites: z.array(NodeRef),
  createdAt: At,
  updatedAt: At,
});

const ListRow = z
  .object({ position: z.string(), ...SkillRow.shape })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

const columns = sql`
  t.id, t.name, t.description, t.category, t.level, t.scheme, t.external_uri as "externalUri", t.status,
  t.metadata, ${prerequisitesOf('skill', sql`t.id`)} as prerequisites,
  t.created_at as "createdAt", t.updated_at as "updatedAt"`;

export const skillStore: ResourceStore<Skill, NewSkill, SkillFilters> = {
  find: findSkill,
  lock: (tx, orgId, id) => findSkill(tx, orgId, id, ROW_LOCK),

  list: listSkills,

  async insert(tx, { orgId, userId }, id, skill) {
    await run(
      tx,
      sql`
        insert into docent.skills (org_id, id, name, description, category, level, scheme, external_uri, status,
          metadata, created_by)
        values (${orgId}, ${id}, ${skill.name}, ${skill.description}, ${skill.category}, ${skill.level},
          ${skill.scheme}, ${skill.externalUri}, ${skill.status}, ${JSON.stringify(skill.metadata)}::jsonb,
          ${userId})`,
    );
  },

  async update(tx, orgId, id, skill) {
    await run(
      tx,
      sql`
        update docent.skills
           set name = ${skill.name},
               description = ${skill.description},
               category = ${skill.category},
               level = ${skill.level},
               scheme = ${skill.scheme},
               external_uri = ${skill.externalUri},
               status = ${skill.status},
               metadata = ${JSON.stringify(skill.metadata)}::jsonb
         where org_id = ${orgId}
           and id = ${id}`,
    );
  },

  remove: (tx, orgId, id) =>
    run(
      tx,
      sql`
        delete from docent.skills
         where org_id = ${orgId}
           and id = ${id}`,
    ),
};

function findSkill(tx: Tx, orgId: string, id: string, lock = emptySql) {
  return maybeOne(
    tx,
    SkillRow,
    sql`
      select ${columns}
        from docent.skills t
       where t.org_id = ${orgId}
         and t.id = ${id}
       ${lock}`,
  );
}

function listSkills(
  tx: Tx,
  orgId: string,
  filters: SkillFilters,
  after: Position | null,
  limit: number,
) {
  const { category = null, level = null, scheme = null, externalUri = null } = filters;
  const patterns = patternsOf(filters.q);
  return many(
    tx,
    ListRow,
    sql`
      select ${columns}, lower(t.name) as position
        from docent.skills t
       where t.org_id = ${orgId}
         and (${patterns}::text[] is null or t.name || ' ' || t.description ilike all (${patterns}::text[]))
         and (${category}::text is null or lower(t.category) = lower(${category}))
         and (${level}::int is null or t.level = ${level})
         and (${scheme}::text is null or t.scheme = ${scheme})
         and (${externalUri}::text is null or t.external_uri = ${externalUri})
         and case when ${filters.status ?? null}::text is null then t.status <> 'archived'
               else t.status = ${filters.status ?? null} end
         and (${after?.position ?? null}::text is null
              or (lower(t.name), t.id) > (${after?.position ?? null}::text, ${after?.id ?? null}::uuid))
       order by lower(t.name), t.id
       limit ${limit}`,
  );
}
