import type { Role } from '@docent/core/principal';

const roleNames: Record<Role, string> = {
  learner: 'Learner',
  trainer: 'Trainer',
  hr_manager: 'HR manager',
  admin: 'Administrator',
};

export function roleName(role: Role): string {
  return roleNames[role];
}

// Made once: a formatter costs more than a hundred of its texts.
const whole = new Intl.NumberFormat();
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** `3 people`, `1 person`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** A day as people write it here. */
export function dayOf(timestamp: string): string {
  return days.format(new Date(timestamp));
}

/** Day and time as people write them here. */
export function momentOf(timestamp: string): string {
  return moments.format(new Date(timestamp));
}

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `2 hours ago`, `tomorrow`. */
export function sinceOf(timestamp: string, now = Date.now()): string {
  const seconds = (Date.parse(timestamp) - now) / 1000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(0, 'minute');
}

/** `0.873` as `87 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Minutes as `45 min`, `2 h`, `2 h 15 min`. */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

const sizes = ['bytes', 'KB', 'MB', 'GB', 'TB'];

/** Bytes as `1.4 MB`, a KB being 1,024 of them as in limits and in most file managers. */
export function fileSize(bytes: number): string {
  const step = bytes < 1_024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${tenths.format(bytes / 1_024 ** step)} ${sizes[step]}`;
}
