import type { ProgressLine } from '@docent/contracts/learningProgress';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Tx } from '@docent/database/sql';
import { findEvents, insertEvents, type NewEvent, type StoredEvent } from './events.store.ts';
import { foldProgress, lockPeople } from './fold.store.ts';
import { findItems, findPeople } from './progress.store.ts';
import { oversees, reaches, writesProgressOf } from './rights.ts';

/** What became of an event. A duplicate is one that was known, with the same content: it changes nothing. */
export type Recorded =
  | { readonly status: 'stored' | 'duplicate' }
  | { readonly status: 'refused'; readonly error: AppError };

export interface Report extends ProgressLine {
  /** The statement that said it. */
  readonly statementId?: string;
  /** Nobody says it about themselves: it was worked out here, or its sender was checked. */
  readonly trusted?: boolean;
}

/** Clocks differ: an event may be so many milliseconds ahead of ours. */
const AHEAD_MS = 5 * 60_000;
const EARLIEST = Date.parse('1990-01-01T00:00:00Z');

/**
 * Takes in events and brings the people's state up to them, in the caller's transaction. What is wrong with
 * one event says nothing about the others.
 *
 * @returns what became of each, in order.
 */
export async function recordProgress(
  tx: Tx,
  principal: Principal,
  reports: readonly Report[],
  now: Date = new Date(),
): Promise<Recorded[]> {
  const { orgId } = principal;
  const checked = await checkReports(tx, principal, reports, now);
  const events = checked.flatMap((each) => (each instanceof AppError ? [] : [each]));
  if (events.length === 0) return checked.flatMap(refusalOf);

  await lockPeople(tx, orgId, [...new Set(events.map(({ userId }) => userId))]);
  const known = new Map<string, StoredEvent>();
  for (const event of await findEvents(tx, orgId, events)) known.set(nameOf(event), event);
  const fresh: NewEvent[] = [];
  const results = checked.map((event, index): Recorded => {
    if (event instanceof AppError) return { status: 'refused', error: event };
    const before = known.get(nameOf(event));
    if (before === undefined) {
      known.set(nameOf(event), event);
      fresh.push(event);
      return { status: 'stored' };
    }
    return sameEvent(before, event, reports[index]?.occurredAt !== undefined)
      ? { status: 'duplicate' }
      : { status: 'refused', error: otherContent(event) };
  });
  if (fresh.length > 0) {
    await insertEvents(tx, principal, fresh);
    await foldProgress(tx, orgId, fresh);
  }
  return results;
}

function refusalOf(checked: NewEvent | AppError): Recorded[] {
  return checked instanceof AppError ? [{ status: 'refused', error: checked }] : [];
}

async function checkReports(
  tx: Tx,
  principal: Principal,
  reports: readonly Report[],
  now: Date,
): Promise<(NewEvent | AppError)[]> {
  const { orgId } = principal;
  const people = await findPeople(tx, orgId, [...new Set(reports.map(({ userId }) => userId))]);
  const wanted = reports.map(({ courseId, skillId }) => courseId ?? skillId ?? '');
  const items = await findItems(tx, orgId, [...new Set(wanted)]);
  const person = new Map(people.map((each) => [each.id, each]));
  const kindOf = new Map(items.map(({ id, kind }) => [id, kind]));

  return reports.map((report, index) => {
    const whose = person.get(report.userId);
    if (whose === undefined) return notFound('person', report.userId);
    if (!writesProgressOf(principal, whose)) {
      return new AppError('forbidden', 'You may not write the progress of this person.', {
        details: { userId: report.userId },
      });
    }
    const kind = report.courseId === undefined ? 'skill' : 'course';
    const item = wanted[index] ?? '';
    if (kindOf.get(item) !== kind) return notFound(kind, item);
    const event = eventOf(report, now);
    const own = reaches(principal, whose) ? [...OWN, 'assigned'] : OWN;
    if (!oversees(principal, whose) && !own.includes(event.status) && report.trusted !== true) {
      return new AppError(
        'forbidden',
        `Nobody reports “${event.status}” about themselves: in_progress, completed or dropped.`,
      );
    }
    return timeProblem(event.occurredAt, now) ?? event;
  });
}

/** What people may report about themselves; who may assign may assign to themselves, too. */
const OWN: readonly (string | null)[] = [null, 'in_progress', 'completed', 'dropped'];

function eventOf(report: Report, now: Date): NewEvent {
  const { status, progress, dueAt } = report;
  const silent = status === undefined && progress === undefined;
  return {
    id: newId(),
    userId: report.userId,
    courseId: report.courseId ?? null,
    skillId: report.skillId ?? null,
    source: report.source,
    eventId: report.eventId ?? newId(),
    // Only when it is due: that is an assignment.
    status: silent ? 'assigned' : (status ?? null),
    progress: progress ?? null,
    dueAt: dueAt === undefined ? null : new Date(dueAt),
    registration: report.registration ?? null,
    occurredAt: report.occurredAt === undefined ? now : new Date(report.occurredAt),
    statementId: report.statementId ?? null,
  };
}

function timeProblem(at: Date, now: Date): AppError | null {
  if (at.getTime() > now.getTime() + AHEAD_MS) {
    return new AppError('invalid_request', 'occurredAt is in the future.');
  }
  return at.getTime() < EARLIEST
    ? new AppError('invalid_request', 'occurredAt is before 1990.')
    : null;
}

function nameOf({ userId, source, eventId }: StoredEvent): string {
  return JSON.stringify([userId, source, eventId]);
}

/** @param timed the time was told; otherwise it is that of the first arrival. */
function sameEvent(a: StoredEvent, b: StoredEvent, timed: boolean): boolean {
  return (
    a.courseId === b.courseId &&
    a.skillId === b.skillId &&
    a.status === b.status &&
    a.progress === b.progress &&
    a.registration === b.registration &&
    a.dueAt?.getTime() === b.dueAt?.getTime() &&
    (!timed || a.occurredAt.getTime() === b.occurredAt.getTime())
  );
}

function otherContent({ eventId, source }: StoredEvent): AppError {
  return new AppError(
    'conflict',
    `The event ${eventId} of ${source} is known with another content. A new event needs a new id.`,
    { details: { eventId, source } },
  );
}
