import { z } from 'zod';

/**
 * Read settings once, in a main file; everything else is handed what it needs.
 *
 * @throws Error that names every wrong setting at once, never its value (it may be a secret).
 */
export function parseEnv<T extends z.ZodRawShape>(
  shape: T,
  env: Record<string, string | undefined>,
): Readonly<z.output<z.ZodObject<T>>> {
  // `NAME=` in an .env file gives an empty variable: not set. Blanks alone would become the number 0.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const result = z.object(shape).safeParse(given, { error: inWords });
  if (result.success) return Object.freeze(result.data);
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Wrong or missing settings:\n${lines.join('\n')}`);
}

/** What a setting must be, for the person who wrote it; the shape's own sentences come before these. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int') return 'must be a whole number';
      return issue.expected === 'number' ? 'must be a number' : undefined;
    case 'too_small':
      return `must be ${issue.minimum} or more`;
    case 'too_big':
      return `must be ${issue.maximum} or less`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.format === 'url' ? 'must be an address such as https://host' : undefined;
    default:
      return undefined;
  }
}
