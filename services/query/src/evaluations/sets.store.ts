import type { EvaluationSet, NewEvaluationSet } from '@docent/contracts/evaluationSets';
import { type ResourceStore, ROW_LOCK } from '@docent/database/resource';
import { emptySql, many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, patternsOf } from './rows.ts';

const SetRow = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  confirmed: z.int(),
  proposed: z.int(),
  createdBy: z.uuid().nullable(),
  createdAt: At,
  updatedAt: At,
});
const ListRow = z
  .object({ position: z.string(), ...SetRow.shape })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

const count = (status: 'confirmed' | 'proposed') => sql`
  (select count(*)::int
     from docent.evaluation_questions q
    where q.org_id = t.org_id
      and q.set_id = t.id
      and q.status = ${status})`;
const columns = sql`
  t.id, t.name, t.description, ${count('confirmed')} as confirmed, ${count('proposed')} as proposed,
  t.created_by as "createdBy", t.created_at as "createdAt", t.updated_at as "updatedAt"`;

export const setStore: ResourceStore<EvaluationSet, NewEvaluationSet, { q?: string | undefined }> =
  {
    find: findSet,
    lock: (tx, orgId, id) => findSet(tx, orgId, id, ROW_LOCK),

    list: (tx, orgId, { q }, after, limit) => {
      const patterns = patternsOf(q);
      return many(
        tx,
        ListRow,
        sql`
        select ${columns}, lower(t.name) as position
          from docent.evaluation_sets t
         where t.org_id = ${orgId}
           and (${patterns}::text[] is null or t.name ilike all (${patterns}::text[]))
           and (${after?.id ?? null}::uuid is null
             or (lower(t.name), t.id) > (${after?.position ?? null}, ${after?.id ?? null}::uuid))
         order by lower(t.name), t.id
         limit ${limit}`,
      );
    },

    async insert(tx, { orgId, userId }, id, { name, description }) {
      await run(
        tx,
        sql`
        insert into docent.evaluation_sets (org_id, id, name, description, created_by)
        values (${orgId}, ${id}, ${name}, ${description}, ${userId})`,
      );
    },

    async update(tx, orgId, id, { name, description }) {
      await run(
        tx,
        sql`
        update docent.evaluation_sets
           set name = ${name},
               description = ${description}
         where org_id = ${orgId}
           and id = ${id}`,
      );
    },

    remove: (tx, orgId, id) =>
      run(
        tx,
        sql`
        delete from docent.evaluation_sets
         where org_id = ${orgId}
           and id = ${id}`,
      ),
  };

function findSet(tx: Tx, orgId: string, id: string, lock = emptySql) {
  return maybeOne(
    tx,
    SetRow,
    sql`
      select ${columns}
        from docent.evaluation_sets t
       where t.org_id = ${orgId}
         and t.id = ${id}
       ${lock}`,
  );
}
