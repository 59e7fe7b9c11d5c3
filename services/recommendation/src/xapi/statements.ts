import { type Statement, VOIDED } from '@docent/contracts/learningXapi';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Tx } from '@docent/database/sql';
import { z } from 'zod';
import { requestReplay } from '../mastery/worker.ts';
import { oversees, writesProgressOf } from '../progress/rights.ts';
import { applyStatements, effectOf, type Subject } from './effects.ts';
import { agentKey, fingerprintOf } from './identity.ts';
import { FAILED, PASSED } from './meaning.ts';
import { settleRegistrations } from './registrations.ts';
import {
  type Effect,
  findActivities,
  findActors,
  findKnown,
  findStatement,
  insertStatements,
  lockStatements,
  type NewStatement,
  queryStatements,
  type Registered,
  type StatementFilters,
  type StoredStatement,
} from './statements.store.ts';
import { checkVoid, endBefore, mayVoid, sees, voidOfVoid } from './voiding.ts';
import { registrationOf, requestWithdrawal, undo } from './withdraw.ts';

export type Statements = ReturnType<typeof makeStatements>;

export interface StatementQuery extends StatementFilters {
  readonly ascending: boolean;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Statements in and out, and what follows from them. All of them are kept as they came. */
export function makeStatements(database: Database, jobs: Jobs) {
  return {
    /**
     * Stores statements and applies them, all or none. What is known with the same content is passed over.
     *
     * @returns their ids, in order.
     * @throws AppError `invalid_request` (an id twice, a void of a void), `conflict` (an id with another
     *   content), `forbidden` (about somebody whose progress the caller may not write; a void of what is not
     *   theirs to void)
     */
    async store(
      principal: Principal,
      given: readonly Statement[],
      version: string,
    ): Promise<string[]> {
      const statements = given.map((statement) => ({ ...statement, id: statement.id ?? newId() }));
      const ids = statements.map(({ id }) => id);
      const twice = ids.find((id, index) => ids.indexOf(id) !== index);
      if (twice !== undefined) {
        throw new AppError(
          'invalid_request',
          `Two statements of this request have the id ${twice}.`,
        );
      }
      await database.withPrincipal(principal, (tx) =>
        storeFresh(tx, jobs, principal, statements, version),
      );
      return ids;
    },

    /** @param voided whether it is a voided one that is wanted. @throws AppError `not_found` */
    async get(principal: Principal, id: string, voided: boolean): Promise<StoredStatement> {
      const found = await database.withPrincipal(
        principal,
        (tx) => findStatement(tx, principal.orgId, id, voided),
        { readOnly: true },
      );
      if (found === null) throw notFound('statement', id);
      return found;
    },

    /** A page of statements that are not voided, newest first unless `ascending`. */
    async query(
      principal: Principal,
      { ascending, limit, cursor, ...filters }: StatementQuery,
    ): Promise<{ statements: StoredStatement['raw'][]; cursor: string | null }> {
      const after = cursor === null ? null : parseCursor(cursor);
      const rows = await database.withPrincipal(
        principal,
        (tx) =>
          queryStatements(tx, principal.orgId, filters, { ascending, after, limit: limit + 1 }),
        { readOnly: true },
      );
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        statements: rows.slice(0, limit).map(({ raw }) => raw),
        cursor:
          last === undefined
            ? null
            : Buffer.from(JSON.stringify([last.stored.toISOString(), last.id])).toString(
                'base64url',
              ),
      };
    },
  };
}

type Identified = Statement & { readonly id: string };

async function storeFresh(
  tx: Tx,
  jobs: Jobs,
  principal: Principal,
  statements: readonly Identified[],
  version: string,
): Promise<void> {
  const { orgId } = principal;
  const first = await lockStatements(tx, orgId);
  const voided = statements.flatMap((each) => voidedBy(each) ?? []);
  const known = await findKnown(tx, [...statements.map(({ id }) => id), ...voided]);
  const fresh = statements.filter((statement) => {
    const before = known.find(({ id }) => id === statement.id);
    if (before === undefined) return true;
    const same = before.fingerprint === fingerprintOf(statement).toString('hex');
    if (same && sees(principal, before)) return false;
    throw new AppError(
      'conflict',
      `The statement ${statement.id} is stored with another content.`,
      {
        details: { id: statement.id },
      },
    );
  });
  for (const id of fresh.flatMap((each) => voidedBy(each) ?? [])) {
    const stored = known.find((each) => each.id === id);
    if (stored !== undefined) checkVoid(principal, stored);
    if (fresh.some((each) => each.id === id && each.verb.id === VOIDED)) throw voidOfVoid(id);
  }

  const now = new Date();
  const resolved = await resolve(tx, principal, fresh, now);
  const rows = resolved.map(
    ({ statement, userId, departmentId, agent, occurredAt, effect }, index): NewStatement => {
      const stored = new Date(first.getTime() + index);
      const createdBy = principal.role === 'worker' ? null : principal.userId;
      // Its end may have come before it, or with it.
      const end =
        statement.verb.id === VOIDED
          ? null
          : (fresh.find((each) => voidedBy(each) === statement.id)?.id ??
            endBefore(known, statement.id, { createdBy, userId, departmentId }));
      return {
        id: statement.id,
        userId,
        agent,
        verb: statement.verb.id,
        activity: activityOf(statement),
        registration: statement.context?.registration ?? null,
        raw: rawOf(statement, { occurredAt, stored, version, principal }),
        fingerprint: fingerprintOf(statement),
        occurredAt,
        stored,
        voids: voidedBy(statement),
        voidedBy: end,
        effect: end === null ? effect : 'none',
        createdBy,
      };
    },
  );
  if (rows.length > 0) await insertStatements(tx, orgId, rows);
  const subjects = resolved.flatMap(({ subject }, index) =>
    subject !== null && rows[index]?.voidedBy === null ? [subject] : [],
  );
  await applyStatements(tx, principal, subjects, now);
  let answersChanged = subjects.some((subject) => effectOf(subject) === 'answer');
  const settled = subjects.flatMap(({ userId, statement }) => registered({ userId, ...statement }));
  const ends = new Map(fresh.map((statement) => [voidedBy(statement), statement]));
  for (const [id, statement] of ends) {
    const target = known.find((each) => each.id === id);
    if (target === undefined || target.voidedBy !== null) continue;
    if (mayVoid(principal, target)) {
      answersChanged = (await undo(tx, orgId, target.id, statement.id)) || answersChanged;
      settled.push(...registrationOf(target));
    } else if (target.createdBy === principal.userId) {
      await requestWithdrawal(jobs, tx, { orgId, id: target.id, by: statement.id });
    }
  }
  await settleRegistrations(tx, principal, settled, now);
  if (answersChanged) await requestReplay(jobs, tx, orgId);
}

/** The registration that a result belongs to. */
function registered({
  userId,
  ...statement
}: Statement & { readonly userId: string }): Registered[] {
  const registration = statement.context?.registration;
  const activity = activityOf(statement);
  if (registration === undefined || activity === null || !isResult(statement.verb.id)) return [];
  return [{ userId, activity, registration }];
}

function isResult(verb: string): boolean {
  return verb === PASSED || verb === FAILED;
}

interface Resolved {
  readonly statement: Identified;
  readonly userId: string | null;
  readonly departmentId: string | null;
  readonly agent: string;
  readonly occurredAt: Date;
  readonly effect: Effect;
  readonly subject: Subject | null;
}

/** Finds out whom and what statements are about. */
async function resolve(
  tx: Tx,
  principal: Principal,
  statements: readonly Identified[],
  now: Date,
): Promise<Resolved[]> {
  const names = statements.map(({ actor }) => nameOf(actor));
  const people = await findActors(tx, principal.orgId, [
    ...new Set(names.filter((name) => name !== null)),
  ]);
  const iris = statements.map(activityOf).filter((iri) => iri !== null);
  const activities = await findActivities(tx, principal.orgId, [...new Set(iris)]);
  return statements.map((statement, index): Resolved => {
    const found = people.find(({ name }) => name === names[index]);
    const person =
      found === undefined ? null : { id: found.userId, departmentId: found.departmentId };
    if (!mayReport(principal, person)) {
      throw new AppError('forbidden', 'You may not send statements about this actor.', {
        details: { id: statement.id },
      });
    }
    const occurredAt = statement.timestamp === undefined ? now : timeOf(statement.timestamp);
    if (occurredAt.getTime() > now.getTime() + AHEAD_MS || occurredAt.getTime() < EARLIEST) {
      throw new AppError('invalid_request', 'The timestamp is in the future or before 1990.', {
        details: { id: statement.id },
      });
    }
    const activity = activities.find(({ iri }) => iri === activityOf(statement));
    const base = {
      statement,
      userId: person?.id ?? null,
      departmentId: person?.departmentId ?? null,
      agent: agentKey(statement.actor) ?? `group:${statement.id}`,
      occurredAt,
    };
    if (statement.verb.id === VOIDED) return { ...base, effect: 'none', subject: null };
    if (person === null) return { ...base, effect: 'unknown_actor', subject: null };
    if (activity === undefined) return { ...base, effect: 'unknown_activity', subject: null };
    const trusted = oversees(principal, person);
    const subject = {
      id: statement.id,
      statement,
      userId: person.id,
      activity,
      occurredAt,
      trusted,
    };
    return { ...base, effect: effectOf(subject), subject };
  });
}

const AHEAD_MS = 5 * 60_000;
const EARLIEST = Date.parse('1990-01-01T00:00:00Z');

/** About people whom nobody knows only those may send who may send about everybody. */
function mayReport(
  principal: Principal,
  person: { id: string; departmentId: string | null } | null,
): boolean {
  return person === null
    ? oversees(principal, { id: '', departmentId: null })
    : writesProgressOf(principal, person);
}

function nameOf(actor: Statement['actor']): string | null {
  const named = actor.account?.name ?? actor.mbox?.slice('mailto:'.length);
  return named === undefined || actor.objectType === 'Group' ? null : named.toLowerCase();
}

function activityOf({ object }: Statement): string | null {
  return 'id' in object && object.objectType !== 'StatementRef' ? object.id : null;
}

function voidedBy({ verb, object }: Statement): string | null {
  return verb.id === VOIDED && object.objectType === 'StatementRef' ? object.id : null;
}

/** A time without a zone is UTC. */
function timeOf(timestamp: string): Date {
  return new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(timestamp) ? timestamp : `${timestamp}Z`);
}

function rawOf(
  statement: Identified,
  {
    occurredAt,
    stored,
    version,
    principal,
  }: { occurredAt: Date; stored: Date; version: string; principal: Principal },
): object {
  return {
    ...statement,
    timestamp: statement.timestamp ?? occurredAt.toISOString(),
    stored: stored.toISOString(),
    version: statement.version ?? version,
    authority: {
      objectType: 'Agent',
      account: { homePage: 'urn:docent:users', name: principal.userId },
    },
  };
}

function parseCursor(cursor: string): { stored: string; id: string } {
  try {
    const [stored, id] = z
      .tuple([z.iso.datetime(), z.uuid()])
      .parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { stored, id };
  } catch (cause) {
    throw new AppError('invalid_request', 'The cursor is not one that `more` gave.', { cause });
  }
}
