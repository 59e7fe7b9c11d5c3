import type { OfficeContentNode } from 'officeparser';
import { isMonospaced, type StyleRole } from './docxStyles.ts';
import { writeNamedSheet } from './sheet.ts';
import { writeTable } from './table.ts';
import type { TextWriter } from './writer.ts';

/** Roles of paragraph styles; null for a format where style and font tell nothing about a block. */
export type Styles = ReadonlyMap<string, StyleRole> | null;

/** Write what officeparser found (DOCX, PPTX, ODF, EPUB, RTF, PDF) in reading order. */
export function writeOfficeTree(
  writer: TextWriter,
  nodes: readonly OfficeContentNode[],
  styles: Styles = null,
): void {
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node === undefined) continue;
    const code = codeFrom(nodes, index, styles);
    if (code.length > 0) {
      writer.code(code.map(inlineText).join('\n'));
      for (const line of code) writeNotes(writer, line);
      index += code.length - 1;
      continue;
    }
    writeNode(writer, node, styles);
    writeNotes(writer, node);
  }
}

function writeNode(writer: TextWriter, node: OfficeContentNode, styles: Styles): void {
  const children = node.children ?? [];
  switch (node.type) {
    case 'slide':
      writer.begin({ slide: node.metadata?.slideNumber ?? 1 });
      writeOfficeTree(writer, withoutNumber(children, node.metadata?.slideNumber), styles);
      break;
    case 'page':
      writePage(writer, node, styles);
      break;
    case 'sheet':
      writeNamedSheet(writer, node.metadata?.sheetName ?? '', sheetRows(node));
      break;
    case 'heading':
      writer.heading(headingLevel(node, styles) ?? node.metadata?.level ?? 1, inlineText(node));
      break;
    case 'list':
      writeListItem(writer, node, styles);
      break;
    case 'table':
      writeOfficeTable(writer, node, styles);
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
      break;
    default: {
      // Paragraphs, and containers that only group blocks (drawings, admonitions, definitions).
      const level = headingLevel(node, styles);
      if (level !== null) writer.heading(level, inlineText(node));
      else if (hasBlocks(node)) writeOfficeTree(writer, children, styles);
      else writer.paragraph(inlineText(node));
    }
  }
}

function headingLevel(node: OfficeContentNode, styles: Styles): number | null {
  if (node.type !== 'paragraph' && node.type !== 'list' && node.type !== 'heading') return null;
  const role = styles?.get(node.metadata?.style ?? '');
  return typeof role === 'object' ? role.heading : null;
}

/** The blocks of a slide without the field that shows its number. */
function withoutNumber(
  blocks: readonly OfficeContentNode[],
  number: number | undefined,
): readonly OfficeContentNode[] {
  return blocks.filter(
    (block) =>
      block.type !== 'paragraph' || hasBlocks(block) || inlineText(block).trim() !== `${number}`,
  );
}

/** The paragraphs from `start` on that are lines of one block of code, empty lines between them too. */
function codeFrom(
  nodes: readonly OfficeContentNode[],
  start: number,
  styles: Styles,
): OfficeContentNode[] {
  let end = start;
  for (let index = start; index < nodes.length; index++) {
    const node = nodes[index];
    if (node?.type !== 'paragraph' || hasBlocks(node)) break;
    const isBlank = inlineText(node).trim() === '';
    if (isBlank && end > start) continue;
    if (isBlank || !isCode(node, styles)) break;
    end = index + 1;
  }
  return nodes.slice(start, end);
}

function isCode(node: OfficeContentNode, styles: Styles): boolean {
  // A receipt in PDF is set in a typewriter's font from top to bottom, and is no code.
  if (node.type !== 'paragraph' || styles === null) return false;
  if (styles.get(node.metadata?.style ?? '') === 'code') return true;
  const runs = (node.children ?? []).filter((run) => (run.text ?? '').trim() !== '');
  return runs.length > 0 && runs.every((run) => isMonospaced(run.formatting?.font ?? ''));
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
  const isGroup = node.type === 'table' || node.type === 'row' || hasBlocks(node);
  if (!isGroup) return inlineText(node) || (node.text ?? '');
  return children.map(cellText).join(' ');
}

function writePage(
  writer: TextWriter,
  page: OfficeContentNode & { type: 'page' },
  styles: Styles,
): void {
  // A drawing (ODG) has named pages without numbers.
  writer.moveTo(page.metadata?.pageNumber ? { page: page.metadata.pageNumber } : {});
  const [first, ...rest] = page.children ?? [];
  if (first?.type === 'paragraph' && !hasBlocks(first)) {
    const text = inlineText(first);
    // A sentence that runs over the page break starts with a small letter on the new page.
    writer.paragraph(text, { continues: /^\s*\p{Ll}/u.test(text) });
    writeNotes(writer, first);
    writeOfficeTree(writer, rest, styles);
  } else {
    writeOfficeTree(writer, page.children ?? [], styles);
  }
}

function writeListItem(
  writer: TextWriter,
  item: OfficeContentNode & { type: 'list' },
  styles: Styles,
): void {
  const level = headingLevel(item, styles);
  if (level !== null) {
    writer.heading(level, inlineText(item));
    return;
  }
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
  writeOfficeTree(writer, blocks, styles);
}

function writeOfficeTable(writer: TextWriter, table: OfficeContentNode, styles: Styles): void {
  const rows = (table.children ?? []).filter((row) => row.type === 'row');
  const cells = rows.map((row) => (row.children ?? []).filter((cell) => cell.type === 'cell'));
  if (cells.every((row) => row.length <= 1)) {
    // A frame around text, not a table.
    for (const cell of cells.flat()) {
      if (hasBlocks(cell)) writeOfficeTree(writer, cell.children ?? [], styles);
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
