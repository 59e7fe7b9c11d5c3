import { type Filter, filter, parse } from 'scim2-parse-filter';
import { refusal } from './refusal.ts';
import { ENTERPRISE, GROUP, USER } from './vocabulary.ts';

/** Where an attribute is: `emails[type eq "work"].value` is emails, the filter and value. */
export interface Path {
  /** In small letters; attributes of the enterprise extension begin with `enterprise.`. */
  readonly attribute: string;
  readonly filter: Filter | null;
  /** In small letters. */
  readonly sub: string | null;
}

/** @throws AppError `invalid_request` with scimType `invalidPath` */
export function parsePath(path: string): Path {
  const { rest, prefix } = withoutSchema(path.trim());
  if (rest === '' && prefix !== '') return { attribute: 'enterprise', filter: null, sub: null };
  const match = /^([A-Za-z$][\w$-]{0,60})(?:\[(.{1,500})\])?(?:\.([A-Za-z$][\w$.-]{0,60}))?$/s.exec(
    rest,
  );
  if (match === null) throw refusal('invalidPath', `This is not a path: ${path.slice(0, 200)}`);
  const [, attribute = '', condition, sub] = match;
  return {
    attribute: `${prefix}${attribute}`.toLowerCase(),
    filter: condition === undefined ? null : parseFilter(condition, 'invalidPath'),
    sub: sub?.toLowerCase() ?? null,
  };
}

/** @throws AppError `invalid_request` with this scimType */
export function parseFilter(text: string, scimType: 'invalidFilter' | 'invalidPath'): Filter {
  try {
    return parse(text);
  } catch (cause) {
    throw refusal(scimType, `This is not a filter: ${text.slice(0, 200)}`, cause);
  }
}

/** Whether an element of a multi-valued attribute is meant by a path's filter. */
export function isMeant(condition: Filter, element: object): boolean {
  return filter(condition)(element);
}

function withoutSchema(path: string): { rest: string; prefix: '' | 'enterprise.' } {
  const small = path.toLowerCase();
  for (const [schema, prefix] of SCHEMAS) {
    if (small === schema) return { rest: '', prefix };
    if (small.startsWith(`${schema}:`) || small.startsWith(`${schema}.`)) {
      return { rest: path.slice(schema.length + 1), prefix };
    }
  }
  return { rest: path, prefix: '' };
}

const SCHEMAS = [
  [ENTERPRISE.toLowerCase(), 'enterprise.'],
  [USER.toLowerCase(), ''],
  [GROUP.toLowerCase(), ''],
] as const;
