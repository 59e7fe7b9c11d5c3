/** C0 and C1 controls but tab and line feed; PostgreSQL refuses U+0000 in text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff\ufdd0-\ufdef]/g;

/**
 * Characters without a shape: soft hyphens, zero-width spaces, byte order marks, direction controls
 * and the tag block, which can hide words from the reader but not from a model. The joiners
 * U+200C and U+200D stay, Persian and emoji need them.
 */
const INVISIBLE =
  /\u00ad|\u034f|\u061c|[\u115f\u1160]|[\u17b4\u17b5]|\u180e|[\u200b\u200e\u200f]|[\u202a-\u202e]|[\u2060-\u206f]|\ufeff|[\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Bullets of symbol fonts (Wingdings, Symbol) come as private characters; others say nothing. */
const PRIVATE = /[\ue000-\uf8ff]|[\u{f0000}-\u{ffffd}]|[\u{100000}-\u{10fffd}]/gu;
const PRIVATE_BULLET = /(?<=^|\n)([ \t]*)[\ue000-\uf8ff](?=\s)/g;

const LIGATURES = /[\ufb00-\ufb06]/g;
const ODD_SPACES = /[\u00a0\u2000-\u200a\u202f\u205f]/g;

/**
 * Text that any reader, database and tokenizer takes: line feeds only, no control, invisible or
 * private characters, no lone surrogates, no ligatures, composed accents (NFC).
 */
export function cleanText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]|\v|\f/g, '\n')
    .toWellFormed()
    .replace(CONTROLS, '')
    .replace(INVISIBLE, '')
    .replace(PRIVATE_BULLET, '$1•')
    .replace(PRIVATE, '')
    .replace(LIGATURES, (ligature) => ligature.normalize('NFKC'))
    .replace(ODD_SPACES, ' ')
    .normalize('NFC');
}

/** One line of prose: runs of white space become one space. */
export function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** Lines of prose: line breaks are kept, other white space is folded, empty lines are dropped. */
export function proseLines(text: string): string {
  return cleanText(text)
    .split('\n')
    .map((line) => line.replace(/[^\S\n]+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/**
 * Text whose spaces matter (code, plain text): only the empty lines above and the white space below
 * are cut off. Not by one pattern: `\s+$` takes time in the square of a long run of spaces.
 */
export function keepLines(text: string): string {
  const clean = cleanText(text).trimEnd();
  const indent = clean.length - clean.trimStart().length;
  return clean.slice(clean.lastIndexOf('\n', indent) + 1);
}
