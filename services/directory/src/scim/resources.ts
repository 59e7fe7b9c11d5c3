import { createHash } from 'node:crypto';
import type { GroupRow } from './groups.store.ts';
import type { UserRow } from './users.store.ts';
import { ENTERPRISE, GROUP, LIST, USER } from './vocabulary.ts';

export interface Resource {
  readonly id: string;
  readonly meta: {
    readonly resourceType: 'User' | 'Group';
    readonly created: string;
    readonly lastModified: string;
    readonly location: string;
    readonly version: string;
  };
  readonly [attribute: string]: unknown;
}

/** Which attributes an answer has; `id`, `schemas` and `meta` are always there. */
export interface Projection {
  readonly attributes?: string | undefined;
  readonly excludedAttributes?: string | undefined;
}

/** @param base address of `/scim/v2` as the caller reaches it. */
export function userResource(row: UserRow, base: string): Resource {
  const { id, department, manager, managerRef } = row;
  const managerId = manager?.id ?? managerRef;
  const enterprise = {
    ...(department === null ? {} : { department: department.name }),
    ...(managerId === null
      ? {}
      : {
          manager: { value: managerId, ...(manager === null ? {} : { displayName: manager.name }) },
        }),
  };
  const content = {
    schemas: [USER, ENTERPRISE],
    id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    userName: row.userName ?? row.email,
    displayName: row.name,
    name: {
      formatted: row.name,
      ...(row.givenName === null ? {} : { givenName: row.givenName }),
      ...(row.familyName === null ? {} : { familyName: row.familyName }),
    },
    ...(row.jobTitle === null ? {} : { title: row.jobTitle }),
    active: row.status === 'active',
    emails: [{ value: row.email, type: 'work', primary: true }],
    roles: [{ value: row.role, primary: true }],
    groups:
      department === null
        ? []
        : [
            {
              value: department.id,
              $ref: `${base}/Groups/${department.id}`,
              display: department.name,
              type: 'direct',
            },
          ],
    [ENTERPRISE]: enterprise,
  };
  return withMeta('User', `${base}/Users/${id}`, content, row);
}

export function groupResource(row: GroupRow, base: string): Resource {
  const { id } = row;
  const content = {
    schemas: [GROUP],
    id,
    ...(row.externalId === null ? {} : { externalId: row.externalId }),
    displayName: row.name,
    members: row.members.map(({ id: value, name }) => ({
      value,
      display: name,
      type: 'User',
      $ref: `${base}/Users/${value}`,
    })),
  };
  return withMeta('Group', `${base}/Groups/${id}`, content, row);
}

function withMeta(
  resourceType: 'User' | 'Group',
  location: string,
  content: { readonly id: string },
  { createdAt, updatedAt }: { readonly createdAt: Date; readonly updatedAt: Date },
): Resource {
  const state = createHash('sha256').update(JSON.stringify(content)).digest('base64url');
  return {
    ...content,
    meta: {
      resourceType,
      created: createdAt.toISOString(),
      lastModified: updatedAt.toISOString(),
      location,
      version: `W/"${state.slice(0, 22)}"`,
    },
  };
}

/** The attributes that were asked for. */
export function projected(
  resource: Resource,
  { attributes, excludedAttributes }: Projection,
): Resource {
  const always = ['id', 'schemas', 'meta'];
  const wanted = namesOf(attributes);
  const unwanted = namesOf(excludedAttributes);
  if (wanted.length === 0 && unwanted.length === 0) return resource;
  const { id, meta } = resource;
  const kept = Object.entries(resource).filter(([name]) => {
    const small = name.toLowerCase();
    if (always.includes(small)) return true;
    const named = (names: string[]) =>
      names.some(
        (other) =>
          other === small || other.startsWith(`${small}.`) || other.startsWith(`${small}:`),
      );
    return wanted.length > 0 ? named(wanted) : !unwanted.includes(small);
  });
  return { ...Object.fromEntries(kept), id, meta };
}

/** Whether an answer shows the members of a group: they may be thousands. */
export function showsMembers(projection: Projection): boolean {
  const wanted = namesOf(projection.attributes);
  if (wanted.length > 0) return wanted.some((name) => name.split('.')[0] === 'members');
  return !namesOf(projection.excludedAttributes).includes('members');
}

function namesOf(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
    .map((name) =>
      [USER, GROUP].reduce(
        (rest, schema) =>
          rest.startsWith(`${schema.toLowerCase()}:`) ? rest.slice(schema.length + 1) : rest,
        name,
      ),
    );
}

export function listOf(resources: readonly object[], total: number, startIndex: number): object {
  return {
    schemas: [LIST],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
