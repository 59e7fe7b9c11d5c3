import type { UserAnalytics } from '@docent/contracts/analytics';
import { maybeOne, sql, type Tx } from '@docent/database/sql';
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
