import { appendFileSync } from 'node:fs';

const file = process.env.SECURITY_FIGURES ?? '';

/**
 * Adds to a figure of what was looked at; `npm run test:security` prints them. Does nothing in a plain test run.
 */
export function note(figure: string, count: number): void {
  if (file !== '') appendFileSync(file, `${JSON.stringify({ figure, count })}\n`);
}

/** Everything is tried, not only the part that a plain test run has time for. */
export const thorough = file !== '';
