/**
 * `from` comes before `to` in a path: it is its prerequisite, or a course that teaches it. Nodes as `kind:id`.
 */
export interface Prerequisite {
  readonly from: string;
  readonly to: string;
}

/**
 * A cycle that `added` closes in the graph of `existing` edges, or null: nodes in the order in which
 * they need each other, the first one again at the end. Time grows with the number of edges.
 */
export function prerequisiteCycle(
  existing: readonly Prerequisite[],
  added: readonly Prerequisite[],
): string[] | null {
  const next = new Map<string, string[]>();
  const link = ({ from, to }: Prerequisite) => {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  };
  existing.forEach(link);
  for (const edge of added) {
    const back = pathBetween(next, edge.to, edge.from);
    if (back !== null) return [edge.from, ...back];
    link(edge);
  }
  return null;
}

/** The shortest way from one node to another along the edges, both ends in it. */
function pathBetween(
  next: ReadonlyMap<string, readonly string[]>,
  start: string,
  goal: string,
): string[] | null {
  const cameFrom = new Map<string, string | null>([[start, null]]);
  const queue = [start];
  for (const node of queue) {
    if (node === goal) {
      const path: string[] = [];
      for (let at: string | null | undefined = node; at; at = cameFrom.get(at)) path.unshift(at);
      return path;
    }
    for (const following of next.get(node) ?? []) {
      if (cameFrom.has(following)) continue;
      cameFrom.set(following, node);
      queue.push(following);
    }
  }
  return null;
}
