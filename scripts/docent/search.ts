import type { DocentClient } from '@docent/client/client';
import type { SearchMode } from '@docent/contracts/search';
import { describeSource, excerpt, print, style } from './terminal.ts';

export interface SearchOptions {
  readonly limit: number;
  readonly mode: SearchMode;
  readonly json?: boolean;
}

/** Prints the best passages with place and score. */
export async function search(
  client: DocentClient,
  query: string,
  { limit, mode, json = false }: SearchOptions,
  signal: AbortSignal,
): Promise<void> {
  const answer = await client.search({ query, limit, mode }, { signal });
  if (json) {
    print(JSON.stringify(answer, null, 2));
    return;
  }
  if (answer.correctedQuery !== null) print(style('dim', `Searched for: ${answer.correctedQuery}`));
  if (answer.passages.length === 0) print('Nothing in the material matches.');
  answer.passages.forEach((passage, index) => {
    const { score, parts, text } = passage;
    const vector = parts.vector === null ? 'no vector' : `vector ${parts.vector.toFixed(2)}`;
    print(`${String(index + 1).padStart(2)}. ${style('bold', describeSource(passage))}`);
    const scores = `score ${score.toFixed(2)} (words ${parts.words.toFixed(2)}, ${vector})`;
    print(`    ${style('dim', scores)}`);
    print(`    ${excerpt(text, 280)}`);
  });
  if (answer.mode !== mode) print(style('yellow', `Searched by ${answer.mode} only.`));
}
