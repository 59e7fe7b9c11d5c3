/** What goes on longer is no link that anybody needs; characters. */
export const LONGEST = 2_000;
/** What an address consists of, up to where a text goes on; also what begins a text in angle brackets. */
export const WORD = /[^\s<>"'`()[\]{}|]/;
/** Letters of scripts that put spaces between words: in others a sentence would look like a mail address that begins. */
export const MAIL_NAME = String.raw`[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}._%+-]{1,64}`;
export const MAIL_HOST = String.raw`@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}[\p{L}\p{N}-]*`;
/** Stands behind an address more often than in it. */
const BEHIND = /[.,;:!?*_~]+$/;

const MAILS = new RegExp(MAIL_NAME + MAIL_HOST, 'gu');
const LEADING_MAIL = new RegExp(`^${MAIL_NAME}${MAIL_HOST}`, 'u');
const NARROW = new RegExp(`(?<![\\p{L}\\p{N}_])(?:https?://|//|www\\.)${WORD.source}+`, 'giu');
/** With brackets and quotes in it: `https://en.wikipedia.org/wiki/Rust_(film)`. */
const WIDE = /(?<![\p{L}\p{N}_])(?:https?:\/\/|\/\/|www\.)[^\s<>"]+/giu;
const MAILTO = /mailto:[^\s<>"'`()[\]{}|]+/gi;

/** The mail address that `text` begins with, as a page would make a link of it; else the empty string. */
export function leadingMail(text: string): string {
  return LEADING_MAIL.exec(text)?.[0] ?? '';
}

/** Without the punctuation that a sentence puts behind it. */
export function withoutPunctuation(address: string): string {
  return address.replace(BEHIND, '');
}

/**
 * Keys of the whole addresses that stand in a text: nothing shorter, nothing longer. An address without its
 * fragment sends the same request, so that it counts as standing there too.
 */
export function addressesIn(text: string): string[] {
  const wide = (text.match(WIDE) ?? [])
    .filter(({ length }) => length <= LONGEST)
    .flatMap((raw) => [raw, withoutUnbalanced(raw)]);
  const narrow = [...(text.match(NARROW) ?? []), ...(text.match(MAILTO) ?? [])];
  const all = [...wide, ...narrow.map(withoutPunctuation), ...(text.match(MAILS) ?? [])];
  return all.flatMap((address) =>
    [address, address.replace(/#.*$/, '')].flatMap((one) => keyOf(one) ?? []),
  );
}

/**
 * What two addresses have in common that lead to the same place: host in lower case, exact path and query, with
 * or without the last slash, over http or https. Null for everything that is no web or mail address.
 */
export function keyOf(address: string): string | null {
  // A page may read a backslash as an escape, a browser reads it as a slash.
  if (/[\\\s]/.test(address)) return null;
  const [, mail, query = ''] = /^(?:mailto:)?([^\s@:/?]+@[^\s@:/?]+)(\?.*)?$/i.exec(address) ?? [];
  if (mail !== undefined) return `mailto:${mail.toLowerCase()}${query}`;
  const whole = address.replace(/^(?=\/\/)/, 'https:').replace(/^(?=www\.)/i, 'https://');
  if (!/^https?:\/\/[^/]/i.test(whole) || !URL.canParse(whole)) return null;
  const { username, password, host, pathname, search, hash } = new URL(whole);
  return `${username}:${password}@${host}${pathname.replace(/\/$/, '')}${search}${hash}`;
}

/** Without punctuation at its end, and without brackets there that nothing in it opens. */
function withoutUnbalanced(address: string): string {
  let rest = address;
  for (;;) {
    const last = rest.at(-1) ?? '';
    const open = { ')': '(', ']': '[', '}': '{' }[last];
    const unbalanced = open !== undefined && rest.split(open).length < rest.split(last).length;
    if (!unbalanced && !/[.,;:!?*_~'’”»`|]/.test(last)) return rest;
    rest = rest.slice(0, -1);
  }
}
