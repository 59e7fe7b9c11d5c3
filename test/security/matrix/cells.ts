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

/**
 * Every cell of a table for one caller.
 *
 * @param options.plain without what an update makes of a row, and without single columns.
 */
export function cellsOf(
  table: Table,
  rights: TableRights,
  { caller, rows, plain = false }: { caller: Caller; rows: TableRows; plain?: boolean },
): Cell[] {
  const targets = targetsOf(rights, caller).filter(({ key }) => rows.stored.has(key));
  const reach = {
    select: reachOf(rights, rights.select, caller),
    insert: reachOf(rights, rights.insert, caller),
    update: reachOf(rights, rights.update, caller),
    move: reachOf(rights, rights.moves ?? rights.update, caller),
    delete: reachOf(rights, rights.delete, caller),
  };
  const cells: Cell[] = [];
  const add = (kind: Kind, target: string, statement: string, allowed: boolean) =>
    cells.push({ table: table.name, kind, caller, target, statement, allowed });

  const same = unchangedColumn(table, rights);
  for (const target of targets) {
    const [stored, spare] = [rows.stored.get(target.key), rows.spare.get(target.key)];
    if (stored === undefined || spare === undefined) continue;
    const where = identity(table, stored);
    const within = (classes: ReadonlySet<string>) => classes.has(target.class);
    add(
      'select',
      target.class,
      `select from docent.${table.name} where ${where}`,
      within(reach.select),
    );
    add('insert', target.class, insertion(table.name, spare), within(reach.insert));
    const update = `update docent.${table.name} set ${same} = ${same} where ${where}`;
    add('update', target.class, update, within(reach.update));
    add(
      'delete',
      target.class,
      `delete from docent.${table.name} where ${where}`,
      within(reach.delete),
    );
  }
  // All rows of whoever it is given to another organization; from none at home all that there are.
  const { principal } = caller;
  const org =
    principal?.orgId === rows.stored.get('mate')?.org_id
      ? rows.stored.get('mate@')?.org_id
      : principal?.orgId;
  if (org !== undefined && caller.forges === undefined) {
    const statement = `update docent.${table.name} set org_id = ${literal(org)}`;
    cells.push({
      table: table.name,
      kind: 'update',
      caller,
      target: 'all rows → another organization',
      statement,
      allowed: false,
      rows: 0,
    });
  }
  for (const { kind, statement } of blindStatements(table, rights, {
    caller,
    reach: reach.update,
  })) {
    const reached = kind === 'update' ? reach.update : reach.delete;
    const unseen = rights.unseen ? reachOf(rights, rights.unseen, caller) : reached;
    const most = rowsOfHome(rights, { caller, rows, reached: unseen });
    if (most !== null)
      cells.push({
        table: table.name,
        kind,
        caller,
        target: 'all rows',
        statement,
        allowed: false,
        rows: most,
      });
  }
  if (plain) return cells;
  for (const from of targets.filter((target) => reach.update.has(target.class))) {
    for (const to of targets) {
      const move = moveBetween(table, rights, { from, to, rows });
      if (move === null) continue;
      const allowed =
        reach.move.has(to.class) &&
        !move.columns.some((column) =>
          [from, to].some((end) => isLocked(rights, column, { caller, row: end.class })),
        );
      add('move', `${from.class} → ${to.class}`, move.statement, allowed);
    }
  }
  const [into] = targets.filter((target) => reach.update.has(target.class));
  for (const from of into ? targets.filter((target) => !reach.update.has(target.class)) : []) {
    const move = moveBetween(table, rights, { from, to: into ?? from, rows });
    if (move) add('move', `${from.class} → ${into?.class}`, move.statement, false);
  }
  const [mine] = targets.filter((target) => reach.update.has(target.class));
  const row = mine && rows.stored.get(mine.key);
  if (mine && row) {
    for (const column of table.columns) {
      if (isMoved(table, rights, column.name) || column.generated) continue;
      const statement = `update docent.${table.name} set ${column.name} = ${otherValue(column)} where ${identity(table, row)}`;
      const allowed = !isLocked(rights, column.name, { caller, row: mine.class });
      add('column', `${mine.class}.${column.name}`, statement, allowed);
    }
  }
  add('never', 'truncate at once', `truncate docent.${table.name}`, false);
  const right = (privilege: string) =>
    `select where has_table_privilege(current_user, 'docent.${table.name}', '${privilege}')`;
  add('never', 'truncate', right('truncate'), false);
  add('never', 'references', right('references'), false);
  add('never', 'trigger', right('trigger'), false);
  return cells;
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
