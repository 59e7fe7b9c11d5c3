import { z } from 'zod';
import { refusal } from './refusal.ts';

/** Entra ID writes `Add` and `Replace`, and the list is `Operations` by the standard. */
const PatchRequest = z.looseObject({
  Operations: z
    .array(
      z.looseObject({
        op: z
          .string()
          .transform((op) => op.toLowerCase())
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(1_000).optional(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(1_000),
});

/** One change of one attribute. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value: unknown;
}

/**
 * What a PATCH asks for, one attribute at a time: an operation without a path is one for each member of its
 * value.
 *
 * @throws AppError `invalid_request` with scimType `invalidSyntax`, `invalidValue` or `noTarget`
 */
export function readPatch(body: unknown): Operation[] {
  const result = PatchRequest.safeParse(body);
  if (!result.success) {
    const [first] = result.error.issues;
    throw refusal('invalidSyntax', `${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`);
  }
  return result.data.Operations.flatMap(({ op, path, value }): Operation[] => {
    if (path !== undefined && path !== '') return [{ op, path, value }];
    if (op === 'remove') throw refusal('noTarget', 'A removal needs a path.');
    return membersOf(value).map(([key, member]) => ({ op, path: key, value: member }));
  });
}

/** The members of an object that stands where attributes are expected. */
export function membersOf(value: unknown): [string, unknown][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  throw refusal('invalidValue', 'The value of an operation without a path is an object.');
}
