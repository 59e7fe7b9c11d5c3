import { newId } from '@docent/core/ids';
import { type Role, roles } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { createKey, parseKey } from '@docent/http/apiKey';
import { founder } from './bootstrap.ts';
import {
  ensureDepartment,
  ensureUser,
  findKey,
  insertKey,
  insertOrganization,
  revokeKeys,
} from './people.store.ts';

/** The demo organization and a key for each role. Keep it: keys cannot be read back. */
export interface Demo {
  readonly orgId: string;
  readonly keys: Readonly<Record<Role, string>>;
}

/** Who they are; `Operations` is the department above `Engineering`. */
export const demoPeople = {
  learner: { name: 'Lea Learner', email: 'learner@demo.example', department: 'Engineering' },
  trainer: { name: 'Tom Trainer', email: 'trainer@demo.example', department: 'Engineering' },
  hr_manager: {
    name: 'Hanna Manager',
    email: 'hr-manager@demo.example',
    department: 'Operations',
  },
  admin: { name: 'Adam Admin', email: 'admin@demo.example', department: 'Operations' },
} as const satisfies Record<Role, { name: string; email: string; department: string }>;

/** Their addresses. */
export const demoEmails: readonly string[] = roles.map((role) => demoPeople[role].email);

/** Always the same, so that an installation that lost its notes finds its demo again. */
export const DEMO_ORG_ID = '01938c4e-7a00-7d0c-8e47-00000000de30';
const KEY_NAME = 'demo';

/**
 * A demo organization with one person per role, and a working key for each. Calling it again with
 * what it returned gives the same keys; a key that is missing or no longer works is replaced, and
 * the one before it revoked.
 *
 * @param options.known what an earlier call returned, if it was kept.
 * @param options.nodeEnv the environment's NODE_ENV.
 * @throws Error in production: its keys lie around in a file.
 */
export async function ensureDemo(
  database: Database,
  options: { known?: Demo | undefined; nodeEnv: string | undefined },
): Promise<Demo> {
  if (options.nodeEnv === 'production') {
    throw new Error(
      'There is no demo organization in production. Make a real one: npm run create-organization',
    );
  }
  const orgId = DEMO_ORG_ID;
  const known = options.known?.orgId === orgId ? options.known.keys : undefined;
  return database.withPrincipal(founder(orgId, newId()), async (tx) => {
    await insertOrganization(tx, { orgId, name: 'Demo company' });
    const parentId = await department(tx, null, 'Operations');
    const childId = await department(tx, parentId, 'Engineering');
    const keyOf = async (role: Role) => {
      const { name, email, department: of } = demoPeople[role];
      const departmentId = of === 'Operations' ? parentId : childId;
      const userId = await ensureUser(tx, { orgId, id: newId(), email, name, role, departmentId });
      return workingKey(tx, orgId, userId, known?.[role]);
    };
    return {
      orgId,
      keys: {
        learner: await keyOf('learner'),
        trainer: await keyOf('trainer'),
        hr_manager: await keyOf('hr_manager'),
        admin: await keyOf('admin'),
      },
    };
  });

  function department(tx: Tx, parentId: string | null, name: string): Promise<string> {
    return ensureDepartment(tx, { orgId, id: newId(), parentId, name });
  }
}

async function workingKey(
  tx: Tx,
  orgId: string,
  userId: string,
  known: string | undefined,
): Promise<string> {
  const parsed = known === undefined ? null : parseKey(known);
  if (known !== undefined && parsed !== null) {
    const row = await findKey(tx, orgId, parsed.id);
    const works =
      row?.usable && row.userId === userId && row.secretHash === parsed.secretHash.toString('hex');
    if (works) return known;
  }
  await revokeKeys(tx, { orgId, userId, name: KEY_NAME });
  const key = createKey('demo');
  await insertKey(tx, orgId, { ...key, userId, name: KEY_NAME, scopes: ['*'] });
  return key.token;
}
