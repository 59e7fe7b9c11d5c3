import type { AreaRights, TableRights } from '../rights/rights.ts';
import { type AdministeredDatabase, administeredDatabase } from './administrator.ts';
import { attempt, installAttempt, type Tried } from './attempt.ts';
import { actors, type Caller, grantees, scopedKeys, strangers } from './callers.ts';
import { readCatalog, type Table } from './catalog.ts';
import { cellsOf, type Depth } from './cells.ts';
import { type Fixtures, makeFixtures } from './fixtures.ts';
import { makeWorld, type World } from './world.ts';

export interface Matrix extends AdministeredDatabase {
  readonly catalog: readonly Table[];
  readonly rights: AreaRights;
  readonly world: World;
  readonly fixtures: Fixtures;
  /** Everybody: the actors first, then those without any right, then keys and grants. */
  readonly callers: readonly Caller[];
}

/** A database with a row of every class in every table that has rights written down. */
export async function openMatrix(rights: AreaRights): Promise<Matrix> {
  const administered = await administeredDatabase();
  try {
    const { database, administrator } = administered;
    await installAttempt(administrator);
    const catalog = await readCatalog(database);
    const world = makeWorld();
    const fixtures = await makeFixtures(administered, { catalog, rights, world });
    const callers = [
      ...actors(world),
      ...strangers(world),
      ...scopedKeys(world),
      ...grantees(world),
    ];
    return { ...administered, database, catalog, rights, world, fixtures, callers };
  } catch (error) {
    await administered.drop();
    throw error;
  }
}

/**
 * Every cell of a table for these callers.
 *
 * @param depth what is tried of updates by callers whose rights the table knows of.
 */
export async function tryTable(
  matrix: Matrix,
  table: Table,
  callers: readonly Caller[],
  depth: Depth = 'all',
): Promise<Tried[]> {
  const rows = matrix.fixtures.get(table.name);
  const rights = matrix.rights[table.name];
  if (rows === undefined || rights === undefined) return [];
  const tried: Tried[] = [];
  for (const caller of callers) {
    const own = isAbout(table, rights, caller) ? depth : 'none';
    const cells = cellsOf(table, rights, { caller, rows, depth: own });
    tried.push(...(await attempt(matrix, caller, cells)));
  }
  return tried;
}

/** Those whose rights a table's policies tell apart, the likeliest to notice a change first. */
export function concernedCallers(matrix: Matrix, table: Table): readonly Caller[] {
  const rights = matrix.rights[table.name];
  return rights ? matrix.callers.filter((caller) => isAbout(table, rights, caller)) : [];
}

/** The scope that a key or a grant has says something about this table. */
export function isAbout(table: Table, rights: TableRights, { about }: Caller): boolean {
  // One scope that has nothing to do with most tables stands for all such.
  if (about === undefined || about === 'chat') return true;
  const verbs = [rights.select, rights.insert, rights.update, rights.delete];
  const named = verbs.some(
    (verb) => [verb?.scope ?? []].flat().includes(about) || verb?.granted?.[about] !== undefined,
  );
  return named || table.policies.some(({ using, check }) => `${using} ${check}`.includes(about));
}

export function isRed({ cell, outcome }: Tried): boolean {
  return outcome !== (cell.allowed ? 'allowed' : 'denied');
}

/** Differences as sentences, one for each verb and difference, with the callers that it is there for. */
export function explain(tried: readonly Tried[]): string[] {
  const red = tried.filter(isRed);
  const byCaller = Map.groupBy(red, ({ cell }) => `${cell.kind}\n${cell.caller.name}`);
  const differences = [...byCaller].map(([name, cells]) => {
    const [kind = '', caller = ''] = name.split('\n');
    const of = (outcome: string) =>
      cells.filter((each) => each.outcome === outcome).map(({ cell }) => cell.target);
    const parts = [
      part('can be reached, which is not written down', of('allowed')),
      part('cannot be reached, which is written down', of('denied')),
      ...cells
        .filter(({ outcome }) => outcome === 'broken')
        .map(({ cell, answer }) => `${cell.target} could not be tried (${answer})`),
    ];
    return { kind, caller, what: parts.filter((text) => text !== '').join('; ') };
  });
  return [...Map.groupBy(differences, ({ kind, what }) => `${kind}: ${what}`)].map(
    ([what, callers]) => `${what}: ${callers.map(({ caller }) => caller).join(', ')}`,
  );
}

function part(text: string, targets: readonly string[]): string {
  return targets.length === 0 ? '' : `${targets.join(', ')} ${text}`;
}

/** What to write for a table that has no entry. */
export function entryFor(table: Table): string {
  const columns = table.columns.map(({ name }) => `${name}: '${guess(name)}'`).join(', ');
  const verbs = new Set(
    table.policies
      .filter(({ permissive, binding }) => permissive && binding)
      .flatMap(({ command }) =>
        command === 'all' ? ['select', 'insert', 'update', 'delete'] : [command],
      ),
  );
  const owner = table.columns.find(({ name }) => ['user_id', 'owner_id'].includes(name));
  const department = table.columns.find(({ name }) => name === 'department_id');
  return [
    `${table.name}: {`,
    ...(owner ? [`  owner: '${owner.name}',`] : []),
    ...(department ? [`  department: '${department.name}',`] : []),
    `  columns: { ${columns} },`,
    ...[...verbs].map((verb) => `  ${verb}: { /* who reaches what */ },`),
    '},',
  ].join('\n');
}

function guess(column: string): string {
  if (/(^|_)id$|_by$/.test(column)) return 'id';
  if (/secret|hash|token$/.test(column)) return 'secret';
  if (/name|email|title|text|comment/.test(column)) return 'personal';
  return 'plain';
}
