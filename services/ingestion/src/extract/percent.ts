import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

const STYLES = 'xl/styles.xml';
const WANTED = /^xl\/(?:styles\.xml|worksheets\/[^/]+\.xml)$/;
/** Number formats that every workbook has: `0%` and `0.00%`. */
const BUILT_IN = ['9', '10'];
const CELL =
  /<c (?:[^>]*\s)?s="(\d+)"([^>]*)>((?:<f[^>]*\/>|<f[^>]*>[^<]*<\/f>)?)<v>([^<]*)<\/v><\/c>/g;

/**
 * A workbook whose cells that show a percentage hold it as text: 0.15 is 15% to whoever reads it. read-excel-file
 * gives numbers as they are stored, and their formats not at all.
 */
export function withPercentages(bytes: Buffer): Buffer {
  const parts = unzipSync(bytes, { filter: ({ name }) => WANTED.test(name) });
  const styles = percentStyles(parts[STYLES] ? strFromU8(parts[STYLES]) : '');
  if (styles.size === 0) return bytes;
  const changed: Record<string, Uint8Array> = {};
  for (const [name, part] of Object.entries(parts)) {
    if (name === STYLES) continue;
    const xml = strFromU8(part);
    const shown = xml.replace(CELL, (cell: string, style: string, _, formula: string, value) => {
      const number = Number(value);
      // A cell with t="s" holds the number of a text.
      const isText = /\st="(?!n")/.test(cell.slice(0, cell.indexOf('>')));
      if (!styles.has(style) || isText || value === '' || Number.isNaN(number)) return cell;
      const reference = /\sr="([A-Z]+\d+)"/.exec(cell)?.[1];
      const at = reference === undefined ? '' : ` r="${reference}"`;
      // Binary fractions: 0.07 * 100 has 15 right digits.
      return `<c${at} t="str">${formula}<v>${Number((number * 100).toPrecision(15))}%</v></c>`;
    });
    if (shown !== xml) changed[name] = strToU8(shown);
  }
  if (Object.keys(changed).length === 0) return bytes;
  return Buffer.from(zipSync({ ...unzipSync(bytes), ...changed }, { level: 0 }));
}

/** Indexes of the cell formats that show a percentage. */
function percentStyles(xml: string): ReadonlySet<string> {
  const formats = new Set(BUILT_IN);
  for (const [tag] of xml.matchAll(/<numFmt\s[^>]*>/g)) {
    const code = /formatCode="([^"]*)"/.exec(tag)?.[1] ?? '';
    const id = /numFmtId="(\d+)"/.exec(tag)?.[1];
    // A percent sign in quotes or behind a backslash is a character like others.
    const bare = code.replace(/&quot;.*?&quot;|\\./g, '');
    if (id !== undefined && bare.includes('%')) formats.add(id);
  }
  const cellFormats = /<cellXfs[\s>][\s\S]*?<\/cellXfs>/.exec(xml)?.[0] ?? '';
  const styles = new Set<string>();
  for (const [index, [tag]] of [...cellFormats.matchAll(/<xf[\s/>][^>]*>/g)].entries()) {
    if (formats.has(/numFmtId="(\d+)"/.exec(tag)?.[1] ?? '')) styles.add(String(index));
  }
  return styles;
}
