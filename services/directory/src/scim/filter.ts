import { emptySql, type Sql, sql } from '@docent/database/sql';
import type { Compare, Filter } from 'scim2-parse-filter';
import { parseFilter } from './path.ts';
import { refusal } from './refusal.ts';
import { ENTERPRISE, GROUP, USER } from './vocabulary.ts';

/** How an attribute is compared. */
interface Column {
  /** What is compared; in small letters when `small`. */
  readonly value: Sql;
  readonly kind: 'text' | 'boolean' | 'time' | 'id';
  /** Capital and small letters are the same. */
  readonly small?: boolean;
}

/** Attributes, in small letters, that a filter may name. */
export type Columns = ReadonlyMap<string, Column>;

/** Of `docent.users u`. */
export const userColumns: Columns = new Map<string, Column>([
  ['id', { value: sql`u.id`, kind: 'id' }],
  ['username', { value: sql`u.user_name_key`, kind: 'text', small: true }],
  ['externalid', { value: sql`u.external_id`, kind: 'text' }],
  ['active', { value: sql`(u.status = 'active')`, kind: 'boolean' }],
  ['displayname', { value: sql`lower(u.name)`, kind: 'text', small: true }],
  ['name.formatted', { value: sql`lower(u.name)`, kind: 'text', small: true }],
  ['name.givenname', { value: sql`lower(u.given_name)`, kind: 'text', small: true }],
  ['name.familyname', { value: sql`lower(u.family_name)`, kind: 'text', small: true }],
  ['title', { value: sql`lower(u.job_title)`, kind: 'text', small: true }],
  ['emails', { value: sql`u.email_key`, kind: 'text', small: true }],
  ['emails.value', { value: sql`u.email_key`, kind: 'text', small: true }],
  ['emails.type', { value: sql`'work'::text`, kind: 'text', small: true }],
  ['emails.primary', { value: sql`true`, kind: 'boolean' }],
  ['roles', { value: sql`u.role`, kind: 'text', small: true }],
  ['roles.value', { value: sql`u.role`, kind: 'text', small: true }],
  ['groups', { value: sql`u.department_id`, kind: 'id' }],
  ['groups.value', { value: sql`u.department_id`, kind: 'id' }],
  ['enterprise.manager', { value: sql`u.manager_id`, kind: 'id' }],
  ['enterprise.manager.value', { value: sql`u.manager_id`, kind: 'id' }],
  ['meta.created', { value: sql`u.created_at`, kind: 'time' }],
  ['meta.lastmodified', { value: sql`u.updated_at`, kind: 'time' }],
]);

/** Of `docent.departments d`; members are asked for in a statement of their own. */
export const groupColumns: Columns = new Map<string, Column>([
  ['id', { value: sql`d.id`, kind: 'id' }],
  ['externalid', { value: sql`d.external_id`, kind: 'text' }],
  ['displayname', { value: sql`lower(d.name)`, kind: 'text', small: true }],
  ['meta.created', { value: sql`d.created_at`, kind: 'time' }],
  ['meta.lastmodified', { value: sql`d.updated_at`, kind: 'time' }],
]);

/**
 * A condition of SQL from a SCIM filter.
 *
 * @param members what `members eq "id"` means, where there are members.
 * @throws AppError `invalid_request` with scimType `invalidFilter`
 */
export function conditionOf(
  text: string | undefined,
  columns: Columns,
  members?: (id: string | null) => Sql,
): Sql {
  if (text === undefined || text.trim() === '') return sql`true`;
  return condition(parseFilter(text, 'invalidFilter'), '');

  function condition(filter: Filter, above: string): Sql {
    if ('filters' in filter) {
      return filter.filters
        .map((part) => condition(part, above))
        .reduce((left, right) =>
          filter.op === 'and' ? sql`(${left} and ${right})` : sql`(${left} or ${right})`,
        );
    }
    if ('filter' in filter) return sql`(not coalesce(${condition(filter.filter, above)}, false))`;
    const attribute = above + attributeOf(filter.attrPath);
    if ('valFilter' in filter) return condition(filter.valFilter, `${attribute}.`);
    const isMembers = attribute === 'members' || attribute === 'members.value';
    if (isMembers && members !== undefined && 'compValue' in filter && filter.op === 'eq') {
      return members(idOf(filter.compValue));
    }
    const column = columns.get(attribute);
    if (column === undefined) {
      throw refusal('invalidFilter', `There is no filter on ${filter.attrPath.slice(0, 200)}.`);
    }
    return 'compValue' in filter ? comparison(column, filter) : sql`(${column.value} is not null)`;
  }
}

function comparison(column: Column, { op, compValue, attrPath }: Compare): Sql {
  const { value, kind } = column;
  if (compValue === null) {
    if (op === 'eq') return sql`(${value} is null)`;
    if (op === 'ne') return sql`(${value} is not null)`;
    throw refusal('invalidFilter', `${attrPath.slice(0, 200)}: null is compared with eq or ne.`);
  }
  if (kind === 'boolean') {
    const wanted = `${compValue}`.toLowerCase();
    if ((wanted !== 'true' && wanted !== 'false') || (op !== 'eq' && op !== 'ne')) {
      throw refusal('invalidFilter', `${attrPath.slice(0, 200)} is true or false.`);
    }
    return sql`(${value} = ${(wanted === 'true') === (op === 'eq')}::boolean)`;
  }
  if (kind === 'id') {
    if (op === 'eq') return sql`(${value} = ${idOf(compValue)}::uuid)`;
    if (op === 'ne') return sql`(${value} is distinct from ${idOf(compValue)}::uuid)`;
    throw refusal('invalidFilter', `${attrPath.slice(0, 200)} is compared with eq or ne.`);
  }
  if (kind === 'time') return timeComparison(value, op, compValue, attrPath);
  const given = column.small === true ? `${compValue}`.toLowerCase() : `${compValue}`;
  return textComparison(value, op, given);
}

function textComparison(value: Sql, op: Compare['op'], given: string): Sql {
  const pattern = given.replace(/[\\%_]/g, '\\$&');
  const conditions: Record<Compare['op'], Sql> = {
    eq: sql`(${value} = ${given}::text)`,
    ne: sql`(${value} is distinct from ${given}::text)`,
    co: sql`(${value} like ${`%${pattern}%`}::text)`,
    sw: sql`(${value} like ${`${pattern}%`}::text)`,
    ew: sql`(${value} like ${`%${pattern}`}::text)`,
    gt: sql`(${value} > ${given}::text)`,
    ge: sql`(${value} >= ${given}::text)`,
    lt: sql`(${value} < ${given}::text)`,
    le: sql`(${value} <= ${given}::text)`,
  };
  return conditions[op];
}

function timeComparison(value: Sql, op: Compare['op'], given: unknown, attrPath: string): Sql {
  const time = typeof given === 'string' ? Date.parse(given) : Number.NaN;
  const sign = { gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=`, eq: sql`=`, ne: sql`<>` };
  const signs: Readonly<Record<string, Sql | undefined>> = sign;
  if (Number.isNaN(time) || signs[op] === undefined) {
    throw refusal('invalidFilter', `${attrPath.slice(0, 200)} is compared with a time.`);
  }
  // What is shown has milliseconds.
  return sql`(date_trunc('milliseconds', ${value}) ${signs[op] ?? emptySql} ${new Date(time).toISOString()}::timestamptz)`;
}

/** An id, or null for what cannot be one: nothing has it. */
function idOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value : '';
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text) ? text : null;
}

function attributeOf(path: string): string {
  const small = path.toLowerCase();
  for (const schema of [USER, GROUP]) {
    if (small.startsWith(`${schema.toLowerCase()}:`)) return small.slice(schema.length + 1);
  }
  const extension = `${ENTERPRISE.toLowerCase()}:`;
  return small.startsWith(extension) ? `enterprise.${small.slice(extension.length)}` : small;
}
