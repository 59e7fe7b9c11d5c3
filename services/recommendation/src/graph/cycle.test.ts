import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Prerequisite, prerequisiteCycle } from './cycle.ts';

const edges = (...pairs: string[]): Prerequisite[] =>
  pairs.map((pair) => ({ from: pair.slice(0, 1), to: pair.slice(1) }));

test('edges that close no cycle are fine, also when two ways lead to the same place', () => {
  expect(prerequisiteCycle(edges('ab', 'ac', 'bd', 'cd'), edges('de', 'ae'))).toBeNull();
});

test('a cycle is told in the order of its edges, its first node again at the end', () => {
  expect(prerequisiteCycle(edges('ab', 'bc', 'xy'), edges('ca'))).toEqual(['c', 'a', 'b', 'c']);
  expect(prerequisiteCycle([], edges('aa'))).toEqual(['a', 'a']);
});

test('added edges may close a cycle among themselves', () => {
  expect(prerequisiteCycle([], edges('ab', 'bc', 'ca'))).toEqual(['c', 'a', 'b', 'c']);
});

test('what comes back is a cycle of given edges, and null only when none can be found', () => {
  const node = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const graph = fc.array(fc.record({ from: node, to: node }), { maxLength: 12 });

  fc.assert(
    fc.property(graph, (added) => {
      const cycle = prerequisiteCycle([], added);

      if (cycle === null) expect(sortable(added)).toBe(true);
      else {
        expect(cycle.length).toBeGreaterThan(1);
        expect(cycle.at(0)).toBe(cycle.at(-1));
        for (const [index, to] of cycle.slice(1).entries()) {
          expect(added).toContainEqual({ from: cycle[index], to });
        }
      }
    }),
  );
});

/** Whether taking away nodes that nothing leads to takes away all. */
function sortable(all: readonly Prerequisite[]): boolean {
  let rest = [...all];
  for (;;) {
    const fewer = rest.filter(({ from }) => rest.some(({ to }) => to === from));
    if (fewer.length === rest.length) return rest.length === 0;
    rest = fewer;
  }
}
