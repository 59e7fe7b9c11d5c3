import type { AreaRights } from './rights.ts';

/** Written by functions of their owner only; read by administrators and whom it was granted to. */
export const auditRights: AreaRights = {
  audit_log: {
    columns: {
      org_id: 'id',
      seq: 'id',
      at: 'plain',
      actor: 'id',
      action: 'plain',
      target_kind: 'plain',
      target_id: 'id',
      changes: 'plain',
      details: 'plain',
      request_id: 'id',
      ip: 'personal',
      user_agent: 'personal',
      hash: 'plain',
    },
    row: { seq: ({ copy }) => (copy === 'a' ? 1_000_000 : 1_000_001) },
    select: {
      admin: 'organization',
      worker: 'organization',
      scope: 'audit:read',
      granted: { 'audit:read': { organization: 'organization', department: [], own: [] } },
    },
  },
  audit_heads: {
    columns: { org_id: 'id', seq: 'plain', hash: 'plain' },
  },
  audit_pending: {
    columns: {
      org_id: 'id',
      transaction: 'id',
      statement: 'id',
      position: 'plain',
      actor: 'id',
      action: 'plain',
      target_kind: 'plain',
      target_id: 'id',
      changes: 'plain',
      details: 'plain',
      request_id: 'id',
      ip: 'personal',
      user_agent: 'personal',
    },
    row: { transaction: ({ copy }) => (copy === 'a' ? '1' : '2') },
  },
};
