import { Lexer, type MarkedToken, type Token, Tokenizer, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { otherHost, safeAddress, withoutEntities, withoutOverrides } from './links.ts';

/** Shows `[n]`; `occurrence`: how many markers of this number stand before it. */
export type ShowMarker = (number: number, occurrence: number) => ComponentChildren;

/** Longer texts, and deeper ones, are shown as they are written. */
const LONGEST = 100_000;
const DEEPEST = 24;

/**
 * Markdown as elements. A closed list of them is made here, from the tokens of the parser: HTML is shown as the text
 * that it is, images as their words, links lead to the web or a mailbox only.
 */
export function Markdown({
  text,
  showMarker,
}: {
  readonly text: string;
  readonly showMarker: ShowMarker;
}) {
  return <>{useMemo(() => markdownNodes(text, showMarker), [text, showMarker])}</>;
}

/** What `Markdown` shows, without a component around it. */
export function markdownNodes(text: string, showMarker: ShowMarker): ComponentChildren {
  const tokens = lex(text);
  if (tokens === null) return <p class="chat-plain">{withoutOverrides(text)}</p>;
  const counts = new Map<number, number>();
  const marker: Marker = (number) => {
    const before = counts.get(number) ?? 0;
    counts.set(number, before + 1);
    return showMarker(number, before);
  };
  return blocks(tokens, marker, 0);
}

type Marker = (number: number) => ComponentChildren;

/** Null when the parser cannot cope: it recurses on what is nested. */
function lex(text: string): Token[] | null {
  if (text.length > LONGEST || /^(?:[ >]|[-*+] ){200}/m.test(text)) return null;
  try {
    return new Lexer({ gfm: true, breaks: true, tokenizer: new MarkerTokenizer() }).lex(text);
  } catch {
    return null;
  }
}

/** Definitions of numbers (`[1]: https://…`) would make links of markers. */
class MarkerTokenizer extends Tokenizer {
  override def(src: string): Tokens.Def | undefined {
    const found = super.def(src);
    return found && /^\d+$/.test(found.tag) ? undefined : found;
  }
}

function blocks(tokens: readonly Token[], marker: Marker, depth: number): ComponentChildren {
  return tokens.map((token) => block(known(token), marker, depth + 1));
}

function block(token: MarkedToken, marker: Marker, depth: number): ComponentChildren {
  if (depth > DEEPEST) return <p>{plain(token.raw)}</p>;
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading': {
      // The page has headings of its own above these.
      const Heading = token.depth <= 2 ? 'h3' : token.depth === 3 ? 'h4' : 'h5';
      return <Heading>{inline(token.tokens, marker, depth)}</Heading>;
    }
    case 'paragraph':
      return <p>{inline(token.tokens, marker, depth)}</p>;
    case 'text':
      return token.tokens ? inline(token.tokens, marker, depth) : withMarkers(token.text, marker);
    case 'blockquote':
      return <blockquote>{blocks(token.tokens, marker, depth)}</blockquote>;
    case 'list':
      return list(token, marker, depth);
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'hr':
      return <hr />;
    case 'table':
      return table(token, marker, depth);
    case 'html':
      return <p>{plain(token.raw.trimEnd())}</p>;
    default:
      return inline([token], marker, depth);
  }
}

function list({ ordered, start, items }: Tokens.List, marker: Marker, depth: number) {
  const inside = items.map((item) => (
    <li>
      {item.task && (item.checked ? '☑ ' : '☐ ')}
      {blocks(item.tokens, marker, depth)}
    </li>
  ));
  if (!ordered) return <ul>{inside}</ul>;
  return <ol start={typeof start === 'number' ? start : 1}>{inside}</ol>;
}

function table({ header, rows }: Tokens.Table, marker: Marker, depth: number) {
  const cells = (row: readonly Tokens.TableCell[], Cell: 'th' | 'td') => (
    <tr>
      {row.map(({ tokens, align }) => (
        <Cell class={align === 'right' ? 'numeric' : undefined}>
          {inline(tokens, marker, depth)}
        </Cell>
      ))}
    </tr>
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <div class="chat-table" tabIndex={0}>
      <table>
        <thead>{cells(header, 'th')}</thead>
        <tbody>{rows.map((row) => cells(row, 'td'))}</tbody>
      </table>
    </div>
  );
}

function inline(
  tokens: readonly Token[] | undefined,
  marker: Marker,
  depth: number,
): ComponentChildren {
  return (tokens ?? []).map((token) => inlineOne(known(token), marker, depth + 1));
}

function inlineOne(token: MarkedToken, marker: Marker, depth: number): ComponentChildren {
  if (depth > DEEPEST) return plain(token.raw);
  switch (token.type) {
    case 'text':
      return token.tokens ? inline(token.tokens, marker, depth) : withMarkers(token.text, marker);
    case 'escape':
      return plain(token.text);
    case 'strong':
      return <strong>{inline(token.tokens, marker, depth)}</strong>;
    case 'em':
      return <em>{inline(token.tokens, marker, depth)}</em>;
    case 'del':
      return <del>{inline(token.tokens, marker, depth)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return anchor(token.text, token.href);
    case 'image':
      return anchor(token.text === '' ? token.href : token.text, token.href);
    default:
      return plain(token.raw);
  }
}

function anchor(text: string, href: string): ComponentChildren {
  const shown = plain(text.replace(/[*_`~[\]]/g, ''));
  const address = safeAddress(href);
  if (address === null) return shown;
  const host = otherHost(shown, address);
  return (
    <>
      <a href={address} target="_blank" rel="noopener noreferrer nofollow">
        {shown}
      </a>
      {host !== null && <span class="muted"> ({host})</span>}
    </>
  );
}

const MARKER = /\[(\d{1,3})\]/g;

function withMarkers(text: string, marker: Marker): ComponentChildren {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKER)) {
    parts.push(plain(text.slice(from, match.index)), marker(Number(match[1])));
    from = match.index + match[0].length;
  }
  return [...parts, plain(text.slice(from))];
}

function plain(text: string): string {
  return withoutOverrides(withoutEntities(text));
}

/** Tokens of extensions, of which there are none, are all that the parser's type has besides. */
function known(token: Token): MarkedToken {
  return token as MarkedToken;
}
