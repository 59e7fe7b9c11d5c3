import { expect, test } from 'vitest';
import { createLengthLimit } from './longestAnswer.ts';

function limited(text: string, longest: number, size: number) {
  const limit = createLengthLimit(longest);
  let out = '';
  for (let at = 0; at < text.length; at += size) out += limit.push(text.slice(at, at + size));
  return { text: out + limit.end(), reached: limit.reached() };
}

test.each([1, 7, 1_000])(
  'a text that is not too long stays as it is, %i characters at a time',
  (size) => {
    const text = 'One sentence [1]. '.repeat(5) + 'x'.repeat(10);

    expect(limited(text, 100, size)).toEqual({ text, reached: false });
  },
);

test.each([
  [
    'a sentence',
    `${'word '.repeat(18)}word [1]. And so on and on.`,
    `${'word '.repeat(18)}word [1].`,
  ],
  ['a line', `${'word '.repeat(19)}\nAnd so on and on.`, `${'word '.repeat(19)}`.trimEnd()],
  ['a word', 'word '.repeat(500), `${'word '.repeat(20)}`.trimEnd()],
  ['a character', 'x'.repeat(500), 'x'.repeat(100)],
])('a longer one ends with %s, however it comes', (_, text, expected) => {
  for (const size of [1, 7, 1_000]) {
    const found = limited(text, 100, size);

    expect(found).toEqual({ text: expected, reached: true });
  }
});
