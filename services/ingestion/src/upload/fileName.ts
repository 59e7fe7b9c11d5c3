import type { TextContent } from '@docent/contracts/content';

/** Most code units of a file name that are kept. */
const LONGEST = 200;
/** Controls, marks that turn the direction of writing (they disguise an extension), half surrogates. */
const UNWANTED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * A name that people see and that tells the format; it is never part of a path. Folders that a
 * browser or a client sent with it are cut off, its end (the extension) survives shortening.
 */
export function cleanFileName(given: string | undefined): string {
  const name =
    (given ?? '').normalize('NFC').replace(UNWANTED, '').split(/[\\/]/).pop()?.trim() ?? '';
  if (name === '' || /^\.+$/.test(name)) return 'file';
  const characters = Array.from(name);
  if (characters.length <= LONGEST) return name;
  const extension = /\.[^.]{1,10}$/u.exec(name)?.[0] ?? '';
  return characters.slice(0, LONGEST - extension.length).join('') + extension;
}

/** The title of content whose file states none and whose uploader gave none. */
export function titleOfFile(fileName: string): string {
  const title = fileName
    .replace(/\.[^.]{1,10}$/u, '')
    .replaceAll('_', ' ')
    .trim();
  return title === '' ? fileName : title;
}

const EXTENSIONS: Record<TextContent['mediaType'], string> = {
  'text/markdown': '.md',
  'text/plain': '.txt',
  'text/html': '.html',
};

/** A name for text that came without a file. */
export function fileNameOfText(title: string, mediaType: TextContent['mediaType']): string {
  return cleanFileName(title.replace(/[\\/]/g, ' ').slice(0, 100)) + EXTENSIONS[mediaType];
}

/** What many clients send for everything they do not know. */
const UNKNOWN = 'application/octet-stream';
const OFFICE = 'application/vnd.openxmlformats-officedocument';
const TYPES = new Map(
  Object.entries({
    csv: 'text/csv',
    docx: `${OFFICE}.wordprocessingml.document`,
    epub: 'application/epub+zip',
    htm: 'text/html',
    html: 'text/html',
    md: 'text/markdown',
    pdf: 'application/pdf',
    pptx: `${OFFICE}.presentationml.presentation`,
    srt: 'application/x-subrip',
    txt: 'text/plain',
    vtt: 'text/vtt',
    xlsx: `${OFFICE}.spreadsheetml.sheet`,
  }),
);

/**
 * A media type that may be repeated in a header: the one given, by the name where none that says
 * anything was. What is made of the file does not depend on it: its bytes decide.
 */
export function cleanMediaType(given: string | undefined, fileName = ''): string {
  const type = (given ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const known = /^[a-z0-9][\w.+-]{0,99}\/[a-z0-9][\w.+-]{0,99}$/.test(type);
  if (known && type !== UNKNOWN) return type;
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return TYPES.get(extension) ?? UNKNOWN;
}
