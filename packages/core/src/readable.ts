import type { Sentence } from './text.ts';

/**
 * A piece of Markdown as it reads aloud: labels of links, no markup, no HTML tags, one line. Inline code
 * keeps its backticks, backticks that stand for quotation marks become some; fenced code stays as it is. Empty
 * when nothing but markup was there.
 */
export function readable({
  kind,
  text,
  header,
}: Pick<Sentence, 'kind' | 'text' | 'header'>): string {
  if (kind === 'code') return text;
  if (kind === 'row') return readableRow(text, header);
  return plain(text);
}

/** `| 3 | red |` under `| Pin | Colour |` → `Pin: 3; Colour: red`. */
function readableRow(row: string, header: string | undefined): string {
  const names = header === undefined ? [] : cells(header);
  return cells(row)
    .map((cell, index) => (cell && names[index] ? `${names[index]}: ${cell}` : cell))
    .filter((cell) => cell !== '')
    .join('; ');
}

function cells(row: string): string[] {
  const separator = row.trimStart().startsWith('|') ? /(?<!\\)\|/ : /\t/;
  const parts = row.trim().split(separator);
  if (parts[0]?.trim() === '') parts.shift();
  if (parts.at(-1)?.trim() === '') parts.pop();
  return parts.map(plain);
}

// Every repetition below is bounded: unclosed markup took up to 18 s on 20 kB.
const INLINE_CODE = /(?<!`)(?:`[^`]{1,300}`|``(?!`).{1,300}?``)(?!`)/gs;
/** As TeX and tokenised texts quote: ``so''. As Markdown it would open code that goes on to the end of the paragraph. */
const QUOTED = /(?<!`)``(?!`)\s*([^`]{1,500}?)\s*''/g;
const HTML =
  /<!--[\s\S]{0,500}?-->|<\/?(?:a|abbr|b|blockquote|br|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|s|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul|video|iframe)(?:\s[^<>]{0,1000})?\/?>/gi;

/** A definition of a link, `[name]: address`, which a reader never sees. */
const DEFINITION = /^\s*\[[^\]]+\]:\s*\S+/;

function plain(markdown: string): string {
  if (DEFINITION.test(markdown) && !/^\s*\[\^/.test(markdown)) return '';
  const codes: string[] = [];
  // Inline code is set aside: `Vec<b>` and `a * b * c` are not markup in there.
  const kept = markdown.replace(QUOTED, '“$1”').replace(INLINE_CODE, (code) => {
    codes.push(code);
    return `\uE000${codes.length - 1}\uE000`;
  });
  return (
    kept
      .replace(HTML, ' ')
      .replace(/<[A-Za-z][\w-]*(?:\s+[\w-]+="[^"]*")+\s*\/?>|<\/[A-Z][\w-]*>/g, ' ')
      .replace(/\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|\{:.{0,300}?\}/g, ' ')
      .replace(/!\[([^[\]]{0,300})\](?:\([^)]{0,1000}\)|\[[^\]]{0,300}\])?/g, '$1')
      .replace(/\[\^[^[\]]{1,100}\]:?/g, '')
      .replace(
        /\[((?:[^[\]]|\[[^[\]]{0,100}\]){1,300})\](?:\((?:[^()]|\([^()]{0,100}\)){0,1000}\)|\[[^\]]{0,300}\])/g,
        '$1',
      )
      .replace(/^(?:\s{0,3}>)+\s?/gm, '')
      .replace(/^\s{0,3}#{1,6}\s+|\s{1,5}#{1,6}$/g, '')
      .replace(/^\s*(?:[-*+•–]|\(?\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/, '')
      .replace(/(\*{1,3}|_{2,3})(?=\S)(.{1,500}?)(?<=\S)\1/gs, '$2')
      .replace(/(?<![\p{L}\p{N}_])_(?=\S)(.{1,500}?)(?<=\S)_(?![\p{L}\p{N}_])/gu, '$1')
      // What is left of emphasis that begins or ends in another sentence.
      .replace(/\*\*|(?<=^|\s)[*_](?=\p{L})|(?<=[\p{L}.,!?])[*_](?=\s|$)/gu, '')
      .replace(/\\([\\`*_{}[\]()#+.!|<>~-])/g, '$1')
      // Quotation marks whose other half is in another sentence; an apostrophe.
      .replace(/(?<!`)``(?!`)\s?/g, '“')
      .replace(/(?<=[\p{L}\p{N}])`(?=\p{L})/gu, '’')
      .replace(/(?<!`)`(?=[\p{L}\p{N}])/gu, '‘')
      .replace(/&nbsp;|&#160;/g, ' ')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&')
      .replace(/\s+/g, ' ')
      .replace(/\uE000(\d+)\uE000/g, (_, index: string) => codes[Number(index)] ?? '')
      .trim()
  );
}
