import { findSuspicious } from '../labels/suspicious.ts';
import { pageToMarkdownTree } from './htmlTree.ts';
import { inlineText, writeMarkdownTree } from './markdown.ts';
import type { TextWriter } from './writer.ts';

/** Write the main content of a page. @returns its title: its only main heading, else `<title>`. */
export function writeHtml(writer: TextWriter, source: string): string | null {
  const { tree, title, hidden } = pageToMarkdownTree(source);
  // Menus and dialogs are hidden, too: only what speaks to a model is worth a look.
  for (const text of hidden) if (findSuspicious(text).length > 0) writer.notice(text);
  writeMarkdownTree(writer, tree.children);
  const main = tree.children.filter((node) => node.type === 'heading' && node.depth === 1);
  return main.length === 1 && main[0] ? inlineText(main[0]) : title;
}

/** The character set that the page declares in its first bytes, if it does. */
export function declaredCharset(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 4_096).toString('latin1');
  return /<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
}
