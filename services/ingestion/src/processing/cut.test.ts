import { expect, test } from 'vitest';
import type { Extracted } from '../extract/document.ts';
import { cut, cutAndLook } from './cut.ts';

const never = new AbortController().signal;

test('a long text is cut in a thread into the same chunks', async () => {
  const document = textOf(60_000);

  const chunks = await cut({ document, targetTokens: 100 }, never);

  expect(chunks).toEqual(cutAndLook({ document, targetTokens: 100 }));
  expect(chunks.length).toBeGreaterThan(100);
});

test('the event loop goes on while a long text is cut', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);

  await cut({ document: textOf(200_000), targetTokens: 100 }, never);
  clearInterval(timer);

  // Cut on this thread, not one timer would have come.
  expect(turns).toBeGreaterThan(1);
});

test('an abort ends the cutting with its reason', async () => {
  const stopping = new AbortController();
  const running = cut({ document: textOf(200_000), targetTokens: 100 }, stopping.signal);

  stopping.abort(new Error('stopping'));

  await expect(running).rejects.toThrow('stopping');
});

test('what cutting throws is thrown', async () => {
  const document = { ...textOf(60_000), sections: null };

  // @ts-expect-error: a document that is none
  const running = cut({ document, targetTokens: 100 }, never);

  await expect(running).rejects.toThrow(TypeError);
});

function textOf(length: number): Extracted {
  const text = 'The cable is checked first. '.repeat(length / 28);
  const sections: Extracted['sections'] = [
    { start: 0, end: text.length, place: { headingPath: [] }, kind: 'text', boundary: true },
  ];
  return { text, title: null, language: 'en', sections, warning: null };
}
