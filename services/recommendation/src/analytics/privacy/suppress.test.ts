import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spanOf } from './attack.ts';
import { flatten, type GroupNode, type Measure, type PeriodNode, suppress } from './suppress.ts';

/** People, and how many of them have completed. */
interface Cell {
  people: number;
  completed: number;
}

const measure: Measure<Cell> = {
  empty: { people: 0, completed: 0 },
  add: (a, b) => ({ people: a.people + b.people, completed: a.completed + b.completed }),
  people: ({ people }) => [people],
  alike: ({ people, completed }) => completed === 0 || completed === people,
};

const node = (id: string, ...children: GroupNode[]): GroupNode => ({ id, children });
const now: PeriodNode = { id: 'now', children: [] };
const of = (people: number, completed = Math.floor(people / 2)): Cell => ({ people, completed });

/** Groups that are shown, of one period. */
function shownOf(groups: GroupNode, cells: Record<string, Cell>, k = 5): string[] {
  const published = suppress({
    groups,
    periods: [now],
    cells: (group) => cells[group],
    measure,
    k,
  });
  return flatten(groups)
    .map(({ id }) => id)
    .filter((id) => published.at(id, 'now') !== 'hidden');
}

describe('one period', () => {
  const company = node('all', node('a'), node('b'), node('c'));

  test('everything is shown when every group is large enough', () => {
    expect(shownOf(company, { a: of(5), b: of(6), c: of(7) })).toEqual(['all', 'a', 'b', 'c']);
  });

  test('a group below k takes the next smallest with it', () => {
    expect(shownOf(company, { a: of(4), b: of(6), c: of(7) })).toEqual(['all', 'c']);
  });

  test('two small groups that make fewer than k together take a third one with them', () => {
    expect(shownOf(company, { a: of(1), b: of(2), c: of(7) })).toEqual(['all']);
  });

  test('a group in which all are alike is hidden as a small one is', () => {
    expect(shownOf(company, { a: of(9, 9), b: of(10), c: of(12) })).toEqual(['all', 'c']);
  });

  test('a total of fewer than k hides everything below it', () => {
    expect(shownOf(company, { a: of(2), b: of(2) })).toEqual([]);
  });

  test('an empty group is no company for a small one', () => {
    expect(shownOf(company, { a: of(3), c: of(12) })).toEqual(['all', 'b']);
  });

  test('what is below a hidden group is hidden', () => {
    const groups = node('all', node('a', node('a1'), node('a2')), node('b'), node('c'));

    const shown = shownOf(groups, { a1: of(6), a2: of(6), b: of(3), c: of(20) });

    expect(shown).toEqual(['all', 'c']);
  });

  test('what was hidden the last time is hidden again rather than something else', () => {
    const groups = node('all', node('a'), node('b'), node('c'));
    const cells: Record<string, Cell> = { a: of(4), b: of(7), c: of(8) };

    const published = suppress({
      groups,
      periods: [now],
      cells: (group) => cells[group],
      measure,
      k: 5,
      shownBefore: (group) => group === 'b',
    });

    expect(published.at('b', 'now')).toEqual(of(7));
    expect(published.at('c', 'now')).toBe('hidden');
  });
});

describe('periods', () => {
  const half: PeriodNode = {
    id: 'half',
    children: [
      { id: 'q1', children: [] },
      { id: 'q2', children: [] },
    ],
  };
  const show = (cells: Record<string, Cell>, groups = node('all', node('a'), node('b'))) => {
    const published = suppress({
      groups,
      periods: [half],
      cells: (group, period) => cells[`${group} ${period}`],
      measure,
      k: 5,
    });
    return (group: string) =>
      ['half', 'q1', 'q2'].filter((period) => published.at(group, period) !== 'hidden');
  };

  test('a period is split only where all of its parts may be shown', () => {
    const shown = show({
      'a half': of(20),
      'a q1': of(18),
      'a q2': of(2),
      'b half': of(22),
      'b q1': of(12),
      'b q2': of(10),
    });

    expect(shown('a')).toEqual(['half']);
    // Split alone, b would give a's quarters away by subtraction from those of all.
    expect(shown('b')).toEqual(['half']);
    expect(shown('all')).toEqual(['half', 'q1', 'q2']);
  });
});

describe('an attacker who adds and subtracts everything that is shown', () => {
  test('never gets at a hidden cell, nor at a union of hidden ones that is too small', () => {
    fc.assert(
      fc.property(populations, ({ groups, cells, k }) => {
        const published = suppress({ groups, periods: years, cells, measure, k });
        const all = flatten(groups);
        const shown = all.flatMap((group) =>
          allPeriods
            .filter((period) => published.at(group.id, period.id) !== 'hidden')
            .map((period) => indicator([group], period)),
        );
        const span = spanOf(shown);

        for (const group of all) {
          for (const period of allPeriods) {
            const cell = published.at(group.id, period.id);
            if (cell !== 'hidden') continue;
            expect(span.has(indicator([group], period))).toBe(false);
          }
          for (const period of allPeriods) {
            const hidden = group.children.filter((c) => published.at(c.id, period.id) === 'hidden');
            for (const some of subsets(hidden)) {
              const union = some
                .map((child) => truth(child, period, cells))
                .reduce(measure.add, measure.empty);
              if (union.people === 0 || (union.people >= k && !measure.alike(union))) continue;
              expect(span.has(indicator(some, period))).toBe(false);
            }
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test('and what is shown always rests on k people who are not all alike', () => {
    fc.assert(
      fc.property(populations, ({ groups, cells, k }) => {
        const published = suppress({ groups, periods: years, cells, measure, k });
        for (const group of flatten(groups)) {
          for (const period of allPeriods) {
            const cell = published.at(group.id, period.id);
            if (cell === 'hidden') continue;
            expect(cell).toEqual(nullIfEmpty(truth(group, period, cells)));
            if (cell === null) continue;
            expect(cell.people).toBeGreaterThanOrEqual(k);
            expect(cell.completed).toBeGreaterThan(0);
            expect(cell.completed).toBeLessThan(cell.people);
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});

const years: PeriodNode[] = ['2025', '2026'].map((year) => ({
  id: year,
  children: ['Q1', 'Q2'].map((quarter) => ({
    id: `${year}-${quarter}`,
    children: ['a', 'b'].map((month) => ({ id: `${year}-${quarter}-${month}`, children: [] })),
  })),
}));
const allPeriods = years.flatMap(flatten);
const months = allPeriods.filter(({ children }) => children.length === 0).map(({ id }) => id);

/** Groups of up to three levels with people in each month; nobody is counted in two months. */
const populations = fc
  .record({
    tree: fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 0, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    }),
    people: fc.array(fc.nat({ max: 14 }), { minLength: 96, maxLength: 96 }),
    completed: fc.array(fc.nat({ max: 14 }), { minLength: 96, maxLength: 96 }),
    sparse: fc.integer({ min: 1, max: 4 }),
    k: fc.integer({ min: 5, max: 8 }),
  })
  .map(({ tree, people, completed, sparse, k }) => {
    const groups = node(
      'all',
      ...tree.map((children, i) =>
        node(
          `d${i}`,
          ...children.map((jobs, j) =>
            node(`d${i}.${j}`, ...Array.from({ length: jobs }, (_, n) => node(`d${i}.${j}.${n}`))),
          ),
        ),
      ),
    );
    const leaves = flatten(groups).filter(({ children }) => children.length === 0);
    const atoms = new Map<string, Cell>();
    leaves.forEach((leaf, l) => {
      months.forEach((month, m) => {
        const at = (l * 31 + m * 7) % 96;
        const count = (l + m) % sparse === 0 ? (people[at] ?? 0) : 0;
        atoms.set(`${leaf.id} ${month}`, of(count, Math.min(count, completed[at] ?? 0)));
      });
    });
    const cells = (group: string, period: string) => {
      const within = allPeriods.find(({ id }) => id === period);
      return (within === undefined ? [] : monthsOf(within))
        .map((month) => atoms.get(`${group} ${month}`) ?? measure.empty)
        .reduce(measure.add, measure.empty);
    };
    return { groups, cells, k };
  });

function monthsOf(period: PeriodNode): string[] {
  return flatten(period)
    .filter(({ children }) => children.length === 0)
    .map(({ id }) => id);
}

function truth(group: GroupNode, period: PeriodNode, cells: (g: string, p: string) => Cell): Cell {
  return leavesOf(group)
    .map((leaf) => cells(leaf, period.id))
    .reduce(measure.add, measure.empty);
}

function leavesOf(group: GroupNode): string[] {
  return flatten(group)
    .filter(({ children }) => children.length === 0)
    .map(({ id }) => id);
}

function nullIfEmpty(cell: Cell): Cell | null {
  return cell.people === 0 ? null : cell;
}

function subsets<T>(items: readonly T[]): T[][] {
  return Array.from({ length: 2 ** items.length - 1 }, (_, n) =>
    items.filter((_item, at) => ((n + 1) >> at) % 2 === 1),
  );
}

/** Which leaves in which months a number is the sum of. */
function indicator(groups: readonly GroupNode[], period: PeriodNode): ReadonlySet<string> {
  return new Set(
    groups.flatMap((group) =>
      leavesOf(group).flatMap((leaf) => monthsOf(period).map((month) => `${leaf} ${month}`)),
    ),
  );
}
