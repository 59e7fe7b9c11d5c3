import { strFromU8, unzipSync } from 'fflate';

/** What the paragraphs of a style are; the title of the document is a heading of level 0, above all others. */
export type StyleRole = { heading: number } | 'code';

/**
 * Roles of the paragraph styles of a DOCX file, by style id.
 *
 * officeparser knows the English ids of Word's own headings only: Hungarian Word writes `Cmsor1`,
 * publishers' templates `ChapterTitle` and `HeadA`. The names, outline levels and fonts say more.
 */
export function readDocxStyles(bytes: Buffer): ReadonlyMap<string, StyleRole> {
  const parts = unzipSync(bytes, { filter: ({ name }) => name === 'word/styles.xml' });
  const part = parts['word/styles.xml'];
  const styles = new Map<string, Style>();
  const xml = part ? strFromU8(part) : '';
  for (const [style = ''] of xml.matchAll(/<w:style\s[^>]*>[\s\S]*?<\/w:style>/g)) {
    const opening = style.slice(0, style.indexOf('>'));
    if (!opening.includes('w:type="paragraph"')) continue;
    styles.set(attribute(opening, 'w:styleId'), {
      name: attribute(style, 'w:name w:val'),
      basedOn: attribute(style, 'w:basedOn w:val'),
      outlineLevel: attribute(style, 'w:outlineLvl w:val'),
      font: attribute(style, 'w:ascii'),
    });
  }
  const roles = new Map<string, StyleRole>();
  for (const id of styles.keys()) {
    const role = roleOf(styles, id, 0);
    if (role) roles.set(id, role);
  }
  return roles;
}

interface Style {
  name: string;
  basedOn: string;
  /** 0 to 8 for headings, 9 for body text. */
  outlineLevel: string;
  font: string;
}

function attribute(xml: string, name: string): string {
  const pattern = new RegExp(`${name.replace(' ', '\\b[^>]*?\\b')}="([^"]*)"`);
  return pattern.exec(xml)?.[1] ?? '';
}

/** Styles may be based on each other in a circle; real ones are a few deep. */
const DEEPEST = 10;

function roleOf(styles: ReadonlyMap<string, Style>, id: string, depth: number): StyleRole | null {
  const style = styles.get(id);
  if (style === undefined || depth > DEEPEST) return null;
  const own = ownRole(style);
  if (own) return own;
  // A style that names its own level or font is not what it is based on.
  if (style.outlineLevel !== '' || style.font !== '') return null;
  return roleOf(styles, style.basedOn, depth + 1);
}

const CODE_STYLE =
  /^(?:(?:source ?)?code(?:[ _-]?(?:block|wide|single|annotated|[a-c]))?|html preformatted|macro)$/i;

function ownRole({ name, outlineLevel, font }: Style): StyleRole | null {
  const numbered = /^heading ?([1-9])$/i.exec(name)?.[1];
  if (numbered) return { heading: Number(numbered) };
  if (/^[0-8]$/.test(outlineLevel)) return { heading: Number(outlineLevel) + 1 };
  if (/^title$/i.test(name)) return { heading: 0 };
  if (/(?:part|chapter|appendix)[ _-]?title$/i.test(name)) {
    return { heading: 1 };
  }
  // Templates of publishers: HeadA stands below the title of the chapter.
  const letter = /^(?:box)?[ _-]?head(?:ing)?[ _-]?([A-E])(?![a-z])/i.exec(name)?.[1];
  if (letter) return { heading: letter.toUpperCase().charCodeAt(0) - 63 };
  if (isMonospaced(font) || CODE_STYLE.test(name)) return 'code';
  return null;
}

/** By the names of common fonts for code. */
export function isMonospaced(font: string): boolean {
  return /courier|consolas|menlo|monaco|mono(?!type)|lucida console|source code|fira code/i.test(
    font,
  );
}
