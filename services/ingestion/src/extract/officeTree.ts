import type { OfficeContentNode } from 'officeparser';
import { writeSheet } from './sheet.ts';
import { writeTable } from './table.ts';
import type { TextWriter } from './writer.ts';

/** Write what officeparser found (DOCX, PPTX, ODF, EPUB, RTF, PDF) in reading order. */
export function writeOfficeTree(writer: TextWriter, nodes: readonly OfficeContentNode[]): void {
  for (const node of nodes) {
    switch (node.type) {
      case 'slide':
        writer.begin({ slide: node.metadata?.slideNumber ?? 1 });
        writeOfficeTree(writer, node.children ?? []);
        break;
      case 'page':
        writePage(writer, node);
        break;
      case 'sheet':
        writer.begin({ sheet: node.metadata?.sheetName ?? 'Sheet' });
        writeSheet(writer, sheetRows(node), { sheet: node.metadata?.sheetName ?? 'Sheet' });
        break;
      case 'heading':
        writer.heading(node.metadata?.level ?? 1, inlineText(node));
        break;
      case 'list':
        writeListItem(writer, node);
        break;
      case 'table':
        writeOfficeTable(writer, node);
        break;
      case 'code':
        if (node.metadata?.math) writer.paragraph(node.text ?? '');
        else writer.code(node.text ?? inlineText(node), node.metadata?.language);
        break;
      case 'comment':
      case 'slideMaster':
      case 'header':
      case 'footer':
      case 'image':
        continue;
      default:
        // Paragraphs, and containers that only group blocks (drawings, admonitions, definitions).
        if (hasBlocks(node)) writeOfficeTree(writer, node.children ?? []);
        else writer.paragraph(inlineText(node));
    }
    writeNotes(writer, node);
  }
}

const BLOCKS: ReadonlySet<OfficeContentNode['type']> = new Set([
  'paragraph',
  'heading',
  'list',
  'table',
  'admonition',
  'definitionList',
  'definitionTerm',
  'definitionDescription',
]);

function hasBlocks(node: OfficeContentNode): boolean {
  return (node.children ?? []).some((child) => BLOCKS.has(child.type));
}

/** The words of a block without its nested blocks; hard line breaks stay. */
function inlineText(node: OfficeContentNode): string {
  if (node.type === 'break') return lineBreaks.has(node.metadata?.breakType ?? '') ? '\n' : ' ';
  if (node.type === 'image' || node.type === 'note' || node.type === 'comment') return '';
  if (node.children === undefined || node.children.length === 0) return node.text ?? '';
  return node.children.map(inlineText).join('');
}

const lineBreaks: ReadonlySet<string> = new Set(['textWrapping', 'carriageReturn']);

/** All words of a node, its blocks joined by spaces: what a table cell shows. */
function cellText(node: OfficeContentNode): string {
  const children = node.children ?? [];
  if (!hasBlocks(node)) return inlineText(node) || (node.text ?? '');
  return children.map(cellText).join(' ');
}

function writePage(writer: TextWriter, page: OfficeContentNode & { type: 'page' }): void {
  // A drawing (ODG) has named pages without numbers.
  writer.moveTo(page.metadata?.pageNumber ? { page: page.metadata.pageNumber } : {});
  const [first, ...rest] = page.children ?? [];
  if (first?.type === 'paragraph' && !hasBlocks(first)) {
    const text = inlineText(first);
    // A sentence that runs over the page break starts with a small letter on the new page.
    writer.paragraph(text, { continues: /^\s*\p{Ll}/u.test(text) });
    writeNotes(writer, first);
    writeOfficeTree(writer, rest);
  } else {
    writeOfficeTree(writer, page.children ?? []);
  }
}

function writeListItem(writer: TextWriter, item: OfficeContentNode & { type: 'list' }): void {
  const children = item.children ?? [];
  const firstBlock = children.findIndex((child) => BLOCKS.has(child.type));
  const inline = firstBlock === -1 ? children : children.slice(0, firstBlock);
  let blocks = firstBlock === -1 ? [] : children.slice(firstBlock);
  let text = children.length === 0 ? (item.text ?? '') : inline.map(inlineText).join('');
  if (text.trim() === '' && blocks[0]?.type === 'paragraph') {
    text = inlineText(blocks[0]);
    blocks = blocks.slice(1);
  }
  const { listType, itemIndex = 0, indentation = 0 } = item.metadata ?? {};
  const marker = listType === 'ordered' ? `${itemIndex + 1}.` : '-';
  writer.listItem(text, { depth: indentation, marker });
  writeOfficeTree(writer, blocks);
}

function writeOfficeTable(writer: TextWriter, table: OfficeContentNode): void {
  const rows = (table.children ?? []).filter((row) => row.type === 'row');
  const cells = rows.map((row) => (row.children ?? []).filter((cell) => cell.type === 'cell'));
  if (cells.every((row) => row.length <= 1)) {
    // A frame around text, not a table.
    for (const cell of cells.flat()) {
      if (hasBlocks(cell)) writeOfficeTree(writer, cell.children ?? []);
      else writer.paragraph(cellText(cell));
    }
    return;
  }
  writeTable(writer, cells.map(gridRow));
  for (const cell of cells.flat()) writeNotesInside(writer, cell);
}

/** The cells of a row in their columns; a merged cell leaves the columns it covers empty. */
function gridRow(cells: readonly (OfficeContentNode & { type: 'cell' })[]): string[] {
  const row: string[] = [];
  for (const cell of cells) {
    const column = cell.metadata?.col ?? row.length;
    // A column number is the file's word: far ones are written next to the others.
    while (row.length < Math.min(column, 200)) row.push('');
    row.push(cellText(cell));
  }
  return row;
}

function sheetRows(sheet: OfficeContentNode): string[][] {
  const rows: string[][] = [];
  for (const row of descendants(sheet, 'row')) {
    const cells = (row.children ?? []).filter((cell) => cell.type === 'cell');
    const number = cells[0]?.metadata?.row ?? rows.length;
    // Far row numbers are the file's word; one empty row parts tables as well as a million.
    if (number > rows.length) rows.push([]);
    rows.push(gridRow(cells));
  }
  return rows;
}

function* descendants(
  node: OfficeContentNode,
  type: OfficeContentNode['type'],
): Generator<OfficeContentNode> {
  for (const child of node.children ?? []) {
    if (child.type === type) yield child;
    else yield* descendants(child, type);
  }
}

function writeNotesInside(writer: TextWriter, node: OfficeContentNode): void {
  for (const child of node.children ?? []) {
    writeNotes(writer, child);
    writeNotesInside(writer, child);
  }
}

/** Footnotes after the block that refers to them, speaker notes at the end of their slide. */
function writeNotes(writer: TextWriter, node: OfficeContentNode): void {
  const label = node.type === 'slide' ? 'Speaker notes' : 'Note';
  const inline = BLOCKS.has(node.type) ? (node.children ?? []) : [];
  const notes = [...(node.notes ?? []), ...inline.flatMap((child) => child.notes ?? [])];
  for (const note of notes) {
    const text = cellText(note).trim();
    if (text !== '') writer.paragraph(`${label}: ${text}`);
  }
}
