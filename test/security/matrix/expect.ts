import {
  ownedClasses,
  type Reach,
  type RowClass,
  type TableRights,
  type Verb,
} from '../rights/rights.ts';
import type { Caller } from './callers.ts';

export const abroad = 'other_organization';

/** A row as the caller sees it: its class, and the key of the row. */
export interface Target {
  readonly class: RowClass;
  readonly key: string;
}

/** The rows that this caller tries its hand on: one of each class that the table knows. */
export function targetsOf(rights: TableRights, caller: Caller): Target[] {
  const { owner, department } = rights;
  const self = caller.person;
  const variants = Object.keys(rights.variants ?? {}).map((key) => ({ class: key, key }));
  const own: Target[] = owner === undefined || self === null ? [] : [{ class: 'own', key: self }];
  const others: Target[] =
    department !== undefined
      ? [
          { class: 'same_department', key: 'mate' },
          { class: 'below_department', key: 'below' },
          { class: 'other_department', key: 'other' },
          { class: 'no_department', key: 'loose' },
        ]
      : [{ class: owner === undefined ? 'shared' : 'other_owner', key: 'mate' }];
  const foreign = owner !== undefined && self !== null ? `${self}@` : 'mate@';
  return [...own, ...others, ...variants, { class: abroad, key: foreign }];
}

/** The class of any row to a caller. */
export function classOf(rights: TableRights, caller: Caller, key: string): RowClass {
  if (key.endsWith('@')) return abroad;
  if (key in (rights.variants ?? {})) return key;
  if (rights.owner !== undefined && key === caller.person) return 'own';
  if (rights.department === undefined) return rights.owner === undefined ? 'shared' : 'other_owner';
  const places: Record<string, RowClass> = {
    below: 'below_department',
    other: 'other_department',
    loose: 'no_department',
  };
  return places[key] ?? 'same_department';
}

/** The classes that a caller reaches with a verb. */
export function reachOf(
  rights: TableRights,
  verb: Verb | undefined,
  caller: Caller,
): ReadonlySet<RowClass> {
  if (verb === undefined || caller.actor === null) return new Set();
  const { scope } = verb;
  const wanted = scope === undefined ? undefined : [scope].flat();
  const classes = (reach: Reach | undefined) => classesOf(rights, reach, caller);
  if (caller.scope !== undefined && wanted !== undefined && !wanted.includes(caller.scope)) {
    return new Set(classes(verb.unscoped));
  }
  const scoped = caller.scope === undefined ? undefined : verb.scoped;
  const granted = (caller.grants ?? []).flatMap(({ scope, extent }) => {
    const given = verb.granted?.[scope];
    if (given === undefined) return [];
    return classes((given === true ? REACH : given)[extent]);
  });
  return new Set([...classes(scoped ?? verb[caller.actor]), ...granted]);
}

const REACH = { organization: 'organization', department: 'departments', own: 'own' } as const;

function classesOf(
  rights: TableRights,
  reach: Reach | undefined,
  caller: Caller,
): readonly RowClass[] {
  if (reach === undefined) return [];
  if (reach === 'own') return ['own'];
  if (reach === 'departments') {
    const below = caller.actor === 'hr_manager' ? ['below_department'] : [];
    const variants = Object.entries(rights.variants ?? {}).flatMap(([key, { like = 'mate' }]) =>
      like === 'mate' || (like === 'below' && below.length > 0) ? [key] : [],
    );
    return ['own', 'same_department', ...below, ...variants];
  }
  if (reach === 'organization') return [...ownedClasses, ...Object.keys(rights.variants ?? {})];
  return reach;
}

/** A column that this caller cannot change in a row of this class, although it can change the row. */
export function isLocked(
  rights: TableRights,
  column: string,
  { caller, row }: { caller: Caller; row: RowClass },
): boolean {
  return (rights.locked ?? []).some(({ columns, unless = [], of, ofKeys }) => {
    if (!columns.includes(column)) return false;
    if (of !== undefined && !of.includes(row)) return false;
    if (ofKeys) return caller.scope !== undefined;
    const { scope } = rights.update ?? {};
    const scoped =
      caller.scope === undefined || scope === undefined || [scope].flat().includes(caller.scope);
    return !(caller.actor !== null && unless.includes(caller.actor) && scoped);
  });
}
