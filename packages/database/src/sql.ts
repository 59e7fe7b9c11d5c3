import type { z } from 'zod';

/** A statement with its values apart from its text; made by the `sql` tag only. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

const made = new WeakSet<object>();

/**
 * A statement from a template. Values become numbered parameters, another `sql` becomes part of the
 * text with its own parameters renumbered; nothing else can get into the text.
 */
export function sql(strings: TemplateStringsArray, ...parts: unknown[]): Sql {
  let text = strings[0] ?? '';
  const values: unknown[] = [];
  parts.forEach((part, index) => {
    if (isSql(part)) {
      text += part.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values.length}`);
      values.push(...part.values);
    } else {
      values.push(part);
      text += `$${values.length}`;
    }
    text += strings[index + 1] ?? '';
  });
  return mark({ text, values });
}

/** A whole number as text, for the few places where SQL takes no parameter (a type's dimension). */
export function sqlInteger(value: number): Sql {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number: ${value}`);
  return mark({ text: String(value), values: [] });
}

export const emptySql: Sql = mark({ text: '', values: [] });

function mark(statement: Sql): Sql {
  made.add(statement);
  return Object.freeze(statement);
}

function isSql(part: unknown): part is Sql {
  return typeof part === 'object' && part !== null && made.has(part);
}

/** Where statements run: a transaction of `withPrincipal`. Stores take this and do not care which. */
export interface Tx {
  query(statement: Sql): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

/** Every row, checked against `row`: a column that changed type fails here, with its name. */
export async function many<R extends z.ZodType>(
  tx: Tx,
  row: R,
  statement: Sql,
): Promise<z.output<R>[]> {
  const { rows } = await tx.query(statement);
  return rows.map((r) => row.parse(r));
}

/** The only row, or null. Whoever cannot go on without it throws their own AppError. */
export async function maybeOne<R extends z.ZodType>(
  tx: Tx,
  row: R,
  statement: Sql,
): Promise<z.output<R> | null> {
  const rows = await many(tx, row, statement);
  if (rows.length > 1) throw new Error(`expected at most one row, got ${rows.length}`);
  return rows[0] ?? null;
}

/** The only row; not finding it is a bug. */
export async function one<R extends z.ZodType>(
  tx: Tx,
  row: R,
  statement: Sql,
): Promise<z.output<R>> {
  const found = await maybeOne(tx, row, statement);
  if (found === null) throw new Error('expected one row, got none');
  return found;
}

/** Sends a write whose answer nobody needs: the transaction ends after it, and fails when it does. */
export function send(tx: Tx, statement: Sql): void {
  tx.query(statement).catch(() => undefined);
}

/** Number of rows written. */
export async function run(tx: Tx, statement: Sql): Promise<number> {
  return (await tx.query(statement)).rowCount ?? 0;
}
