import type { DocentClient } from '@docent/client/client';
import { print } from './terminal.ts';

/** Prints who the key speaks for. */
export async function whoami(client: DocentClient, signal: AbortSignal): Promise<void> {
  const { user, organization, role, departments, scopes } = await client.me({ signal });
  print(`${user.name} <${user.email}>, ${role.replace('_', ' ')} of ${organization.name}`);
  if (departments.length > 0) {
    print(`Departments: ${departments.map(({ name }) => name).join(', ')}`);
  }
  print(`Rights: ${scopes.includes('*') ? 'all of the role' : scopes.join(', ')}`);
}
