import { createHash } from 'node:crypto';

/** Uses before a statement is worth keeping at the server. */
const OFTEN = 10;
/** Kept for each connection: 20 to 250 kB of the server's memory each, measured. */
const MOST_NAMES = 100;
/** Texts that are counted before counting begins anew. */
const MOST_COUNTED = 2_000;

/**
 * Names for the statements that a process runs often. A named statement is parsed and given its policies once for
 * each connection instead of each time; it is still planned for each caller (`plan_cache_mode`). Measured through
 * `withPrincipal`: a point read takes 0.88 of the time, a list of people 0.8, the hybrid search 0.9.
 */
export function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  const uses = new Map<string, number>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST_NAMES) return known;
    const used = (uses.get(text) ?? 0) + 1;
    if (used < OFTEN) {
      if (uses.size >= MOST_COUNTED) uses.clear();
      uses.set(text, used);
      return undefined;
    }
    uses.delete(text);
    const name = createHash('sha256').update(text).digest('base64url');
    names.set(text, name);
    return name;
  };
}
