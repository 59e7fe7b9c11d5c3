/**
 * Which cells of a table may be published: every cell rests on at least `k` people who do not all share its
 * value, and nothing that is left out can be worked out from what is shown.
 *
 * Groups form a tree (organization, departments, job titles) in which every person belongs to exactly one leaf,
 * so the only way to a hidden group is to subtract its shown siblings from their shown parent. What remains then
 * is the union of the hidden siblings. It must be publishable itself and rest on two groups or more; otherwise
 * the next smallest sibling is hidden, too (complementary suppression; Batten, "Small cell suppression", 2015).
 * What is below a hidden group is hidden.
 *
 * Periods form a tree as well (year, quarter, month). A period is split for a group only when all its parts may be
 * shown, so that no part is the rest of the others. The groups that are split are always among those whose whole is
 * shown; therefore subtracting along both trees leads to nothing that one of the two does not lead to already.
 */

/** What a cell counts. Cells of different groups add up, because nobody is in two of them. */
export interface Measure<C> {
  readonly empty: C;
  add(a: C, b: C): C;
  /** Distinct people that each of its values rests on; the first one is everybody in the cell. */
  people(cell: C): readonly number[];
  /** All of them share the value: showing it would tell it of each one. */
  alike(cell: C): boolean;
}

export interface GroupNode {
  readonly id: string;
  readonly children: readonly GroupNode[];
}

export interface PeriodNode {
  readonly id: string;
  readonly children: readonly PeriodNode[];
}

/** The cells of a table: of which group in which period; undefined where nobody is. */
export type CellsOf<C> = (group: string, period: string) => C | undefined;

export interface Suppression<C> {
  readonly groups: GroupNode;
  readonly periods: readonly PeriodNode[];
  /** Of leaves only; those of the groups above are their sums. */
  readonly cells: CellsOf<C>;
  readonly measure: Measure<C>;
  /** Fewest people of a cell, at least 5. */
  readonly k: number;
  /** What the publication before this one showed: what was hidden then is preferred for hiding now. */
  readonly shownBefore?: ((group: string, period: string) => boolean) | undefined;
}

export interface Published<C> {
  /** The cell when it may be shown, `hidden` when it may not, null when nobody is in it. */
  at(group: string, period: string): C | 'hidden' | null;
}

export function suppress<C>(table: Suppression<C>): Published<C> {
  const { groups, periods, measure } = table;
  const sums = sumUp(table);
  const shown = new Map<string, ReadonlySet<string>>();

  const showParts = (parts: readonly PeriodNode[], eligible: (group: string) => boolean) => {
    const ids = parts.map(({ id }) => id);
    const together = showTogether(table, sums, ids, eligible);
    for (const part of parts) {
      shown.set(part.id, together);
      if (part.children.length > 0) showParts(part.children, (group) => together.has(group));
    }
  };
  for (const period of periods) showParts([period], () => true);

  const known = new Set(flatten(groups).map(({ id }) => id));
  return {
    at(group, period) {
      if (!known.has(group)) throw new Error(`there is no group ${group}`);
      const cell = sums(group, period);
      if (shown.get(period)?.has(group)) return isEmpty(measure, cell) ? null : cell;
      return 'hidden';
    },
  };
}

/** The node and all below it. */
export function flatten<T extends { readonly children: readonly T[] }>(node: T): T[] {
  return [node, ...node.children.flatMap((child) => flatten(child))];
}

type Sums<C> = (group: string, period: string) => C;

function sumUp<C>({ groups, cells, measure }: Suppression<C>): Sums<C> {
  const nodes = new Map(flatten(groups).map((node) => [node.id, node]));
  const known = new Map<string, C>();
  const sum = (group: string, period: string): C => {
    const key = `${group} ${period}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const children = nodes.get(group)?.children ?? [];
    const cell =
      children.length === 0
        ? (cells(group, period) ?? measure.empty)
        : children.map(({ id }) => sum(id, period)).reduce(measure.add, measure.empty);
    known.set(key, cell);
    return cell;
  };
  return sum;
}

/** The groups whose cells of all these periods are shown: all of them, or none. */
function showTogether<C>(
  { groups, measure, k, shownBefore }: Suppression<C>,
  sums: Sums<C>,
  periods: readonly string[],
  eligible: (group: string) => boolean,
): ReadonlySet<string> {
  const blocked = new Set<string>();
  const cellsOf = (group: GroupNode) => periods.map((period) => sums(group.id, period));
  const empty = (group: GroupNode) => cellsOf(group).every((cell) => isEmpty(measure, cell));
  const mayShow = (group: GroupNode) =>
    eligible(group.id) &&
    !blocked.has(group.id) &&
    cellsOf(group).every((cell) => publishable(measure, cell, k));
  const size = (group: GroupNode) =>
    cellsOf(group).reduce((sum, cell) => sum + (measure.people(cell)[0] ?? 0), 0);
  const wasHidden = (group: GroupNode) =>
    shownBefore !== undefined && periods.some((period) => !shownBefore(group.id, period));

  /** What remains of the parent without its shown children gives one of the hidden ones away. */
  const leaks = (hidden: readonly GroupNode[]) =>
    periods.some((period) => {
      const rest = hidden.map(({ id }) => sums(id, period));
      const union = rest.reduce(measure.add, measure.empty);
      return (
        !publishable(measure, union, k) ||
        measure.people(union).some((people, part) => {
          const resting = rest.filter((cell) => (measure.people(cell)[part] ?? 0) > 0);
          return people > 0 && resting.length < 2;
        })
      );
    });

  /** Null when a group must be hidden that stands in the way of nothing but itself: start over without it. */
  const attempt = (): Set<string> | null => {
    const shown = new Set<string>();
    const visit = (group: GroupNode): boolean => {
      shown.add(group.id);
      const hidden = group.children.filter((child) => !mayShow(child));
      const rest = group.children
        .filter((child) => mayShow(child) && !empty(child))
        .sort(
          (a, b) =>
            Number(wasHidden(b)) - Number(wasHidden(a)) ||
            size(a) - size(b) ||
            (a.id < b.id ? -1 : 1),
        );
      while (leaks(hidden)) {
        const next = rest.shift();
        if (next === undefined) {
          blocked.add(group.id);
          return false;
        }
        hidden.push(next);
      }
      return group.children.filter((child) => !hidden.includes(child)).every(visit);
    };
    if (!mayShow(groups)) return shown;
    return visit(groups) ? shown : null;
  };

  for (;;) {
    const shown = attempt();
    if (shown !== null) return shown;
  }
}

function isEmpty<C>(measure: Measure<C>, cell: C): boolean {
  return (measure.people(cell)[0] ?? 0) === 0;
}

/** Nobody is in it, or enough people who are not all alike; the same for each of its values. */
function publishable<C>(measure: Measure<C>, cell: C, k: number): boolean {
  if (isEmpty(measure, cell)) return true;
  return (
    measure.people(cell).every((people) => people === 0 || people >= k) && !measure.alike(cell)
  );
}
