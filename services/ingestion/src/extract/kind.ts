import { fileTypeFromBuffer } from 'file-type';
import { ReadFailure } from './failure.ts';

/** How a file is read. */
export type Kind =
  | 'pdf'
  | 'docx'
  | 'pptx'
  | 'xlsx'
  | 'odt'
  | 'odp'
  | 'ods'
  | 'odg'
  | 'epub'
  | 'rtf'
  | 'html'
  | 'markdown'
  | 'csv'
  | 'tsv'
  | 'subtitles'
  | 'text';

const NAMES: Record<Kind, string> = {
  pdf: 'PDF',
  docx: 'Word document',
  pptx: 'PowerPoint presentation',
  xlsx: 'Excel workbook',
  odt: 'OpenDocument text',
  odp: 'OpenDocument presentation',
  ods: 'OpenDocument spreadsheet',
  odg: 'OpenDocument drawing',
  epub: 'EPUB book',
  rtf: 'RTF document',
  html: 'web page',
  markdown: 'Markdown file',
  csv: 'CSV file',
  tsv: 'tab-separated file',
  subtitles: 'subtitle file',
  text: 'text file',
};

export const SUPPORTED =
  'Supported are PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx), OpenDocument, EPUB, RTF, HTML, Markdown, CSV, subtitles (.srt, .vtt) and plain text.';

/** What the file's bytes show, by the extension that file-type gives. */
const BY_BYTES: Readonly<Record<string, Kind>> = {
  pdf: 'pdf',
  docx: 'docx',
  docm: 'docx',
  dotx: 'docx',
  dotm: 'docx',
  pptx: 'pptx',
  pptm: 'pptx',
  potx: 'pptx',
  potm: 'pptx',
  ppsx: 'pptx',
  ppsm: 'pptx',
  xlsx: 'xlsx',
  xlsm: 'xlsx',
  xltx: 'xlsx',
  xltm: 'xlsx',
  odt: 'odt',
  ott: 'odt',
  odp: 'odp',
  otp: 'odp',
  ods: 'ods',
  ots: 'ods',
  odg: 'odg',
  otg: 'odg',
  epub: 'epub',
  rtf: 'rtf',
};

const BY_NAME: Readonly<Record<string, Kind>> = {
  ...BY_BYTES,
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  xht: 'html',
  md: 'markdown',
  markdown: 'markdown',
  mdown: 'markdown',
  mkd: 'markdown',
  mdx: 'markdown',
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  srt: 'subtitles',
  vtt: 'subtitles',
  txt: 'text',
  text: 'text',
  log: 'text',
  json: 'text',
  jsonl: 'text',
  yaml: 'text',
  yml: 'text',
  toml: 'text',
  ini: 'text',
  xml: 'text',
  rst: 'text',
  adoc: 'text',
  tex: 'text',
  sql: 'text',
};

/** Endings of file names that promise something that can be read. */
export const extensions: readonly string[] = Object.keys(BY_NAME);

const BY_MEDIA_TYPE: Readonly<Record<string, Kind>> = {
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/markdown': 'markdown',
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'text/vtt': 'subtitles',
  'application/x-subrip': 'subtitles',
};

const TEXT_KINDS: ReadonlySet<Kind> = new Set([
  'html',
  'markdown',
  'csv',
  'tsv',
  'subtitles',
  'text',
]);

export function isTextKind(kind: Kind): boolean {
  return TEXT_KINDS.has(kind);
}

/** Whether name and claimed media type promise text; the bytes may tell otherwise. */
export function promisesText(fileName: string, mediaType: string): boolean {
  const named = BY_NAME[extensionOf(fileName)];
  const claimed = BY_MEDIA_TYPE[bareMediaType(mediaType)];
  return named ? isTextKind(named) : claimed !== undefined || mediaType.startsWith('text/');
}

export interface Recognised {
  kind: Kind;
  /** Set when the name says something else than the bytes. */
  warning: string | null;
}

/**
 * How to read a file, by its bytes first, then its name, then the media type that was claimed.
 *
 * @throws ReadFailure `unsupported` or `corrupt` when it cannot be read at all.
 */
export async function recognise(
  bytes: Buffer,
  fileName: string,
  mediaType: string,
): Promise<Recognised> {
  const extension = extensionOf(fileName);
  const named = BY_NAME[extension];
  const kind = looksLikeText(bytes)
    ? recogniseText(bytes, named, extension, mediaType)
    : await recogniseBinary(bytes, named, extension);
  const expected = named ?? kind;
  // Text named as another kind of text is what its name says; no bytes could contradict.
  if (expected === kind || (TEXT_KINDS.has(expected) && TEXT_KINDS.has(kind))) {
    return { kind, warning: null };
  }
  const warning = `The name ends in .${extension}, but the file is a ${NAMES[kind]}; it was read as one.`;
  return { kind, warning };
}

function extensionOf(fileName: string): string {
  return /\.([a-z0-9]{1,10})$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
}

function bareMediaType(mediaType: string): string {
  return mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
}

function recogniseText(
  bytes: Buffer,
  named: Kind | undefined,
  extension: string,
  mediaType: string,
): Kind {
  const head = bytes
    .subarray(0, 4_096)
    .toString('latin1')
    .replace(/^(?:\u00ef\u00bb\u00bf)?\s*/, '');
  if (head.startsWith('%PDF-')) return 'pdf';
  if (head.startsWith('{\\rtf')) return 'rtf';
  if (extension === 'svg' || /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg[\s>]/i.test(head)) {
    throw unsupported('A drawing in SVG');
  }
  if (head.startsWith('%!PS')) throw unsupported('A PostScript file');
  if (named && TEXT_KINDS.has(named)) return named;
  const claimed = BY_MEDIA_TYPE[bareMediaType(mediaType)];
  if (claimed && named === undefined) return claimed;
  if (/^(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html)[\s>]/i.test(head)) return 'html';
  if (head.startsWith('WEBVTT')) return 'subtitles';
  return 'text';
}

async function recogniseBinary(
  bytes: Buffer,
  named: Kind | undefined,
  extension: string,
): Promise<Kind> {
  // Some programs write a few bytes before a PDF; readers accept up to a kilobyte.
  if (bytes.subarray(0, 1_024).includes('%PDF-')) return 'pdf';
  if (bytes.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') return oldOffice(bytes);
  const detected = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const kind = BY_BYTES[detected?.ext ?? ''];
  if (kind) return kind;
  const isZip = bytes.subarray(0, 4).toString('hex') === '504b0304';
  if (isZip) {
    const inside = officeInside(bytes);
    if (inside) return inside;
    if (named && !TEXT_KINDS.has(named)) return named;
    throw unsupported('An archive');
  }
  if (detected === undefined && named && !TEXT_KINDS.has(named)) {
    throw new ReadFailure('corrupt', `The file is damaged: it is not a ${NAMES[named]} inside.`);
  }
  const what = detected ? `A file of type ${detected.mime}` : 'A binary file';
  throw unsupported(
    detected?.ext === extension || !extension ? what : `${what} named .${extension}`,
  );
}

/** Word, PowerPoint and Excel keep names of parts readable; the order of parts is not fixed. */
function officeInside(bytes: Buffer): Kind | undefined {
  if (bytes.includes('word/document')) return 'docx';
  if (bytes.includes('ppt/presentation.xml')) return 'pptx';
  if (bytes.includes('xl/workbook.xml')) return 'xlsx';
  return undefined;
}

/** A compound file: an encrypted OOXML file, or a document of Office 97 to 2003. */
function oldOffice(bytes: Buffer): never {
  const has = (name: string) => bytes.includes(Buffer.from(name, 'utf16le'));
  if (has('EncryptedPackage')) {
    throw new ReadFailure('password', 'The file is protected by a password. Save it without one.');
  }
  if (has('WordDocument')) throw old('Word', '.docx');
  if (has('PowerPoint Document')) throw old('PowerPoint', '.pptx');
  if (has('Workbook') || has('Book')) throw old('Excel', '.xlsx');
  throw unsupported(
    has('__substg1.0_') || has('__properties') ? 'An Outlook message' : 'This type',
  );
}

function old(program: string, extension: string): ReadFailure {
  const sentence = `The file is in the format of ${program} 97 to 2003. Save it as ${extension}.`;
  return new ReadFailure('unsupported', sentence);
}

function unsupported(what: string): ReadFailure {
  return new ReadFailure('unsupported', `${what} cannot be read. ${SUPPORTED}`);
}

/** True for bytes in some character set: no zeros outside of UTF-16 and UTF-32, hardly a control. */
export function looksLikeText(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 4).toString('hex');
  if (/^(?:fffe|feff|0000feff)/.test(head)) return true;
  let [controls, evenZeros, oddZeros] = [0, 0, 0];
  // The beginning, the middle and the end: archives may start like text.
  const length = Math.min(bytes.length, 16_384);
  const middle = Math.floor((bytes.length - length) / 4) * 2;
  const starts = new Set([0, middle, Math.max(0, bytes.length - length)]);
  let seen = 0;
  for (const start of starts) {
    for (const [index, byte] of bytes.subarray(start, start + length).entries()) {
      seen++;
      if (byte === 0) (start + index) % 2 === 0 ? evenZeros++ : oddZeros++;
      else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls++;
    }
  }
  const zeros = evenZeros + oddZeros;
  // The other half of the bytes may be small numbers that look like controls.
  if (zeros > 0.35 * (seen / 2) && Math.min(evenZeros, oddZeros) < 0.02 * seen) return true;
  // A stray zero byte in a log file does not make it a program.
  if (zeros > 0.0005 * seen) return false;
  return controls <= 0.001 * seen + (seen < 200 ? 0 : 1);
}
