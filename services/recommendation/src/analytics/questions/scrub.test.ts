import { expect, test } from 'vitest';
import { makeScrubber } from './scrub.ts';

const scrub = makeScrubber(['Anna Kovács', 'Will Smith-Jones', 'Ed Li', 'Jörg Müller']);

test.each([
  ['Ask anna.kovacs+x@corp.example.com about it', 'Ask [e-mail] about it'],
  ['Call me at +36 (20) 123-4567 or 0049/30/1234567', 'Call me at [number] or [number]'],
  ['Is 2026 a leap year, and what is form 4711?', 'Is 2026 a leap year, and what is form 4711?'],
])('addresses and long numbers go: %s', (text, expected) => {
  expect(scrub(text)).toBe(expected);
});

test.each([
  ['Who replaces Anna Kovács while she is away?', 'Who replaces [name] while she is away?'],
  ['is kovacs anna in today', 'is [name] in today'],
  ['What is Anna’s salary? And MÜLLER’s?', 'What is [name] salary? And [name]?'],
  ['Annának mennyi szabadsága van?', '[name] mennyi szabadsága van?'],
  ['Did Smith sign it, Jörg?', 'Did [name] sign it, [name]?'],
  ['Smith-Jones asked', '[name] asked'],
])('names of the directory go, however they are written: %s', (text, expected) => {
  expect(scrub(text)).toBe(expected);
});

test('a common word stays although somebody is called like it, unless it is written as a name', () => {
  expect(scrub('what will happen to Will?')).toBe('what will happen to [name]?');
});

test('a directory without people takes nothing out', () => {
  expect(makeScrubber([])('Who is Anna?')).toBe('Who is Anna?');
});
