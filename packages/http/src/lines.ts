import { AppError } from '@docent/core/errors';
import type { z } from 'zod';
import { refuseUnstorable } from './storable.ts';

export interface LineProblem {
  readonly code: string;
  readonly detail: string;
}

/** A line of a body: what it says, or what is wrong with it. `line` counts from 1, as editors do. */
export type Line<T> =
  | { readonly line: number; readonly value: T; readonly problem?: undefined }
  | { readonly line: number; readonly value?: undefined; readonly problem: LineProblem };

/**
 * The lines of a text with a JSON value on each; empty lines count, but are passed over.
 *
 * @throws AppError `too_large` beyond `most` lines, `invalid_request` when there is none.
 */
export function parseLines<S extends z.ZodType>(
  text: string,
  schema: S,
  most: number,
): Line<z.output<S>>[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((content, index) => ({ content: content.trim(), line: index + 1 }))
    .filter(({ content }) => content !== '');
  refuseCount(lines.length, most);
  return lines.map(({ content, line }) => {
    const parsed = parseJson(content);
    if (parsed === undefined) {
      return { line, problem: { code: 'invalid_request', detail: 'This is not JSON.' } };
    }
    return checkedLine(line, schema, parsed.value);
  });
}

/** A value of a line checked against what it should be. */
export function checkedLine<S extends z.ZodType>(
  line: number,
  schema: S,
  value: unknown,
): Line<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return storable(line, result.data);
  const detail = result.error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
  return { line, problem: { code: 'invalid_request', detail } };
}

function storable<T>(line: number, value: T): Line<T> {
  try {
    refuseUnstorable(value, 'line');
    return { line, value };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { line, problem: { code: error.code, detail: error.message } };
  }
}

/** @throws AppError `too_large`, `invalid_request` */
export function refuseCount(count: number, most: number): void {
  if (count === 0) throw new AppError('invalid_request', 'There is no line.');
  if (count > most) {
    throw new AppError('too_large', `These are ${count} lines; one request takes ${most}.`, {
      details: { lines: count, most },
    });
  }
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
