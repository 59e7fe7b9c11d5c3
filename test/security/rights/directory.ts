import { newId } from '@docent/core/ids';
import { type AreaRights, everybody, type TableRights, type Verb } from './rights.ts';

const people = ['directory:write', 'scim'] as const;
const changing: Verb = { admin: 'organization', worker: 'organization', scope: people };
const everyLive = [
  'own',
  'same_department',
  'below_department',
  'other_department',
  'no_department',
  'seen_in_department',
  'other_admin',
];

/** What nobody changes of themselves. */
const onlyByOthers = [
  'id',
  'email',
  'name',
  'role',
  'department_id',
  'status',
  'created_at',
  'job_title',
  'external_id',
  'user_name',
  'given_name',
  'family_name',
  'manager_id',
  'manager_ref',
  'deleted_at',
];

export const directoryRights: AreaRights = {
  organizations: {
    columns: {
      org_id: 'id',
      name: 'plain',
      settings: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
      parent_id: 'id',
      path: 'id',
      depth: 'plain',
      parent_path: 'id',
      status: 'plain',
      branding: 'plain',
      max_users: 'plain',
      max_storage_bytes: 'plain',
      max_tokens_per_month: 'plain',
    },
    // An organization below the own one; its parent's administrators know of it.
    variants: {
      child: {
        values: {
          org_id: () => newId(),
          parent_id: ({ person }) => person.orgId,
          path: ({ person }) => [person.orgId],
        },
      },
    },
    madeBy: 'administrator',
    select: { ...everybody(['shared']), admin: 'organization', worker: 'organization' },
    insert: { admin: ['shared'], worker: ['shared'], scope: 'directory:write' },
    update: { admin: ['shared'], worker: ['shared'], scope: 'directory:write' },
    delete: { worker: ['shared'] },
    locked: [
      { columns: ['parent_id', 'path'] },
      {
        columns: ['status', 'max_users', 'max_storage_bytes', 'max_tokens_per_month'],
        unless: ['worker'],
      },
    ],
  },
  departments: {
    department: 'id',
    columns: {
      org_id: 'id',
      id: 'id',
      parent_id: 'id',
      name: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
      external_id: 'id',
      description: 'plain',
      path: 'id',
      depth: 'plain',
    },
    row: { parent_id: ({ key, departments }) => (key === 'below' ? departments.own : null) },
    select: { ...everybody('organization'), worker: 'organization' },
    insert: changing,
    update: changing,
    delete: changing,
  },
  users: {
    owner: 'id',
    department: 'department_id',
    columns: {
      org_id: 'id',
      id: 'id',
      email: 'personal',
      name: 'personal',
      role: 'plain',
      department_id: 'id',
      learning_profile: 'personal',
      preferences: 'personal',
      status: 'plain',
      visibility: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
      job_title: 'personal',
      external_id: 'id',
      user_name: 'personal',
      given_name: 'personal',
      family_name: 'personal',
      manager_id: 'id',
      manager_ref: 'personal',
      deleted_at: 'plain',
      email_key: 'personal',
      user_name_key: 'personal',
    },
    row: {
      role: ({ person }) => person.role,
      // One of them finds nobody's row but by being that person.
      visibility: ({ key }) => (key === 'trainer' ? 'hidden' : 'organization'),
    },
    variants: {
      deactivated: { values: { status: 'deactivated' } },
      hidden: { values: { visibility: 'hidden' } },
      seen_in_department: { values: { visibility: 'department' }, moves: false },
      seen_in_other_department: { like: 'other', values: { visibility: 'department' } },
      other_admin: { values: { role: 'admin' } },
    },
    select: {
      learner: everyLive,
      trainer: everyLive,
      hr_manager: [...everyLive, 'deactivated', 'hidden'],
      admin: 'organization',
      worker: 'organization',
      granted: { 'directory:read': true },
    },
    insert: {
      ...changing,
      granted: {
        'directory:write': {
          organization: [
            'own',
            'same_department',
            'below_department',
            'other_department',
            'no_department',
            'deactivated',
            'hidden',
            'seen_in_department',
            'seen_in_other_department',
          ],
          department: ['own', 'same_department', 'deactivated', 'hidden', 'seen_in_department'],
          own: [],
        },
      },
    },
    update: {
      ...everybody('own'),
      ...changing,
      unscoped: 'own',
      granted: {
        'directory:write': {
          organization: [
            'own',
            'same_department',
            'below_department',
            'other_department',
            'no_department',
            'deactivated',
            'hidden',
            'seen_in_department',
            'seen_in_other_department',
          ],
          department: ['own', 'same_department', 'deactivated', 'hidden', 'seen_in_department'],
          own: 'own',
        },
      },
    },
    delete: changing,
    locked: [
      { columns: onlyByOthers, unless: ['admin', 'worker'], of: ['own'] },
      { columns: ['role'], unless: ['admin', 'worker'] },
    ],
  },
  grants: {
    owner: 'user_id',
    columns: {
      org_id: 'id',
      id: 'id',
      user_id: 'id',
      scope: 'plain',
      extent: 'plain',
      reason: 'personal',
      granted_by: 'id',
      expires_at: 'plain',
      revoked_at: 'plain',
      revoked_by: 'id',
      created_at: 'plain',
      updated_at: 'plain',
    },
    row: { scope: ({ copy }) => (copy === 'a' ? 'chat' : 'search') },
    select: { ...everybody('own'), admin: 'organization', worker: 'organization' },
    insert: { admin: 'organization', worker: 'organization' },
    update: { admin: 'organization', worker: 'organization' },
    delete: { worker: 'organization' },
  },
};

const ownKeys: Verb = {
  ...everybody('own'),
  admin: 'organization',
  worker: 'organization',
  scope: 'keys:write',
};
/** No key gives more than it has. */
const madeByKeys: Verb = { ...ownKeys, scoped: ['own', 'other_owner'] };
const administered: Verb = { admin: 'organization', worker: 'organization', scope: [] };

/** How people and services sign in. */
export const accessRights: AreaRights = {
  api_keys: {
    owner: 'user_id',
    columns: {
      org_id: 'id',
      id: 'id',
      user_id: 'id',
      name: 'personal',
      secret_hash: 'secret',
      last_four: 'plain',
      scopes: 'plain',
      expires_at: 'plain',
      revoked_at: 'plain',
      last_used_at: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
      env: 'plain',
      description: 'personal',
      created_by: 'id',
      rate_limit_per_minute: 'plain',
      last_used_ip: 'personal',
      revoked_by: 'id',
      revoke_reason: 'personal',
      rotated_from: 'id',
    },
    // A key of one scope makes keys of that scope; `all` is one with more rights than it has.
    row: { scopes: ['keys:write'] },
    variants: { all: { values: { scopes: ['*'] } } },
    select: {
      ...everybody('own'),
      admin: 'organization',
      worker: 'organization',
      key_look_up: 'own',
    },
    insert: madeByKeys,
    update: madeByKeys,
    delete: ownKeys,
    locked: [{ columns: ['scopes'], ofKeys: true }],
  },
  issuers: issuersTable(),
  identities: {
    owner: 'user_id',
    columns: {
      org_id: 'id',
      id: 'id',
      issuer_id: 'id',
      subject: 'personal',
      user_id: 'id',
      linked_by: 'plain',
      last_used_at: 'plain',
      created_at: 'plain',
    },
    select: {
      ...everybody('own'),
      admin: 'organization',
      worker: 'organization',
      scope: 'directory:read',
      unscoped: 'own',
    },
    insert: administered,
    update: { worker: 'organization' },
    delete: administered,
  },
  security_events: {
    columns: {
      org_id: 'id',
      id: 'id',
      at: 'plain',
      kind: 'plain',
      count: 'plain',
      user_id: 'id',
      api_key_id: 'id',
      issuer_id: 'id',
      identity_hash: 'secret',
      ip: 'personal',
      user_agent: 'personal',
      request_id: 'id',
      details: 'personal',
    },
    variants: { old: { values: { at: '2020-01-01' } } },
    select: {
      admin: 'organization',
      worker: 'organization',
      scope: 'audit:read',
      granted: {
        'audit:read': { organization: 'organization', department: [], own: [] },
      },
    },
    insert: { worker: 'organization' },
    delete: { worker: ['old'] },
  },
};

function issuersTable(): TableRights {
  return {
    columns: {
      org_id: 'id',
      id: 'id',
      name: 'plain',
      issuer: 'plain',
      audience: 'plain',
      jwks_uri: 'plain',
      algorithms: 'plain',
      create_people: 'plain',
      link_by_email: 'plain',
      department_id: 'id',
      name_claim: 'plain',
      email_claim: 'plain',
      status: 'plain',
      created_at: 'plain',
      updated_at: 'plain',
    },
    row: { algorithms: ['RS256'] },
    select: {
      admin: 'organization',
      worker: 'organization',
      scope: 'directory:read',
      issuer_look_up: ['shared'],
    },
    insert: administered,
    update: administered,
    delete: administered,
  };
}
