import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { popularOf, type Wanted } from './candidates.store.ts';

const TaughtSkill = z.object({
  skillId: z.uuid(),
  courseId: z.uuid(),
  course: z.string(),
  popularity: z.number(),
  people: z.int(),
  ofDepartment: z.boolean(),
});

/** Skills that popular courses teach which the learner has not taken, each with the most popular of these. */
export function findTaughtSkills(
  tx: Tx,
  orgId: string,
  wanted: Wanted,
): Promise<z.infer<typeof TaughtSkill>[]> {
  return many(
    tx,
    TaughtSkill,
    sql`
      select distinct on (e.to_id) e.to_id as "skillId", c.id as "courseId", c.title as course,
             p.score * e.weight as popularity, p.learners as people, p.of_department as "ofDepartment"
        from (${popularOf(orgId, 'course', wanted)}) p
        join docent.courses c
          on c.org_id = ${orgId}
         and c.id = p.item_id
         and c.status = 'published'
        join docent.learning_edges e
          on e.org_id = ${orgId}
         and e.type = 'teaches'
         and e.status = 'confirmed'
         and e.from_course_id = p.item_id
       where e.to_id <> all (${wanted.without}::uuid[])
       order by e.to_id, p.score * e.weight desc, c.id`,
  );
}

const AskedSkill = z.object({ skillId: z.uuid(), required: z.int(), importance: z.number() });

/** Skills that a department, or one above it, asks everybody for, whatever their job. */
export function findAskedSkills(
  tx: Tx,
  orgId: string,
  { departmentId, without }: Pick<Wanted, 'departmentId' | 'without'>,
): Promise<z.infer<typeof AskedSkill>[]> {
  return many(
    tx,
    AskedSkill,
    sql`
      select t.skill_id as "skillId", max(t.level) as required, max(t.importance) as importance
        from docent.departments d
        join docent.skill_targets t
          on t.org_id = ${orgId}
         and t.job_role is null
         and (t.department_id = d.id or t.department_id = any (d.path))
       where d.org_id = ${orgId}
         and d.id = ${departmentId}
         and t.skill_id <> all (${without}::uuid[])
       group by t.skill_id`,
  );
}
