import type { TableRights } from '../rights/rights.ts';
import type { Caller } from './callers.ts';
import type { Table } from './catalog.ts';
import { abroad, classOf, isLocked, reachOf, type Target, targetsOf } from './expect.ts';
import { insertion, literal, otherValue, type Row, type TableRows } from './fixtures.ts';

export type Kind = 'select' | 'insert' | 'update' | 'move' | 'column' | 'delete' | 'never';

/** One statement of one caller, and whether it must succeed. */
export interface Cell {
  readonly table: string;
  readonly kind: Kind;
  readonly caller: Caller;
  /** The class of the row; of a move: from → to; of a column: its name. */
  readonly target: string;
  readonly statement: string;
  readonly allowed: boolean;
  /** More rows than these must not be reached by a statement that names none. */
  readonly rows?: number;
}

/** How much of what an update makes of a row is tried: nothing, from and to one row of the caller's, everything. */
export type Depth = 'none' | 'some' | 'all';

/** What the cells of one caller on one table are made from. */
interface Ground {
  readonly table: Table;
  readonly rights: TableRights;
  readonly caller: Caller;
  readonly rows: TableRows;
  readonly targets: readonly Target[];
  readonly reach: Readonly<
    Record<'select' | 'insert' | 'update' | 'move' | 'delete', ReadonlySet<string>>
  >;
}

/** Every cell of a table for one caller. */
export function cellsOf(
  table: Table,
  rights: TableRights,
  { caller, rows, depth }: { caller: Caller; rows: TableRows; depth: Depth },
): Cell[] {
  const ground: Ground = {
    table,
    rights,
    caller,
    rows,
    targets: targetsOf(rights, caller).filter(({ key }) => rows.stored.has(key)),
    reach: {
      select: reachOf(rights, rights.select, caller),
      insert: reachOf(rights, rights.insert, caller),
      update: reachOf(rights, rights.update, caller),
      move: reachOf(rights, rights.moves ?? rights.update, caller),
      delete: reachOf(rights, rights.delete, caller),
    },
  };
  return [
    ...verbCells(ground),
    ...blindCells(ground),
    ...(depth === 'none'
      ? []
      : [...moveCells(ground, depth), ...columnCells(ground), ...neverCells(ground)]),
  ];
}

/** The four verbs on a row of each class. */
function verbCells({ table, rights, caller, rows, targets, reach }: Ground): Cell[] {
  const name = `docent.${table.name}`;
  const same = unchangedColumn(table, rights);
  return targets.flatMap((target): Cell[] => {
    const [stored, spare] = [rows.stored.get(target.key), rows.spare.get(target.key)];
    if (stored === undefined || spare === undefined) return [];
    const where = identity(table, stored);
    const statements = {
      select: `select from ${name} where ${where}`,
      insert: insertion(table.name, spare),
      update: `update ${name} set ${same} = ${same} where ${where}`,
      delete: `delete from ${name} where ${where}`,
    };
    return (['select', 'insert', 'update', 'delete'] as const).map((kind) => ({
      table: table.name,
      kind,
      caller,
      target: target.class,
      statement: statements[kind],
      allowed: reach[kind].has(target.class),
    }));
  });
}

/** Statements without a condition, and the number of rows that they may reach at most. */
function blindCells({ table, rights, caller, rows, reach }: Ground): Cell[] {
  const cell = (
    kind: 'update' | 'delete',
    target: string,
    statement: string,
    most: number,
  ): Cell => ({
    table: table.name,
    kind,
    caller,
    target,
    statement,
    allowed: false,
    rows: most,
  });
  // All rows are given to another organization; by who has none at home, all that there are to it.
  const [home, abroadId] = [rows.stored.get('mate')?.org_id, rows.stored.get('mate@')?.org_id];
  const org = caller.principal?.orgId === home ? abroadId : caller.principal?.orgId;
  const given =
    org === undefined || caller.forges !== undefined
      ? []
      : [
          cell(
            'update',
            'all rows → another organization',
            `update docent.${table.name} set org_id = ${literal(org)}`,
            0,
          ),
        ];
  const others = blindStatements(table, rights, { caller, reach: reach.update }).flatMap(
    ({ kind, statement }) => {
      const reached = rights.unseen ? reachOf(rights, rights.unseen, caller) : reach[kind];
      const most = rowsOfHome(rights, { caller, rows, reached });
      return most === null ? [] : [cell(kind, 'all rows', statement, most)];
    },
  );
  return [...given, ...others];
}

/** What one's own rows could become, and what rows of others could be made: one's own. */
function moveCells({ table, rights, caller, rows, targets, reach }: Ground, depth: Depth): Cell[] {
  const mine = targets.filter((target) => reach.update.has(target.class));
  const others = targets.filter((target) => !reach.update.has(target.class));
  const [into] = mine;
  if (into === undefined) return [];
  const pairs = [
    ...mine.flatMap((from) => targets.map((to) => ({ from, to }))),
    ...others.map((from) => ({ from, to: into })),
  ].filter(({ from, to }) => depth === 'all' || from === into || to === into);
  return pairs.flatMap(({ from, to }): Cell[] => {
    const move = moveBetween(table, rights, { from, to, rows });
    if (move === null) return [];
    const isBound = move.columns.some((column) =>
      [from, to].some((end) => isLocked(rights, column, { caller, row: end.class })),
    );
    const allowed = reach.update.has(from.class) && reach.move.has(to.class) && !isBound;
    const target = `${from.class} → ${to.class}`;
    return [
      { table: table.name, kind: 'move', caller, target, statement: move.statement, allowed },
    ];
  });
}

/** Each column of a row that the caller may change. */
function columnCells({ table, rights, caller, rows, targets, reach }: Ground): Cell[] {
  const mine = targets.find((target) => reach.update.has(target.class));
  const row = mine && rows.stored.get(mine.key);
  if (mine === undefined || row === undefined) return [];
  return table.columns
    .filter((column) => !column.generated && !isMoved(table, rights, column.name))
    .map((column) => ({
      table: table.name,
      kind: 'column',
      caller,
      target: `${mine.class}.${column.name}`,
      statement: `update docent.${table.name} set ${column.name} = ${otherValue(column)} where ${identity(table, row)}`,
      allowed: !isLocked(rights, column.name, { caller, row: mine.class }),
    }));
}

/** What nobody may. */
function neverCells({ table, caller }: Ground): Cell[] {
  const right = (privilege: string) =>
    `select where has_table_privilege(current_user, 'docent.${table.name}', '${privilege}')`;
  return Object.entries({
    'truncate at once': `truncate docent.${table.name}`,
    truncate: right('truncate'),
    references: right('references'),
    trigger: right('trigger'),
  }).map(([target, statement]) => ({
    table: table.name,
    kind: 'never',
    caller,
    target,
    statement,
    allowed: false,
  }));
}

/**
 * Statements without a condition: those see no policy for reading, only the one of their own verb. An update
 * takes every row for a caller who has only what is their own.
 */
function blindStatements(
  table: Table,
  rights: TableRights,
  { caller, reach }: { caller: Caller; reach: ReadonlySet<string> },
): { kind: 'update' | 'delete'; statement: string }[] {
  const { owner, unseen } = rights;
  const { principal, person } = caller;
  // Whoever reaches several rows may not be able to own all of them.
  const alone = [...reach].every((each) => each === 'own') && unseen === undefined;
  const mine = alone && owner !== undefined && person !== null && !table.key.includes(owner);
  const at = table.columns.find(({ type, updatable }) => updatable && type.startsWith('timestamp'));
  const set =
    mine && principal
      ? `${owner} = '${principal.userId}'`
      : at
        ? `${at.name} = '2026-01-01'`
        : null;
  return [
    ...(set === null
      ? []
      : [{ kind: 'update' as const, statement: `update docent.${table.name} set ${set}` }]),
    { kind: 'delete', statement: `delete from docent.${table.name}` },
  ];
}

/** How many of the rows that were made a caller reaches; null for whoever reaches all: triggers make more. */
function rowsOfHome(
  rights: TableRights,
  { caller, rows, reached }: { caller: Caller; rows: TableRows; reached: ReadonlySet<string> },
): number | null {
  const keys = [...rows.stored.keys()];
  const classes = keys.map((key) => classOf(rights, caller, key));
  const atHome = classes.filter((each) => each !== abroad);
  if (atHome.every((each) => reached.has(each))) return null;
  return classes.filter((each) => reached.has(each)).length;
}

/** Columns that say whose a row is are changed by moves. */
function isMoved(table: Table, rights: TableRights, column: string): boolean {
  return table.key.includes(column) || [rights.owner, rights.department, 'org_id'].includes(column);
}

/** What a row is given to become one of another class; null if nothing says what it is. */
function moveBetween(
  table: Table,
  rights: TableRights,
  { from, to, rows }: { from: Target; to: Target; rows: TableRows },
): { columns: string[]; statement: string } | null {
  const [before, after] = [rows.stored.get(from.key), rows.stored.get(to.key)];
  if (from.class === to.class || before === undefined || after === undefined) return null;
  if (rights.variants?.[from.class]?.moves === false) return null;
  const variant = rights.variants?.[to.class]?.values ?? {};
  const columns = [
    ...([from.class, to.class].includes(abroad) ? ['org_id'] : []),
    ...[rights.owner, rights.department].filter((column) => column !== undefined),
    ...Object.keys(variant),
  ].filter(
    (name, place, all) =>
      all.indexOf(name) === place &&
      (name === 'org_id' || !table.key.includes(name) || name === rights.owner) &&
      literal(before[name]) !== literal(after[name]) &&
      name in after,
  );
  if (columns.length === 0) return null;
  const set = columns.map((name) => `${name} = ${literal(after[name])}`).join(', ');
  return {
    columns,
    statement: `update docent.${table.name} set ${set} where ${identity(table, before)}`,
  };
}

/** A column to set to itself: one that anybody who changes the row may name. */
function unchangedColumn(table: Table, rights: TableRights): string {
  const locked = new Set(rights.locked?.flatMap(({ columns }) => columns));
  const free = table.columns.filter(
    ({ name, generated, updatable }) =>
      updatable && !generated && !locked.has(name) && !isMoved(table, rights, name),
  );
  return (free.find(({ name }) => name !== 'updated_at') ?? table.columns[0])?.name ?? 'org_id';
}

function identity(table: Table, row: Row): string {
  return table.key.map((name) => `${name} = ${literal(row[name])}`).join(' and ');
}
