import {
  LONGEST,
  leadingMail,
  MAIL_HOST,
  MAIL_NAME,
  WORD,
  withoutPunctuation,
} from './addresses.ts';

/** A piece of a text: words, or something that would lead to an address. */
export interface Piece {
  /** Characters of the input that it takes. */
  readonly length: number;
  /** Addresses that have to be allowed for it to stay as it is; none: it is text. */
  readonly addresses: readonly string[];
  readonly render: (allows: (address: string) => boolean) => string;
}

export interface Position {
  /** Character before the input, empty at the start. */
  readonly before: string;
  /** Nothing but marks of lists and quotes stands before it on its line. */
  readonly opening: boolean;
  /** No more input comes. */
  readonly final: boolean;
  /** What stands where an address was. */
  readonly removed: string;
}

/** Elements that load, send or run something. What a page shows is cleaned again where it is shown. */
const TAG =
  /^<\/?(?:a|applet|area|audio|base|button|embed|form|frame|iframe|image|img|input|link|math|meta|object|script|source|style|svg|template|track|video)(?=[\s/>])/i;
/** Attributes that can neither hold an address nor run anything: `class="note"`, `open`. */
const PLAIN_TAG =
  /^<\/?[a-z][a-z0-9-]*(?:\s+[a-z-]+(?:\s*=\s*(?:"[\w\s-]*"|'[\w\s-]*'|[\w-]+))?)*\s*\/?>?$/i;
const HOST = String.raw`[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`;
const ADDRESS = new RegExp(
  String.raw`^(?:[a-z][a-z0-9+.-]{1,20}:\/\/|:\/\/|www\.|(?:mailto|javascript|vbscript|xmpp|tel|sms):(?=\S)|data:[a-z]+\/|\/[/\\]+${HOST})`,
  'iu',
);
/** Read as an address in angle brackets, whatever its slashes: `<http:evil.example>`. */
const BRACKETED_ADDRESS = /^(?:https?|ftp|file|wss?|blob|data):|.@/i;
const ADDRESS_PART =
  /^(?:[a-z][a-z0-9+.-]{0,20}(?::\/?)?|:\/?|w{1,3}\.?|\/(?:[/\\]+[\p{L}\p{N}.-]*)?)$/iu;
const MAIL_PART = new RegExp(String.raw`^${MAIL_NAME}(?:@[\p{L}\p{N}.-]*)?$`, 'u');
const REST_OF_MAIL = new RegExp(`^${MAIL_HOST}`, 'u');
const WORDS = new RegExp(`^${WORD.source}{1,${LONGEST}}`);

/** The first piece of `input`, which is not empty; null when more input could make it another one. */
export function nextPiece(input: string, position: Position): Piece | null {
  const { before, final, removed } = position;
  const character = input.charAt(0);
  if (character === '!' || character === '[') return bracketed(input, position);
  if (character === '<') return tagged(input, position);
  const inWord = /[\p{L}\p{N}_]/u.test(before);
  // A scheme begins a word; what is left of one whose scheme is out already does not.
  if (inWord && character !== ':' && character !== '@') return plain(input);
  const word = WORDS.exec(input)?.[0] ?? '';
  const open = word.length === input.length && word.length < LONGEST && !final;
  if (ADDRESS.test(word)) return open ? null : address(withoutPunctuation(word), removed);
  if (open && (ADDRESS_PART.test(word) || MAIL_PART.test(word))) return null;
  const mail = leadingMail(word);
  if (mail !== '') return address(mail, removed);
  // The rest of a mail address whose name was too odd to be held back.
  if (character === '@' && inWord) {
    const [host] = REST_OF_MAIL.exec(word) ?? [];
    if (open) return null;
    if (host !== undefined) return address(host, removed);
  }
  return plain(input);
}

function address(url: string, removed: string): Piece {
  return {
    length: url.length,
    addresses: [url],
    render: (allows) => (allows(url) ? url : removed),
  };
}

/** `[words](target)`, `![words](target)`, `[label]: target`; every other bracket is text. */
function bracketed(input: string, position: Position): Piece | null {
  const { final } = position;
  const image = input.startsWith('!');
  if (image && input.length === 1 && !final) return null;
  if (image && input.charAt(1) !== '[') return text('!');
  const open = image ? 1 : 0;
  const close = closing(input, open, '[', ']');
  if (close === 'later' && !final) return null;
  if (typeof close === 'string') return text(input.charAt(0));
  if (input.length === close + 1 && !final) return null;
  const label = () => piecesOf(input.slice(open + 1, close), position);
  if (input.charAt(close + 1) !== '(') {
    if (image) return link(close + 1, label(), null);
    const definition = position.opening ? defined(input, close + 1, position) : undefined;
    return definition === undefined ? text('[') : definition;
  }
  const end = closing(input, close + 1, '(', ')');
  if (end === 'later' && !final) return null;
  if (typeof end === 'string') return text(input.charAt(0));
  const target = (/^\s*<?([^\s>]*)/.exec(input.slice(close + 2, end))?.[1] ?? '').trim();
  return link(end + 1, label(), image ? null : target);
}

/** A link whose words stay, in quotes, when it goes: they never join with what stands beside them. */
function link(length: number, label: readonly Piece[], target: string | null): Piece {
  return {
    length,
    addresses: [...(target === null ? [] : [target]), ...label.flatMap((one) => one.addresses)],
    render: (allows) => {
      const words = label.map((one) => one.render(allows)).join('');
      if (target !== null && allows(target)) return `[${words}](${target})`;
      return words.trim() === '' ? ' ' : `“${words.trim()}”`;
    },
  };
}

/** Where a reference leads: `[label]: <target>`, also over two lines. Undefined: it is something else. */
function defined(input: string, from: number, { final, removed }: Position) {
  const known = input.slice(from, from + LONGEST);
  const more = !final && known.length < LONGEST;
  // Markers between may be taken out later.
  const [head] = /^(?:\[[\^\d\s,;–-]*\]|[ \t])*:[ \t]*(?:\n[ \t>]*)?/.exec(known) ?? [];
  if (head === undefined) {
    return more && /^(?:\[[\^\d\s,;–-]*\]|[ \t])*(?:\[[\^\d\s,;–-]*)?$/.test(known)
      ? null
      : undefined;
  }
  const [target = ''] = /^(?:<[^<>\n]*>|\S+)/.exec(known.slice(head.length)) ?? [];
  const behind = known.slice(head.length + target.length);
  if (more && (target === '' || /^[ \t]*$/.test(behind))) return null;
  // Words that go on are a sentence; a target without these leads to no other host.
  if (!/^[ \t]*(?:[\n"'(]|$)/.test(behind) || !/[/\\:&]/.test(target)) return undefined;
  const lead = input.slice(0, from) + head;
  const url = target.replace(/^<(.*)>$/, '$1');
  return {
    length: lead.length + target.length,
    addresses: [url],
    render: (allows: (address: string) => boolean) => lead + (allows(url) ? target : removed),
  };
}

/** HTML that could load or run something, and addresses in angle brackets. */
function tagged(input: string, { opening, final, removed }: Position): Piece | null {
  const known = input.slice(0, LONGEST);
  const more = !final && input.length < LONGEST;
  const inside = /^<([^\s<>]*)>/.exec(known)?.[1];
  if (inside !== undefined && (ADDRESS.test(inside) || BRACKETED_ADDRESS.test(inside))) {
    return angled(inside, removed);
  }
  if (TAG.test(known)) {
    const end = known.indexOf('>');
    return end === -1 && more ? null : { ...text(upTo(known, end)), render: () => ' ' };
  }
  if (/^<\/?[a-z][a-z0-9-]*[\s/>]/i.test(known)) {
    const end = known.search(/>|\n\n/);
    if (end === -1 && more) return null;
    const tag = known.charAt(end) === '>' ? upTo(known, end) : '';
    // Only what opens a line is HTML whatever stands in it.
    const loads = tag.includes('=') && !PLAIN_TAG.test(tag) && (opening || !/.</s.test(tag));
    return loads ? { ...text(tag), render: () => ' ' } : text('<');
  }
  // An address in angle brackets, or the name of an element, ends with one of these.
  return more && /^<[^\s<>]*$/.test(known) ? null : text('<');
}

function upTo(input: string, end: number): string {
  return end === -1 ? input : input.slice(0, end + 1);
}

function angled(url: string, removed: string): Piece {
  return {
    length: url.length + 2,
    addresses: [url],
    render: (allows) => (allows(url) ? `<${url}>` : removed),
  };
}

/** Words of a link may hold another one. */
function piecesOf(label: string, { removed }: Position): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < label.length; ) {
    const before = label.charAt(at - 1);
    const position = { before, opening: false, final: true, removed };
    const piece = nextPiece(label.slice(at), position);
    if (piece === null) break;
    pieces.push(piece);
    at += piece.length;
  }
  return pieces;
}

function text(words: string): Piece {
  return { length: words.length, addresses: [], render: () => words };
}

/** Up to where something could begin that is not plain. */
function plain(input: string): Piece {
  return text(/^[\p{L}\p{N}_]+|^[^\p{L}\p{N}_!<[:/@]+|^./su.exec(input)?.[0] ?? input.charAt(0));
}

/** Index of the bracket that closes the one at `from`; 'never' where its paragraph or its length ends. */
function closing(input: string, from: number, open: string, close: string) {
  let depth = 0;
  const end = Math.min(input.length, from + LONGEST);
  for (let index = from; index < end; index += 1) {
    const character = input.charAt(index);
    if (character === '\\') index += 1;
    else if (character === open) depth += 1;
    else if (character === close && --depth === 0) return index;
    else if (character === '\n' && input.charAt(index + 1) === '\n') return 'never';
  }
  return input.length < from + LONGEST ? 'later' : 'never';
}
