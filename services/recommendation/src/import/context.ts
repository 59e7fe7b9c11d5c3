import type { KeyedQuestion } from '@docent/contracts/learningAssessments';
import type { ImportResult } from '@docent/contracts/learningImport';
import type { Principal } from '@docent/core/principal';
import type { Tx } from '@docent/database/sql';
import type { Known } from './known.ts';

export type Item = ImportResult['items'][number];
/** What became of a row. */
export type Made = Pick<Item, 'status' | 'id'>;

/** What the rows of an import know: what was there, and what rows before them made. */
export interface Context {
  readonly tx: Tx;
  readonly principal: Principal;
  readonly known: Known;
  /** What comes before what so far, nodes as `kind:id`. */
  readonly order: { from: string; to: string }[];
  readonly targets: Map<string, { id: string; level: number; importance: number }>;
  /** Questions of the assessments that rows speak of, in order; `changed`: they must be written. */
  readonly questions: Map<string, { list: KeyedQuestion[]; changed: boolean }>;
  /** Which assessment a question with an address belongs to. */
  readonly questionAddresses: Map<string, string>;
}

export function differs(existing: object, values: object): boolean {
  return Object.entries(values).some(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(existing, field)),
  );
}

export function statusOf(existing: object | null, values: object, linked: number): Made['status'] {
  if (existing === null) return 'created';
  return linked > 0 || differs(existing, values) ? 'updated' : 'unchanged';
}
