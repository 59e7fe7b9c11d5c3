import type { OfficeContentNode } from 'officeparser';

type Page = OfficeContentNode & { type: 'page' };

/** Lines this near to the top or bottom of a page may be running headers and footers. */
const BAND = 2;
const PAGE_NUMBER =
  /^\W*(?:page|seite|oldal|p\.?|pg\.?)?\W*(?:\d{1,4}|[ivxlc]{1,7})\W*(?:(?:of|von|\/)\W*\d{1,4})?\W*(?:oldal)?$/iu;
const LONGEST_BOLD_HEADING = 100;

/**
 * Pages of a PDF as they are read: without page numbers and lines that repeat on most pages, and with
 * lines in bold type above running text as headings.
 */
export function tidyPages(nodes: readonly OfficeContentNode[]): OfficeContentNode[] {
  const pages = nodes.filter((node): node is Page => node.type === 'page');
  const running = runningLines(pages);
  const seen = new Set<string>();
  return nodes.map((node) => {
    if (node.type !== 'page') return node;
    const children = (node.children ?? []).filter((block, index, blocks) => {
      const inBand = index < BAND || index >= blocks.length - BAND;
      const key = lineKey(block);
      if (!inBand || !running.has(key)) return true;
      // The first time it may be the title of the document.
      const isFirst = !seen.has(key) && key !== NUMBER;
      seen.add(key);
      return isFirst;
    });
    return { ...node, children: withBoldHeadings(children) };
  });
}

const NUMBER = '#';

/** Keys of the lines that stand at the edge of at least half of the pages, three at least. */
function runningLines(pages: readonly Page[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const page of pages) {
    const blocks = page.children ?? [];
    const edges = [...blocks.slice(0, BAND), ...blocks.slice(BAND).slice(-BAND)];
    const keys = new Set(edges.map(lineKey).filter((key) => key !== ''));
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Two page numbers are enough: a lone number at the edge is hardly ever text.
  const enough = (key: string) => Math.max(key === NUMBER ? 2 : 3, pages.length / 2);
  return new Set([...counts].filter(([key, count]) => count >= enough(key)).map(([key]) => key));
}

/** What is the same on every page: the words, with any number for a number. */
function lineKey(block: OfficeContentNode): string {
  if (block.type !== 'paragraph' && block.type !== 'heading') return '';
  const text = (block.text ?? '').replace(/\s+/g, ' ').trim();
  if (text === '' || text.length > 120) return '';
  return PAGE_NUMBER.test(text) ? NUMBER : text.replace(/\d+/g, '#');
}

function withBoldHeadings(blocks: readonly OfficeContentNode[]): OfficeContentNode[] {
  return blocks.map((block, index) => {
    const next = blocks[index + 1];
    if (block.type !== 'paragraph' || !isBoldLine(block) || !isBody(next)) return block;
    const { children, text, notes } = block;
    return {
      type: 'heading',
      // Below every heading that is known by its size.
      metadata: { level: 6 },
      ...(children ? { children } : {}),
      ...(text === undefined ? {} : { text }),
      ...(notes ? { notes } : {}),
    };
  });
}

function isBoldLine(block: OfficeContentNode): boolean {
  const text = (block.text ?? '').trim();
  if (text.length < 3 || text.length > LONGEST_BOLD_HEADING) return false;
  if (!/^[\p{Lu}\p{Lo}\d]/u.test(text) || /[.,;:!]$/.test(text) || !/\p{L}{2}/u.test(text)) {
    return false;
  }
  const runs = (block.children ?? []).filter((run) => (run.text ?? '').trim() !== '');
  return runs.length > 0 && runs.every((run) => run.formatting?.bold === true);
}

/** Running text or a list, which a heading stands above; labels of forms stand above neither. */
function isBody(block: OfficeContentNode | undefined): boolean {
  if (block?.type === 'list') return true;
  return block?.type === 'paragraph' && (block.text ?? '').length > 60 && !isBoldLine(block);
}
