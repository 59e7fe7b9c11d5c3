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
  // An empty variable is what `NAME=` in an .env file gives: treat it as not set.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = z.object(shape).safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Wrong or missing settings:\n${lines.join('\n')}`);
}
