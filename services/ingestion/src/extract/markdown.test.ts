import { expect, test } from 'vitest';
import { writeMarkdown } from './markdown.ts';
import { TextWriter } from './writer.ts';

function written(source: string) {
  const writer = new TextWriter(10_000_000);
  const title = writeMarkdown(writer, source);
  return { title, ...writer.finish() };
}

test('Markdown becomes what its readers see', () => {
  const source = `# Valves {#valves}

Turn **left**, see [the manual](https://example.org/m "M") and \`valve open\`.
![A valve with a red handle](valve.png) ![x](y.png)

> [!WARNING]
> Hot.

1. first
   - inner
2. second

- [x] done

| Part | Use |
|---|---|
| A | \`a|b\` |

\`\`\`sh
  $ open
\`\`\`

Text[^1].

[^1]: From the footnote.
`;

  const { text } = written(source);

  expect(text).toBe(`Valves

Turn left, see the manual and \`valve open\`.
[Image: A valve with a red handle]

Warning: Hot.

1. first
  - inner
2. second
- [x] done

| Part | Use |
| A | \`a | b\` |

\`\`\`sh
  $ open
\`\`\`

Text.

Note: From the footnote.`);
});

test('front matter gives the title and is no text', () => {
  const { title, text } = written('---\ntitle: "Open source policy"\ntags: [a]\n---\n\nShare it.');

  expect(title).toBe('Open source policy');
  expect(text).toBe('Share it.');
});

test('a rule at the start of a file is not front matter', () => {
  const { text } = written('---\nOnly a line\n---\nText.');

  expect(text).toContain('Only a line');
});

test('HTML inside is reduced to its words', () => {
  const source =
    '<details><summary>Answer</summary>\n\nIt is <kbd>left</kbd>.<br>Always.\n\n</details>\n\n<script>alert(1)</script>\n\n<!-- secret -->\n\n<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>\n';

  const { text } = written(source);

  expect(text).toBe('Answer\n\nIt is left.\nAlways.\n\n| A | B |\n| 1 | 2 |');
});

test('headings nest, and equal ones are told apart by their boundary', () => {
  const { text, sections } = written('# A\n\none\n\n## B\n\ntwo\n\n## B\n\nthree\n\n# C\n\nfour');

  const shown = sections.map(({ start, end, place, boundary }) => [
    text.slice(start, end),
    place.headingPath,
    boundary,
  ]);
  expect(shown).toEqual([
    ['A\n\none', ['A'], true],
    ['B\n\ntwo', ['A', 'B'], true],
    ['B\n\nthree', ['A', 'B'], true],
    ['C\n\nfour', ['C'], true],
  ]);
});

test('a long file is parsed in pieces without a trace', () => {
  const part = (i: number) =>
    `## Part ${i}\n\nText of part ${i}.\n\n\`\`\`\n# no heading ${i}\n${`${'x'.repeat(99)}\n`.repeat(100)}\`\`\`\n\n`;
  const source = Array.from({ length: 80 }, (_, i) => part(i)).join('');

  const { sections, text } = written(source);

  const headings = new Set(sections.map(({ place }) => place.headingPath.join()));
  expect(headings.size).toBe(80);
  expect(text.match(/# no heading/g)).toHaveLength(80);
});
