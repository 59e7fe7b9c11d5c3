import {
  type Progress,
  type ProgressBatchResult,
  type ProgressEvent,
  type ProgressEventInput,
  type ProgressFilters,
  ProgressLine,
} from '@docent/contracts/learningProgress';
import { AppError, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { parseLines } from '@docent/http/lines';
import { type PageRequest, readPage } from '@docent/http/paging';
import { listEvents } from './events.store.ts';
import { findItems, findPeople, findProgress, listProgress } from './progress.store.ts';
import { recordProgress } from './record.ts';

/** Lines of one batch. */
export const BATCH_LINES = 1_000;

export type ProgressBook = ReturnType<typeof makeProgressBook>;

/** Where people stand in courses and skills, and what is reported about it. */
export function makeProgressBook(database: Database) {
  const reading = <T>(principal: Principal, work: (tx: Tx) => Promise<T>, keepPlans = true) =>
    database.withPrincipal(principal, work, { readOnly: true, keepPlans });

  return {
    /**
     * Takes in one event.
     * @returns the state after it, and whether the event was known already.
     * @throws AppError `not_found`, `forbidden`, `conflict` (the event id, with another content)
     */
    put(
      principal: Principal,
      { userId, itemId }: { userId: string; itemId: string },
      event: ProgressEventInput,
    ): Promise<{ state: Progress; duplicate: boolean }> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        const [item] = await findItems(tx, orgId, [itemId]);
        if (item === undefined) throw notFound('course or skill', itemId);
        const of = item.kind === 'course' ? { courseId: itemId } : { skillId: itemId };
        const [result] = await recordProgress(tx, principal, [{ ...event, userId, ...of }]);
        if (result?.status === 'refused') throw result.error;
        const state = await findProgress(tx, orgId, { userId, itemId });
        if (state === null) throw new Error('progress that was written is not there');
        return { state, duplicate: result?.status === 'duplicate' };
      });
    },

    /**
     * Takes in a batch; a line that is refused does not hold up the others.
     * @param ndjson a JSON object on each line, at most 1,000.
     * @throws AppError `too_large`
     */
    async batch(principal: Principal, ndjson: string): Promise<ProgressBatchResult> {
      const lines = parseLines(ndjson, ProgressLine, BATCH_LINES);
      const good = lines.flatMap(({ value }) => (value === undefined ? [] : [value]));
      const recorded =
        good.length === 0
          ? []
          : await database.withPrincipal(principal, (tx) => recordProgress(tx, principal, good));
      let next = 0;
      const items = lines.map(({ line, value, problem }) => {
        if (value === undefined) return { line, status: 'refused' as const, problem };
        const result = recorded[next++];
        if (result?.status !== 'refused') return { line, status: result?.status ?? 'stored' };
        const { code, message: detail } = result.error;
        return { line, status: result.status, problem: { code, detail } };
      });
      const count = (status: string) => items.filter((item) => item.status === status).length;
      return {
        stored: count('stored'),
        duplicates: count('duplicate'),
        refused: count('refused'),
        items,
      };
    },

    /** What a person has to do with, last active first. @throws AppError `not_found` */
    async list(
      principal: Principal,
      userId: string,
      filters: ProgressFilters,
      page: PageRequest,
    ): Promise<{ items: Progress[]; nextCursor: string | null }> {
      const { orgId } = principal;
      const unfiltered = Object.values(filters).every((value) => value === undefined);
      return readPage('time', page, (after, limit) =>
        reading(
          principal,
          async (tx) => {
            await seePerson(tx, principal, userId);
            return listProgress(tx, orgId, userId, filters, after, limit);
          },
          unfiltered && after === null,
        ),
      );
    },

    /** @throws AppError `not_found`: nothing was reported, or it is not for the caller to see */
    async get(principal: Principal, of: { userId: string; itemId: string }): Promise<Progress> {
      const state = await reading(principal, (tx) => findProgress(tx, principal.orgId, of));
      if (state === null) throw notFound('progress', `${of.userId}/${of.itemId}`);
      return state;
    },

    /** What was reported about it, newest first by the events' own time. */
    events(
      principal: Principal,
      of: { userId: string; itemId: string },
      page: PageRequest,
    ): Promise<{ items: ProgressEvent[]; nextCursor: string | null }> {
      const { orgId } = principal;
      return readPage('time', page, (after, limit) =>
        reading(principal, async (tx) => {
          if ((await findProgress(tx, orgId, of)) === null) {
            throw notFound('progress', `${of.userId}/${of.itemId}`);
          }
          return listEvents(tx, orgId, of, after, limit);
        }),
      );
    },
  };
}

/** @throws AppError `not_found` for people whom the caller does not see, or whose progress is not theirs to see. */
export async function seePerson(tx: Tx, principal: Principal, userId: string): Promise<void> {
  const [person] = await findPeople(tx, principal.orgId, [userId]);
  if (person === undefined || !readsProgressOf(principal, person)) {
    throw notFound('person', userId);
  }
}

/** The own; HR managers that of their departments, administrators everybody's, and whom somebody granted it. */
function readsProgressOf(
  { userId, role, departmentIds, grants = [] }: Principal,
  person: { id: string; departmentId: string | null },
): boolean {
  if (person.id === userId || role === 'admin' || role === 'worker') return true;
  const granted = grants.filter(({ scope }) => scope === 'progress:read');
  if (granted.some(({ extent }) => extent === 'organization')) return true;
  if (person.departmentId === null || !departmentIds.includes(person.departmentId)) return false;
  return role === 'hr_manager' || granted.some(({ extent }) => extent === 'department');
}

/** `me` is the caller. */
export function personOf(principal: Principal, ref: string): string {
  return ref === 'me' ? principal.userId : ref;
}

/** @throws AppError `invalid_request`: an event that says its id twice says the same one. */
export function eventIdOf(body: ProgressEventInput, key: string | undefined): ProgressEventInput {
  if (key === undefined) return body;
  if (body.eventId !== undefined && body.eventId !== key) {
    throw new AppError('invalid_request', 'Idempotency-Key and eventId name two different events.');
  }
  return { ...body, eventId: key };
}
