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
      select user_id as "userId", role, department_id as "departmentId", department_path as "departmentPath",
             job_title as "jobTitle", goal, row_state as row, profiling, mastery_stale as "masteryStale", version,
             catalogue, generation, settings, built_at as "builtAt", weights
        from docent.recommendation_subject(${orgId}, ${userId})`,
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
