import { VOIDED } from '@docent/contracts/learningXapi';
import { AppError } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import { oversees, type Reporter } from '../progress/rights.ts';
import type { Known } from './statements.store.ts';

/** Of a statement what decides who may void it. */
type Target = Pick<Known, 'createdBy' | 'userId' | 'departmentId'>;

/**
 * Whether somebody may void a statement in their own name: whoever may report about the person, and for what they sent
 * about themselves, or about nobody who is known here, the sender. What somebody else said about them nobody takes back
 * themselves. docent.take_back_statement has the same rule. What people sent about somebody who has left those about
 * whom they report, they take back, too, through a worker (withdraw.ts).
 */
export function mayVoid(sender: Reporter, { createdBy, userId, departmentId }: Target): boolean {
  if (createdBy === sender.userId && (userId === null || userId === sender.userId)) return true;
  return oversees(sender, { id: userId ?? '', departmentId });
}

/**
 * A void of a stored statement that the caller does not see is like one of a statement that is not there: it is kept.
 * @throws AppError `forbidden`, `invalid_request` (a void of a void)
 */
export function checkVoid(principal: Principal, target: Known): void {
  const allowed = mayVoid(principal, target) || target.createdBy === principal.userId;
  if (!allowed && !sees(principal, target)) return;
  if (target.verb === VOIDED) throw voidOfVoid(target.id);
  if (allowed) return;
  throw new AppError('forbidden', 'You may not void what somebody else sent about this actor.', {
    details: { id: target.id },
  });
}

export function voidOfVoid(id: string): AppError {
  return new AppError('invalid_request', `The statement ${id} voids: it cannot be voided itself.`);
}

/** Whether row-level security shows the statement to the caller. */
export function sees({ role, userId }: Principal, statement: Target): boolean {
  return (
    role === 'admin' ||
    role === 'worker' ||
    statement.userId === userId ||
    statement.createdBy === userId
  );
}

/**
 * The statement that voided another one before it came: its sender must be one who may void it now that it is there.
 * @returns its id, or null.
 */
export function endBefore(known: readonly Known[], id: string, target: Target): string | null {
  const end = known.find((each) => {
    const sender = each.voids === id ? senderOf(each) : null;
    return sender !== null && mayVoid(sender, target);
  });
  return end?.id ?? null;
}

/** The sender of a statement with the rights of today, or null when there is no such person any more. */
function senderOf({
  createdBy,
  senderRole,
  senderDepartments,
  senderGrants,
}: Known): Reporter | null {
  if (createdBy === null || senderRole === null) return null;
  return {
    userId: createdBy,
    role: senderRole,
    departmentIds: senderDepartments,
    grants: senderGrants,
  };
}
