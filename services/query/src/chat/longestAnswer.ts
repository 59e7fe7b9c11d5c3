/** A sentence's last characters, when the next one has begun; markers may stand behind its full stop. */
const SENTENCE_END = /[.!?…。！？]["”’')*]*(?:\s?\[[\d, ]+\])*(?=\s)|\n/g;
/** Part of the length after which the text ends with the next sentence. */
const ENOUGH = 0.9;

/**
 * Ends a text that comes in pieces before it gets longer than `longest` characters: with a sentence of its last tenth,
 * or, where none ends there, with a word. A shorter text is not changed.
 */
export function createLengthLimit(longest: number) {
  const enough = Math.floor(longest * ENOUGH);
  let passed = 0;
  let rest = '';
  let reached = false;

  function take(text: string): string {
    passed += text.length;
    return text;
  }

  return {
    push(chunk: string): string {
      if (reached) return '';
      const free = Math.max(0, enough - passed);
      const text = take(chunk.slice(0, free));
      rest += chunk.slice(free);
      if (rest.length <= longest - passed) return text;
      reached = true;
      return text + take(cutAt(rest.slice(0, longest - passed)));
    },
    /** What was held back; nothing after the end was reached. */
    end: () => (reached ? '' : take(rest)),
    reached: () => reached,
  };
}

/** Up to the last end of a sentence in it, else of a word, else all. */
function cutAt(text: string): string {
  const end = [...text.matchAll(SENTENCE_END)].at(-1);
  if (end) return text.slice(0, end.index + end[0].length).trimEnd();
  const word = text.search(/\s\S*$/);
  return word > 0 ? text.slice(0, word) : text.toWellFormed();
}
