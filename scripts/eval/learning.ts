import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import type { z } from 'zod';

/**
 * A file of EVAL_DIR/learning.
 *
 * @throws Error with a sentence when it is not there.
 */
export function learningFile(evalDir: string, ...path: string[]): string {
  const file = join(evalDir, 'learning', ...path);
  if (!existsSync(file)) throw new Error(`Nothing was measured: ${file} is absent.`);
  return file;
}

/** The rows of a file with a header line, each checked against `row`. */
export async function readTable<R extends z.ZodType>(
  file: string,
  delimiter: ',' | '\t',
  row: R,
): Promise<z.output<R>[]> {
  const rows: z.output<R>[] = [];
  const parser = createReadStream(file).pipe(parse({ columns: true, delimiter }));
  for await (const each of parser) rows.push(row.parse(each));
  return rows;
}

/** The rows of a file with a JSON object in each line. */
export async function readJsonLines<R extends z.ZodType>(
  file: string,
  row: R,
): Promise<z.output<R>[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => row.parse(JSON.parse(line)));
}

/** Prints whether a figure reaches what it must. Returns whether it does. */
export function judge(label: string, value: number, bound: { min: number } | { max: number }) {
  const reached = 'min' in bound ? value >= bound.min : value <= bound.max;
  const wanted = 'min' in bound ? `at least ${bound.min}` : `at most ${bound.max}`;
  console.log(`  ${reached ? 'reached' : 'MISSED '}  ${label} ${value.toFixed(4)}, ${wanted}`);
  return reached;
}
