import { get_encoding, type Tiktoken } from 'tiktoken';

/** BPE is quadratic on runs without a break: 40 kB of one letter took 1.6 s. Longer runs are cut. */
const LONGEST_RUN = 256;
const LONG_RUN = new RegExp(`\\S{${LONGEST_RUN}}(?=\\S)`, 'gu');

let encoding: Tiktoken | undefined;

/** Loading takes half a second: on first use, then kept for the life of the process. */
function opened(): Tiktoken {
  encoding ??= get_encoding('o200k_base');
  return encoding;
}

/**
 * Number of tokens of `text` in the o200k_base encoding (the one of current OpenAI chat models).
 * Exact for ordinary text; runs of more than 256 characters without white space are cut first, which
 * may count a token more per cut. Text that looks like a special token counts as plain text.
 */
export function countTokens(text: string): number {
  return opened().encode(text.replace(LONG_RUN, '$& '), [], []).length;
}

/** Pieces are numbered from the most frequent on; the commonest misspellings of English begin at about 75,000. */
const FREQUENT = 75_000;

/**
 * Whether a word is known to be one: it is a single piece of the o200k_base encoding, which was made from text of many
 * languages, and among the frequent ones. `closure` is, `vacatoin` and `recieve` are not; nor are most rare words.
 */
export function isFrequentWord(word: string): boolean {
  const [token, ...others] = opened().encode(` ${word}`, [], []);
  return token !== undefined && token < FREQUENT && others.length === 0;
}
