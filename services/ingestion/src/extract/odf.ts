import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

const KEPT = /^(?:mimetype|content\.xml|styles\.xml|meta\.xml|META-INF\/manifest\.xml)$/;
const TAG =
  /<(\/?)(table:table-cell|text:list|text:list-item|text:list-header)(?=[\s/>])[^>]*?(\/?)>/g;

/**
 * An OpenDocument file whose lists inside of table cells are plain paragraphs: officeparser 8.1 leaves
 * out lists there with all their words.
 */
export function flattenListsInCells(bytes: Buffer): Buffer {
  const parts = unzipSync(bytes, { filter: ({ name }) => KEPT.test(name) });
  const content = parts['content.xml'];
  if (content === undefined) return bytes;
  let cells = 0;
  const xml = strFromU8(content).replace(TAG, (tag, closing: string, name, empty: string) => {
    if (name !== 'table:table-cell') return cells > 0 ? '' : tag;
    if (closing) cells--;
    else if (!empty) cells++;
    return tag;
  });
  return Buffer.from(zipSync({ ...parts, 'content.xml': strToU8(xml) }, { level: 0 }));
}
