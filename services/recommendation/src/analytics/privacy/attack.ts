/** Which atoms (people of one place in one month) a published number is the sum of. */
export type Row = ReadonlySet<string>;

const PRIME = 33_554_393;

/** What can be made of these sums by adding, subtracting and multiplying: Gauss, in a prime field. */
export function spanOf(rows: readonly Row[]): { has(row: Row): boolean } {
  const columns = [...new Set(rows.flatMap((row) => [...row]))];
  const basis: { pivot: number; row: number[] }[] = [];
  const reduce = (row: Row): number[] | null => {
    if ([...row].some((column) => !columns.includes(column))) return [Number.NaN];
    let rest: number[] = columns.map((column) => (row.has(column) ? 1 : 0));
    for (const { pivot, row: known } of basis) {
      const factor = rest[pivot] ?? 0;
      if (factor === 0) continue;
      rest = rest.map((value, i) => (value + (PRIME - factor) * (known[i] ?? 0)) % PRIME);
    }
    return rest.some((value) => value !== 0) ? rest : null;
  };
  for (const row of rows) {
    const rest = reduce(row);
    if (rest === null) continue;
    const pivot = rest.findIndex((value) => value !== 0);
    const inverse = power(rest[pivot] ?? 0, PRIME - 2);
    basis.push({ pivot, row: rest.map((value) => (value * inverse) % PRIME) });
  }
  return { has: (row) => reduce(row) === null };
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let left = exponent, square = base; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}
