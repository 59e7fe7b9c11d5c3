import {
  type Course,
  type CourseFilters,
  LearningStatus,
  MoveOn,
  type NewCourse,
  NodeRef,
} from '@docent/contracts/learning';
import { type Position, type ResourceStore, ROW_LOCK } from '@docent/database/resource';
import { emptySql, many, maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, patternsOf, prerequisitesOf } from './rows.ts';

const CourseRow = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  durationMinutes: z.int().nullable(),
  difficulty: z.int(),
  objectives: z.array(z.string()),
  moveOn: MoveOn,
  externalUri: z.string().nullable(),
  status: LearningStatus,
  metadata: z.record(z.string(), z.json()),
  prerequisites: z.array(NodeRef),
  skills: z.array(NodeRef),
  createdAt: At,
  updatedAt: At,
});

const ListRow = z
  .object({ position: z.string(), ...CourseRow.shape })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

const columns = sql`
  t.id, t.title, t.description, t.duration_minutes as "durationMinutes", t.difficulty, t.objectives,
  t.move_on as "moveOn", t.external_uri as "externalUri", t.status, t.metadata,
  ${prerequisitesOf('course', sql`t.id`)} as prerequisites,
  (select coalesce(json_agg(json_build_object('kind', 'skill', 'id', s.id, 'title', s.name)
            order by e.weight desc, s.name), '[]')
     from docent.learning_edges e
     join docent.skills s
       on s.org_id = e.org_id and s.id = e.to_skill_id
    where e.org_id = t.org_id
      and e.from_course_id = t.id
      and e.type = 'teaches'
      and e.status = 'confirmed') as skills,
  t.created_at as "createdAt", t.updated_at as "updatedAt"`;

export const courseStore: ResourceStore<Course, NewCourse, CourseFilters> = {
  find: findCourse,
  lock: (tx, orgId, id) => findCourse(tx, orgId, id, ROW_LOCK),

  list: listCourses,

  async insert(tx, { orgId, userId }, id, course) {
    await run(
      tx,
      sql`
        insert into docent.courses (org_id, id, title, description, duration_minutes, difficulty, objectives,
          move_on, external_uri, status, metadata, created_by)
        values (${orgId}, ${id}, ${course.title}, ${course.description}, ${course.durationMinutes},
          ${course.difficulty}, ${course.objectives}, ${course.moveOn}, ${course.externalUri}, ${course.status},
          ${JSON.stringify(course.metadata)}::jsonb, ${userId})`,
    );
  },

  async update(tx, orgId, id, course) {
    await run(
      tx,
      sql`
        update docent.courses
           set title = ${course.title},
               description = ${course.description},
               duration_minutes = ${course.durationMinutes},
               difficulty = ${course.difficulty},
               objectives = ${course.objectives},
               move_on = ${course.moveOn},
               external_uri = ${course.externalUri},
               status = ${course.status},
               metadata = ${JSON.stringify(course.metadata)}::jsonb
         where org_id = ${orgId}
           and id = ${id}`,
    );
  },

  remove: (tx, orgId, id) =>
    run(
      tx,
      sql`
        delete from docent.courses
         where org_id = ${orgId}
           and id = ${id}`,
    ),
};

function findCourse(tx: Tx, orgId: string, id: string, lock = emptySql) {
  return maybeOne(
    tx,
    CourseRow,
    sql`
      select ${columns}
        from docent.courses t
       where t.org_id = ${orgId}
         and t.id = ${id}
       ${lock}`,
  );
}

function listCourses(
  tx: Tx,
  orgId: string,
  filters: CourseFilters,
  after: Position | null,
  limit: number,
) {
  const { difficulty = null, maxMinutes = null, skillId = null, externalUri = null } = filters;
  const patterns = patternsOf(filters.q);
  return many(
    tx,
    ListRow,
    sql`
      select ${columns}, lower(t.title) as position
        from docent.courses t
       where t.org_id = ${orgId}
         and (${patterns}::text[] is null or t.title || ' ' || t.description ilike all (${patterns}::text[]))
         and (${difficulty}::int is null or t.difficulty = ${difficulty})
         and (${maxMinutes}::int is null or t.duration_minutes <= ${maxMinutes})
         and (${externalUri}::text is null or t.external_uri = ${externalUri})
         and (${skillId}::uuid is null
              or exists (
                select
                  from docent.learning_edges e
                 where e.org_id = t.org_id
                   and e.from_course_id = t.id
                   and e.to_skill_id = ${skillId}
                   and e.type = 'teaches'
                   and e.status = 'confirmed'))
         and case when ${filters.status ?? null}::text is null then t.status <> 'archived'
               else t.status = ${filters.status ?? null} end
         and (${after?.position ?? null}::text is null
              or (lower(t.title), t.id) > (${after?.position ?? null}::text, ${after?.id ?? null}::uuid))
       order by lower(t.title), t.id
       limit ${limit}`,
  );
}
