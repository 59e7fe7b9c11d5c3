import { get_encoding, type Tiktoken } from 'tiktoken';

/** BPE is quadratic on runs without a break: 40 kB of one letter took 1.6 s. Longer runs are cut. */
const LONGEST_RUN = 256;
const LONG_RUN = new RegExp(`\\S{${LONGEST_RUN}}(?=\\S)`, 'gu');

let encoding: Tiktoken | undefined;

/**
 * Number of tokens of `text` in the o200k_base encoding (the one of current OpenAI chat models).
 * Exact for ordinary text; runs of more than 256 characters without white space are cut first, which
 * may count a token more per cut. Text that looks like a special token counts as plain text.
 */
export function countTokens(text: string): number {
  // Loading takes half a second: on first use, then kept for the life of the process.
  encoding ??= get_encoding('o200k_base');
  return encoding.encode(text.replace(LONG_RUN, '$& '), [], []).length;
}
