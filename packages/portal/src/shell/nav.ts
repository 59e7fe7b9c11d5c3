import type { Role } from '@docent/core/principal';
import type { IconName } from '../ui/icon.tsx';

/** A part of the pages, for those whose role has something to do there. */
export interface Section {
  /** Everything below this address belongs to it. */
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  readonly roles: readonly Role[];
}

const sections: readonly Section[] = [
  {
    href: '/app/chat',
    label: 'Chat',
    icon: 'chat',
    roles: ['learner', 'trainer', 'hr_manager', 'admin'],
  },
  {
    href: '/app/learning',
    label: 'My learning',
    icon: 'learning',
    roles: ['learner', 'trainer', 'hr_manager', 'admin'],
  },
  { href: '/app/content', label: 'Content', icon: 'content', roles: ['trainer', 'admin'] },
  {
    href: '/app/analytics',
    label: 'Analytics',
    icon: 'departments',
    roles: ['hr_manager', 'trainer', 'admin'],
  },
  { href: '/app/admin', label: 'Administration', icon: 'settings', roles: ['admin'] },
];

/** What the menu of this role shows. The API decides what they may do; the menu only leaves out dead ends. */
export function sectionsFor(role: Role): readonly Section[] {
  return sections.filter(({ roles }) => roles.includes(role));
}

/** Where the day of this role begins. */
export const homes: Readonly<Record<Role, string>> = {
  learner: '/app/chat',
  trainer: '/app/content',
  hr_manager: '/app/analytics',
  admin: '/app/admin',
};
