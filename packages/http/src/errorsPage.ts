import { readFile } from 'node:fs/promises';

/** errors.md as a page whose sections carry the codes as ids: a problem's `type` leads to its own. */
export async function errorsPage(): Promise<string> {
  const markdown = await readFile(new URL('../errors.md', import.meta.url), 'utf8');
  const blocks = markdown.split(/\n{2,}/).map((block) => {
    const text = inline(block.trim());
    const [, level, title] = /^(#{1,2}) (.*)$/.exec(text) ?? [];
    if (level === undefined || title === undefined) return `<p>${text}</p>`;
    if (level === '#') return `<h1>${title}</h1>`;
    return `<h2 id="${title.replace(/<[^>]*>/g, '')}">${title}</h2>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Errors</title>
<body style="font: 1rem/1.5 system-ui; max-width: 45rem; margin: 2rem auto; padding: 0 1rem">
${blocks.join('\n')}
</body></html>`;
}

function inline(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}
