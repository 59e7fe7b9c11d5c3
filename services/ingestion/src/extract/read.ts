import { findSuspicious } from '../labels/suspicious.ts';
import { decodeText } from './decode.ts';
import type { Extracted } from './document.ts';
import { readDocxStyles } from './docxStyles.ts';
import { ReadFailure } from './failure.ts';
import { hiddenSlides, withoutHiddenText } from './hidden.ts';
import { isTextKind, type Kind, recognise } from './kind.ts';
import { detectLanguage } from './language.ts';
import type { ExtractLimits } from './limits.ts';
import { tidyPages } from './pdfPages.ts';
import { writePlain } from './plain.ts';
import { TextWriter } from './writer.ts';
import { checkZip } from './zip.ts';

export interface ReadRequest {
  fileName: string;
  mediaType: string;
  limits: Pick<ExtractLimits, 'maxTextLength' | 'maxInflatedBytes'>;
  /** Refuse whatever is not text by its bytes: a process that reads many files reads text only. */
  textOnly?: boolean;
}

/** The file is a PDF, an Office file or the like, where only text was to be read. */
export class NotText extends Error {
  override name = 'NotText';
}

/**
 * Read the bytes of a file in this process: only the child process calls it.
 *
 * @throws ReadFailure with a state and a sentence, NotText.
 */
export async function readDocument(bytes: Buffer, request: ReadRequest): Promise<Extracted> {
  if (bytes.length === 0) throw new ReadFailure('no_text', 'The file is empty.');
  const { kind, warning } = await recognise(bytes, request.fileName, request.mediaType);
  if (request.textOnly && !isTextKind(kind)) throw new NotText();
  const writer = new TextWriter(request.limits.maxTextLength);
  const found = await readers[kind](writer, bytes, request);
  const { text, sections, noticed } = writer.finish();
  if (!/[\p{L}\p{N}]/u.test(text)) throw noText(kind);
  return {
    text,
    // A heading that opens the document names it.
    title: tidyTitle(found.title) ?? tidyTitle(sections[0]?.place.headingPath[0] ?? null),
    language: detectLanguage(text, sections),
    sections,
    warning: [warning, found.warning].filter((part) => part !== null).join(' ') || null,
    ...(noticed.length > 0 ? { noticed } : {}),
  };
}

interface Found {
  title: string | null;
  warning: string | null;
}

type Reader = (writer: TextWriter, bytes: Buffer, request: ReadRequest) => Promise<Found>;

/** Parsers are loaded when they are needed: a text file is read 0.3 s sooner. */
const readers: Record<Kind, Reader> = {
  pdf: readOffice('pdf'),
  docx: readOffice('docx'),
  pptx: readOffice('pptx'),
  odt: readOffice('odt'),
  odp: readOffice('odp'),
  ods: readOffice('ods'),
  odg: readOffice('odg'),
  epub: readOffice('epub'),
  rtf: readOffice('rtf'),
  xlsx: async (writer, bytes, { limits }) => {
    await checkZip(bytes, { ...limits, format: 'ooxml' });
    const { writeXlsx } = await import('./xlsx.ts');
    return { title: null, warning: await writeXlsx(writer, bytes) };
  },
  html: async (writer, bytes) => {
    const { declaredCharset, writeHtml } = await import('./html.ts');
    const { text, warning } = decode(bytes, declaredCharset(bytes));
    return { title: writeHtml(writer, text), warning };
  },
  markdown: async (writer, bytes) => {
    const { writeMarkdown } = await import('./markdown.ts');
    const { text, warning } = decode(bytes);
    return { title: writeMarkdown(writer, text), warning };
  },
  csv: async (writer, bytes) => {
    const { writeCsv } = await import('./csv.ts');
    const { text, warning } = decode(bytes);
    writeCsv(writer, text);
    return { title: null, warning };
  },
  tsv: async (writer, bytes) => {
    const { writeCsv } = await import('./csv.ts');
    const { text, warning } = decode(bytes);
    writeCsv(writer, text, '\t');
    return { title: null, warning };
  },
  subtitles: async (writer, bytes) => {
    const { writeSubtitles } = await import('./subtitles.ts');
    const { text, warning } = decode(bytes);
    writeSubtitles(writer, text);
    return { title: null, warning };
  },
  text: async (writer, bytes) => {
    const { text, warning } = decode(bytes);
    writePlain(writer, text);
    return { title: null, warning };
  },
};

function readOffice(
  kind: 'pdf' | 'docx' | 'pptx' | 'odt' | 'odp' | 'ods' | 'odg' | 'epub' | 'rtf',
): Reader {
  return async (writer, bytes, { limits }) => {
    if (kind !== 'pdf' && kind !== 'rtf') {
      const format = kind === 'docx' || kind === 'pptx' ? 'ooxml' : 'other';
      await checkZip(bytes, { ...limits, format });
    }
    const { parseWithOffice } = await import('./office.ts');
    const { writeOfficeTree } = await import('./officeTree.ts');
    const { input, hidden } = await prepare(kind, bytes);
    const { tree, warning } = await parseWithOffice(input, kind, limits.maxInflatedBytes);
    // Index entries and the like are hidden, too: only what speaks to a model is worth a look.
    for (const text of hidden) if (findSuspicious(text).length > 0) writer.notice(text);
    const styles = kind === 'docx' ? readDocxStyles(bytes) : null;
    const slides = kind === 'pptx' ? hiddenSlides(bytes) : null;
    const shown = tree.content.filter(
      (node) => node.type !== 'slide' || !slides?.parts.has(node.metadata?.slideNumber ?? 0),
    );
    writeOfficeTree(writer, kind === 'pdf' ? tidyPages(shown) : shown, styles);
    const warnings = [warning, slides?.warning].filter((part) => part != null).join(' ');
    return { title: tree.metadata.title ?? null, warning: warnings || null };
  };
}

/** What officeparser gets to read, and the texts that were taken out of it because readers do not see them. */
async function prepare(kind: Kind, bytes: Buffer): Promise<{ input: Buffer; hidden: string[] }> {
  if (kind.startsWith('od')) {
    const { flattenListsInCells } = await import('./odf.ts');
    return { input: flattenListsInCells(bytes), hidden: [] };
  }
  if (kind !== 'docx') return { input: bytes, hidden: [] };
  const { bytes: input, hidden } = withoutHiddenText(bytes);
  return { input, hidden };
}

function decode(bytes: Buffer, declared?: string): { text: string; warning: string | null } {
  const { text, guessed } = decodeText(bytes, declared);
  const warning =
    guessed && `The file does not say how its letters are stored; ${guessed} was assumed.`;
  return { text, warning };
}

function noText(kind: Kind): ReadFailure {
  if (kind !== 'pdf') return new ReadFailure('no_text', 'The file holds no text.');
  const sentence =
    'The PDF holds pictures of pages, but no text. Run text recognition (OCR) on it.';
  return new ReadFailure('no_text', sentence);
}

/** Titles that programs fill in by themselves say nothing. */
function tidyTitle(title: string | null): string | null {
  const clean = (title ?? '')
    .replace(/[`\s]+/g, ' ')
    .trim()
    .slice(0, 500);
  const generated =
    /^(?:untitled(?: document)?|\(?(?:anonymous|unspecified|unknown)\)?|document\d*|presentation\d*|powerpoint presentation|microsoft word - .*|.*\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|dvi))$/i;
  return clean === '' || generated.test(clean) ? null : clean;
}
