import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

const of = { from: '2026-01', to: '2026-03' };
const group = (name: string) => ({
  kind: 'department',
  departmentId: '0198c000-0000-7000-8000-000000000001',
  name,
});

test('what a spreadsheet would take for a formula is marked as text, numbers are not', () => {
  const rows = ['=1+1', '+cmd', '-2', '@SUM(A1)', '\tx', 'plain, "quoted"'].map((name) => ({
    group: group(name),
    course: { id: 'c', title: name },
    value: { people: { atLeast: 5, atMost: 9 }, completed: 0.4, gain: -0.12, dropOff: null },
  }));

  const lines = csvOf('content', of, rows).text.trimEnd().split('\n').slice(1);

  const titles = lines.map((line) => line.split(',c,')[1]);
  expect(titles).toEqual([
    "'=1+1,,5,9,0.4,-0.12,,,",
    "'+cmd,,5,9,0.4,-0.12,,,",
    "'-2,,5,9,0.4,-0.12,,,",
    "'@SUM(A1),,5,9,0.4,-0.12,,,",
    "'\tx,,5,9,0.4,-0.12,,,",
    '"plain, ""quoted""",,5,9,0.4,-0.12,,,',
  ]);
});

test('a hidden line has nothing but the word for it', () => {
  const row = {
    group: group('Sales'),
    period: '2026-01',
    value: { suppressed: true, reason: 'group_too_small', k: 5 },
  };

  const { text, name } = csvOf('completion', of, [row]);

  expect(text.split('\n')[1]).toBe(
    'department,0198c000-0000-7000-8000-000000000001,Sales,2026-01,true,,,,',
  );
  expect(name).toBe('completion_2026-01_2026-03.csv');
});
