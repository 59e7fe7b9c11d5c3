import { AppError } from '@docent/core/errors';

/** From when and until when content counts, ISO 8601; null: no bound. */
export interface Period {
  readonly effectiveFrom: string | null;
  readonly expiresAt: string | null;
}

/**
 * The period after a change that names some of it.
 * @throws AppError `invalid_request` when it would end before it begins.
 */
export function changedPeriod(
  before: Period,
  change: { readonly [K in keyof Period]?: Period[K] | undefined },
): Period {
  const effectiveFrom =
    change.effectiveFrom === undefined ? before.effectiveFrom : change.effectiveFrom;
  const expiresAt = change.expiresAt === undefined ? before.expiresAt : change.expiresAt;
  const after = { effectiveFrom, expiresAt };
  if (effectiveFrom === null || expiresAt === null) return after;
  if (Date.parse(expiresAt) > Date.parse(effectiveFrom)) return after;
  throw new AppError(
    'invalid_request',
    'Content expires after it becomes effective: `expiresAt` must be later.',
    {
      details: { effectiveFrom, expiresAt },
    },
  );
}
