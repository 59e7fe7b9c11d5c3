import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readable } from './readable.ts';
import { fold, sentences, termSpans, terms } from './text.ts';

describe('terms', () => {
  test.each([
    ['en', 'index', 'indexes'],
    ['en', 'borrowing', 'borrowed'],
    ['en', 'the borrower', 'the borrower’s'],
    ['en', 'Naïve résumés', 'naive resume'],
    ['hu', 'kölcsönzések', 'kölcsönzésről'],
    ['hu', 'szenzorokat', 'szenzor'],
    ['hu', 'a házakban', 'ház'],
    ['de', 'Verträge', 'des Vertrags'],
    ['de', 'Straße', 'Strasse'],
    ['fr', 'l’école', 'des écoles'],
    ['es', 'las canciones', 'canción'],
  ])('of %s: "%s" meets "%s"', (language, one, other) => {
    expect(terms(one, language)).toEqual(terms(other, language));
  });

  test('hold no word that says nothing about the subject', () => {
    expect(terms('What is the meaning of ownership, and why?')).toEqual(['mean', 'ownership']);
    expect(terms('Hogyan működik ez a dolog?', 'hu')).toEqual(['mukod', 'dolog']);
  });

  test('keep codes, versions and amounts whole', () => {
    expect(terms('error E0382 in v1.2.3 costs 10,000.50 EUR')).toEqual([
      'error',
      'e0382',
      'v1.2.3',
      'cost',
      '10,000.50',
      'eur',
    ]);
  });

  test('split a script without spaces into words', () => {
    expect(terms('所有权是规则', 'zh').length).toBeGreaterThan(1);
  });

  test('know no stop words of a language that has no rules', () => {
    expect(terms('the house', 'fi')).toEqual(['the', 'house']);
  });

  test('stand where the word stands, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        for (const { term, start, end } of termSpans(text, 'xx')) {
          expect(fold(text.slice(start, end))).toBe(term);
        }
      }),
    );
  });
});

describe('sentences', () => {
  test('end neither at abbreviations nor at line breaks within a paragraph', () => {
    expect(texts('Dr. Smith uses it, e.g. daily.\nIt costs 3.5 EUR. Who\npays?')).toEqual([
      'Dr. Smith uses it, e.g. daily.',
      'It costs 3.5 EUR.',
      'Who\npays?',
    ]);
    expect(texts('Das gilt z. B. hier. Und bzgl. usw. auch.', 'de')).toEqual([
      'Das gilt z. B. hier.',
      'Und bzgl. usw. auch.',
    ]);
    expect(texts('Ez pl. jó. A stb. is.', 'hu')).toEqual(['Ez pl. jó.', 'A stb. is.']);
  });

  test('end between quotations that are written with backticks', () => {
    expect(texts("A ``pump'' is a machine. It has no ``valve''.")).toEqual([
      "A ``pump'' is a machine.",
      "It has no ``valve''.",
    ]);
  });

  test('end neither in code nor in addresses', () => {
    expect(texts('Call `panic!` or `a? b. C`. See [it](/a.b?c!d). Next.')).toEqual([
      'Call `panic!` or `a? b. C`.',
      'See [it](/a.b?c!d).',
      'Next.',
    ]);
  });

  test('of Markdown: headings, items, rows with their header and fenced code stand alone', () => {
    const text = [
      '# Pins',
      'Intro text.',
      '- First. More.',
      '  goes on',
      '- Second',
      '',
      '| Pin | Colour |',
      '|-----|--------|',
      '| 3   | red    |',
      '',
      '```rust',
      'fn main() {}',
      '',
      '```',
      'After.',
    ].join('\n');

    const found = sentences(text);

    expect(found.map(({ kind, text: own, header }) => [kind, own, header])).toEqual([
      ['heading', '# Pins', undefined],
      ['sentence', 'Intro text.', undefined],
      ['item', '- First.', undefined],
      ['item', 'More.\n  goes on', undefined],
      ['item', '- Second', undefined],
      ['row', '| Pin | Colour |', undefined],
      ['row', '| 3   | red    |', '| Pin | Colour |'],
      ['code', '```rust\nfn main() {}\n\n```', undefined],
      ['sentence', 'After.', undefined],
    ]);
  });

  test('of a table’s second header: the header of a table ends with it', () => {
    const found = sentences('| A |\n|---|\n| 1 |\n\n| B |\n|---|\n| 2 |');

    expect(found.map(({ header }) => header)).toEqual([undefined, '| A |', undefined, '| B |']);
  });

  test('are slices in order without overlap that hold every letter and digit', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '- ',
        '1. ',
        '# ',
        '> ',
        '| a | b |',
        '|---|---|',
        '```',
        '~~~',
        '\t',
        '<b>',
      ),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom(
        'One. Two! Three? e.g. `x! y` ![a](b.c) https://a.b/c?d.',
        'Mr. X',
        '12.',
        '学。生',
      ),
    );
    const text = fc.array(line, { maxLength: 12 }).map((parts) => parts.join('\n'));

    fc.assert(
      fc.property(text, fc.constantFrom('en', 'hu', 'de', null), (source, language) => {
        let end = 0;
        for (const sentence of sentences(source, language)) {
          expect(sentence.start).toBeGreaterThanOrEqual(end);
          expect(sentence.text).toBe(source.slice(sentence.start, sentence.end));
          expect(sentence.text.trim()).toBe(sentence.text);
          expect(source.slice(end, sentence.start)).not.toMatch(/[\p{L}\p{N}]/u);
          end = sentence.end;
        }
        expect(source.slice(end)).not.toMatch(/[\p{L}\p{N}]/u);
      }),
      { numRuns: 500 },
    );
  });
});

describe('readable', () => {
  test.each([
    [
      '**Bold** and _it_, a [link](http://x/(y)) and ![picture](a.png).',
      'Bold and it, a link and picture.',
    ],
    ['- [x] done `a * b * c`', 'done `a * b * c`'],
    ['> ## Head ##', 'Head'],
    ['`Vec<b>` is kept, <b>tags</b> are not, 3 < 4.', '`Vec<b>` is kept, tags are not, 3 < 4.'],
    ['**half of a bold sentence', 'half of a bold sentence'],
    ['_snake_case_ stays snake_case', 'snake_case stays snake_case'],
    ['[name]: http://somewhere', ''],
    ['<Listing number="1" caption="x">', ''],
    ["`` Be Careful '' is no ``hit''.", '“Be Careful” is no “hit”.'],
    ['It reads ``so and ends later.', 'It reads “so and ends later.'],
    ["The `first' one.", "The ‘first' one."],
    ['Vive l`amour.', 'Vive l’amour.'],
    ['Use ``a ` b`` and `c`.', 'Use ``a ` b`` and `c`.'],
  ])('makes of %j', (text, expected) => {
    expect(readable({ kind: 'sentence', text })).toBe(expected);
  });

  test('names the cells of a row by the header', () => {
    const row = {
      kind: 'row',
      text: '| 3 | **red** |  |',
      header: '| Pin | Colour | X |',
    } as const;

    expect(readable(row)).toBe('Pin: 3; Colour: red');
  });
});

function texts(text: string, language?: string): string[] {
  return sentences(text, language).map((sentence) => sentence.text);
}
