import type { AnalyticsGroup, People, Suppressed } from '@docent/contracts/analytics';

/** What a cell of analytics may hold: a value, that it is not shown, or null: there is nothing. */
export type Shown<T> = T | Suppressed | null;

/** Whether a cell is not shown, because it would be about too few people. */
export function isHidden<T extends object>(value: Shown<T>): value is Suppressed {
  return value !== null && 'suppressed' in value;
}

/** The value when there is one that may be shown. */
export function shownOf<T extends object>(value: Shown<T>): T | null {
  return value === null || isHidden(value) ? null : value;
}

/** `20 to 49 people`: the exact number is never told. */
export function peopleText({ atLeast, atMost }: People): string {
  return atMost === null ? `${atLeast} people or more` : `${atLeast} to ${atMost} people`;
}

export const HIDDEN = 'not shown';

/** What a group is called among those of one page. */
export function groupName({ kind, name }: AnalyticsGroup): string {
  if (kind === 'organization') return 'The organization';
  if (kind === 'own') return `${name ?? 'Department'}, without those below`;
  if (kind === 'job_title') return name ?? 'Without a job title';
  return name ?? 'Department';
}

export function groupKey({ kind, departmentId, name }: AnalyticsGroup): string {
  return [kind, departmentId, kind === 'job_title' ? name : ''].join(':');
}

/** Whether a group is what the whole page is about. */
export function isWhole(group: AnalyticsGroup, departmentId: string | null): boolean {
  return departmentId === null
    ? group.kind === 'organization'
    : group.kind === 'department' && group.departmentId === departmentId;
}

const month = new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' });

/** `2026-03` as `Mar`, with the year in January; quarters and years as they are. */
export function periodLabel(period: string): string {
  if (!/^\d{4}-\d{2}$/.test(period)) return period;
  const name = month.format(new Date(`${period}-01T00:00:00Z`));
  return period.endsWith('-01') ? `${name} ${period.slice(2, 4)}` : name;
}
