import { expect, test } from 'vitest';
import { layersOf, withoutDetours } from './layers.ts';

test('everything stands in a column after all that leads to it, near to what it is connected with', () => {
  const arrows = [
    { from: 'a', to: 'c' },
    { from: 'b', to: 'd' },
    { from: 'c', to: 'e' },
    { from: 'late', to: 'e' },
  ];

  const columns = layersOf(['a', 'b', 'c', 'd', 'late', 'e'], arrows);

  expect(columns.map((column) => column.toSorted())).toEqual([
    ['a', 'b'],
    ['c', 'd', 'late'],
    ['e'],
  ]);
  expect(columns[0]?.indexOf('a')).toBe(columns[1]?.indexOf('c') === 0 ? 0 : 1);
});

test('nothing is a drawing without columns, and circles end', () => {
  expect(layersOf([], [])).toEqual([]);
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(layersOf(['a', 'b'], circle)).toEqual([['a'], ['b']]);
  expect(withoutDetours(circle)).toEqual(circle);
});

test('arrows that a way over others says already are left out', () => {
  const [ab, bc, ac] = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'a', to: 'c' },
  ];

  expect(withoutDetours([ab, bc, ac])).toEqual([ab, bc]);
});
