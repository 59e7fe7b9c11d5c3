import { randomBytes } from 'node:crypto';
import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { rawQuery } from '../../../packages/database/src/internal/transactions.ts';
import type { AreaRights, RowContext, TableRights, Values } from '../rights/rights.ts';
import type { Administrator } from './administrator.ts';
import type { Column, Table } from './catalog.ts';
import { type Person, personOf, type World } from './world.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Rows of one table by whose they are (a key of the world's people, or the name of a variant). */
export interface TableRows {
  /** Those that are stored. */
  readonly stored: ReadonlyMap<string, Row>;
  /** Others like them, to be inserted. */
  readonly spare: ReadonlyMap<string, Row>;
}
export type Fixtures = ReadonlyMap<string, TableRows>;

/**
 * Makes rows for every table of the catalog from its types, defaults, checks and foreign keys, and stores them
 * as the worker of their organization; where the worker may not insert, as the administrator.
 *
 * @throws Error that names table, row and what to declare when a row is refused.
 */
export async function makeFixtures(
  { database, administrator }: { database: Database; administrator: Administrator },
  { catalog, rights, world }: { catalog: readonly Table[]; rights: AreaRights; world: World },
): Promise<Fixtures> {
  const fixtures = new Map<string, TableRows>();
  for (const table of parentsFirst(catalog)) {
    const own = rights[table.name];
    if (own === undefined) continue;
    const rows = rowsOf(table, own, { world, fixtures });
    fixtures.set(table.name, rows);
    for (const [key, row] of rows.stored) {
      // Triggers may have made it already.
      const text = `${insertion(table.name, row)} on conflict (${table.key.join(', ')}) do nothing`;
      const store =
        own.insert?.worker === undefined || own.madeBy === 'administrator'
          ? administrator(text)
          : database.withPrincipal(workerPrincipal(String(row.org_id)), (tx) => rawQuery(tx, text));
      await store.catch((error: unknown) => {
        const reasons = [error, error instanceof Error ? error.cause : undefined].map((each) =>
          each instanceof Error ? each.message : '',
        );
        throw new Error(
          `The row "${key}" of ${table.name} could not be made: ${reasons.join(' ')}\n  ${text}\n` +
            `Give the values that it needs in \`row\` of ${table.name} in test/security/rights/.`,
        );
      });
    }
  }
  return fixtures;
}

/** The keys of the rows that a table gets: for each person if it has an owner, else one for each place. */
function keysOf(table: Table, rights: TableRights, world: World): string[] {
  if (rights.owner !== undefined) return Object.keys(world.people);
  if (rights.department === undefined) return ['mate', 'mate@'];
  const column = table.columns.find(({ name }) => name === rights.department);
  return ['mate', 'below', 'other', ...(column?.notNull ? [] : ['loose']), 'mate@', 'stranger@'];
}

interface Made {
  readonly world: World;
  readonly fixtures: ReadonlyMap<string, TableRows>;
}

function rowsOf(table: Table, rights: TableRights, made: Made): TableRows {
  const plans = [
    ...keysOf(table, rights, made.world).map((key) => ({ key, like: key, values: {} })),
    ...Object.entries(rights.variants ?? {}).map(([key, { like = 'mate', values }]) => ({
      key,
      like,
      values,
    })),
  ];
  const copy = (which: 'a' | 'b') =>
    new Map(
      plans.map((plan) => [plan.key, rowOf(table, rights, { ...made, ...plan, copy: which })]),
    );
  return { stored: copy('a'), spare: copy('b') };
}

function rowOf(
  table: Table,
  rights: TableRights,
  plan: Made & { key: string; like: string; values: Values; copy: 'a' | 'b' },
): Row {
  const { world, key, like, copy } = plan;
  const person = personOf(world, like);
  const context: RowContext = {
    person,
    key,
    copy,
    departments: world.departments,
    people: {
      learner: personOf(world, 'learner').id,
      trainer: personOf(world, 'trainer').id,
      hr_manager: personOf(world, 'hr_manager').id,
      admin: personOf(world, 'admin').id,
    },
    of: (name, column) => parentRow(name, plan)?.[column],
  };
  const given: Values = { ...rights.row, ...plan.values };
  const row: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (column.name in given) {
      const value = given[column.name];
      const made = typeof value === 'function' ? value(context) : value;
      if (made !== undefined) row[column.name] = made;
      continue;
    }
    const value = valueFor(column, table, rights, { plan, person });
    if (value !== undefined) row[column.name] = value;
  }
  return row;
}

function valueFor(
  column: Column,
  table: Table,
  rights: TableRights,
  { plan, person }: { plan: Parameters<typeof rowOf>[2]; person: Person },
): unknown {
  const { name } = column;
  if (column.generated) return undefined;
  if (name === 'org_id') return person.orgId;
  const isVariant = plan.key !== plan.like;
  const refers = table.foreignKeys.find(
    (key) => key.columns.includes(name) && key.table !== table.name,
  );
  if (name === rights.owner) {
    // A table of people: another row is another person.
    return isVariant && refers === undefined && table.key.includes(name) ? newId() : person.id;
  }
  if (name === rights.department) {
    return isVariant && table.key.includes(name) ? newId() : person.departmentId;
  }
  const inKey = table.key.includes(name);
  if (refers && (column.notNull || inKey)) {
    const parent = parentRow(refers.table, plan);
    return parent?.[refers.refers[refers.columns.indexOf(name)] ?? ''];
  }
  if (!inKey && (column.hasDefault || !column.notNull)) return undefined;
  return made(column, `${table.name}-${name}-${plan.key}-${plan.copy}`, plan.copy);
}

/** The row of another table that belongs to the same person, or else to the same organization. */
function parentRow(table: string, { fixtures, key, like }: Made & { key: string; like: string }) {
  const rows = fixtures.get(table)?.stored;
  return rows?.get(key) ?? rows?.get(like) ?? rows?.get(like.endsWith('@') ? 'mate@' : 'mate');
}

/** A value of the column's type. */
function made(column: Column, text: string, copy: 'a' | 'b'): unknown {
  if (column.listed !== null) return column.listed;
  if (column.type.endsWith('[]')) return '{}';
  const place = copy === 'a' ? 1 : 2;
  switch (column.type) {
    case 'uuid':
      return newId();
    case 'boolean':
      return false;
    case 'smallint':
    case 'integer':
    case 'bigint':
      return place;
    case 'real':
    case 'double precision':
    case 'numeric':
      return 0.5;
    case 'jsonb':
    case 'json':
      return '{}';
    case 'bytea':
      return `\\x${randomBytes(32).toString('hex')}`;
    case 'inet':
      return `192.0.2.${place}`;
    case 'interval':
      return '1 hour';
    case 'date':
      return `2026-01-0${place}`;
    case 'timestamp with time zone':
      return `2026-01-0${place}T00:00:00Z`;
    case 'tsvector':
      return "'made'";
    case 'halfvec':
    case 'vector':
    case 'public.halfvec':
    case 'public.vector':
      return '[1,0,0]';
    default:
      return text;
  }
}

/** Another value than the row has, to change a column to. */
export function otherValue(column: Column): string {
  if (column.type === 'uuid[]') return `array['${newId()}']::uuid[]`;
  if (column.type.endsWith('[]')) return `array['1']::${column.type}`;
  switch (column.type) {
    case 'boolean':
      return `not coalesce(${column.name}, false)`;
    case 'uuid':
      return `'${newId()}'`;
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double precision':
    case 'numeric':
      return `coalesce(${column.name}, 0) + 1`;
    case 'jsonb':
    case 'json':
      return `'{"changed": true}'`;
    case 'bytea':
      return `'\\x00'`;
    case 'inet':
      return `'198.51.100.1'`;
    case 'interval':
      return `'2 hours'`;
    case 'date':
    case 'timestamp with time zone':
      return `'2027-01-01'`;
    case 'tsvector':
      return `'''changed'''`;
    case 'halfvec':
    case 'vector':
    case 'public.halfvec':
    case 'public.vector':
      return `'[0,1,0]'`;
    default:
      return `coalesce(${column.name}, '') || 'x'`;
  }
}

/** Tables after those that their rows refer to. */
function parentsFirst(catalog: readonly Table[]): Table[] {
  const ordered: Table[] = [];
  const seen = new Set<string>();
  const visit = (table: Table) => {
    if (seen.has(table.name)) return;
    seen.add(table.name);
    for (const key of table.foreignKeys) {
      const parent = catalog.find(({ name }) => name === key.table);
      if (parent) visit(parent);
    }
    ordered.push(table);
  };
  // Triggers take people's departments from them, also where no key refers to them.
  const first = ['departments', 'users'];
  for (const table of catalog.toSorted((a, b) => first.indexOf(b.name) - first.indexOf(a.name))) {
    visit(table);
  }
  return ordered;
}

export function insertion(table: string, row: Row): string {
  const columns = Object.keys(row);
  return `insert into docent.${table} (${columns.join(', ')}) values (${columns
    .map((name) => literal(row[name]))
    .join(', ')})`;
}

/** A value as an SQL literal without a type. */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    return literal(`{${value.map((item) => `"${String(item)}"`).join(',')}}`);
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}
