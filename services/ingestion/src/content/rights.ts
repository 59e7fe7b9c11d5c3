import type { ContentUpdate } from '@docent/contracts/content';
import { AppError, notFound } from '@docent/core/errors';
import type { Tx } from '@docent/database/sql';
import { findContent } from './content.store.ts';
import { unknownDepartments } from './rights.store.ts';

/** Why a content could not be locked to be changed: the caller may see it and no more, or it is not there. */
export async function refused(tx: Tx, orgId: string, id: string): Promise<AppError> {
  const seen = await findContent(tx, orgId, id);
  if (seen === null) return notFound('content', id);
  return new AppError(
    'forbidden',
    'This content is somebody else’s: its owner, administrators and whom they grant it may change it.',
    { details: { id } },
  );
}

/**
 * A department that is not there would quietly be a right of nobody.
 * @throws AppError `invalid_request`
 */
export async function refuseUnknownDepartments(
  tx: Tx,
  orgId: string,
  { departmentId, visibleTo }: Pick<ContentUpdate, 'departmentId' | 'visibleTo'>,
): Promise<void> {
  const named = [...(departmentId ? [departmentId] : []), ...(visibleTo?.departments ?? [])];
  if (named.length === 0) return;
  const unknown = await unknownDepartments(tx, orgId, named);
  if (unknown.length === 0) return;
  throw new AppError('invalid_request', `There is no department ${unknown.join(', ')}.`, {
    details: { departments: unknown },
  });
}
