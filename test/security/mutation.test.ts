import { afterAll, beforeAll, expect, test } from 'vitest';
import { concernedCallers, explain, type Matrix, openMatrix, tryTable } from './matrix/matrix.ts';
import { killerOf, mutantsOf } from './matrix/mutants.ts';
import { note, thorough } from './report.ts';
import { rights } from './rights/all.ts';

// Would the matrix notice? Every policy is dropped, widened and narrowed, one at a time, in a database that is
// really wrong in that place; the cells of its table must then turn red.

/** A plain run tries every so many-th mutant, always the same ones. */
const EVERY = thorough ? 1 : 12;

/** Mutants that change nothing that anybody can see, and why. */
const equivalent: readonly { mutant: RegExp; reason: string }[] = [];

let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix(rights);
});
afterAll(() => matrix?.drop());

test('at least 95 % of all changes to policies turn the matrix red', {
  timeout: 900_000,
}, async () => {
  const survivors: string[] = [];
  let tried = 0;
  for (const table of matrix.catalog) {
    // A plain run leaves that to matrix.test.ts.
    const before = thorough ? await tryTable(matrix, table, concernedCallers(matrix, table)) : [];
    expect(explain(before), `${table.name} is red before anything was changed`).toEqual([]);
    for (const [place, mutant] of mutantsOf(table).entries()) {
      if ((place + table.name.length) % EVERY !== 0) continue;
      const name = `${table.name}, ${mutant.what}`;
      if (equivalent.some((known) => known.mutant.test(name))) continue;
      tried += 1;
      if ((await killerOf(matrix, mutant)) === null) survivors.push(name);
    }
  }

  note('mutants of policies', tried);
  note('mutants noticed', tried - survivors.length);
  if (survivors.length > 0) console.log(`Survived:\n  ${survivors.join('\n  ')}`);
  expect(tried).toBeGreaterThan(50);
  expect(1 - survivors.length / tried, survivors.join('\n')).toBeGreaterThanOrEqual(0.95);
});
