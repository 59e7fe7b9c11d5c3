/** What people can be. */
export const roles = ['learner', 'trainer', 'hr_manager', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * What a route may ask for: of an API key as its scope, of a person as what their role allows or somebody
 * granted. `*` stands for all of them.
 */
export const scopes = [
  'content:read',
  'content:write',
  'search',
  'chat',
  'learning:read',
  'learning:write',
  'progress:read',
  'progress:write',
  'recommendations',
  'analytics:read',
  'directory:read',
  'directory:write',
  'keys:write',
  'scim',
  'audit:read',
  'evaluations:read',
  'evaluations:write',
] as const;
export type Scope = (typeof scopes)[number];

/** How far a grant reaches: everything, what belongs to the own departments, or what is one's own. */
export const extents = ['organization', 'department', 'own'] as const;
export type Extent = (typeof extents)[number];

/** A right that somebody gave this person beyond their role. */
export interface Grant {
  readonly scope: Scope;
  readonly extent: Extent;
}

/** Where a request came from, for the audit log. */
export interface Origin {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string;
}

/** Who is calling: a person, or an API key that acts for one and never has more rights. */
export interface Principal {
  readonly orgId: string;
  readonly userId: string;
  /** `worker`: background work of the organization; no person has this role. */
  readonly role: Role | 'worker';
  /** The departments that the caller belongs to (HR managers: also those below them). */
  readonly departmentIds: readonly string[];
  /** The departments above the person's own: what is shown to one of them is shown to those below it. */
  readonly departmentPath?: readonly string[];
  /** Set when an API key is calling; its scopes narrow what the role may do. */
  readonly apiKeyId?: string;
  /** Requests a minute that the key may make, when it has a limit of its own. */
  readonly rateLimitPerMinute?: number;
  /** Set when the caller sent an access token: the issuer's row. */
  readonly issuerId?: string;
  /** `*` is every right of the owner. */
  readonly scopes: readonly string[];
  /** Rights beyond the role. */
  readonly grants?: readonly Grant[];
  /** Missing when no request is behind it. */
  readonly origin?: Origin;
}

/** Background work of an organization: what a worker runs as when nobody is asking. */
export function workerPrincipal(orgId: string): Principal {
  return {
    orgId,
    userId: '00000000-0000-0000-0000-000000000000',
    role: 'worker',
    departmentIds: [],
    scopes: ['*'],
  };
}
