import { EventStatus, type ProgressEvent } from '@docent/contracts/learningProgress';
import type { Position } from '@docent/database/resource';
import { many, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { At, timePosition } from '../graph/rows.ts';

const Stored = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  courseId: z.uuid().nullable(),
  skillId: z.uuid().nullable(),
  source: z.string(),
  eventId: z.string(),
  status: EventStatus.nullable(),
  progress: z.number().nullable(),
  dueAt: z.date().nullable(),
  registration: z.string().nullable(),
  occurredAt: z.date(),
});
export type StoredEvent = z.infer<typeof Stored>;
export type NewEvent = StoredEvent & { readonly statementId: string | null };

/** Events that are there already under these names. */
export function findEvents(
  tx: Tx,
  orgId: string,
  names: readonly Pick<StoredEvent, 'userId' | 'source' | 'eventId'>[],
): Promise<StoredEvent[]> {
  return many(
    tx,
    Stored,
    sql`
      select e.id, e.user_id as "userId", e.course_id as "courseId", e.skill_id as "skillId", e.source,
             e.event_id as "eventId", e.status, e.progress, e.due_at as "dueAt", e.registration,
             e.occurred_at as "occurredAt"
        from unnest(${names.map(({ userId }) => userId)}::uuid[], ${names.map(({ source }) => source)}::text[],
               ${names.map(({ eventId }) => eventId)}::text[]) n (user_id, source, event_id)
        join docent.progress_events e
          on e.org_id = ${orgId}
         and e.user_id = n.user_id
         and e.source = n.source
         and e.event_id = n.event_id`,
  );
}

export async function insertEvents(
  tx: Tx,
  { orgId, userId }: { readonly orgId: string; readonly userId: string },
  events: readonly NewEvent[],
): Promise<void> {
  await run(
    tx,
    sql`
      insert into docent.progress_events (org_id, id, user_id, course_id, skill_id, source, event_id, status,
        progress, due_at, registration, statement_id, occurred_at, created_by)
      select ${orgId}, e.id, e."userId", e."courseId", e."skillId", e.source, e."eventId", e.status, e.progress,
             e."dueAt", e.registration, e."statementId", e."occurredAt",
             (select u.id from docent.users u where u.org_id = ${orgId} and u.id = ${userId})
        from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) e (id uuid, "userId" uuid, "courseId" uuid,
               "skillId" uuid, source text, "eventId" text, status text, progress float8, "dueAt" timestamptz,
               registration text, "statementId" uuid, "occurredAt" timestamptz)`,
  );
}

const ListRow = z
  .object({
    id: z.uuid(),
    source: z.string(),
    eventId: z.string(),
    status: EventStatus.nullable(),
    progress: z.number().nullable(),
    dueAt: At.nullable(),
    registration: z.string().nullable(),
    occurredAt: At,
    receivedAt: At,
    position: z.string(),
  })
  .transform(({ position, ...item }) => ({ position, id: item.id, item }));

/** What was reported about a person in a course or skill, newest first by the events' own time. */
export function listEvents(
  tx: Tx,
  orgId: string,
  { userId, itemId }: { readonly userId: string; readonly itemId: string },
  after: Position | null,
  limit: number,
): Promise<(Position & { item: ProgressEvent })[]> {
  return many(
    tx,
    ListRow,
    sql`
      select e.id, e.source, e.event_id as "eventId", e.status, e.progress, e.due_at as "dueAt", e.registration,
             e.occurred_at as "occurredAt", e.created_at as "receivedAt",
             ${timePosition(sql`e.occurred_at`)} as position
        from docent.progress_events e
       where e.org_id = ${orgId}
         and e.user_id = ${userId}
         and (e.course_id = ${itemId} or e.skill_id = ${itemId})
         and (${after?.position ?? null}::timestamptz is null
              or (e.occurred_at, e.id) < (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by e.occurred_at desc, e.id desc
       limit ${limit}`,
  );
}
