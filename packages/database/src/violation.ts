import { AppError } from '@docent/core/errors';

/** The cause of a `conflict`: which constraint of the schema refused the row. */
export class ConstraintViolation extends Error {
  override name = 'ConstraintViolation';
  readonly kind: 'unique' | 'foreign_key' | 'check' | 'not_null' | 'exclusion';
  /** As the schema names it: `users_email`, `content_org_id_source_service_external_id_key`. */
  readonly constraint: string;
  readonly table: string;

  constructor(
    kind: ConstraintViolation['kind'],
    constraint: string,
    table: string,
    options: { cause: unknown },
  ) {
    super(`${kind} constraint ${constraint} of ${table}`, options);
    this.kind = kind;
    this.constraint = constraint;
    this.table = table;
  }
}

/** The constraint that refused the write, when that is why `error` was thrown; else null. */
export function violationOf(error: unknown): ConstraintViolation | null {
  return error instanceof AppError && error.cause instanceof ConstraintViolation
    ? error.cause
    : null;
}
