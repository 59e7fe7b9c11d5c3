import { strToU8, type Zippable, zipSync } from 'fflate';

/** Small files of many formats, made for tests. */

export function zipOf(parts: Record<string, string | Uint8Array>): Buffer {
  const entries: Zippable = {};
  for (const [name, part] of Object.entries(parts)) {
    entries[name] = typeof part === 'string' ? strToU8(part) : part;
  }
  return Buffer.from(zipSync(entries));
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const DRAWING =
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function contentTypes(overrides: Record<string, string>): string {
  const parts = Object.entries(overrides)
    .map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`)
    .join('');
  return `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${parts}</Types>`;
}

function relationships(...targets: [id: string, type: string, target: string][]): string {
  const items = targets
    .map(([id, type, to]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${to}"/>`)
    .join('');
  return `${XML}<Relationships xmlns="${RELATIONSHIPS}">${items}</Relationships>`;
}

/** A paragraph of a Word document. */
export function wordParagraph(text: string, style = '', inside = ''): string {
  const properties = style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  return `<w:p>${properties}<w:r><w:t xml:space="preserve">${text}</w:t></w:r>${inside}</w:p>`;
}

export function wordTable(rows: string[][]): string {
  const cell = (text: string) => `<w:tc>${wordParagraph(text)}</w:tc>`;
  return `<w:tbl>${rows.map((row) => `<w:tr>${row.map(cell).join('')}</w:tr>`).join('')}</w:tbl>`;
}

/** @param styles inside of `w:styles`. @param footnotes text of the notes 1, 2 … */
export function docx(body: string, styles = '', footnotes: string[] = []): Buffer {
  const notes = footnotes
    .map((note, index) => `<w:footnote w:id="${index + 1}">${wordParagraph(note)}</w:footnote>`)
    .join('');
  return zipOf({
    '[Content_Types].xml': contentTypes({
      '/word/document.xml':
        'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
    }),
    '_rels/.rels': relationships(['r1', 'officeDocument', 'word/document.xml']),
    'word/document.xml': `${XML}<w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `${XML}<w:styles ${WORD}>${styles}</w:styles>`,
    'word/footnotes.xml': `${XML}<w:footnotes ${WORD}>${notes}</w:footnotes>`,
    'word/_rels/document.xml.rels': relationships(
      ['r1', 'styles', 'styles.xml'],
      ['r2', 'footnotes', 'footnotes.xml'],
    ),
  });
}

export interface Slide {
  title: string;
  lines: string[];
  notes?: string;
  hidden?: boolean;
}

export function pptx(slides: Slide[]): Buffer {
  const shape = (type: string, lines: string[]) =>
    `<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:cNvSpPr/><p:nvPr><p:ph type="${type}"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>${lines.map((line) => `<a:p><a:r><a:t>${line}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`;
  const parts: Record<string, string> = {
    '[Content_Types].xml': contentTypes({
      '/ppt/presentation.xml':
        'application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml',
    }),
    '_rels/.rels': relationships(['r1', 'officeDocument', 'ppt/presentation.xml']),
    'ppt/presentation.xml': `${XML}<p:presentation ${DRAWING}><p:sldIdLst>${slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="s${i + 1}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(
      ...slides.map((_, i): [string, string, string] => [
        `s${i + 1}`,
        'slide',
        `slides/slide${i + 1}.xml`,
      ]),
    ),
  };
  for (const [index, { title, lines, notes, hidden }] of slides.entries()) {
    const n = index + 1;
    const tree = (shapes: string) => `<p:cSld><p:spTree>${shapes}</p:spTree></p:cSld>`;
    parts[`ppt/slides/slide${n}.xml`] =
      `${XML}<p:sld ${DRAWING}${hidden ? ' show="0"' : ''}>${tree(shape('title', [title]) + shape('body', lines))}</p:sld>`;
    if (notes === undefined) continue;
    parts[`ppt/notesSlides/notesSlide${n}.xml`] =
      `${XML}<p:notes ${DRAWING}>${tree(shape('body', [notes]))}</p:notes>`;
    parts[`ppt/slides/_rels/slide${n}.xml.rels`] = relationships([
      'n1',
      'notesSlide',
      `../notesSlides/notesSlide${n}.xml`,
    ]);
    parts[`ppt/notesSlides/_rels/notesSlide${n}.xml.rels`] = relationships([
      's1',
      'slide',
      `../slides/slide${n}.xml`,
    ]);
  }
  return zipOf(parts);
}

/** Cells: strings, numbers, dates by their day number, shares of 1 shown as percentages, formulas with their result. */
export type Cell =
  | string
  | number
  | { day: number }
  | { share: number; format?: 2 | 3 }
  | { formula: string; result: number }
  | null;

export function xlsx(sheets: { name: string; rows: Cell[][]; hidden?: boolean }[]): Buffer {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const cellXml = (cell: Cell, row: number, column: number) => {
    const reference = `r="${String.fromCharCode(65 + column)}${row + 1}"`;
    if (cell === null) return '';
    if (typeof cell === 'string') {
      return `<c ${reference} t="inlineStr"><is><t>${cell}</t></is></c>`;
    }
    if (typeof cell === 'number') return `<c ${reference}><v>${cell}</v></c>`;
    if ('day' in cell) return `<c ${reference} s="1"><v>${cell.day}</v></c>`;
    if ('share' in cell) return `<c ${reference} s="${cell.format ?? 2}"><v>${cell.share}</v></c>`;
    return `<c ${reference}><f>${cell.formula}</f><v>${cell.result}</v></c>`;
  };
  const parts: Record<string, string> = {
    '[Content_Types].xml': contentTypes({
      '/xl/workbook.xml':
        'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
    }),
    '_rels/.rels': relationships(['r1', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `${XML}<workbook xmlns="${main}" xmlns:r="${OFFICE}"><sheets>${sheets.map(({ name, hidden }, i) => `<sheet name="${name}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ''} r:id="s${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ...sheets.map((_, i): [string, string, string] => [
        `s${i + 1}`,
        'worksheet',
        `worksheets/sheet${i + 1}.xml`,
      ]),
      ['st', 'styles', 'styles.xml'],
    ),
    'xl/styles.xml': `${XML}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%;[Red]-0.0%"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="9"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
  };
  for (const [index, { rows }] of sheets.entries()) {
    const data = rows
      .map((row, r) => `<row r="${r + 1}">${row.map((c, i) => cellXml(c, r, i)).join('')}</row>`)
      .join('');
    parts[`xl/worksheets/sheet${index + 1}.xml`] =
      `${XML}<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`;
  }
  return zipOf(parts);
}

/** An OpenDocument text; `body` stands inside of `office:text`. */
export function odt(body: string): Buffer {
  const names = ['office', 'text', 'table', 'style', 'draw']
    .map((name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`)
    .join(' ');
  return zipOf({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': `${XML}<office:document-content ${names}><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
    'META-INF/manifest.xml': `${XML}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>`,
  });
}

export function epub(chapters: string[]): Buffer {
  const items = chapters
    .map((_, i) => `<item id="c${i}" href="c${i}.xhtml" media-type="application/xhtml+xml"/>`)
    .join('');
  const parts: Record<string, string> = {
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': `${XML}<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    'book.opf': `${XML}<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Field guide</dc:title></metadata><manifest>${items}</manifest><spine>${chapters.map((_, i) => `<itemref idref="c${i}"/>`).join('')}</spine></package>`,
  };
  for (const [index, chapter] of chapters.entries()) {
    parts[`c${index}.xhtml`] =
      `${XML}<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>${chapter}</body></html>`;
  }
  return zipOf(parts);
}

export interface PdfLine {
  text: string;
  /** Points; default 12. */
  size?: number;
  bold?: boolean;
}

/** A PDF with the lines of each page from its top on. @param trailer entries of the trailer. */
export function pdf(pages: PdfLine[][], trailer = ''): Buffer {
  const objects: string[] = [];
  const kids = pages.map((_, i) => `${5 + 2 * i} 0 R`).join(' ');
  objects.push('<< /Type /Catalog /Pages 2 0 R >>');
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  for (const font of ['Helvetica', 'Helvetica-Bold']) {
    objects.push(`<< /Type /Font /Subtype /Type1 /BaseFont /${font} /Encoding /WinAnsiEncoding >>`);
  }
  for (const [index, lines] of pages.entries()) {
    let y = 780;
    const shown = lines.map(({ text, size = 12, bold = false }) => {
      y -= 2 * size;
      const escaped = text.replace(/[()\\]/g, '\\$&');
      return `BT /${bold ? 'F2' : 'F1'} ${size} Tf 50 ${y} Td (${escaped}) Tj ET`;
    });
    const stream = shown.join('\n');
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${6 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>`,
    );
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  }
  let file = '%PDF-1.7\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** The trailer of a PDF that needs a password: its keys fit no password at all. */
export const ENCRYPTED = `/ID [<${'ab'.repeat(16)}> <${'ab'.repeat(16)}>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${'13'.repeat(32)}> /U <${'57'.repeat(32)}> >>`;

/** The beginning of a compound file with the name of a stream in its directory. */
export function compoundFile(stream: string): Buffer {
  const bytes = Buffer.alloc(2_048);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
  bytes.write(stream, 1_024, 'utf16le');
  return bytes;
}
