import { maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Person = z.object({ id: z.uuid(), masteryStale: z.boolean(), profiling: z.boolean() });

/**
 * A person whose learning the caller may see: themselves; administrators everybody, HR managers the own departments,
 * and whom somebody granted it.
 */
export function findOverseen(
  tx: Tx,
  orgId: string,
  userId: string,
): Promise<z.infer<typeof Person> | null> {
  return maybeOne(
    tx,
    Person,
    sql`
      select u.id, coalesce(s.mastery_stale, false) as "masteryStale", coalesce(s.profiling, true) as profiling
        from docent.users u
        left join docent.learner_states s
          on s.org_id = ${orgId}
         and s.user_id = u.id
       where u.org_id = ${orgId}
         and u.id = ${userId}
         and u.deleted_at is null
         and (u.id = docent.caller_id()
           or docent.acts_as('admin')
           or docent.granted('progress:read', 'organization')
           or (docent.acts_as('hr_manager') or docent.granted('progress:read', 'department'))
             and u.department_id = any (docent.caller_departments()))`,
  );
}
