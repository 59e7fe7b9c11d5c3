import { expect, test } from 'vitest';
import { languageOf } from '../search/language.ts';
import { smallTalkAnswer } from './smallTalk.ts';
import { wordingFor, wordingIn } from './wording.ts';

test.each([
  ['How do I return a value from a function?', 'en'],
  ['ownership', 'en'],
  ['What was the last version?', 'en'],
  ['Wie viele Urlaubstage habe ich?', 'de'],
  ['Was ist mit Teilzeitkräften?', 'de'],
  ['Hány nap szabadság jár?', 'hu'],
  ['Mi az a felhő?', 'hu'],
  ['Hogyan működik a talajnedvesség-mérő?', 'hu'],
  ['Qu’est-ce que la sécurité des données ?', 'fr'],
  ['¿Qué es la seguridad?', 'es'],
])('%s is %s', (text, language) => {
  expect(languageOf(text)).toBe(language);
});

test('speaks English where it has no sentences of its own', () => {
  expect(wordingFor('Qu’est-ce que la sécurité ?').language).toBe('en');
});

test.each([
  ['Hello!', wordingIn('en').greeting],
  ['hi there', wordingIn('en').greeting],
  ['ok, thanks a lot :)', wordingIn('en').thanks],
  ['Hi, who are you?', wordingIn('en').about],
  ['Köszönöm szépen!', wordingIn('hu').thanks],
  ['Jó napot kívánok!', wordingIn('hu').greeting],
  ['Tschüss', wordingIn('de').farewell],
  ['Vielen Dank!', wordingIn('de').thanks],
])('%s is answered kindly', (message, answer) => {
  expect(smallTalkAnswer(message)).toBe(answer);
});

test.each([
  'Hello, how do I reset my password?',
  'hello world program in Rust',
  'thanks',
  'What can you do with a Vec?',
  'yes',
  '???',
  'hi '.repeat(1_000),
])('%s is small talk only as a whole', (message) => {
  const answer = smallTalkAnswer(message);

  expect(answer === null).toBe(message !== 'thanks');
});
