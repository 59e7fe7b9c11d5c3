import chat from '../chat/chat.css?inline';
import controls from '../styles/controls.css?inline';
import elements from '../styles/elements.css?inline';
import tokens from '../styles/tokens.css?inline';
import element from './element.css?inline';

/**
 * The styles of the pages, for inside of the element: every token `--x` can be set from outside as `--docent-x`,
 * and a rem is 16 pixels whatever the page around it says (`--docent-rem`).
 */
export function elementStyles(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    [insideTokens(tokens), withOwnRem([elements, controls, chat, element].join('\n'))].join('\n'),
  );
  return sheet;
}

/** Of the tokens only those that hold for both themes: which one it is says the colour scheme of the root. */
function insideTokens(css: string): string {
  const both = /:root\s*\{([^}]*)\}/.exec(css)?.[1] ?? '';
  const themed = both.replace(
    /--([\w-]+):\s*([^;}]+)/g,
    (_, name: string, value: string) => `--${name}: var(--docent-${name}, ${withOwnRem(value)})`,
  );
  return `.docent-root { --rem: var(--docent-rem, 16px); ${themed} }`;
}

/** In conditions of media a rem is the browser's own already. */
function withOwnRem(css: string): string {
  return css.replace(/@media[^{]*|(-?\d*\.?\d+)rem\b/g, (found, size: string | undefined) =>
    size === undefined ? found : `calc(${size} * var(--rem, 16px))`,
  );
}
