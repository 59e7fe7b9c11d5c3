import type { Database } from '@docent/database/database';
import { many, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { systemQuery } from '../../../packages/database/src/internal/system.ts';
import type { Administrator } from './administrator.ts';
import type { Caller } from './callers.ts';
import type { Cell } from './cells.ts';
import type { Fixtures } from './fixtures.ts';

/**
 * Tries a statement with the rights of who calls and takes it back. Its answer is the number of rows, or why
 * there are none: one round trip for many statements instead of three for each.
 */
export async function installAttempt(administrator: Administrator): Promise<void> {
  await administrator('create schema matrix; grant usage on schema matrix to public');
  await administrator(`
    create function matrix.attempt(statement text) returns text language plpgsql as $$
    declare found bigint;
    begin
      execute statement;
      get diagnostics found = row_count;
      raise exception using errcode = 'MX001', message = found::text;
    exception when others then
      return case sqlstate when 'MX001' then 'rows ' || sqlerrm else sqlstate || ' ' || sqlerrm end;
    end $$`);
}

/** `broken`: the statement failed for a reason that says nothing about rights. */
export type Outcome = 'allowed' | 'denied' | 'broken';

export interface Tried {
  readonly cell: Cell;
  readonly outcome: Outcome;
  readonly answer: string;
}

const Answer = z.object({ answer: z.string() });

/** Tries cells of one caller through the very function that the services call. */
export async function attempt(
  { database, fixtures }: { database: Database; fixtures: Fixtures },
  caller: Caller,
  cells: readonly Cell[],
): Promise<Tried[]> {
  const statements = cells.map(({ statement }) => statement);
  const answers = await answersOf({ database, fixtures }, caller, statements);
  return cells.map((cell, place) => {
    const answer = answers[place] ?? 'no answer';
    return { cell, answer, outcome: outcomeOf(answer, cell, caller) };
  });
}

async function answersOf(
  { database, fixtures }: { database: Database; fixtures: Fixtures },
  { principal, actor, forges = {} }: Caller,
  statements: readonly string[],
): Promise<string[]> {
  if (principal === null && actor === null) {
    const { rows } = await systemQuery(database)(
      'select matrix.attempt(s) as answer from unnest($1::text[]) with ordinality a (s, place) order by place',
      [statements],
    );
    return z
      .array(Answer)
      .parse(rows)
      .map(({ answer }) => answer);
  }
  try {
    const all = async (tx: Tx) => {
      for (const [name, value] of Object.entries(forges)) {
        await run(tx, sql`select set_config(${name}, ${value}, true)`);
      }
      const rows = await many(
        tx,
        Answer,
        sql`
          select matrix.attempt(s) as answer
            from unnest(${statements}::text[]) with ordinality a (s, place)
           order by place`,
      );
      return rows.map(({ answer }) => answer);
    };
    if (principal !== null) return await database.withPrincipal(principal, all);
    return actor === 'key_look_up'
      ? await database.withApiKey(String(fixtures.get('api_keys')?.stored.get('learner')?.id), all)
      : await database.withIssuer(String(fixtures.get('issuers')?.stored.get('mate')?.issuer), all);
  } catch (error) {
    // Who is not let in at all is denied everything.
    const reason = error instanceof Error ? error.message : String(error);
    return statements.map(() => `refused ${reason}`);
  }
}

/** A constraint is looked at after the policies: what it refuses they had let through. */
function outcomeOf(answer: string, { kind, rows: most }: Cell, caller: Caller): Outcome {
  const [, rows] = /^rows (\d+)$/.exec(answer) ?? [];
  if (rows !== undefined) return Number(rows) > (most ?? 0) ? 'allowed' : 'denied';
  const state = answer.slice(0, 5);
  // 25006: whoever only looks up who is calling writes nothing.
  if (state === '42501' || state === '25006') return 'denied';
  // What else refers to a caller's own rows says nothing about those of others.
  if (state === '23503' && kind === 'delete' && most !== undefined) return 'denied';
  if (state.startsWith('23') && kind !== 'select') return 'allowed';
  // What is no context may also be an error.
  return caller.actor === null ? 'denied' : 'broken';
}
