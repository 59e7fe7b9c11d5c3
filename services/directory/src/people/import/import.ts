import type { ImportedRow, ImportResult } from '@docent/contracts/directoryPeople';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { refuseUnstorable } from '@docent/http/storable';
import { z } from 'zod';
import { requireAdmin } from '../../shared/admin.ts';
import { lockPeople, settleManagers } from '../records.store.ts';
import { explained } from '../refusals.ts';
import { DepartmentPaths } from './departmentPaths.ts';
import {
  allDepartments,
  countPeople,
  findNamed,
  insertDepartments,
  insertPeople,
  updatePeople,
} from './import.store.ts';
import { type Decision, makePlan, type StoredPerson } from './plan.ts';
import type { RawRow } from './read.ts';
import { type ImportRow, parseRow } from './row.ts';

export interface ImportOptions {
  /** Nothing is written; the result is what it would be. */
  readonly dryRun: boolean;
  /** Departments that a row names and that are not there are made. */
  readonly createDepartments: boolean;
  readonly signal: AbortSignal;
}

/** Rows of one statement. */
const BATCH = 1_000;

type Told = Pick<ImportedRow, 'line' | 'name' | 'email'>;
const Words = z
  .string()
  .transform((text) => text.slice(0, 320))
  .optional()
  .catch(undefined);

type Checked = { readonly row: ImportRow } | { readonly reason: string };

/**
 * Adds and changes people from rows. A row that is refused says why and loses nothing else; the same rows
 * again change nothing. All of it is one transaction, and one import of an organization runs at a time.
 *
 * @throws AppError `forbidden`, what reading the rows throws, `conflict` when the database refuses what was
 *   decided
 */
export async function importPeople(
  database: Database,
  principal: Principal,
  raw: AsyncIterable<RawRow>,
  options: ImportOptions,
): Promise<ImportResult> {
  requireAdmin(principal);
  // Read to the end first: nothing of the database is held while a slow line sends.
  const checked: Checked[] = [];
  const told: Told[] = [];
  for await (const row of raw) {
    checked.push(check(row));
    told.push(toldBy(row));
  }
  return database.withPrincipal(
    principal,
    async (tx) => {
      await lockPeople(tx, principal.orgId);
      const departments = new DepartmentPaths(await allDepartments(tx, principal.orgId));
      const decisions = await decide(tx, principal.orgId, checked, departments, options);
      if (!options.dryRun) await write(tx, principal.orgId, departments, decisions);
      return resultOf(decisions, told, departments, options);
    },
    { signal: options.signal },
  );
}

function check(raw: RawRow): Checked {
  if ('reason' in raw) return raw;
  try {
    refuseUnstorable(raw.value, 'row');
  } catch (error) {
    return { reason: error instanceof Error ? error.message : 'It cannot be stored.' };
  }
  return parseRow(raw.value);
}

async function decide(
  tx: Tx,
  orgId: string,
  checked: readonly Checked[],
  departments: DepartmentPaths,
  options: ImportOptions,
): Promise<Decision[]> {
  const plan = makePlan(
    {
      people: await findNamed(tx, orgId, keysOf(checked)),
      departments,
      ...(await countPeople(tx, orgId)),
    },
    options,
  );
  return checked.map((row) =>
    'row' in row ? plan(row.row) : { outcome: 'refused', reason: row.reason },
  );
}

function keysOf(checked: readonly Checked[]): { exact: string[]; small: string[] } {
  const exact = new Set<string>();
  const small = new Set<string>();
  for (const one of checked) {
    if (!('row' in one)) continue;
    const { externalId, manager, email, userName } = one.row;
    for (const key of [externalId, manager]) if (key != null) exact.add(key);
    for (const key of [email, userName, manager]) if (key != null) small.add(key.toLowerCase());
  }
  return { exact: [...exact], small: [...small] };
}

async function write(
  tx: Tx,
  orgId: string,
  departments: DepartmentPaths,
  decisions: readonly Decision[],
): Promise<void> {
  await insertDepartments(tx, orgId, departments.created);
  for (const batch of batchesOf(decisions, 'updated')) {
    await explained(updatePeople(tx, orgId, batch));
  }
  for (const batch of batchesOf(decisions, 'created')) {
    await explained(insertPeople(tx, orgId, batch));
  }
  await settleManagers(tx, orgId, null);
}

function batchesOf(
  decisions: readonly Decision[],
  outcome: 'created' | 'updated',
): StoredPerson[][] {
  const people = decisions.flatMap((decision) =>
    decision.outcome === outcome ? [{ ...decision.record, id: decision.id }] : [],
  );
  const batches: StoredPerson[][] = [];
  for (let start = 0; start < people.length; start += BATCH) {
    batches.push(people.slice(start, start + BATCH));
  }
  return batches;
}

/** By what the person who sent the file finds the row again. */
function toldBy({ line, value }: RawRow): Told {
  const { name, email } = z.looseObject({ name: Words, email: Words }).catch({}).parse(value);
  return { line, name: name ?? null, email: email ?? null };
}

function resultOf(
  decisions: readonly Decision[],
  told: readonly Told[],
  departments: DepartmentPaths,
  { dryRun }: ImportOptions,
): ImportResult {
  const count = (outcome: Decision['outcome']) =>
    decisions.filter((decision) => decision.outcome === outcome).length;
  return {
    dryRun,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    departmentsCreated: departments.createdPaths,
    rows: decisions.map((decision, index): ImportedRow => {
      const about = told[index];
      if (about === undefined) throw new Error('every row was told of');
      const row = { row: index + 1, ...about };
      if (decision.outcome === 'refused') {
        return { ...row, outcome: 'refused', id: null, reason: decision.reason };
      }
      const { outcome, id } = decision;
      return { ...row, outcome, id: dryRun && outcome === 'created' ? null : id };
    }),
  };
}
