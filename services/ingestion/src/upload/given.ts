import { ContentMetadata, TextContent } from '@docent/contracts/content';
import { AppError } from '@docent/core/errors';
import { z } from 'zod';

const { shape } = ContentMetadata;

/**
 * What a caller says about content, told apart from what it does not say: an upload with an external
 * id that is known changes only the fields that are named. An unknown field is refused, so that a
 * misspelt one is not silently lost.
 */
export const GivenMetadata = z.strictObject({
  ...shape,
  contentType: shape.contentType.unwrap().optional().describe('Default: reference'),
  tags: shape.tags.unwrap().optional(),
  metadata: shape.metadata.unwrap().optional(),
  status: shape.status.unwrap().optional().describe('Default: published'),
  visibility: shape.visibility.unwrap().optional().describe('Default: organization'),
});
export type GivenMetadata = z.output<typeof GivenMetadata>;

/** The JSON form: the text itself. */
export const GivenText = z.strictObject({
  ...GivenMetadata.shape,
  title: TextContent.shape.title,
  text: TextContent.shape.text,
  mediaType: TextContent.shape.mediaType,
});
export type GivenText = z.output<typeof GivenText>;

const { metadata: _, visibleTo: __, ...fields } = GivenMetadata.shape;

/** The multipart form, as the API's description shows it. */
export const UploadForm = z.object({
  file: z
    .string()
    .meta({ format: 'binary' })
    .describe('The file, once, before or after the fields'),
  ...fields,
  tags: z
    .union([z.array(z.string()), z.string()])
    .optional()
    .describe('Repeated, or one JSON list'),
  visibleTo: z.string().optional().describe('A JSON object, as in the JSON form'),
  metadata: z
    .string()
    .optional()
    .describe('All of this as one JSON object instead, `metadata` of its own included'),
});

/** @throws AppError `invalid_request` that names every wrong field. */
export function parseGiven<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new AppError('invalid_request', `${errors[0] ?? 'Not valid.'}${more}`, {
    details: { errors },
  });
}

/**
 * What the fields of a form say: one field for each property, or all of them in a field `metadata`
 * that holds a JSON object. An empty field is one that the caller left empty: it is not given.
 *
 * @throws AppError `invalid_request`
 */
export function parseForm(fields: ReadonlyMap<string, readonly string[]>): GivenMetadata {
  const given: Record<string, unknown> = {};
  for (const [name, all] of fields) {
    const values = all.filter((value) => value !== '');
    const [value] = values;
    if (value === undefined) continue;
    if (name === 'tags') given[name] = values.flatMap(tagsOf);
    else if (values.length > 1) throw invalid(`The field "${name}" was sent more than once.`);
    else if (name === 'visibleTo') given[name] = parseObject(name, value);
    else if (name !== 'metadata') given[name] = value;
  }
  const [json] = fields.get('metadata') ?? [];
  const rest = json === undefined || json === '' ? {} : parseObject('metadata', json);
  return parseGiven(GivenMetadata, { ...rest, ...given });
}

function tagsOf(value: string): unknown {
  return value.trimStart().startsWith('[') ? parseJson('tags', value) : value;
}

function parseObject(name: string, value: string): object {
  const parsed = parseJson(name, value);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw invalid(`The field "${name}" is not a JSON object.`);
}

function parseJson(name: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (cause) {
    throw invalid(`The field "${name}" is not valid JSON.`, cause);
  }
}

function invalid(message: string, cause?: unknown): AppError {
  return new AppError('invalid_request', message, { cause });
}
