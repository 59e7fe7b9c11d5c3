import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from './matrix/callers.ts';
import { openPartitions, type Table, tablesElsewhere } from './matrix/catalog.ts';
import { entryFor, explain, isAbout, type Matrix, openMatrix, tryTable } from './matrix/matrix.ts';
import { note, thorough } from './report.ts';
import { openElsewhere, rights } from './rights/all.ts';

// Who may do what with which rows, asked of the database itself for every table of its catalog, every verb,
// every caller and every kind of row. What must come out stands in rights/.

let matrix: Matrix;
beforeAll(async () => {
  matrix = await openMatrix(rights);
});
afterAll(() => matrix?.drop());

const verbs = ['select', 'insert', 'update', 'delete'] as const;

test('every table has its rights written down', () => {
  const missing = matrix.catalog.filter(({ name }) => rights[name] === undefined);
  const gone = Object.keys(rights).filter(
    (name) => !matrix.catalog.some((table) => table.name === name),
  );

  expect(missing.map(entryFor).join('\n'), 'add to a file of test/security/rights/').toBe('');
  expect(gone, 'no such table: take it out of test/security/rights/').toEqual([]);
});

test('every column says what it holds', () => {
  const differences = matrix.catalog.flatMap((table) => {
    const declared = Object.keys(rights[table.name]?.columns ?? {});
    const there = table.columns.map(({ name }) => name);
    if (declared.length === 0) return [];
    return [
      ...there
        .filter((name) => !declared.includes(name))
        .map((name) => `${table.name}.${name}: say in \`columns\` what it holds`),
      ...declared
        .filter((name) => !there.includes(name))
        .map((name) => `${table.name}.${name}: there is no such column`),
    ];
  });

  expect(differences).toEqual([]);
});

test('row-level security is on and forced, with a wall between organizations for every verb', () => {
  const open = matrix.catalog.flatMap((table) => {
    const walled = verbs.filter((verb) =>
      table.policies.some(
        ({ permissive, command, using, check }) =>
          !permissive &&
          ['all', verb].includes(command) &&
          isWall(verb === 'insert' ? check : using),
      ),
    );
    return table.secured && table.forced && walled.length === verbs.length ? [] : [table.name];
  });

  expect(open, 'call docent.fence() for them').toEqual([]);
});

test('a verb has permissive policies exactly when somebody is written down for it', () => {
  const differences = matrix.catalog.flatMap((table) =>
    verbs.flatMap((verb) => {
      const policies = table.policies.filter(
        ({ permissive, binding, command }) =>
          permissive && binding && ['all', verb].includes(command),
      );
      const written = rights[table.name]?.[verb] !== undefined;
      if (rights[table.name] === undefined || written === policies.length > 0) return [];
      return written
        ? `${table.name}: nobody can ${verb}, yet it is written down`
        : `${table.name}: the policy ${policies[0]?.name} is for ${verb}; write down who has it`;
    }),
  );

  expect(differences).toEqual([]);
});

test('no partition can be reached past its table', async () => {
  expect(await openPartitions(matrix.database)).toEqual([]);
});

test('tables of other schemas that the application reaches are known', async () => {
  const unknown = (await tablesElsewhere(matrix.database)).filter(
    (name) => !openElsewhere.some(({ tables }) => tables.test(name)),
  );

  expect(unknown, 'add them to openElsewhere in test/security/rights/all.ts').toEqual([]);
});

test('columns that nobody may read are those that are written down', () => {
  const differences = matrix.catalog.flatMap((table) => {
    const hidden = table.columns.filter(({ selectable }) => !selectable).map(({ name }) => name);
    const { select, unreadable = [] } = rights[table.name] ?? {};
    if (select === undefined || hidden.toString() === unreadable.toString()) return [];
    return `${table.name}: unreadable are [${hidden}], written down are [${unreadable}]`;
  });

  expect(differences).toEqual([]);
});

// The catalog is known inside of tests only; the names of the rights make one test for each table.
test.each(Object.keys(rights))(
  '%s: every caller reaches what is written down and nothing else',
  async (name) => {
    const table = matrix.catalog.find((each) => each.name === name);
    if (table === undefined) return;

    const tried = await tryTable(matrix, table, callersFor(table), thorough ? 'all' : 'some');

    note('cells of the matrix', tried.length);
    expect(explain(tried), `see ${name} in test/security/rights/`).toEqual([]);
    // A table in which everything is denied would pass, too.
    const isOpen = verbs.some((verb) => rights[name]?.[verb] !== undefined);
    expect(tried.some(({ outcome }) => outcome === 'allowed')).toBe(isOpen);
  },
);

function isWall(expression: string | null): boolean {
  return expression?.includes("org_id = (NULLIF(current_setting('app.org_id'::text") ?? false;
}

/** A plain run leaves out most keys and grants whose scope a table knows nothing of. */
function callersFor(table: Table): readonly Caller[] {
  const own = rights[table.name];
  if (thorough || own === undefined) return matrix.callers;
  return matrix.callers.filter(
    (caller, place) => isAbout(table, own, caller) || place % 12 === table.name.length % 12,
  );
}
