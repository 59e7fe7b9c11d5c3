/** What a link may lead to. */
const PROTOCOLS = ['http:', 'https:', 'mailto:'];

/** White space, control and format characters, and the backslash that browsers read as a slash. */
const HIDING = /[\p{Cc}\p{Cf}\p{Z}\\]/u;

/**
 * The address of a link as it may be followed, null when it may not: absolute, and to the web or a mailbox. As
 * the browser reads it, so nothing that looks harmless here leads elsewhere there.
 */
export function safeAddress(href: string): string | null {
  const text = withoutEntities(href).trim();
  // What browsers skip over in an address would hide its protocol from a reader of the source.
  if (HIDING.test(text)) return null;
  if (!/^(https?:\/\/|mailto:)/i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (!PROTOCOLS.includes(url.protocol)) return null;
  // `https://bank.example@elsewhere.example` is elsewhere.
  if (url.username !== '' || url.password !== '') return null;
  return url.href;
}

/** The host of an address when its text names another one; null when the text does not mislead. */
export function otherHost(text: string, address: string): string | null {
  const { hostname, protocol, pathname } = new URL(address);
  const host = protocol === 'mailto:' ? (pathname.split('@')[1] ?? '') : hostname;
  const named = /(?:[a-z0-9\u00a1-\uffff-]+\.)+[a-z\u00a1-\uffff]{2,}/iu
    .exec(text)?.[0]
    .toLowerCase();
  if (named === undefined) return null;
  const same = host === named || host.endsWith(`.${named}`) || host === `www.${named}`;
  return same ? null : host;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  colon: ':',
  Tab: '\t',
  NewLine: '\n',
  hellip: '…',
  ndash: '–',
  mdash: '—',
};

/** A text with its HTML entities as the characters that they stand for. */
export function withoutEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|(\w{1,12}));/g,
    (all, decimal, hex, name) => {
      if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? all) : all;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      return valid ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}

/** A text without the characters that turn its direction around: with them, one reads what is not there. */
export function withoutOverrides(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
}
