import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PathNode } from './path.store.ts';
import { stepsOf } from './path.ts';

function node(id: string, more: Partial<PathNode> = {}): PathNode {
  return {
    id,
    kind: 'skill',
    title: id,
    minutes: null,
    difficulty: 3,
    answers: 0,
    mastery: null,
    retention: null,
    known: null,
    status: null,
    progress: 0,
    teaches: [],
    ...more,
  };
}
const edges = (...pairs: string[]) =>
  pairs.map((pair) => ({ fromId: pair.slice(0, 1), toId: pair.slice(1) }));

test('a course and the skill that it both teaches and needs: the course is first', () => {
  const course = node('c', { kind: 'course', difficulty: 5 });

  const steps = stepsOf([node('s'), course, node('z')], edges('cs', 'sc', 'sz'), new Map());

  expect(steps.map(({ itemId, state, waitsFor }) => [itemId, state, waitsFor])).toEqual([
    ['c', 'ready', []],
    ['s', 'blocked', ['c']],
    ['z', 'blocked', ['s']],
  ]);
});

test('what stands before a circle comes before it, and what was begun is its first step', () => {
  const begun = node('b', { kind: 'course', status: 'in_progress', difficulty: 5 });
  const nodes = [node('z', { difficulty: 1 }), node('a', { kind: 'course' }), begun, node('x')];

  const steps = stepsOf(nodes, edges('xa', 'ab', 'ba', 'bz'), new Map());

  expect(steps.map(({ itemId }) => itemId)).toEqual(['x', 'b', 'z', 'a']);
});

test('whatever the edges, every step waits for steps before it only, and keeps all that is no circle', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const graph = fc.array(fc.record({ fromId: name, toId: name }), { maxLength: 14 });
  const kinds = fc.array(fc.constantFrom('skill' as const, 'course' as const), {
    minLength: 6,
    maxLength: 6,
  });

  fc.assert(
    fc.property(graph, kinds, (all, kind) => {
      const nodes = kind.map((each, index) => node('abcdef'.charAt(index), { kind: each }));

      const steps = stepsOf(nodes, all, new Map());

      expect(steps.map(({ itemId }) => itemId).sort()).toEqual([...'abcdef']);
      expect(steps[0]?.state).toBe('ready');
      const place = new Map(steps.map(({ itemId }, index) => [itemId, index]));
      for (const [index, { waitsFor, needs }] of steps.entries()) {
        for (const id of [...waitsFor, ...needs]) expect(place.get(id)).toBeLessThan(index);
      }
      for (const { fromId, toId } of all) {
        if (reaches(all, toId, fromId)) continue;
        expect(steps[place.get(toId) ?? -1]?.needs).toContain(fromId);
      }
    }),
  );
});

function reaches(
  all: readonly { fromId: string; toId: string }[],
  from: string,
  to: string,
): boolean {
  const found = new Set([from]);
  for (const at of found) {
    for (const { fromId, toId } of all) if (fromId === at) found.add(toId);
  }
  return found.has(to);
}
