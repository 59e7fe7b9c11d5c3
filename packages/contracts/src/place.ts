import { z } from 'zod';

/** Where in the source a passage stands. Only what the format knows is set. */
export const Place = z.object({
  page: z.int().positive().optional().describe('Page number of a paged document, from 1'),
  slide: z.int().positive().optional().describe('Slide number, from 1'),
  sheet: z.string().optional().describe('Name of the sheet'),
  row: z
    .int()
    .positive()
    .optional()
    .describe('First row of the sheet that the passage shows, from 1'),
  startMs: z.int().nonnegative().optional().describe('Start in the recording, milliseconds'),
  endMs: z.int().nonnegative().optional().describe('End in the recording, milliseconds'),
  headingPath: z.array(z.string()).describe('Headings above the passage, outermost first'),
});
export type Place = z.infer<typeof Place>;

/** A place in words: `page 3 · Setup › Wiring`, empty when the source knows none. */
export function describePlace(place: Place): string {
  const parts: string[] = [];
  if (place.page !== undefined) parts.push(`page ${place.page}`);
  if (place.slide !== undefined) parts.push(`slide ${place.slide}`);
  if (place.sheet !== undefined) parts.push(`sheet ${place.sheet}`);
  if (place.row !== undefined) parts.push(`row ${place.row}`);
  if (place.startMs !== undefined) parts.push(clock(place.startMs));
  if (place.headingPath.length > 0) parts.push(place.headingPath.join(' › '));
  return parts.join(' · ');
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${minutes}` : minutes;
}
