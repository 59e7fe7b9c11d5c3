import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Relevant } from '@docent/core/metrics';
import { z } from 'zod';

const Passage = z.object({ _id: z.string(), title: z.string(), text: z.string() });
const Query = z.object({ _id: z.string(), text: z.string() });

export interface RetrievalSet {
  readonly name: string;
  readonly passages: readonly z.infer<typeof Passage>[];
  /** Those that have something relevant; unanswerable ones say nothing about ranking. */
  readonly queries: readonly {
    readonly id: string;
    readonly text: string;
    readonly relevant: Relevant;
  }[];
  readonly unanswerable: number;
}

/**
 * Reads a set in the BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv.
 *
 * @throws Error with a sentence when it is not there.
 */
export async function readSet(evalDir: string, name: string): Promise<RetrievalSet> {
  const folder = join(evalDir, 'retrieval', name);
  if (!existsSync(join(folder, 'qrels.tsv'))) {
    throw new Error(`There is no set ${name}: ${folder} is absent. ${known(evalDir)}`);
  }
  const qrels = await readQrels(join(folder, 'qrels.tsv'));
  const queries = await readLines(join(folder, 'queries.jsonl'), Query);
  const asked = queries.flatMap(({ _id: id, text }) => {
    const relevant = qrels.get(id);
    return relevant ? [{ id, text, relevant }] : [];
  });
  return {
    name,
    passages: await readLines(join(folder, 'corpus.jsonl'), Passage),
    queries: asked,
    unanswerable: queries.length - asked.length,
  };
}

function known(evalDir: string): string {
  const folder = join(evalDir, 'retrieval');
  if (!existsSync(folder)) return 'Set EVAL_DIR to the folder of the measuring material.';
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'qrels.tsv')));
  return `There are: ${names.join(', ')}.`;
}

async function readLines<T extends z.ZodType>(path: string, line: T): Promise<z.output<T>[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((each) => each.trim() !== '')
    .map((each) => line.parse(JSON.parse(each)));
}

async function readQrels(path: string): Promise<Map<string, Map<string, number>>> {
  const qrels = new Map<string, Map<string, number>>();
  const [, ...rows] = (await readFile(path, 'utf8')).trim().split('\n');
  for (const row of rows) {
    const [query = '', passage = '', score] = row.trim().split('\t');
    if (!(Number(score) > 0)) continue;
    const relevant = qrels.get(query) ?? new Map<string, number>();
    qrels.set(query, relevant.set(passage, Number(score)));
  }
  return qrels;
}
