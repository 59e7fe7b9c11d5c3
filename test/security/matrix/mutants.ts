import { z } from 'zod';
import { systemQuery } from '../../../packages/database/src/internal/system.ts';
import { attempt } from './attempt.ts';
import type { Policy, Table } from './catalog.ts';
import { cellsOf, type Kind } from './cells.ts';
import { concernedCallers, isRed, type Matrix } from './matrix.ts';

/** A schema that is wrong in one place. */
export interface Mutant {
  readonly table: Table;
  readonly what: string;
  readonly apply: string;
  readonly undo: string;
  /** The cells that may notice it. */
  readonly kinds: readonly Kind[];
}

/** Every mutant of a table: of each of its policies, of its row-level security and of its grants. */
export function mutantsOf(table: Table): Mutant[] {
  const t = `docent.${table.name}`;
  const all: Kind[] = ['select', 'insert', 'update', 'delete', 'move', 'column', 'never'];
  return [
    {
      table,
      what: 'row-level security disabled',
      apply: `alter table ${t} disable row level security`,
      undo: `alter table ${t} enable row level security`,
      kinds: all,
    },
    {
      table,
      what: 'row-level security not forced',
      apply: `alter table ${t} no force row level security`,
      undo: `alter table ${t} force row level security`,
      kinds: [],
    },
    {
      table,
      what: 'truncate granted',
      apply: `grant truncate on ${t} to docent_app`,
      undo: `revoke truncate on ${t} from docent_app`,
      kinds: ['never'],
    },
    // What nothing is granted for no policy opens.
    ...table.policies
      .filter(({ command }) => table.granted[command])
      .flatMap((policy) => policyMutants(table, policy)),
  ];
}

function policyMutants(table: Table, policy: Policy): Mutant[] {
  const { name, using, check, command } = policy;
  const on = `${name} on docent.${table.name}`;
  const whole = creation(table, policy);
  const kinds = kindsOf(policy);
  const mutants: Mutant[] = [];
  const add = (what: string, apply: string, undo: string) =>
    mutants.push({ table, what: `policy ${name}: ${what}`, apply, undo, kinds });
  const replace = (what: string, changed: Partial<Policy>) => {
    const mutant = { ...policy, ...changed };
    if (creation(table, mutant) === whole) return;
    const recreate = (text: string) => `drop policy ${on}; ${text}`;
    add(what, recreate(creation(table, mutant)), recreate(whole));
  };
  /** Both expressions with the same change. */
  const rewrite = (what: string, change: (expression: string) => string) =>
    replace(what, {
      using: using === null ? null : change(using),
      check: check === null ? null : change(check),
    });

  if (!policy.binding) {
    replace('for everybody', { roles: 'public' });
    return mutants;
  }
  add('dropped', `drop policy ${on}`, whole);
  const reads = using !== null;
  const writes =
    command !== 'select' && command !== 'delete' && (table.granted.insert || table.granted.update);
  // The same for every row: what one of the two lets through the other one stops for the same callers.
  const ofRow = table.columns.some((column) =>
    new RegExp(`\\b${column.name}\\b`).test(`${using ?? ''} ${check ?? ''}`),
  );
  if (reads && writes) replace('using (true) with check (true)', { using: 'true', check: 'true' });
  if (reads && (ofRow || !writes)) replace('using (true)', { using: 'true' });
  if (writes && (ofRow || !reads)) replace('with check (true)', { check: 'true' });
  if (!policy.permissive) replace('permissive', { permissive: true });
  rewrite('for every role', (text) => text.replace(/acts_as\(VARIADIC ARRAY\[[^\]]*\]\)/g, 'true'));
  rewrite('for every scope', (text) => text.replace(/has_scopes?\([^()]*\)/g, 'true'));
  rewrite('everything granted', (text) => text.replace(/granted\([^()]*\)/g, 'true'));
  rewrite('nothing granted', (text) => text.replace(/granted\([^()]*\)/g, 'false'));
  const other = table.columns.find(
    ({ name: column, type }) => type === 'uuid' && column !== 'org_id',
  );
  if (other) {
    rewrite(`${other.name} for org_id`, (text) => text.replaceAll('org_id =', `${other.name} =`));
  }
  rewrite('the organization for the person', (text) =>
    text.replace(/\b\w+ = (\( SELECT )?caller_id\(\)/g, 'org_id = $1caller_id()'),
  );
  rewrite('every department', (text) =>
    text.replace(/(\w*department_id) = ANY \(/g, 'department_id is not null OR $1 = ANY ('),
  );
  return mutants;
}

function kindsOf({ command }: Policy): Kind[] {
  switch (command) {
    case 'select':
      return ['select'];
    case 'insert':
      return ['insert'];
    case 'update':
      return ['update', 'move', 'column'];
    case 'delete':
      return ['delete'];
    case 'all':
      return ['select', 'insert', 'update', 'delete', 'move'];
  }
}

function creation(table: Table, policy: Policy): string {
  const { name, permissive, command, roles: to, using, check } = policy;
  return [
    `create policy ${name} on docent.${table.name} as ${permissive ? 'permissive' : 'restrictive'}`,
    `for ${command} to ${to}`,
    ...(using === null ? [] : [`using (${using})`]),
    ...(check === null ? [] : [`with check (${check})`]),
  ].join(' ');
}

/**
 * Puts a mutant in force, asks the matrix, and takes it back.
 *
 * @returns the first cell that turned red, or null: it survived.
 */
export async function killerOf(matrix: Matrix, mutant: Mutant): Promise<string | null> {
  await matrix.administrator(mutant.apply);
  try {
    return (await isPostureRed(matrix, mutant.table)) ?? (await firstRed(matrix, mutant));
  } finally {
    await matrix.administrator(mutant.undo);
  }
}

async function firstRed(matrix: Matrix, { table, kinds }: Mutant): Promise<string | null> {
  const rows = matrix.fixtures.get(table.name);
  const rights = matrix.rights[table.name];
  if (rows === undefined || rights === undefined || kinds.length === 0) return null;
  for (const caller of concernedCallers(matrix, table)) {
    const cells = cellsOf(table, rights, { caller, rows, depth: 'all' }).filter(({ kind }) =>
      kinds.includes(kind),
    );
    const red = (await attempt(matrix, caller, cells)).find(isRed);
    if (red) return `${red.cell.kind} ${red.cell.target} by ${caller.name}`;
  }
  return null;
}

const Posture = z.array(z.object({ fenced: z.boolean() }));

/** What no statement of the application can tell: whether policies would bind the owner, too. */
async function isPostureRed({ database }: Matrix, table: Table): Promise<string | null> {
  const { rows } = await systemQuery(database)(
    `select relrowsecurity and relforcerowsecurity as fenced
     from pg_class where oid = 'docent.${table.name}'::regclass`,
  );
  return Posture.parse(rows).every(({ fenced }) => fenced) ? null : 'the catalog';
}
