import { PersonUpdate, personFields } from '@docent/contracts/directoryPeople';
import { z } from 'zod';

/** What a row may say of a person. What it does not say stays; null takes away. */
export const ImportRow = PersonUpdate.omit({ managerId: true })
  .extend({
    department: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .nullable()
      .describe(
        'Names from the topmost department down: `Operations/Engineering`; `\\/` is a slash in a name',
      )
      .exactOptional(),
    manager: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .nullable()
      .describe(
        'Id, external id, user name or e-mail address; may come in a later row or a later import',
      )
      .exactOptional(),
  })
  .strict();
export type ImportRow = z.infer<typeof ImportRow>;

/** Names of columns as other systems write them, without capitals, spaces and signs. */
const COLUMNS: ReadonlyMap<string, keyof ImportRow> = new Map([
  ...Object.keys(ImportRow.shape).map((field) => [keyOf(field), field] as const),
  ['mail', 'email'],
  ['emailaddress', 'email'],
  ['fullname', 'name'],
  ['displayname', 'name'],
  ['firstname', 'givenName'],
  ['lastname', 'familyName'],
  ['surname', 'familyName'],
  ['title', 'jobTitle'],
  ['employeeid', 'externalId'],
] as [string, keyof ImportRow][]);

/** The field that a column of this name is, or undefined. */
export function fieldOf(column: string): keyof ImportRow | undefined {
  return COLUMNS.get(keyOf(column));
}

/** The cells of a line of CSV as a row: an empty cell says nothing; two columns hold JSON. */
export function rowOfCells(fields: readonly string[], cells: readonly string[]): unknown {
  const row: Record<string, unknown> = {};
  fields.forEach((field, index) => {
    const cell = cells[index]?.trim() ?? '';
    if (cell !== '') row[field] = HOLDS_JSON.has(field) ? jsonOf(cell) : cell;
  });
  return row;
}

const HOLDS_JSON: ReadonlySet<string> = new Set(['learningProfile', 'preferences']);

/**
 * One row, checked.
 * @returns the row, or the reason why it is refused.
 */
export function parseRow(value: unknown): { row: ImportRow } | { reason: string } {
  const result = ImportRow.safeParse(withName(value));
  if (result.success) return { row: result.data };
  const [first] = result.error.issues;
  const path = first?.path.join('.') ?? '';
  return { reason: `${path === '' ? '' : `${path}: `}${first?.message ?? 'not valid'}` };
}

/** Given and family name are a name when no other is said. */
function withName(value: unknown): unknown {
  const names = z
    .looseObject({ name: z.undefined().optional(), givenName: z.string(), familyName: z.string() })
    .safeParse(value);
  if (!names.success) return value;
  const name = `${names.data.givenName} ${names.data.familyName}`.trim();
  return personFields.name.safeParse(name).success ? { ...names.data, name } : value;
}

function jsonOf(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
