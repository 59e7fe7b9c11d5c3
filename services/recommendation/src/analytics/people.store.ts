import type { AtRiskPerson, UserAnalytics } from '@docent/contracts/analytics';
import { many, maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Row = z.object({
  userId: z.uuid(),
  totalSkills: z.int(),
  completedSkills: z.int(),
  totalCourses: z.int(),
  completedCourses: z.int(),
  totalProgress: z.number(),
  recentActivity: z
    .object({
      recent_messages: z.int(),
      recent_progress: z.int(),
      recent_recommendations: z.int(),
    })
    .transform((recent) => ({
      recentMessages: recent.recent_messages,
      recentProgress: recent.recent_progress,
      recentRecommendations: recent.recent_recommendations,
    })),
  skillDistribution: z
    .record(z.string(), z.int())
    .nullable()
    .transform((skills) => skills ?? {}),
  learningVelocity: z.number().nullable(),
});

/** Null: there is nobody with this id whose learning the caller may see. */
export function findUserAnalytics(
  tx: Tx,
  orgId: string,
  userId: string,
): Promise<Omit<UserAnalytics, 'atRisk'> | null> {
  return maybeOne(
    tx,
    Row,
    sql`
      select u.id as "userId", a.total_skills as "totalSkills", a.completed_skills as "completedSkills",
             a.total_courses as "totalCourses", a.completed_courses as "completedCourses",
             a.total_progress as "totalProgress", a.recent_activity as "recentActivity",
             a.skill_distribution as "skillDistribution", a.learning_velocity as "learningVelocity"
        from docent.users u
        cross join lateral docent.get_user_learning_analytics(u.id::text) a
       where u.org_id = ${orgId}
         and u.id = ${userId}
         and (u.id = docent.caller_id()
           or docent.acts_as('admin')
           or docent.granted('analytics:read', 'organization')
           or (docent.acts_as('hr_manager') or docent.granted('analytics:read', 'department'))
             and u.department_id = any (docent.caller_departments()))`,
  );
}

const LikelyRow = z
  .object({
    userId: z.uuid(),
    name: z.string(),
    courseId: z.uuid(),
    title: z.string(),
    probability: z.number().nullable(),
  })
  .transform(({ courseId, title, ...person }) => ({ ...person, course: { id: courseId, title } }));

/** Of these, active people of a department and of those below it, as far as the caller sees them; the likeliest first. */
export function describeRisks(
  tx: Tx,
  orgId: string,
  departmentId: string,
  risks: readonly { userId: string; courseId: string; probability: number | null }[],
): Promise<AtRiskPerson[]> {
  return many(
    tx,
    LikelyRow,
    sql`
      select u.id as "userId", u.name, c.id as "courseId", c.title, r.probability
        from unnest(${risks.map(({ userId }) => userId)}::uuid[],
               ${risks.map(({ courseId }) => courseId)}::uuid[],
               ${risks.map(({ probability }) => probability)}::float8[]) r (user_id, course_id, probability)
        join docent.learning_progress l
          on l.org_id = ${orgId} and l.user_id = r.user_id and l.course_id = r.course_id
        join docent.users u on u.org_id = ${orgId} and u.id = r.user_id and u.status = 'active'
        join docent.courses c on c.org_id = ${orgId} and c.id = r.course_id
        join docent.departments d on d.org_id = ${orgId} and d.id = u.department_id
       where d.id = ${departmentId}
          or d.path @> array[${departmentId}::uuid]
       order by r.probability desc nulls last, u.name, u.id, c.title, c.id`,
  );
}

/** Titles of these courses. */
export async function findCourseTitles(
  tx: Tx,
  orgId: string,
  courseIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await many(
    tx,
    z.object({ id: z.uuid(), title: z.string() }),
    sql`
      select id, title
        from docent.courses
       where org_id = ${orgId}
         and id = any (${courseIds}::uuid[])`,
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}
