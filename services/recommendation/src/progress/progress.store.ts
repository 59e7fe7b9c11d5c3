import {
  type Progress,
  type ProgressFilters,
  ProgressStatus,
} from '@docent/contracts/learningProgress';
import type { Position } from '@docent/database/resource';
import { many, maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, timePosition } from '../graph/rows.ts';

const ProgressRow = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  courseId: z.uuid().nullable(),
  skillId: z.uuid().nullable(),
  title: z.string(),
  status: ProgressStatus,
  progress: z.number(),
  assignedAt: At.nullable(),
  dueAt: At.nullable(),
  startedAt: At.nullable(),
  completedAt: At.nullable(),
  occurredAt: At,
  source: z.string(),
  registration: z.string().nullable(),
  updatedAt: At,
});

const ListRow = z
  .object({ position: z.string(), ...ProgressRow.shape })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

const selected = sql`
  select p.id, p.user_id as "userId", p.course_id as "courseId", p.skill_id as "skillId",
         coalesce(c.title, s.name, '') as title, p.status, p.progress, p.assigned_at as "assignedAt",
         p.due_at as "dueAt", p.started_at as "startedAt", p.completed_at as "completedAt",
         p.occurred_at as "occurredAt", p.source, p.registration, p.updated_at as "updatedAt",
         ${timePosition(sql`p.occurred_at`)} as position
    from docent.learning_progress p
    left join docent.courses c on c.org_id = p.org_id and c.id = p.course_id
    left join docent.skills s on s.org_id = p.org_id and s.id = p.skill_id`;

/** Where somebody stands in a course or skill, or null: nothing was reported, or the caller may not see it. */
export function findProgress(
  tx: Tx,
  orgId: string,
  { userId, itemId }: { readonly userId: string; readonly itemId: string },
): Promise<Progress | null> {
  return maybeOne(
    tx,
    ProgressRow,
    sql`
      ${selected}
       where p.org_id = ${orgId}
         and p.user_id = ${userId}
         and (p.course_id = ${itemId} or p.skill_id = ${itemId})`,
  );
}

/** What a person has to do with, last active first. */
export function listProgress(
  tx: Tx,
  orgId: string,
  userId: string,
  filters: ProgressFilters,
  after: Position | null,
  limit: number,
): Promise<(Position & { item: Progress })[]> {
  const kind = filters.kind ?? null;
  const status = filters.status ?? null;
  const overdue = filters.overdue ?? null;
  return many(
    tx,
    ListRow,
    sql`
      ${selected}
       where p.org_id = ${orgId}
         and p.user_id = ${userId}
         and (${kind}::text is null or (${kind} = 'course') = (p.course_id is not null))
         and (${status}::text is null or p.status = ${status})
         and (${overdue}::boolean is null
              or ${overdue} = (p.due_at is not null and p.due_at < now() and p.completed_at is null))
         and (${after?.position ?? null}::timestamptz is null
              or (p.occurred_at, p.id) < (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by p.occurred_at desc, p.id desc
       limit ${limit}`,
  );
}

const Person = z.object({ id: z.uuid(), departmentId: z.uuid().nullable() });
export type Person = z.infer<typeof Person>;

/** Of these people those whom the caller sees. */
export function findPeople(tx: Tx, orgId: string, ids: readonly string[]): Promise<Person[]> {
  return many(
    tx,
    Person,
    sql`
      select u.id, u.department_id as "departmentId"
        from docent.users u
       where u.org_id = ${orgId}
         and u.id = any (${ids}::uuid[])
         and u.deleted_at is null`,
  );
}

/** Of these ids those that are courses or skills that the caller sees. */
export function findItems(
  tx: Tx,
  orgId: string,
  ids: readonly string[],
): Promise<{ kind: 'course' | 'skill'; id: string }[]> {
  return many(
    tx,
    z.object({ kind: z.enum(['course', 'skill']), id: z.uuid() }),
    sql`
      select 'course' as kind, c.id
        from docent.courses c
       where c.org_id = ${orgId}
         and c.id = any (${ids}::uuid[])
      union all
      select 'skill', s.id
        from docent.skills s
       where s.org_id = ${orgId}
         and s.id = any (${ids}::uuid[])`,
  );
}
