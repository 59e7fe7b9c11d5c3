import { strFromU8, strToU8, type Unzipped, unzipSync, zipSync } from 'fflate';

/**
 * What the author of an Office file has hidden: their readers do not see it, so that no answer may quote it. Names of
 * sheets, numbers of slides; with the sentence that says how many were left out.
 */
export interface Hidden<Part> {
  readonly parts: ReadonlySet<Part>;
  readonly warning: string | null;
}

/** The hidden sheets of an Excel workbook, by name. */
export function hiddenSheets(bytes: Buffer): Hidden<string> {
  const xml = textOf(partsOf(bytes, /^xl\/workbook\.xml$/), 'xl/workbook.xml');
  const sheets = elementsOf(xml, 'sheet');
  const hidden = sheets.filter((sheet) => /hidden/i.test(attribute(sheet, 'state')));
  return told(new Set(hidden.map((sheet) => attribute(sheet, 'name'))), 'sheet');
}

/** The hidden slides of a PowerPoint file, by their number in the presentation, from 1. */
export function hiddenSlides(bytes: Buffer): Hidden<number> {
  const parts = partsOf(
    bytes,
    /^ppt\/(?:presentation\.xml|_rels\/presentation\.xml\.rels|slides\/slide\d+\.xml)$/,
  );
  const files = new Map(
    elementsOf(textOf(parts, 'ppt/_rels/presentation.xml.rels'), 'Relationship').map((link) => [
      attribute(link, 'Id'),
      `ppt/${attribute(link, 'Target').replace(/^(?:\/ppt\/|\.\/)/, '')}`,
    ]),
  );
  const hidden = new Set<number>();
  const slides = elementsOf(textOf(parts, 'ppt/presentation.xml'), 'sldId');
  for (const [index, slide] of slides.entries()) {
    const [root = ''] = elementsOf(textOf(parts, files.get(attribute(slide, 'r:id')) ?? ''), 'sld');
    if (/^(?:0|false)$/.test(attribute(root, 'show'))) hidden.add(index + 1);
  }
  return told(hidden, 'slide');
}

const RUN =
  /<w:r(?: [^>]*)?><w:rPr>((?:(?!<\/w:rPr>)[\s\S])*)<\/w:rPr>((?:(?!<w:r[ >]|<\/w:r>)[\s\S])*)<\/w:r>/g;
const VANISH = /<w:vanish(?:\s+w:val="(?:true|1|on)")?\s*\/>/;
const DOCUMENT = 'word/document.xml';

/** A Word file without the text that is formatted as hidden, and that text. */
export function withoutHiddenText(bytes: Buffer): { bytes: Buffer; hidden: string[] } {
  const xml = textOf(partsOf(bytes, /^word\/document\.xml$/), DOCUMENT);
  if (!VANISH.test(xml)) return { bytes, hidden: [] };
  const hidden: string[] = [];
  const shown = xml.replace(RUN, (run, format: string, inside: string) => {
    // What the format was before a tracked change says nothing.
    if (!VANISH.test(format.split('<w:rPrChange')[0] ?? '')) return run;
    const words = [...inside.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, text]) => text);
    if (words.length > 0) hidden.push(unescaped(words.join('')));
    return '';
  });
  const parts = { ...unzipSync(bytes), [DOCUMENT]: strToU8(shown) };
  return { bytes: Buffer.from(zipSync(parts, { level: 0 })), hidden };
}

function told<Part>(parts: ReadonlySet<Part>, what: string): Hidden<Part> {
  const { size } = parts;
  if (size === 0) return { parts, warning: null };
  const warning =
    size === 1 ? `A hidden ${what} was left out.` : `${size} hidden ${what}s were left out.`;
  return { parts, warning };
}

function partsOf(bytes: Buffer, wanted: RegExp): Unzipped {
  return unzipSync(bytes, { filter: ({ name }) => wanted.test(name) });
}

function textOf(parts: Unzipped, name: string): string {
  const part = parts[name];
  return part ? strFromU8(part) : '';
}

/** The opening tags of elements with this name, whatever their prefix. */
function elementsOf(xml: string, name: string): string[] {
  return xml.match(new RegExp(`<(?:\\w+:)?${name}(?=[\\s/>])[^>]*>`, 'g')) ?? [];
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(tag)?.[1] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

function unescaped(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(lt|gt|quot|apos|amp));/gi,
    (all, hex, number, name) => {
      if (name) return ENTITIES[name.toLowerCase()] ?? all;
      const code = hex ? Number.parseInt(hex, 16) : Number(number);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
