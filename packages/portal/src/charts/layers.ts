/** What leads to what: `from` comes before `to`. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/**
 * The columns of a layered drawing: everything stands in a column after all that leads to it, and within a column
 * near to what it is connected with (a few barycentre sweeps, Sugiyama 1981). Arrows of a circle, which a path does
 * not have, are left out of account.
 *
 * @param ids in an order in which nothing comes before what leads to it.
 * @returns the columns from left to right, each from top to bottom; empty without ids.
 */
export function layersOf(ids: readonly string[], arrows: readonly Arrow[]): string[][] {
  const order = new Map(ids.map((id, index) => [id, index]));
  const forward = arrows.filter(
    ({ from, to }) => (order.get(from) ?? Number.NaN) < (order.get(to) ?? Number.NaN),
  );
  const columnOf = new Map<string, number>();
  for (const id of ids) {
    const before = forward.filter(({ to }) => to === id).map(({ from }) => columnOf.get(from) ?? 0);
    columnOf.set(id, before.length === 0 ? 0 : Math.max(...before) + 1);
  }
  // What has nothing before it stands right before what it is needed for.
  for (const id of ids.toReversed()) {
    if (forward.some(({ to }) => to === id)) continue;
    const after = forward.filter(({ from }) => from === id).map(({ to }) => columnOf.get(to) ?? 0);
    if (after.length > 0) columnOf.set(id, Math.min(...after) - 1);
  }
  const columns: string[][] = [];
  for (const id of ids) {
    const column = columnOf.get(id) ?? 0;
    columns[column] = [...(columns[column] ?? []), id];
  }
  const filled = Array.from(columns, (column) => column ?? []);
  for (let sweep = 0; sweep < 4; sweep += 1) {
    const rows = new Map(
      filled.flatMap((column) =>
        column.map((id, row): [string, number] => [id, (row + 0.5) / column.length]),
      ),
    );
    const wanted = (id: string) => {
      const near = forward.flatMap(({ from, to }) =>
        from === id ? [rows.get(to) ?? 0] : to === id ? [rows.get(from) ?? 0] : [],
      );
      return near.length === 0 ? (rows.get(id) ?? 0) : sum(near) / near.length;
    };
    for (const column of filled) {
      const places = new Map(column.map((id) => [id, wanted(id)]));
      column.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    }
  }
  return filled;
}

/** The arrows that no way over others says already. */
export function withoutDetours(arrows: readonly Arrow[]): Arrow[] {
  return arrows.filter((arrow) => !reaches(arrow.from, arrow.to, arrows, new Set(), arrow));
}

function reaches(
  from: string,
  to: string,
  arrows: readonly Arrow[],
  seen: Set<string>,
  except: Arrow,
): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return arrows.some(
    (arrow) =>
      arrow !== except &&
      arrow.from === from &&
      (arrow.to === to || reaches(arrow.to, to, arrows, seen, except)),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
