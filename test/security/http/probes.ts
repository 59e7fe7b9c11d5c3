import { newId } from '@docent/core/ids';
import type { Role } from '@docent/core/principal';
import type { LightMyRequestResponse } from 'fastify';
import { actors, type Caller } from '../matrix/callers.ts';
import { classOf, reachOf } from '../matrix/expect.ts';
import { insertion } from '../matrix/fixtures.ts';
import type { AreaRights, TableRights } from '../rights/rights.ts';
import type { HttpWorld } from './app.ts';
import { type Meaning, meaningOf } from './ids.ts';
import { isUuid, type Parts, type Place, partsOf, placesOf, withValue } from './make.ts';
import type { Operation } from './openapi.ts';

/** An id that a caller may or may not know of. */
export interface Probe {
  readonly what: string;
  readonly id: string;
  /** The database shows the row to this role. */
  readonly visible: boolean;
  /** And would let it be changed by this method. */
  readonly changeable: boolean;
  /** The row may be seen, but not what the operation shows about it. */
  readonly empty: boolean;
}

/** Every place of an operation that takes an id, with what it means. */
export function idPlaces(
  operation: Operation,
): { place: Place; meaning: Meaning | null | undefined }[] {
  return placesOf(operation, isUuid)
    .filter(([part]) => part !== 'header')
    .concat(
      // Ids that are no UUID.
      operation.parameters.flatMap(({ in: part, name, schema }): Place[] =>
        part === 'path' && !isUuid(schema) && meaningOf(operation, [part, name])
          ? [[part, name]]
          : [],
      ),
    )
    .map((place) => ({ place, meaning: meaningOf(operation, place) }));
}

/** One row of each class that the role can meet, and one that was deleted. */
export function probesOf(
  { matrix }: HttpWorld,
  meaning: Meaning,
  {
    role,
    operation,
    deleted,
  }: { role: Role; operation: Operation; deleted: ReadonlyMap<string, string> },
): Probe[] {
  const { table, column = 'id' } = meaning;
  const rights = matrix.rights[table];
  const rows = matrix.fixtures.get(table)?.stored;
  const caller = actors(matrix.world).find(({ name }) => name === role);
  if (rights === undefined || rows === undefined || caller === undefined) {
    throw new Error(`The matrix has no rows of ${table}.`);
  }
  const seen = reachOf(rights, rights.select, caller);
  const changed = changedBy(matrix.rights, meaning, { caller, operation });
  const shown = shownBy(matrix.rights, meaning, caller);
  const probes = [...rows].flatMap(([key, row]): Probe[] => {
    // Twins have the ids of people and departments at home.
    if (key.endsWith('@') && key !== 'stranger@' && ['users', 'departments'].includes(table))
      return [];
    const id = row[column];
    const what = classOf(rights, caller, key);
    if (typeof id !== 'string') return [];
    const visible = seen.has(what);
    const empty = operation.method === 'GET' && visible && shown !== undefined && !shown.has(what);
    return [{ what, id, visible, empty, changeable: changed?.has(what) ?? true }];
  });
  const gone = deleted.get(table);
  return [
    ...probes,
    ...(gone
      ? [{ what: 'deleted', id: gone, visible: false, changeable: false, empty: false }]
      : []),
  ];
}

/**
 * The classes of rows that an operation may change for the caller; undefined: it changes another thing than the
 * one that the id names.
 */
function changedBy(
  rights: AreaRights,
  { table, writes }: Meaning,
  { caller, operation }: { caller: Caller; operation: Operation },
): ReadonlySet<string> | undefined {
  if (!['PUT', 'PATCH', 'DELETE'].includes(operation.method)) return undefined;
  const own = rights[table];
  const written = rights[writes ?? table];
  if (own === undefined || written === undefined) return undefined;
  if (writes !== undefined) {
    // Of people: those of whom such a row may be written. Of other things the row is not about.
    if (table !== 'users') return undefined;
    return withVariants(own, reachOf(written, written.insert, caller), caller);
  }
  return new Set([
    ...reachOf(own, own.update, caller),
    ...(operation.method === 'DELETE' ? reachOf(own, own.delete, caller) : []),
  ]);
}

/** The classes of people or departments about whom the caller may be shown something. */
function shownBy(
  rights: AreaRights,
  { table, shows }: Meaning,
  caller: Caller,
): ReadonlySet<string> | undefined {
  const [own, other] = [rights[table], rights[shows ?? '']];
  if (own === undefined || other === undefined) return undefined;
  return withVariants(own, reachOf(other, other.select, caller), caller);
}

/** Variants of a person are such a person. */
function withVariants(
  rights: TableRights,
  reach: ReadonlySet<string>,
  caller: Caller,
): ReadonlySet<string> {
  const variants = Object.entries(rights.variants ?? {}).filter(([, { like = 'mate' }]) =>
    reach.has(classOf(rights, caller, like)),
  );
  return new Set([...reach, ...variants.map(([name]) => name)]);
}

/** Inserts a row of each table that ids are about, and deletes it; its id is one that once was. */
export async function deletedIds({ matrix, operations }: HttpWorld): Promise<Map<string, string>> {
  const tables = new Set(
    operations.flatMap((operation) =>
      idPlaces(operation).flatMap(({ meaning }) => (meaning ? [meaning.table] : [])),
    ),
  );
  const deleted = new Map<string, string>();
  for (const table of tables) {
    const row = matrix.fixtures.get(table)?.spare.get('mate');
    if (row === undefined || typeof row.id !== 'string') continue;
    const fresh = row.id === matrix.world.people.mate?.id ? { ...row, id: newId() } : row;
    await matrix
      .administrator(
        `${insertion(table, fresh)}; delete from docent.${table} where id = '${String(fresh.id)}'`,
      )
      .then(
        () => deleted.set(table, String(fresh.id)),
        // One that cannot be made twice has none that was deleted.
        () => undefined,
      );
  }
  return deleted;
}

/** A request of `operation` with, for each id in its path, what the role may see. */
export function knownParts(http: HttpWorld, operation: Operation, role: Role): Parts {
  let parts = partsOf(operation);
  for (const other of idPlaces(operation)) {
    if (other.place[0] !== 'path' || !other.meaning) continue;
    const rows = http.matrix.fixtures.get(other.meaning.table)?.stored;
    const row = rows?.get(role) ?? rows?.get('mate');
    const known = row?.[other.meaning.column ?? 'id'];
    if (typeof known === 'string') parts = withValue(parts, other.place, known);
  }
  return parts;
}

/** An answer without what differs between two requests for the same thing that is not there. */
export function comparable(response: LightMyRequestResponse, id: string): string {
  const body = response.body
    .replaceAll(id, '<id>')
    .replaceAll(encodeURIComponent(id), '<id>')
    .replace(/"request(_?[iI])d":"[^"]*"/g, '"requestId":"<request>"')
    .replace(/"(location|lastModified|created|createdAt)":"[^"]*"/g, '"$1":"<time>"');
  return `${response.statusCode} ${body}`;
}

/** A refusal, or a list without anything in it. */
export function saysNothing(response: LightMyRequestResponse): boolean {
  return response.statusCode >= 400 || /^\{"items":\[\]/.test(response.body);
}
