export const roles = ['learner', 'trainer', 'hr_manager', 'admin'] as const;
export type Role = (typeof roles)[number];

/** Who is calling: a person, or an API key that acts for one and never has more rights. */
export interface Principal {
  readonly orgId: string;
  readonly userId: string;
  readonly role: Role;
  /** The departments that the caller belongs to (HR managers: also those below them). */
  readonly departmentIds: readonly string[];
  /** Set when an API key is calling; its scopes narrow what the role may do. */
  readonly apiKeyId?: string;
  /** `*` is every right of the owner. */
  readonly scopes: readonly string[];
}

/** Background work of an organization: what a worker runs as when nobody is asking. */
export function workerPrincipal(orgId: string): Principal {
  return {
    orgId,
    userId: '00000000-0000-0000-0000-000000000000',
    role: 'admin',
    departmentIds: [],
    scopes: ['*'],
  };
}
