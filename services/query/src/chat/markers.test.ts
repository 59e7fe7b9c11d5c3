import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMarkerReader } from './markers.ts';

function read(text: string, passages = 3) {
  const reader = createMarkerReader(passages);
  const shown = reader.push(text) + reader.end();
  return { shown, used: [...reader.used], markers: [...reader.markers] };
}

describe('markers', () => {
  test('are numbered in order of first use', () => {
    const { shown, used } = read('A [3]. B [1]. C [3] and [2].');

    expect(shown).toBe('A [1]. B [2]. C [1] and [3].');
    expect(used).toEqual([3, 1, 2]);
  });

  test.each([
    ['A [1, 2].', 'A [1][2].'],
    ['A [1][2].', 'A [1][2].'],
    ['A [1-3].', 'A [1][2][3].'],
    ['A [1; 3].', 'A [1][2].'],
    ['A [^2].', 'A [1].'],
    ['A 【2】.', 'A [1].'],
    ['A 【2†source】.', 'A [1].'],
    ['A[2].', 'A[1].'],
    ['A [1][1].', 'A [1].'],
    ['A [1] [1].', 'A [1].'],
  ])('%s is shown as %s', (written, expected) => {
    const { shown } = read(written);

    expect(shown).toBe(expected);
  });

  test('know where they stand in the text that is shown', () => {
    const { shown, markers } = read('One [2, 3], `x[1]`, [9] two [2].');

    expect(markers.map(({ start, end }) => shown.slice(start, end))).toEqual(['[1]', '[2]', '[1]']);
    expect(markers.map(({ number }) => number)).toEqual([1, 2, 1]);
  });

  test.each([
    ['A [9].', 'A.'],
    ['A [0] b', 'A b'],
    ['A [1, 9].', 'A [1].'],
    ['A [99999999999999999999].', 'A.'],
  ])('that point nowhere are dropped: %s', (written, expected) => {
    const { shown } = read(written);

    expect(shown).toBe(expected);
  });

  test.each([
    '[text](https://example.org/a)',
    'see [1](https://example.org) there',
    '`a[0]` and `arr[1]`',
    '``a`[1]`` b',
    'x[0] = 1',
    '```js\nlet x = a[1];\n```',
    '~~~\na[1]\n```\na[2]\n~~~',
    '````\n```\na[1]\n````',
    '- [ ] to do\n- [x] done',
    'escaped \\[1\\]',
    'an array [1, two]',
    `[${'1, '.repeat(40)}1]`,
    'open [',
    'open [1',
  ])('are not seen in %j', (text) => {
    const { shown, markers } = read(text);

    expect(shown).toBe(text);
    expect(markers).toEqual([]);
  });

  test.each([
    ['```js\na[1]\n```\nB [2].', '```js\na[1]\n```\nB [1].'],
    ['```a[1]``` b [2]', '```a[1]``` b [1]'],
    ['`a` b [2]', '`a` b [1]'],
    ['an open ` here\n\nB [2].', 'an open ` here\n\nB [1].'],
    ['`a\n- `b` c [2]', '`a\n- `b` c [1]'],
    [`\`${'a'.repeat(400)} [2] \``, `\`${'a'.repeat(400)} [1] \``],
  ])('are seen again after code: %j', (written, expected) => {
    const { shown } = read(written);

    expect(shown).toBe(expected);
  });

  test.each([
    ['an open ` here [2].', 'an open ` here [1].'],
    ["`` Be Careful '' is a song [2].", "`` Be Careful '' is a song [1]."],
    ['``a` b [2]', '``a` b [1]'],
  ])('are seen after a backtick that nothing closes: %j', (written, expected) => {
    const { shown, used } = read(written);

    expect(shown).toBe(expected);
    expect(used).toEqual([2]);
  });

  test.each([
    ['https:/[9]/evil.example', 'https:/ /evil.example'],
    ['https:/ [9]/evil.example', 'https:/ /evil.example'],
    ['www[9].evil.example', 'www .evil.example'],
    ['<im[9]g src=x>', '<im g src=x>'],
    ['https:/[1]/evil.example', 'https:/[1] /evil.example'],
    ['One[9]. Two[9], three [9] four.', 'One. Two, three four.'],
    ['一つ[1]です', '一つ[1]です'],
  ])('do not join what stands beside them when they go: %j', (written, expected) => {
    const { shown } = read(written);

    expect(shown).toBe(expected);
  });

  test('are held back until complete, ordinary text is not', () => {
    const reader = createMarkerReader(3);

    expect(reader.push('Owners drop values')).toBe('Owners drop values');
    expect(reader.push(' [')).toBe('');
    expect(reader.push('2')).toBe('');
    expect(reader.push(']')).toBe('');
    expect(reader.push('. And')).toBe(' [1]. And');
  });

  test('hold back no more than a marker is long', () => {
    const reader = createMarkerReader(3);

    const shown = reader.push(`A [${'1, '.repeat(30)}`);

    expect(shown.startsWith('A [')).toBe(true);
  });

  test('come out the same however the text is cut', () => {
    const piece = fc.constantFrom(
      '[1]', '[2', ']', '[', '(', ')', '【1】', '【', '】', '[^3]', ', ', ' ', '\n', '\n\n', '`',
      '```', '~~~', '\\', 'word', 'a[0]', '1', '-', '[9]', '[text](url)', '  ', '\t', '†',
    ); // biome-ignore format: one list
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }),
        fc.array(fc.nat(6), { maxLength: 60 }),
        (pieces, cuts) => {
          const text = pieces.join('');
          const reader = createMarkerReader(3);
          let shown = '';
          let at = 0;
          for (const size of cuts) {
            shown += reader.push(text.slice(at, at + size));
            at += size;
          }
          shown += reader.push(text.slice(at)) + reader.end();

          const whole = read(text);
          expect({ shown, used: reader.used, markers: reader.markers }).toEqual(whole);
          for (const { number, start, end } of reader.markers) {
            expect(shown.slice(start, end)).toBe(`[${number}]`);
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
