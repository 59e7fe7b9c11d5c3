import { personFields } from '@docent/contracts/directoryPeople';
import { type Role, roles } from '@docent/core/principal';
import type { z } from 'zod';
import type { PersonRecord } from '../people/records.store.ts';
import { type Listed, picked, withChange } from './listed.ts';
import { membersOf, type Operation } from './patch.ts';
import { type Path, parsePath } from './path.ts';
import { refusal } from './refusal.ts';

/** A person as SCIM speaks of them. `undefined`: nothing was said. */
export interface UserState {
  userName: string | null;
  externalId: string | null;
  active: boolean;
  displayName: string | null;
  formatted: string | null;
  givenName: string | null;
  familyName: string | null;
  title: string | null;
  emails: Listed[];
  roles: Listed[];
  department: string | null | undefined;
  manager: string | null | undefined;
}

/** What is said of a person by nobody yet. */
export function emptyState(): UserState {
  return {
    userName: null,
    externalId: null,
    active: true,
    displayName: null,
    formatted: null,
    givenName: null,
    familyName: null,
    title: null,
    emails: [],
    roles: [],
    department: undefined,
    manager: undefined,
  };
}

/** A stored person as SCIM would have said it; department and manager only when they change. */
export function stateOf(record: PersonRecord): UserState {
  return {
    userName: record.userName ?? record.email,
    externalId: record.externalId,
    active: record.status === 'active',
    displayName: null,
    formatted: null,
    givenName: record.givenName,
    familyName: record.familyName,
    title: record.jobTitle,
    emails: [{ type: 'work', value: record.email, primary: true }],
    roles: [{ value: record.role, primary: true }],
    department: undefined,
    manager: undefined,
  };
}

/**
 * Applies one change. Attributes of the standard that Docent does not keep are passed over, as identity
 * providers send many; a name that the standard does not have is refused.
 *
 * @throws AppError `invalid_request` with scimType `invalidPath` or `invalidValue`
 */
export function applyToUser(state: UserState, operation: Operation): void {
  const path = parsePath(operation.path);
  const value = operation.op === 'remove' ? null : operation.value;
  if (path.attribute === 'enterprise' || (path.attribute === 'name' && path.sub === null)) {
    applyMembers(state, operation, path.attribute);
  } else if (path.attribute === 'emails' || path.attribute === 'roles') {
    state[path.attribute] = withChange(state[path.attribute], path, operation);
  } else if (path.attribute === 'active') {
    state.active = value === null ? true : booleanOf(value);
  } else if (path.attribute === 'enterprise.manager') {
    applyManager(state, path, value);
  } else {
    const field = FIELDS.get(path.sub === null ? path.attribute : `${path.attribute}.${path.sub}`);
    if (field !== undefined) state[field] = textOf(value, operation.path);
    else if (!KNOWN.has(path.attribute)) {
      throw refusal('invalidPath', `There is no attribute ${operation.path.slice(0, 200)}.`);
    }
  }
}

/** Applies what a whole resource says. */
export function applyResource(state: UserState, body: unknown): void {
  for (const [path, value] of membersOf(body)) applyToUser(state, { op: 'replace', path, value });
}

/**
 * The record of a person of whom this was said; department and manager are the caller's to find.
 *
 * @param before the stored person; its `name` stays when nothing about names was said.
 * @throws AppError `invalid_request` with scimType `invalidValue`
 */
export function recordOf(state: UserState, before: PersonRecord): PersonRecord {
  const userName = checked(personFields.userName, state.userName, 'userName');
  if (userName === null) throw refusal('invalidValue', 'userName is missing.');
  const said = picked(state.emails) ?? (userName.includes('@') ? userName : before.email);
  const email = checked(personFields.email, said, 'emails');
  const givenName = checked(personFields.givenName, state.givenName, 'name.givenName');
  const familyName = checked(personFields.familyName, state.familyName, 'name.familyName');
  const name = checked(personFields.name, nameOf(state, before, userName), 'displayName');
  return {
    ...before,
    email,
    userName: userName.toLowerCase() === email.toLowerCase() ? null : userName,
    name,
    givenName,
    familyName,
    role: roleOf(state.roles),
    status: state.active ? 'active' : 'deactivated',
    jobTitle: checked(personFields.jobTitle, state.title, 'title'),
    externalId: checked(personFields.externalId, state.externalId, 'externalId'),
  };
}

/** What was said, else the names together when these were the name until now. */
function nameOf(state: UserState, before: PersonRecord, userName: string): string {
  if (state.displayName !== null) return state.displayName;
  if (state.formatted !== null) return state.formatted;
  const together = [state.givenName, state.familyName].filter((part) => part !== null).join(' ');
  const followed = [before.givenName, before.familyName].filter((part) => part !== null).join(' ');
  if (before.name !== '' && before.name !== followed) return before.name;
  return together === '' ? before.name || userName : together;
}

function roleOf(listed: readonly Listed[]): Role {
  const value = picked(listed)?.toLowerCase();
  if (value === undefined) return 'learner';
  const role = roles.find((known) => known === value);
  if (role === undefined) {
    throw refusal('invalidValue', `roles: a role is one of ${roles.join(', ')}.`);
  }
  return role;
}

function applyMembers(state: UserState, operation: Operation, attribute: string): void {
  const { op, value } = operation;
  const prefix =
    attribute === 'name' ? 'name.' : 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:';
  if (op === 'remove' || value === null) {
    const all =
      attribute === 'name' ? ['givenName', 'familyName', 'formatted'] : ['department', 'manager'];
    for (const sub of all) applyToUser(state, { op: 'remove', path: prefix + sub, value: null });
    return;
  }
  for (const [key, member] of membersOf(value)) {
    applyToUser(state, { op, path: prefix + key, value: member });
  }
}

/** An id, `{ value }`, or a list of one of these: all three are sent. */
function applyManager(state: UserState, path: Path, value: unknown): void {
  if (path.sub !== null && path.sub !== 'value') return;
  const [single] = Array.isArray(value) ? value : [value];
  const inner =
    typeof single === 'object' && single !== null && 'value' in single ? single.value : single;
  const text = inner === undefined ? null : textOf(inner, 'manager');
  state.manager = text === '' ? null : text;
}

const FIELDS: ReadonlyMap<
  string,
  | 'userName'
  | 'externalId'
  | 'displayName'
  | 'formatted'
  | 'givenName'
  | 'familyName'
  | 'title'
  | 'department'
> = new Map([
  ['username', 'userName'],
  ['externalid', 'externalId'],
  ['displayname', 'displayName'],
  ['name.formatted', 'formatted'],
  ['name.givenname', 'givenName'],
  ['name.familyname', 'familyName'],
  ['title', 'title'],
  ['enterprise.department', 'department'],
]);

/** Attributes of RFC 7643 that may be sent; those that are not above are not kept. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['schemas', 'id', 'meta', 'name', 'nickname', 'profileurl', 'usertype', 'preferredlanguage'],
  ...['locale', 'timezone', 'password', 'phonenumbers', 'ims', 'photos', 'addresses', 'groups'],
  ...['entitlements', 'x509certificates', 'enterprise.employeenumber', 'enterprise.costcenter'],
  ...['enterprise.organization', 'enterprise.division'],
]);

/** Entra ID sends booleans as text. */
function booleanOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (text === 'true' || text === 'false') return text === 'true';
  throw refusal('invalidValue', 'active: true or false.');
}

function textOf(value: unknown, what: string): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string')
    throw refusal('invalidValue', `${what.slice(0, 200)}: not a text.`);
  const text = value.trim();
  return text === '' ? null : text;
}

function checked<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refusal('invalidValue', `${what}: ${result.error.issues[0]?.message ?? 'not valid'}`);
}
