import type { Tab } from '../ui/page.tsx';

/** The pages of administration, as each of them shows them. */
export const adminTabs: readonly Tab[] = [
  { href: '/app/admin', label: 'Service' },
  { href: '/app/admin/people', label: 'People' },
  { href: '/app/admin/departments', label: 'Departments' },
  { href: '/app/admin/organizations', label: 'Organizations' },
  { href: '/app/admin/keys', label: 'API keys' },
  { href: '/app/admin/usage', label: 'Usage' },
  { href: '/app/admin/audit', label: 'Audit' },
  { href: '/app/admin/security', label: 'Security' },
];
