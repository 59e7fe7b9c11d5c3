import { type AreaRights, everybody, type Verb } from './rights.ts';

/** What is shown of groups is worked out by workers. */
const working: Verb = { worker: 'organization' };
const worked = { insert: working, update: working, delete: working } as const;

export const analyticsRights: AreaRights = {
  analytics_settings: {
    columns: {
      org_id: 'id',
      min_group: 'plain',
      at_risk_list: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
    },
    select: { ...everybody('organization'), worker: 'organization' },
    insert: { admin: 'organization', worker: 'organization' },
    update: { admin: 'organization', worker: 'organization' },
    delete: working,
  },
  // Rows without a department are about the whole organization; trainers see those parts of them that help them.
  analytics_reports: {
    department: 'department_id',
    columns: {
      org_id: 'id',
      node_id: 'id',
      part: 'plain',
      department_id: 'id',
      min_group: 'plain',
      body: 'plain',
      computed_at: 'plain',
    },
    row: {
      node_id: ({ person }) => person.departmentId ?? person.orgId,
      part: 'completion',
    },
    variants: { content: { like: 'loose', values: { part: 'content' } } },
    select: {
      trainer: ['content'],
      hr_manager: 'departments',
      admin: 'organization',
      worker: 'organization',
      granted: { 'analytics:read': true },
    },
    ...worked,
  },
  question_groups: {
    owner: 'owner_id',
    columns: {
      org_id: 'id',
      id: 'id',
      model_id: 'plain',
      centroid: 'secret',
      example: 'personal',
      content_id: 'id',
      owner_id: 'id',
      similarity: 'plain',
      published: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
    },
    row: { published: true },
    variants: { few_asked: { values: { published: false } } },
    select: {
      learner: 'own',
      hr_manager: 'own',
      trainer: ['own', 'other_owner'],
      admin: ['own', 'other_owner'],
      worker: 'organization',
    },
    ...worked,
  },
  question_group_members: {
    owner: 'user_id',
    columns: { org_id: 'id', message_id: 'id', group_id: 'id', user_id: 'id', asked_at: 'plain' },
    select: working,
    ...worked,
  },
};
