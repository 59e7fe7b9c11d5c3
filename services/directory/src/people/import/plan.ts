import { isDeepStrictEqual } from 'node:util';
import { newId } from '@docent/core/ids';
import { newRecord, type PersonRecord } from '../records.store.ts';
import type { DepartmentPaths } from './departmentPaths.ts';
import type { ImportRow } from './row.ts';

export type StoredPerson = PersonRecord & { readonly id: string };

/** What the organization has now, as far as the rows touch it. */
export interface Present {
  readonly people: readonly StoredPerson[];
  readonly departments: DepartmentPaths;
  readonly activePeople: number;
  readonly activeAdmins: number;
  /** Null: no limit. */
  readonly maxUsers: number | null;
}

export type Decision =
  | {
      readonly outcome: 'created' | 'updated' | 'unchanged';
      readonly id: string;
      readonly record: PersonRecord;
    }
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * Decides row by row what an import does; each row counts on those before it. A refused row changes nothing
 * and stops nothing.
 */
export function makePlan(
  present: Present,
  options: { createDepartments: boolean },
): (row: ImportRow) => Decision {
  const { departments, maxUsers } = present;
  let { activePeople, activeAdmins } = present;
  const byId = new Map(present.people.map((person) => [person.id, person]));
  const byExternalId = new Map<string, string>();
  const byEmail = new Map<string, string>();
  const byUserName = new Map<string, string>();
  for (const person of present.people) index(person.id, person);
  const done = new Set<string>();

  return (row) => {
    const id = idOf(row);
    if (id !== null && typeof id === 'object') return refused(id.reason);
    const before = id === null ? null : (byId.get(id) ?? null);
    if (id !== null && done.has(id)) return refused('An earlier row is about the same person.');
    if (before === null && (row.email === undefined || row.name === undefined)) {
      return refused('A new person needs email and name.');
    }
    const { department, manager, ...fields } = row;
    const record: PersonRecord = {
      ...(before === null ? newRecord({ email: '', name: '' }) : withoutId(before)),
      ...fields,
    };
    const person = id ?? newId();
    const reason =
      takenBy(person, record) ??
      manage(person, record, manager) ??
      uncounted(before, record) ??
      placeIn(record, row);
    if (reason !== null) return refused(reason);

    done.add(person);
    activePeople += change(before, record, isActive);
    activeAdmins += change(before, record, isActiveAdmin);
    byId.set(person, { ...record, id: person });
    index(person, record);
    if (before === null) return { outcome: 'created', id: person, record };
    const same = isDeepStrictEqual(withoutId(before), record);
    return { outcome: same ? 'unchanged' : 'updated', id: person, record };
  };

  function index(id: string, { externalId, email, userName }: PersonRecord): void {
    if (externalId !== null) byExternalId.set(externalId, id);
    byEmail.set(email.toLowerCase(), id);
    byUserName.set((userName ?? email).toLowerCase(), id);
  }

  /** Whom the row is about: by external id, then by e-mail address; null is somebody new. */
  function idOf({ externalId, email }: ImportRow): string | null | { reason: string } {
    const external = externalId == null ? undefined : byExternalId.get(externalId);
    if (external !== undefined) return external;
    const id = email === undefined ? undefined : byEmail.get(email.toLowerCase());
    const other = id === undefined ? null : (byId.get(id)?.externalId ?? null);
    if (externalId != null && other !== null && other !== externalId) {
      return { reason: 'The e-mail address is that of a person with another external id.' };
    }
    return id ?? null;
  }

  function takenBy(id: string, record: PersonRecord): string | null {
    const email = byEmail.get(record.email.toLowerCase()) ?? id;
    if (email !== id) return 'Another person has this e-mail address.';
    const userName = byUserName.get((record.userName ?? record.email).toLowerCase()) ?? id;
    return userName === id ? null : 'Another person has this user name.';
  }

  function placeIn(record: PersonRecord, { department, departmentId }: ImportRow): string | null {
    if (departmentId != null && !departments.has(departmentId)) {
      return `There is no department ${departmentId}.`;
    }
    if (department === null) record.departmentId = null;
    if (department == null) return null;
    const id = departments.find(department, options.createDepartments);
    if (id === null) return `There is no department ${department}.`;
    record.departmentId = id;
    return null;
  }

  /** Somebody who is not there yet is waited for. */
  function manage(
    id: string,
    record: PersonRecord,
    manager: string | null | undefined,
  ): string | null {
    if (manager === undefined) return null;
    const key = manager?.toLowerCase();
    const own = [record.email, record.userName, record.externalId].map((name) =>
      name?.toLowerCase(),
    );
    if (key !== undefined && own.includes(key)) return 'Nobody is their own manager.';
    const found =
      manager === null || key === undefined
        ? undefined
        : ((byId.has(key) ? key : undefined) ??
          byExternalId.get(manager) ??
          byUserName.get(key) ??
          byEmail.get(key));
    if (found === id) return 'Nobody is their own manager.';
    // Rows that are not stored yet cannot be referred to: they are found when all of them are.
    const stored = found !== undefined && present.people.some((person) => person.id === found);
    record.managerId = stored ? found : null;
    record.managerRef = stored ? null : manager;
    return null;
  }

  function uncounted(before: PersonRecord | null, after: PersonRecord): string | null {
    if (activeAdmins + change(before, after, isActiveAdmin) < 1) {
      return 'The last active administrator cannot be deactivated or demoted.';
    }
    const more = change(before, after, isActive);
    if (more > 0 && maxUsers !== null && activePeople + more > maxUsers) {
      return `The organization has as many active people as its plan allows: ${maxUsers}.`;
    }
    return null;
  }
}

/** 1, 0 or -1: by how much a row changes the number of those who `are` something. */
function change(
  before: PersonRecord | null,
  after: PersonRecord,
  are: (person: PersonRecord) => boolean,
): number {
  return Number(are(after)) - Number(before !== null && are(before));
}

function refused(reason: string): Decision {
  return { outcome: 'refused', reason };
}

function withoutId({ id: _id, ...record }: StoredPerson): PersonRecord {
  return record;
}

function isActive({ status }: PersonRecord): boolean {
  return status === 'active';
}

function isActiveAdmin({ role, status }: PersonRecord): boolean {
  return role === 'admin' && status === 'active';
}
