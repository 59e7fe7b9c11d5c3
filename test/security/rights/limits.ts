import { type AreaRights, everybody } from './rights.ts';

/** Tokens are counted by workers, whoever they are counted for; budgets are an administrator's. */
export const limitsRights: AreaRights = {
  token_usage: {
    owner: 'user_id',
    department: 'department_id',
    columns: {
      org_id: 'id',
      month: 'plain',
      user_id: 'id',
      purpose: 'plain',
      department_id: 'id',
      tokens: 'plain',
      calls: 'plain',
      updated_at: 'plain',
    },
    row: { month: '2026-11-01', purpose: ({ copy }) => (copy === 'a' ? 'chat' : 'embedding') },
    select: {
      ...everybody('own'),
      hr_manager: 'departments',
      admin: 'organization',
      worker: 'organization',
    },
    insert: { worker: 'organization' },
    update: { worker: 'organization' },
    delete: { worker: 'organization' },
  },
  token_budgets: {
    columns: {
      org_id: 'id',
      id: 'id',
      user_id: 'id',
      department_id: 'id',
      max_tokens_per_month: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
    },
    row: {
      user_id: ({ copy, person }) => (copy === 'a' ? person.id : null),
      department_id: ({ copy, departments }) => (copy === 'a' ? null : departments.other),
    },
    select: { admin: 'organization', worker: 'organization' },
    insert: { admin: 'organization', worker: 'organization', scope: 'directory:write' },
    update: { admin: 'organization', worker: 'organization', scope: 'directory:write' },
    delete: { admin: 'organization', worker: 'organization', scope: 'directory:write' },
  },
};
