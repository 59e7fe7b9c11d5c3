import type { ListItem, Nodes, Parents, PhrasingContent, RootContent, Table } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { htmlToMarkdownTree } from './htmlTree.ts';
import type { TextWriter } from './writer.ts';

/**
 * A parsed tree takes about 60 times the memory of its source: longer files are parsed in pieces
 * that begin with a heading. Characters.
 */
const PIECE = 500_000;

/**
 * Write Markdown (CommonMark with GitHub's tables, task lists, footnotes and bare links).
 *
 * @returns the title of the front matter.
 */
export function writeMarkdown(writer: TextWriter, source: string): string | null {
  const { title, body } = readFrontMatter(source);
  for (const piece of pieces(body)) {
    const { children } = fromMarkdown(piece, {
      extensions: [gfm()],
      mdastExtensions: [gfmFromMarkdown()],
    });
    writeMarkdownTree(writer, children);
  }
  return title;
}

/** Write a tree of Markdown blocks; HTML inside is reduced to what it shows. */
export function writeMarkdownTree(
  writer: TextWriter,
  nodes: readonly RootContent[],
  depth = 0,
): void {
  for (const node of nodes) {
    switch (node.type) {
      case 'heading':
        writer.heading(node.depth, inlineText(node).replace(/\s*\{[#.:][^}]*\}\s*$/, ''));
        break;
      case 'paragraph':
        if (!isBadges(node.children)) writer.paragraph(alert(inlineText(node)));
        break;
      case 'list':
        for (const [index, item] of node.children.entries()) {
          const marker = node.ordered ? `${(node.start ?? 1) + index}.` : '-';
          writeListItem(writer, item, marker, depth);
        }
        break;
      case 'code':
        writer.code(withoutIncludes(node.value), node.lang ?? '');
        break;
      case 'table':
        writeTableNode(writer, node);
        break;
      case 'html':
        writeMarkdownTree(writer, htmlToMarkdownTree(node.value).children, depth);
        break;
      case 'footnoteDefinition':
        writer.paragraph(`Note: ${node.children.map(inlineText).join(' ')}`);
        break;
      case 'blockquote':
        writeMarkdownTree(writer, node.children, depth);
        break;
      case 'definition':
      case 'thematicBreak':
      case 'yaml':
        break;
      default:
        writer.paragraph(inlineText(node));
    }
  }
}

function writeListItem(writer: TextWriter, item: ListItem, marker: string, depth: number): void {
  const [first, ...rest] = item.children;
  const task = typeof item.checked === 'boolean' ? (item.checked ? '[x] ' : '[ ] ') : '';
  if (first?.type === 'paragraph') {
    writer.listItem(task + inlineText(first), { depth, marker });
    writeMarkdownTree(writer, rest, depth + 1);
  } else {
    writeMarkdownTree(writer, item.children, depth + 1);
  }
}

function writeTableNode(writer: TextWriter, table: Table): void {
  const rows = table.children.map((row) => row.children.map((cell) => inlineText(cell)));
  const [header] = rows;
  // A table of HTML may come without a header, then the first row is empty.
  writer.table(rows, header?.some((cell) => cell !== '') ? header : undefined);
}

/** The words of a node; code keeps its back ticks, links lose their address. */
export function inlineText(node: Nodes): string {
  switch (node.type) {
    case 'text':
      return node.value;
    case 'inlineCode':
      return `\`${node.value}\``;
    case 'break':
      return '\n';
    case 'html':
      return inlineHtml(node.value);
    case 'image':
    case 'imageReference':
      return imageText(node.alt ?? '');
    case 'footnoteReference':
      return '';
    case 'link':
    case 'linkReference':
      return node.children
        .filter((child) => !isImage(child))
        .map(inlineText)
        .join('');
    default:
      return 'children' in node ? joinChildren(node) : '';
  }
}

function joinChildren(node: Parents): string {
  const blocks = node.type === 'listItem' || node.type === 'blockquote' || node.type === 'list';
  return node.children.map(inlineText).join(blocks ? ' ' : '');
}

function inlineHtml(tag: string): string {
  if (/^<br\s*\/?>/i.test(tag)) return '\n';
  const alt = /^<img\s[^>]*?\balt\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag);
  return alt ? imageText(alt[1] ?? alt[2] ?? '') : '';
}

/** A picture is what its description says; a file name or a single word describes nothing. */
function imageText(alt: string): string {
  const words = alt.trim().split(/\s+/);
  return words.length >= 3 ? ` [Image: ${words.join(' ')}] ` : '';
}

function isImage(node: PhrasingContent): boolean {
  return node.type === 'image' || node.type === 'imageReference';
}

/** A row of linked pictures: build state, licence, download buttons. */
function isBadges(nodes: readonly PhrasingContent[]): boolean {
  const shown = nodes.filter((node) => !(node.type === 'text' && node.value.trim() === ''));
  return (
    shown.length > 0 && shown.every((node) => node.type === 'link' && node.children.every(isImage))
  );
}

/** GitHub's alerts: `[!NOTE]` on the first line of a quotation. */
function alert(text: string): string {
  return text.replace(/^\s*\[!([A-Z])([A-Z]+)\]\s*/, (_, first: string, rest: string) => {
    return `${first}${rest.toLowerCase()}: `;
  });
}

/** mdBook's includes name files that were not uploaded. */
function withoutIncludes(code: string): string {
  return code.replace(/^[ \t]*\{\{#[a-z_]+ [^}\n]*\}\}[ \t]*\n?/gm, '');
}

/** Front matter in YAML (`---`) or TOML (`+++`) is about the file, not in it. */
function readFrontMatter(source: string): { title: string | null; body: string } {
  const text = source.replace(/^\ufeff/, '');
  const match = /^(---|\+\+\+)[ \t]*\r?\n([\s\S]*?)\r?\n\1[ \t]*(?:\r?\n|$)/.exec(text);
  // A rule at the start of a file looks the same, but no field follows it.
  if (match === null || !/^[\w-]+[ \t]*[:=]/m.test(match[2] ?? '')) {
    return { title: null, body: text };
  }
  const title = /^title[ \t]*[:=][ \t]*(.+)$/im.exec(match[2] ?? '')?.[1];
  const unquoted = title?.trim().replace(/^(["'])(.*)\1$/, '$2') ?? '';
  return { title: unquoted === '' ? null : unquoted, body: text.slice(match[0].length) };
}

/** The source cut before headings outside of code fences, each piece as long as allowed. */
function* pieces(source: string): Generator<string> {
  if (source.length <= PIECE) {
    yield source;
    return;
  }
  let start = 0;
  let offset = 0;
  let fence: string | null = null;
  for (const line of source.split(/(?<=\n)/)) {
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (marker !== undefined) {
      if (fence === null) fence = marker;
      else if (marker.startsWith(fence)) fence = null;
    }
    const blockStart = fence === null && /^(#{1,6} |\S)/.test(line);
    const heading = blockStart && line.startsWith('#');
    // Without headings any unindented line will do once a piece is twice as long.
    const cut = offset - start >= PIECE && (heading || (blockStart && offset - start >= 2 * PIECE));
    if (cut) {
      yield source.slice(start, offset);
      start = offset;
    }
    offset += line.length;
  }
  yield source.slice(start);
}
