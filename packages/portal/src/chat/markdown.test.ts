import type { ComponentChildren } from 'preact';
import { describe, expect, test } from 'vitest';
import { otherHost, safeAddress } from './links.ts';
import { markdownNodes } from './markdown.tsx';
import { hostile } from './testHostile.ts';

/** What may come out of any text at all. */
const ELEMENTS = [
  ...['p', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li'],
  ...['h3', 'h4', 'h5', 'a', 'div', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'span'],
];
const ATTRIBUTES = ['children', 'class', 'href', 'target', 'rel', 'start', 'tabIndex'];

describe('a hostile text', () => {
  test.each(hostile)('makes no unsafe element or address: %s', (text) => {
    const nodes = flat(markdownNodes(text, (number) => `(${number})`));

    for (const node of nodes) {
      expect(ELEMENTS).toContain(node.type);
      expect(ATTRIBUTES).toEqual(expect.arrayContaining(Object.keys(node.props)));
      if (node.type !== 'a') continue;
      const href = String(node.props.href);
      expect(['http:', 'https:', 'mailto:']).toContain(new URL(href).protocol);
      expect(new URL(href).username).toBe('');
      expect(node.props.rel).toContain('noopener noreferrer');
    }
  });

  test('is shown as the text that it is', () => {
    expect(shown('a <script>alert(1)</script> b')).toBe('a <script>alert(1)</script> b');
    expect(shown('<b onclick=x>bold</b>')).toBe('<b onclick=x>bold</b>');
  });

  test('cannot turn around what is read', () => {
    expect(shown('safe \u202eexe.txt\u202c')).toBe('safe exe.txt');
  });
});

describe('Markdown', () => {
  test('becomes its elements', () => {
    const text =
      '# Title\n\n**Bold** *it* ~~del~~ `code`\n\n1. one\n2. two\n\n> quote\n\n```js\nlet a;\n```\n\n| A | B |\n|---|--:|\n| 1 | 2 |\n\n---';

    const types = flat(markdownNodes(text, () => null)).map(({ type }) => type);

    expect(new Set(types)).toEqual(
      new Set(
        'h3 p strong em del code ol li blockquote pre div table thead tbody tr th td hr'.split(' '),
      ),
    );
  });

  test('has entities as characters, not in code', () => {
    expect(shown('a &lt; b &amp;&nbsp;c &#8364; `&lt;`')).toBe('a < b &\u00a0c € &lt;');
  });

  test('shows an image as a link with its words, never as an image', () => {
    const [image] = links('![Diagram of the plant](https://ok.example/plant.png)');

    expect(image?.props).toMatchObject({ href: 'https://ok.example/plant.png' });
    expect(shown('![Diagram](https://ok.example/plant.png)')).toBe('Diagram');
  });

  test('says where a link leads whose words name another host', () => {
    expect(shown('[https://bank.example](https://evil.example/x)')).toBe(
      'https://bank.example (evil.example)',
    );
    expect(shown('[bank.example](https://www.bank.example/x)')).toBe('bank.example');
  });

  test('gives each marker with how many of its number came before', () => {
    const markers: [number, number][] = [];

    markdownNodes(
      'A [1]. B [2][1], [see][1].\n\n- C **[1]** and `[9]`\n\n[1]: https://evil.example',
      (...seen) => markers.push(seen),
    );

    expect(markers).toEqual([
      [1, 0],
      [2, 0],
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
    ]);
  });

  test('that is too long to be read at once is shown as it is written', () => {
    const text = '**a** '.repeat(20_000);

    expect(flat(markdownNodes(text, () => null)).map(({ type }) => type)).toEqual(['p']);
  });
});

describe('an address', () => {
  test.each(['https://a.example/x?y=1&z=2#f', 'http://localhost:3000/', 'mailto:a@b.example'])(
    'may be %s',
    (address) => {
      expect(safeAddress(address)).toBe(address);
    },
  );

  test.each(['', 'a', '#x', '/x', 'https://', 'https:// a.example', 'tel:1', 'JAVASCRIPT:1'])(
    'may not be %j',
    (address) => {
      expect(safeAddress(address)).toBeNull();
    },
  );

  test('of a mailbox misleads when its words name another host', () => {
    expect(otherHost('boss@bank.example', 'mailto:x@evil.example')).toBe('evil.example');
    expect(otherHost('Write to us', 'mailto:x@evil.example')).toBeNull();
  });
});

interface Node {
  readonly type: unknown;
  readonly props: Readonly<Record<string, unknown>>;
}

/** Every element of what is to be shown; fragments are not elements. */
function flat(children: unknown): Node[] {
  if (Array.isArray(children)) return children.flatMap(flat);
  if (!isNode(children)) return [];
  const inside = flat(children.props.children);
  return typeof children.type === 'string' ? [children, ...inside] : inside;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'props' in value;
}

function shown(text: string): string {
  return textOf(markdownNodes(text, (number) => `[${number}]`));
}

function textOf(children: ComponentChildren): string {
  if (Array.isArray(children)) return children.map(textOf).join('');
  if (isNode(children)) return textOf(children.props.children as ComponentChildren);
  return typeof children === 'string' || typeof children === 'number' ? String(children) : '';
}

function links(text: string): Node[] {
  return flat(markdownNodes(text, () => null)).filter(({ type }) => type === 'a');
}
