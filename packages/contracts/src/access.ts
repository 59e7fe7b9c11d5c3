/** What security events tell of. */
export const securityEventKinds = [
  'sign_in_failed',
  'sign_in_refused',
  'revoked_key_used',
  'expired_key_used',
  'locked_out',
  'cross_organization_denied',
  'limit_exceeded',
] as const;
export type SecurityEventKind = (typeof securityEventKinds)[number];
