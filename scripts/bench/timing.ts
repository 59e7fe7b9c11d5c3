export interface Timing {
  readonly label: string;
  /** Milliseconds, one per call, in order of the calls. */
  readonly ms: readonly number[];
}

/**
 * Times several ways of doing the same on every input, in turns and in changing order, so that what else the
 * machine does falls on all of them alike.
 */
export async function takeTurns<T>(
  inputs: readonly T[],
  ways: Readonly<Record<string, (input: T) => Promise<unknown>>>,
): Promise<Timing[]> {
  const entries = Object.entries(ways).map(([label, run]) => ({ label, run, ms: [] as number[] }));
  for (const [turn, input] of inputs.entries()) {
    for (let step = 0; step < entries.length; step += 1) {
      const entry = entries[(turn + step) % entries.length];
      if (!entry) continue;
      const startedAt = performance.now();
      await entry.run(input);
      entry.ms.push(performance.now() - startedAt);
    }
  }
  return entries.map(({ label, ms }) => ({ label, ms }));
}

/** The value that this share of the values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** One line for each way: p50, p95, and the ratio of p50 to the one named. */
export function printTimings(timings: readonly Timing[], reference: string): void {
  const base = timings.find(({ label }) => label === reference);
  const width = Math.max(...timings.map(({ label }) => label.length));
  console.log(`  ${' '.repeat(width)}   p50 ms   p95 ms   p50 / ${reference}`);
  for (const { label, ms } of timings) {
    const p50 = quantile(ms, 0.5);
    const ratio = base ? p50 / quantile(base.ms, 0.5) : Number.NaN;
    console.log(
      `  ${label.padEnd(width)}${p50.toFixed(2).padStart(9)}${quantile(ms, 0.95).toFixed(2).padStart(9)}${ratio.toFixed(2).padStart(9)}`,
    );
  }
}
