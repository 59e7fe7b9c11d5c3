import type {
  Course,
  NewCourse,
  NewSkill,
  NewSkillTarget,
  Skill,
  SkillTarget,
} from '@docent/contracts/learning';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { makeResource } from '@docent/http/resource';
import { courseStore } from './courses.store.ts';
import { skillStore } from './skills.store.ts';
import { targetStore } from './targets.store.ts';

const IN_USE = 'Archive it instead: PATCH {"status": "archived"}.';

export type Skills = ReturnType<typeof makeSkills>;

export function makeSkills(database: Database) {
  return makeResource(database, skillStore, {
    kind: 'skill',
    order: 'name',
    conflicts: {
      skills_name: 'There is a skill of this name already.',
      skills_org_id_external_uri_key: 'Another skill has this externalUri.',
      progress_events_org_id_skill_id_fkey: `People have progress in this skill. ${IN_USE}`,
      learning_progress_org_id_skill_id_fkey: `People have progress in this skill. ${IN_USE}`,
      attempt_answers_org_id_skill_id_fkey: `People have answered questions of this skill. ${IN_USE}`,
    },
    valuesOf: ({ id, prerequisites, createdAt, updatedAt, ...values }: Skill): NewSkill => values,
  });
}

export type Courses = ReturnType<typeof makeCourses>;

export function makeCourses(database: Database, jobs: Jobs) {
  return makeResource(database, courseStore, {
    kind: 'course',
    order: 'name',
    conflicts: {
      courses_org_id_external_uri_key: 'Another course has this externalUri.',
      progress_events_org_id_course_id_fkey: `People have progress in this course. ${IN_USE}`,
      learning_progress_org_id_course_id_fkey: `People have progress in this course. ${IN_USE}`,
    },
    valuesOf: ({ id, prerequisites, skills, createdAt, updatedAt, ...values }: Course): NewCourse =>
      values,
    // What completes the course has changed: what was reported is read by the new rule.
    async changed(tx, { orgId }, course, before) {
      if (before === null || before.moveOn === course.moveOn) return;
      await jobs.send(tx, 'refold-course', { orgId, courseId: course.id });
    },
  });
}

export type Targets = ReturnType<typeof makeTargets>;

export function makeTargets(database: Database) {
  return makeResource(database, targetStore, {
    kind: 'skill target',
    order: 'time',
    conflicts: {
      skill_targets_once: 'There is a target for this skill and these people already.',
      skill_targets_org_id_skill_id_fkey: 'There is no such skill.',
      skill_targets_org_id_department_id_fkey: 'There is no such department.',
    },
    valuesOf: ({ id, skillName, createdAt, updatedAt, ...values }: SkillTarget): NewSkillTarget =>
      values,
  });
}
