import type { Element, ElementContent, Root, RootContent } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { toMdast } from 'hast-util-to-mdast';
import type { Root as MarkdownRoot } from 'mdast';

/** Elements that show nothing, or nothing that belongs to the content. */
const DROPPED: ReadonlySet<string> = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'head',
  'nav',
  'iframe',
  'object',
  'embed',
  'svg',
  'canvas',
  'audio',
  'video',
  'map',
  'button',
  'input',
  'select',
  'textarea',
  'dialog',
  'menu',
  'link',
  'meta',
]);
const DROPPED_ROLES: ReadonlySet<string> = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'search',
  'menu',
  'menubar',
  'toolbar',
  'dialog',
  'alertdialog',
  'complementary',
]);
/** Controls that wikis and documentation generators put into the text. */
const DROPPED_CLASSES: ReadonlySet<string> = new Set([
  'mw-editsection',
  'mw-jump-link',
  'noprint',
  'headerlink',
  'anchor-link',
  'skip-link',
]);
/** Page furniture when it stands outside of an article or main element. */
const FURNITURE: ReadonlySet<string> = new Set(['header', 'footer', 'aside']);

/** A fragment of HTML as Markdown blocks. */
export function htmlToMarkdownTree(html: string): MarkdownRoot {
  return toMarkdown(fromHtml(html, { fragment: true }));
}

/**
 * The main content of a page as Markdown blocks: without navigation, page headers and footers,
 * scripts and forms.
 */
export function pageToMarkdownTree(html: string): {
  tree: MarkdownRoot;
  title: string | null;
  /** Texts of parts that the page does not show. */
  hidden: string[];
} {
  const page = fromHtml(html);
  const title = textOf(findElement(page, (element) => element.tagName === 'title'));
  const whole = textLength(page);
  const hidden: string[] = [];
  for (const element of elements(page)) {
    if (hidden.length < MOST_HIDDEN && isHidden(element)) hidden.push(wholeTextOf(element));
  }
  const main = findElement(page, isMain) ?? onlyArticle(page);
  // A page may use these elements for a small part only.
  const isMost = main !== undefined && textLength(main) > 0.3 * whole;
  const content: Root = isMost ? { type: 'root', children: [main] } : page;
  const linked = textLength(content, true);
  // A page that is mostly links is there for its links.
  if (2 * linked < textLength(content)) removeLinkLists(content);
  const tree = toMarkdown(content);
  return { tree, title: title.trim() || null, hidden };
}

function toMarkdown(root: Root): MarkdownRoot {
  const pruned: Root = { type: 'root', children: prune(root.children, false) };
  const tree = toMdast(pruned, { document: true });
  return tree.type === 'root' ? tree : { type: 'root', children: [] };
}

function prune(nodes: readonly RootContent[], insideContent: boolean): RootContent[] {
  const kept: RootContent[] = [];
  for (const node of nodes) {
    if (node.type === 'comment' || node.type === 'doctype') continue;
    if (node.type === 'element') {
      if (isDropped(node, insideContent)) continue;
      const inside = insideContent || node.tagName === 'article' || isMain(node);
      kept.push({ ...node, children: elementsOnly(prune(node.children, inside)) });
    } else {
      kept.push(node);
    }
  }
  return kept;
}

function elementsOnly(nodes: readonly RootContent[]): ElementContent[] {
  return nodes.filter((node) => node.type !== 'doctype');
}

function isDropped({ tagName, properties }: Element, insideContent: boolean): boolean {
  if (DROPPED.has(tagName)) return true;
  if (!insideContent && FURNITURE.has(tagName)) return true;
  if (properties.ariaHidden === 'true' || isHidden({ properties })) return true;
  const classes = Array.isArray(properties.className) ? properties.className : [];
  if (classes.some((name) => DROPPED_CLASSES.has(String(name)))) return true;
  return DROPPED_ROLES.has(String(properties.role ?? ''));
}

/** A reader of the page does not see it: a model should not, either. */
function isHidden({ properties }: Pick<Element, 'properties'>): boolean {
  const style = String(properties.style ?? '');
  return (
    properties.hidden === true ||
    /display\s*:\s*none|visibility\s*:\s*hidden|(?:font-size|opacity)\s*:\s*0(?![.\d])/i.test(style)
  );
}

function isMain({ tagName, properties }: Element): boolean {
  return tagName === 'main' || properties.role === 'main';
}

function onlyArticle(page: Root): Element | undefined {
  const articles: Element[] = [];
  for (const element of elements(page)) if (element.tagName === 'article') articles.push(element);
  return articles.length === 1 ? articles[0] : undefined;
}

function findElement(root: Root, is: (element: Element) => boolean): Element | undefined {
  for (const element of elements(root)) if (is(element)) return element;
  return undefined;
}

function* elements(root: Root): Generator<Element> {
  const stack: (RootContent | Root)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'element') yield node;
    if ('children' in node) stack.push(...node.children.toReversed());
  }
}

/** Lists of languages, categories or chapters: many short links and hardly anything else. */
function removeLinkLists(root: Root | Element): void {
  const stack: (Root | Element)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const inner: Element[] = [];
    for (const child of node.children) if (child.type === 'element') inner.push(child);
    const lists = new Set<unknown>(inner.filter(isLinkList));
    if (node.type === 'root') node.children = node.children.filter((child) => !lists.has(child));
    else node.children = node.children.filter((child) => !lists.has(child));
    stack.push(...inner.filter((child) => !lists.has(child)));
  }
}

const FEWEST_LINKS = 8;
const LONGEST_LINK = 30;

function isLinkList(element: Element): boolean {
  if (!['ul', 'ol', 'table', 'dl'].includes(element.tagName)) return false;
  let links = 0;
  for (const { tagName } of elements({ type: 'root', children: [element] })) {
    if (tagName === 'a') links++;
  }
  if (links < FEWEST_LINKS) return false;
  const linked = textLength(element, true);
  return linked > 0.9 * textLength(element) && linked / links < LONGEST_LINK;
}

/** Characters of the text inside, without white space around it. @param linked only that of links. */
function textLength(node: Root | Element, linked = false): number {
  let length = 0;
  const stack: { node: RootContent | Root; inLink: boolean }[] = [{ node, inLink: !linked }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.node.type === 'text' && next.inLink) length += next.node.value.trim().length;
    if (next.node.type === 'element' && DROPPED.has(next.node.tagName)) continue;
    if (!('children' in next.node)) continue;
    const inLink = next.inLink || (next.node.type === 'element' && next.node.tagName === 'a');
    for (const child of next.node.children) stack.push({ node: child, inLink });
  }
  return length;
}

/** Parts of a page that are looked at although it does not show them. */
const MOST_HIDDEN = 50;

function wholeTextOf(element: Element): string {
  const parts: string[] = [];
  const stack: ElementContent[] = [element];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'text') parts.push(node.value);
    if ('children' in node) stack.push(...node.children.toReversed());
  }
  return parts.join('').replace(/\s+/g, ' ').trim();
}

function textOf(element: Element | undefined): string {
  const parts = (element?.children ?? []).map((child) =>
    child.type === 'text' ? child.value : '',
  );
  return parts.join('').replace(/\s+/g, ' ');
}
