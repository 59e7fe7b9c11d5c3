import { AppError } from '@docent/core/errors';
import { ConstraintViolation } from '../violation.ts';

const VIOLATIONS: Record<string, ConstraintViolation['kind']> = {
  '23502': 'not_null',
  '23503': 'foreign_key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'exclusion',
};

/** 57P01 shut down by an administrator … 57P05 idle session; 25P03 idle transaction; 53300 too many connections. */
const GONE = /^(08...|57P0.|25P03|53...|58...|XX001|XX002)$/;
const SOCKET =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
const DRIVER =
  /timeout exceeded when trying to connect|Connection terminated|not queryable|Cannot use a pool after|Client was closed/;

/**
 * What a failure of the database means to the caller: a refused row is a `conflict`, a server that does not
 * answer `database_unavailable`, text that PostgreSQL cannot store `invalid_request`. Everything else
 * is a bug and comes back as it is.
 */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const code = text(error, 'code');

  const kind = VIOLATIONS[code];
  if (kind) {
    const constraint = text(error, 'constraint') || text(error, 'column');
    const table = text(error, 'table');
    const violation = new ConstraintViolation(kind, constraint, table, { cause: error });
    return new AppError('conflict', sentences[kind], {
      details: { constraint, table },
      cause: violation,
    });
  }
  if (code === '22021' || code === '22P05' || (code === '22P02' && isBadJson(error))) {
    return new AppError(
      'invalid_request',
      'The text contains a character that cannot be stored (NUL or half of a surrogate pair).',
      { cause: error },
    );
  }
  if (code === '57014' && /statement timeout/.test(error.message)) {
    return new AppError('database_unavailable', 'The database took too long for a statement.', {
      cause: error,
    });
  }
  if (code === '40001' || code === '40P01' || code === '55P03') {
    return new AppError('database_unavailable', 'The database was too busy. Try again.', {
      cause: error,
    });
  }
  if (GONE.test(code) || SOCKET.test(code) || DRIVER.test(error.message)) return unavailable(error);
  return error;
}

export function unavailable(cause: unknown): AppError {
  return new AppError('database_unavailable', 'The database does not answer.', { cause });
}

const sentences: Record<ConstraintViolation['kind'], string> = {
  unique: 'This already exists.',
  foreign_key: 'This refers to something that is not there, or something else refers to it.',
  check: 'A value is outside of what the database allows.',
  not_null: 'A value is missing.',
  exclusion: 'This overlaps with something that already exists.',
};

/** `\ud800` without its other half is valid in a JavaScript string, but not in jsonb. */
function isBadJson(error: Error): boolean {
  return /for type json/.test(error.message) && /surrogate/i.test(text(error, 'detail'));
}

function text(error: Error, field: string): string {
  const value: unknown = Reflect.get(error, field);
  return typeof value === 'string' ? value : '';
}
