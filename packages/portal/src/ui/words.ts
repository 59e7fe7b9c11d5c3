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

/** `3 people`, `1 person`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** A day as people write it here. */
export function dayOf(timestamp: string): string {
  return new Date(timestamp).toLocaleDateString(undefined, { dateStyle: 'medium' });
}

/** Day and time as people write them here. */
export function momentOf(timestamp: string): string {
  return new Date(timestamp).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
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

/** Bytes as `1.4 MB`. */
export function fileSize(bytes: number): string {
  const step = bytes < 1_000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** step).toLocaleString(undefined, { maximumFractionDigits: step === 0 ? 0 : 1 })} ${sizes[step]}`;
}
