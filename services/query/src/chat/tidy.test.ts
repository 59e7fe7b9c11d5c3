import { newId } from '@docent/core/ids';
import { expect, test } from 'vitest';
import type { FoundPassage } from '../search/interfaces.ts';
import { passage } from './testPassages.ts';
import { tidy } from './tidy.ts';

const most = { passages: 8, perContent: 2 };
const DAYS = 'Every employee of the company has 25 vacation days in each calendar year of work.';

/** Chunks of one document, in a row, with a line between them. */
function chunksOf(texts: readonly string[], fields: Partial<FoundPassage> = {}): FoundPassage[] {
  const contentId = newId();
  let start = 0;
  return texts.map((text, ordinal) => {
    const span = { start, end: start + text.length };
    start = span.end + 2;
    return passage(text, { contentId, ordinal, span, ...fields });
  });
}

test('of passages that say the same the best one stays', () => {
  const copy = passage(DAYS, { title: 'Copy' });

  const kept = tidy([passage(DAYS, { title: 'Original' }), copy], most);

  expect(kept.map(({ title }) => title)).toEqual(['Original']);
});

test('passages that differ in a number both stay: they contradict each other', () => {
  const kept = tidy([passage(DAYS), passage(DAYS.replace('25', '30'))], most);

  expect(kept).toHaveLength(2);
});

test('chunks in a row of one section become one passage, with the place of the first', () => {
  const [first, second, third] = chunksOf(['One begins.', 'Two goes on.', 'Three ends.']);
  if (!first || !second || !third) throw new Error('three chunks');

  const [whole, ...others] = tidy([second, third, first], most);

  expect(others).toEqual([]);
  expect(whole).toMatchObject({
    id: second.id,
    text: 'One begins.\n\nTwo goes on.\n\nThree ends.',
    span: { start: first.span.start, end: third.span.end },
  });
});

test('chunks of other sections or versions stay apart', () => {
  const [first, second] = chunksOf(['One begins.', 'Two goes on.']);
  if (!first || !second) throw new Error('two chunks');

  const sections = tidy([first, { ...second, place: { headingPath: ['Else'] } }], most);
  const versions = tidy([first, { ...second, version: 2 }], most);

  expect(sections).toHaveLength(2);
  expect(versions).toHaveLength(2);
});

test('a document has no more than its share, and the list no more than wanted', () => {
  const long = chunksOf(['A one.', 'B two.', 'C three.'], {}).map((chunk, index) => ({
    ...chunk,
    place: { headingPath: [`Section ${index}`] },
  }));
  const others = ['D four.', 'E five.'].map((text) => passage(text));

  const kept = tidy([...long, ...others], { passages: 3, perContent: 2 });

  expect(kept.map(({ text }) => text)).toEqual(['A one.', 'B two.', 'D four.']);
});
