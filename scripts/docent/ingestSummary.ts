import type { FileOutcome } from './ingestProgress.ts';
import { print, style, table } from './terminal.ts';

/** What became of the files: a count for each state, and a sentence for each file that failed. */
export function summarise(
  outcomes: readonly FileOutcome[],
  run: {
    readonly files: number;
    readonly seconds: number;
    /** The user ended it. */
    readonly stopped: boolean;
  },
): void {
  const counts = new Map<string, { files: number; chunks: number }>();
  for (const { state, chunks } of outcomes) {
    const count = counts.get(state) ?? { files: 0, chunks: 0 };
    counts.set(state, { files: count.files + 1, chunks: count.chunks + chunks });
  }
  const rows = [...counts]
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([state, { files, chunks }]) => [state, String(files), String(chunks)]);
  print();
  if (rows.length > 0) print(table(['State', 'Files', 'Chunks'], rows));

  const noted = outcomes.filter(({ note }) => note !== null);
  if (noted.length > 0) print();
  for (const { externalId, state, note, failed } of noted) {
    print(`${style(failed ? 'red' : 'yellow', state)}  ${externalId}\n    ${note}`);
  }

  print();
  const done = `${outcomes.length} of ${run.files} files in ${run.seconds.toFixed(1)} s`;
  if (run.stopped) {
    print(
      `Stopped: ${done}. What was uploaded goes on being processed; run it again for the rest.`,
    );
  } else {
    print(`${done}.`);
  }
}

/** The good ones first. */
function rank(state: string): number {
  const order = ['ready', 'unchanged'].indexOf(state);
  return order < 0 ? order + 10 : order;
}
