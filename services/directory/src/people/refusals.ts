import { AppError } from '@docent/core/errors';
import { violationOf } from '@docent/database/violation';

/**
 * The same write of people; what the schema refuses gets a sentence.
 * @throws AppError `conflict`, `invalid_request` (no such department or manager)
 */
export async function explained<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const violation = violationOf(error);
    if (violation === null) throw error;
    const { constraint } = violation;
    if (constraint === 'users_org_id_department_id_fkey') {
      throw new AppError('invalid_request', 'There is no such department.', { cause: error });
    }
    const sentence = SENTENCES[constraint];
    if (sentence === undefined) throw error;
    throw new AppError('conflict', sentence, { details: { constraint }, cause: error });
  }
}

const SENTENCES: Readonly<Record<string, string | undefined>> = {
  users_email: 'Another person has this e-mail address.',
  users_user_name: 'Another person has this user name.',
  users_external_id: 'Another person has this external id.',
  users_not_own_manager: 'Nobody is their own manager.',
  users_limit: 'The organization has as many active people as its plan allows.',
  users_last_administrator:
    'The last active administrator cannot be removed, deactivated or demoted.',
};
