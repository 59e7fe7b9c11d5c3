import { type Principal, roles } from '@docent/core/principal';
import { maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { TasteSettings } from './settings.ts';

const Subject = z.object({
  userId: z.uuid(),
  role: z.enum(roles),
  departmentId: z.uuid().nullable(),
  departmentPath: z.array(z.uuid()),
  jobTitle: z.string().nullable(),
  goal: z.string().nullable(),
  /** Changes with what the learner's row says. */
  row: z.string(),
  profiling: z.boolean(),
  masteryStale: z.boolean(),
  version: z.coerce.number().int(),
  catalogue: z.coerce.number().int(),
  generation: z.coerce.number().int().nullable(),
  settings: TasteSettings.nullable(),
  builtAt: z.date().nullable(),
  /** Of the organization's own choice, unchecked. */
  weights: z.unknown(),
});
/** Whom recommendations are for, and the versions of everything that they depend on. */
export type Subject = z.infer<typeof Subject>;

/**
 * The learner, if the caller may ask for their recommendations: the own; administrators of everybody, HR managers of
 * the own departments, and whom somebody granted it. One round trip: it is all that a list from the cache costs.
 */
export function findSubject(tx: Tx, orgId: string, userId: string): Promise<Subject | null> {
  return maybeOne(
    tx,
    Subject,
    sql`
      select u.id as "userId", u.role, u.department_id as "departmentId",
             coalesce(d.path, '{}')::text[] as "departmentPath", u.job_title as "jobTitle",
             nullif(trim(u.learning_profile ->> 'goal'), '') as goal,
             md5(concat_ws('|', u.role, u.department_id, u.job_title, u.learning_profile,
               o.settings -> 'recommendationWeights')) as row,
             coalesce(s.profiling, true) as profiling, coalesce(s.mastery_stale, false) as "masteryStale",
             coalesce(s.version, 0) as version, coalesce(v.version, 0) as catalogue, m.generation, m.settings,
             m.built_at as "builtAt", o.settings -> 'recommendationWeights' as weights
        from docent.users u
        join docent.organizations o
          on o.org_id = ${orgId}
        left join docent.departments d
          on d.org_id = ${orgId}
         and d.id = u.department_id
        left join docent.learner_states s
          on s.org_id = ${orgId}
         and s.user_id = u.id
        left join docent.learning_versions v
          on v.org_id = ${orgId}
        left join docent.recommend_models m
          on m.org_id = ${orgId}
       where u.org_id = ${orgId}
         and u.id = ${userId}
         and u.deleted_at is null
         and (u.id = docent.caller_id()
           or docent.acts_as('admin')
           or docent.granted('recommendations', 'organization')
           or (docent.acts_as('hr_manager') or docent.granted('recommendations', 'department'))
             and u.department_id = any (docent.caller_departments()))`,
  );
}

/** The learner as who their recommendations are worked out: what they may not read is not recommended. */
export function asLearner(subject: Subject, caller: Principal): Principal {
  const { userId, role, departmentId, departmentPath } = subject;
  const departments =
    userId === caller.userId ? caller.departmentIds : departmentId === null ? [] : [departmentId];
  const { origin } = caller;
  return {
    orgId: caller.orgId,
    userId,
    role,
    departmentIds: departments,
    departmentPath,
    scopes: ['*'],
    ...(origin === undefined ? {} : { origin }),
  };
}
