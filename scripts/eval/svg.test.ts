import { expect, test } from 'vitest';
import { svgOf } from './svg.ts';

const chart = { title: 'How sure', x: 'said', y: 'was', marks: [] };

test('the unit square fills the plot, and the vertical axis can end below 1', () => {
  const line = {
    kind: 'line' as const,
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 0.5 },
    ],
  };

  const whole = svgOf({ ...chart, marks: [line] });
  const half = svgOf({ ...chart, top: 0.5, marks: [line] });

  expect(whole).toContain('points="64,358 534,203"');
  expect(half).toContain('points="64,358 534,48"');
  expect(half).toContain('>50 %<');
});

test('a dot grows with its share, by area', () => {
  const dot = (size: number) =>
    svgOf({ ...chart, marks: [{ kind: 'dot', at: { x: 0.5, y: 0.5 }, size, title: 'a bin' }] });

  expect(dot(1)).toContain('r="12"');
  expect(dot(0.25)).toContain('r="7.5"');
  expect(dot(1)).toContain('<title>a bin</title>');
});

test('words cannot break the document', () => {
  const svg = svgOf({ ...chart, title: 'a < b & "c"' });

  expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
  expect(svg).not.toContain('a < b');
});
