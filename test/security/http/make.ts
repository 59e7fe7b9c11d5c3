import { newId } from '@docent/core/ids';
import type { Request } from './app.ts';
import type { Operation, Schema } from './openapi.ts';
import { samples } from './samples.ts';

/** Where a value stands in a request: `path.id`, `query.q`, `body.admin.name`. */
export type Place = readonly [part: 'path' | 'query' | 'header' | 'body', ...names: string[]];

/** What a request is made of before it becomes an address. */
export interface Parts {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export const JSON_TYPE = 'application/json';
const FORM_TYPE = 'multipart/form-data';
const FORM =
  '--part\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n' +
  'content-type: text/plain\r\n\r\nRed is plus.\r\n--part--\r\n';

/** A request of this operation that is valid; ids are random, so it is about nothing that there is. */
export function partsOf(operation: Operation): Parts {
  const sample = samples[operation.id] ?? {};
  const values = (part: 'path' | 'query' | 'header') =>
    Object.fromEntries(
      operation.parameters
        .filter((parameter) => parameter.in === part && (part === 'path' || parameter.required))
        .map(({ name, schema }) => [name, String(valueFor(schema))]),
    );
  const schema = operation.bodies[JSON_TYPE];
  const isForm = schema === undefined && FORM_TYPE in operation.bodies;
  return {
    path: { ...values('path'), ...sample.path },
    query: { ...values('query'), ...sample.query },
    header: {
      ...values('header'),
      ...(isForm ? { 'content-type': `${FORM_TYPE}; boundary=part` } : {}),
      ...sample.header,
    },
    body: sample.body ?? (isForm ? FORM : schema && valueFor(schema)),
  };
}

export function requestOf(operation: Operation, { path, query, header, body }: Parts): Request {
  const filled = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  const search = new URLSearchParams(query).toString();
  return {
    method: operation.method,
    url: search === '' ? filled : `${filled}?${search}`,
    headers: { ...(body === undefined ? {} : { 'content-type': JSON_TYPE }), ...header },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

/** The same with another value in one place. */
export function withValue(parts: Parts, [part, ...names]: Place, value: unknown): Parts {
  if (part === 'body') return { ...parts, body: put(parts.body, names, value) };
  return { ...parts, [part]: { ...parts[part], [names[0] ?? '']: String(value) } };
}

function put(into: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  if (Array.isArray(into)) {
    return into.map((item, place) => (String(place) === name ? put(item, rest, value) : item));
  }
  const object = typeof into === 'object' && into !== null ? into : {};
  return { ...object, [name]: put(Reflect.get(object, name), rest, value) };
}

/** Every place whose schema `wanted` accepts; of arrays the first item. */
export function placesOf(operation: Operation, wanted: (schema: Schema) => boolean): Place[] {
  const ofParameters = operation.parameters.flatMap(({ in: part, name, schema }): Place[] =>
    part !== 'cookie' && options(schema).some(wanted) ? [[part, name]] : [],
  );
  const body = operation.bodies[JSON_TYPE];
  const seen = new Set<string>();
  const ofBody = body === undefined ? [] : walk(body, [], wanted);
  return [
    ...ofParameters,
    ...ofBody
      .filter((names) => !seen.has(names.join('.')) && seen.add(names.join('.')))
      .map((names): Place => ['body', ...names]),
  ];
}

function walk(
  schema: Schema,
  names: readonly string[],
  wanted: (schema: Schema) => boolean,
): string[][] {
  return options(schema).flatMap((option) => [
    ...(wanted(option) && names.length > 0 ? [[...names]] : []),
    ...Object.entries(option.properties ?? {}).flatMap(([name, inner]) =>
      walk(inner, [...names, name], wanted),
    ),
    ...(option.items ? walk(option.items, [...names, '0'], wanted) : []),
  ]);
}

/** A schema, or those that it lets one choose from. */
function options(schema: Schema): readonly Schema[] {
  const choices = schema.anyOf ?? schema.oneOf;
  return choices ? choices.flatMap(options) : [schema];
}

export const isUuid = ({ format }: Schema): boolean => format === 'uuid';
export const isText = ({ type, enum: listed, const: fixed }: Schema): boolean =>
  type === 'string' && listed === undefined && fixed === undefined;

/** Objects of a body that take no other fields, with the names that they know. */
export function closedObjects(
  schema: Schema,
  body: unknown,
): { names: string[]; known: readonly string[] }[] {
  const visit = (
    inner: Schema,
    value: unknown,
    names: string[],
  ): { names: string[]; known: readonly string[] }[] =>
    options(inner).flatMap((option) => {
      if (Array.isArray(value)) {
        return option.items && value.length > 0
          ? visit(option.items, value[0], [...names, '0'])
          : [];
      }
      if (typeof value !== 'object' || value === null || !option.properties) return [];
      const nested = Object.entries(option.properties).flatMap(([name, property]) =>
        name in value ? visit(property, Reflect.get(value, name), [...names, name]) : [],
      );
      return [{ names, known: Object.keys(option.properties) }, ...nested];
    });
  const found = visit(schema, body, []);
  // Choices of one place: a name that any of them knows is known.
  return [...Map.groupBy(found, ({ names }) => names.join('.')).values()].map((same) => ({
    names: same[0]?.names ?? [],
    known: same.flatMap(({ known }) => known),
  }));
}

/** A value that the schema accepts, as small as may be; a pattern needs a sample. */
function valueFor(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices?.[0]) return valueFor(choices[0]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, valueFor(schema.properties?.[name] ?? {})]),
      );
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => valueFor(schema.items ?? {}));
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1);
    case 'boolean':
      return false;
    case 'string':
      return textOf(schema);
    default:
      return {};
  }
}

function textOf({ format, minLength = 1 }: Schema): string {
  switch (format) {
    case 'uuid':
      return newId();
    case 'email':
      return `${newId()}@example.org`;
    case 'uri':
      return 'https://example.org/x';
    case 'date-time':
      return '2026-01-01T00:00:00Z';
    case 'date':
      return '2026-01-01';
    default:
      return 'x'.repeat(Math.max(1, minLength));
  }
}
