import { z } from 'zod';
import type { Operation } from './patch.ts';
import { membersOf } from './patch.ts';
import { isMeant, parsePath } from './path.ts';
import { refusal } from './refusal.ts';

/** A group as SCIM speaks of it; members by their ids. */
export interface GroupState {
  displayName: string;
  externalId: string | null;
  members: Set<string>;
}

/**
 * What a whole resource says.
 * @throws AppError `invalid_request` with scimType `invalidPath` or `invalidValue`
 */
export function readGroup(body: unknown): GroupState {
  const state: GroupState = { displayName: '', externalId: null, members: new Set() };
  for (const [path, value] of membersOf(body)) applyToGroup(state, { op: 'replace', path, value });
  if (state.displayName === '') throw refusal('invalidValue', 'displayName is missing.');
  return state;
}

/** Applies one change. @throws AppError `invalid_request` with its scimType */
export function applyToGroup(state: GroupState, { op, path, value }: Operation): void {
  const { attribute, filter } = parsePath(path);
  if (attribute === 'displayname') {
    state.displayName = parsed(
      z.string().trim().min(1).max(200),
      op === 'remove' ? '' : value,
      path,
    );
  } else if (attribute === 'externalid') {
    const Id = z.string().trim().min(1).max(500).nullable();
    state.externalId = parsed(Id, op === 'remove' ? null : value, path);
  } else if (attribute === 'members') {
    if (filter !== null) {
      if (op !== 'remove')
        throw refusal('mutability', 'Members are added and removed, not changed.');
      for (const id of state.members) if (isMeant(filter, { value: id })) state.members.delete(id);
      return;
    }
    // Entra ID removes with a path `members` and the members as the value.
    const ids = value === undefined || value === null ? null : parsed(Members, value, path);
    if (op === 'replace') state.members = new Set(ids);
    else if (op === 'add') for (const id of ids ?? []) state.members.add(id);
    else if (ids === null) state.members.clear();
    else for (const id of ids) state.members.delete(id);
  } else if (!['schemas', 'id', 'meta'].includes(attribute)) {
    throw refusal('invalidPath', `There is no attribute ${path.slice(0, 200)}.`);
  }
}

const Id = z
  .string()
  .max(100)
  .transform((id) => id.toLowerCase());
const Member = z.union([Id, z.looseObject({ value: Id }).transform(({ value }) => value)]);
const Members = z.union([z.array(Member).max(20_000), Member.transform((member) => [member])]);

function parsed<S extends z.ZodType>(schema: S, value: unknown, path: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refusal(
    'invalidValue',
    `${path.slice(0, 200)}: ${result.error.issues[0]?.message ?? 'not valid'}`,
  );
}
