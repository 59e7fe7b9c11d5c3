import type { Filter } from 'scim2-parse-filter';
import { z } from 'zod';
import type { Operation } from './patch.ts';
import { isMeant, type Path } from './path.ts';
import { refusal } from './refusal.ts';

const Element = z.looseObject({
  value: z.string().trim().max(500).optional(),
  type: z.string().max(100).optional(),
  primary: z.union([z.boolean(), z.stringbool()]).optional().describe('Entra ID sends it as text'),
});

/** An element of a multi-valued attribute, of which one value counts. */
export type Listed = z.infer<typeof Element>;

/** The value that counts: the one that was made primary last, else that of work, else the first. */
export function picked(listed: readonly Listed[]): string | null {
  const filled = listed.filter(({ value }) => value !== undefined && value !== '');
  const element =
    filled.findLast(({ primary }) => primary === true) ??
    filled.find(({ type }) => type?.toLowerCase() === 'work') ??
    filled[0];
  return element?.value ?? null;
}

/**
 * The list after one operation: the whole, the elements that a filter means, or a part of these.
 * An element that a filter of `eq` means and that is not there is made.
 *
 * @throws AppError `invalid_request` with scimType `invalidValue` or `noTarget`
 */
export function withChange(
  listed: readonly Listed[],
  { filter, sub }: Path,
  { op, value }: Operation,
): Listed[] {
  const meant = (element: Listed) => filter === null || isMeant(filter, element);
  if (op === 'remove') {
    if (sub === null) {
      const gone =
        filter === null && value !== undefined && value !== null ? elementsOf(value) : null;
      return listed.filter((element) =>
        gone === null ? !meant(element) : !gone.some((other) => other.value === element.value),
      );
    }
    return listed.map((element) => (meant(element) ? withSub(element, sub, undefined) : element));
  }
  if (filter === null && sub === null) {
    const given = elementsOf(value);
    if (op === 'replace') return given;
    const same = (a: Listed, b: Listed) => a.value === b.value && a.type === b.type;
    return [...listed.filter((old) => !given.some((element) => same(old, element))), ...given];
  }
  const change = (element: Listed): Listed =>
    sub === null ? { ...element, ...elementsOf(value)[0] } : withSub(element, sub, value);
  if (listed.some(meant)) {
    return listed.map((element) => (meant(element) ? change(element) : element));
  }
  return [...listed, change(filter === null ? {} : describedBy(filter))];
}

function elementsOf(value: unknown): Listed[] {
  const list = Array.isArray(value) ? value : [value];
  return list
    .filter((element) => element !== null && element !== undefined)
    .map((element) => parsed(typeof element === 'string' ? { value: element } : element));
}

function withSub(element: Listed, sub: string, value: unknown): Listed {
  return parsed({ ...element, [sub]: value ?? undefined });
}

function describedBy(filter: Filter): Listed {
  if (filter.op === 'eq' && 'compValue' in filter) {
    return parsed({ [filter.attrPath.toLowerCase()]: filter.compValue });
  }
  throw refusal('noTarget', 'No element is meant by this filter.');
}

function parsed(element: unknown): Listed {
  const result = Element.safeParse(element);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  throw refusal('invalidValue', `${first?.path.join('.') ?? ''}: ${first?.message ?? 'not valid'}`);
}
