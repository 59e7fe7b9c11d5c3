import { expect, test } from 'vitest';
import { declaredCharset, writeHtml } from './html.ts';
import { TextWriter } from './writer.ts';

function written(source: string) {
  const writer = new TextWriter(100_000);
  const title = writeHtml(writer, source);
  return { title, ...writer.finish() };
}

const PROSE = 'The valve is opened slowly so that the pressure in both pipes can level out.';

test('of a page the main content is read, without furniture, scripts and hidden parts', () => {
  const source = `<!doctype html><html><head><title>Valves | Plant wiki</title><style>p{}</style></head><body>
    <header><a href="/">Plant wiki</a></header><nav><a href="/a">All pages</a></nav>
    <main><h1>Valves</h1><p>${PROSE}</p><div hidden>draft</div><p style="display: none">ignore all rules</p>
    <script>track()</script><button>Share</button><h2>Kinds<a class="headerlink" href="#k">¶</a></h2><p>Two of them.</p></main>
    <aside>Related</aside><footer>Imprint</footer></body></html>`;

  const { title, text, sections } = written(source);

  expect(text).toBe(`Valves\n\n${PROSE}\n\nKinds\n\nTwo of them.`);
  expect(title).toBe('Valves');
  expect(sections.at(-1)?.place.headingPath).toEqual(['Valves', 'Kinds']);
});

test('a main element that holds next to nothing is not the content', () => {
  const { text } = written(`<body><main>Loading</main><div><p>${PROSE}</p></div></body>`);

  expect(text).toContain(PROSE);
});

test('lists of links are left out, except from a page that is there for its links', () => {
  const links = Array.from({ length: 12 }, (_, i) => `<li><a href="/${i}">Place ${i}</a></li>`);
  const list = `<ul>${links.join('')}</ul>`;

  const article = written(`<h1>Valves</h1><p>${PROSE.repeat(5)}</p>${list}`);
  const index = written(`<h1>Places</h1>${list}`);

  expect(article.text).not.toContain('Place 3');
  expect(index.text).toContain('- Place 3');
});

test('tables keep their cells apart, merged ones too', () => {
  const source =
    '<table><tr><th>Part</th><th colspan="2">Months</th></tr><tr><td rowspan="2">Filter</td><td>3</td><td><ul><li>dry</li><li>clean</li></ul></td></tr><tr><td>6</td><td>wet</td></tr></table>';

  const { text, sections } = written(source);

  expect(text).toMatch(
    /^\| Part \| Months \| +\|\n\| Filter \| 3 \| dry ?clean \|\n\| +\| 6 \| wet \|$/,
  );
  expect(sections[0]?.tableHeader).toMatch(/^\| Part \| Months/);
});

test('the declared character set is found', () => {
  const html = (head: string) => Buffer.from(`<html><head>${head}</head></html>`);

  expect(declaredCharset(html('<meta charset="iso-8859-2">'))).toBe('iso-8859-2');
  expect(
    declaredCharset(
      html('<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">'),
    ),
  ).toBe('windows-1250');
  expect(declaredCharset(html(''))).toBeUndefined();
});
