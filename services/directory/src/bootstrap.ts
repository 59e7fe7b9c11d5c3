import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { createKey } from '@docent/http/apiKey';
import { ensureUser, insertKey, insertOrganization } from './people.store.ts';

export interface NewOrganization {
  readonly orgId: string;
  readonly adminId: string;
  readonly keyId: string;
  /** The administrator's API key. It is stored nowhere: show it now or never. */
  readonly token: string;
}

/**
 * A new organization with its first administrator and a key for them, all or nothing.
 *
 * @param env what the key is for, the second part of its text: `live`, `demo`, `test`.
 */
export async function createOrganization(
  database: Database,
  organization: { name: string; adminEmail: string; adminName: string; env?: string },
): Promise<NewOrganization> {
  const { name, adminEmail, adminName, env = 'live' } = organization;
  const orgId = newId();
  const adminId = newId();
  const key = createKey(env);
  await database.withPrincipal(founder(orgId, adminId), async (tx) => {
    await insertOrganization(tx, { orgId, name });
    await ensureUser(tx, {
      orgId,
      id: adminId,
      email: adminEmail,
      name: adminName,
      role: 'admin',
      departmentId: null,
    });
    await insertKey(tx, orgId, { ...key, userId: adminId, name: 'first key', scopes: ['*'] });
  });
  return { orgId, adminId, keyId: key.id, token: key.token };
}

/** Who writes the first rows of an organization. */
export function founder(orgId: string, userId: string): Principal {
  return { orgId, userId, role: 'admin', departmentIds: [], scopes: ['*'] };
}
