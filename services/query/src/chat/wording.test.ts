import { expect, test } from 'vitest';
import { languageOf } from '../search/language.ts';
import { smallTalkAnswer } from './smallTalk.ts';
import { languageAround, wordingFor, wordingIn } from './wording.ts';

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

test.each([
  [
    'en',
    [
      'hotels?',
      'Lost badge',
      'Vacation days',
      'Was it free?',
      'Tell me more',
      'San José office hours',
      'Who is Gábor Kovács?',
      'Müller travel policy',
      'Café opening hours',
      'résumé template',
    ],
  ],
  [
    'de',
    [
      'Was kosten Äpfel?',
      'Was kostet Kaffee?',
      'Urlaub beantragen',
      'Öffnungszeiten?',
      'Danke schön',
      'Kündigungsfrist?',
      'Parkplätze?',
      'Wieviel Urlaub?',
      'Und Praktikanten?',
      'Tage im Jahr?',
    ],
  ],
  [
    'hu',
    [
      'Köszönöm, sokat segítettél!',
      'Mennyibe kerül?',
      'Szabadság?',
      'Parkolás szabályai',
      'Mit tudsz?',
      'Mikor nyit?',
      'És a diákok?',
      'Kávégép tisztítása',
      'Napi díj?',
      'Munkaidő vége?',
    ],
  ],
] as const)('short messages in %s are known', (language, messages) => {
  expect(messages.map((message) => [message, languageOf(message)])).toEqual(
    messages.map((message) => [message, language]),
  );
});

test('speaks English where it has no sentences of its own', () => {
  expect(wordingFor('Qu’est-ce que la sécurité ?').language).toBe('en');
});

test.each([
  ['Ownership', 'hu', 'hu'],
  ['Kubernetes', 'de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['Ownership', 'fr, *;q=0.1', 'en'],
  ['Ownership', undefined, 'en'],
  ['How do I return a value?', 'hu', 'en'],
  ['Qu’est-ce que la sécurité ?', 'hu', 'en'],
])('%s on a page in %s is spoken of in %s', (question, accepted, language) => {
  expect(wordingFor(question, languageAround(accepted)).language).toBe(language);
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
  ['Thanks, that helped a lot!', wordingIn('en').thanks],
  ['Great, thank you for your help.', wordingIn('en').thanks],
  ['That was very helpful, thanks!', wordingIn('en').thanks],
  ['Danke, das hat mir sehr geholfen!', wordingIn('de').thanks],
  ['Vielen Dank für die schnelle Antwort', wordingIn('de').thanks],
  ['Köszönöm, sokat segítettél!', wordingIn('hu').thanks],
  ['Rendben, köszi a segítséget!', wordingIn('hu').thanks],
  ['What can you do for me?', wordingIn('en').about],
  ['Was kannst du?', wordingIn('de').about],
  ['Was kannst du für mich tun?', wordingIn('de').about],
  ['Mit tudsz?', wordingIn('hu').about],
  ['Miben tudsz nekem segíteni?', wordingIn('hu').about],
])('%s is answered kindly', (message, answer) => {
  expect(smallTalkAnswer(message)).toBe(answer);
});

test.each([
  'Hello, how do I reset my password?',
  'hello world program in Rust',
  'thanks',
  'What can you do with a Vec?',
  'Thanks. And how many days do I get?',
  'Thanks, tell me about hotels',
  'Thanks, now the vacation policy',
  'Thanks, that is wrong',
  'Danke, und wie viele Tage bekomme ich?',
  'Danke, und für Praktikanten',
  'Köszönöm. És a gyakornokok?',
  'Köszönöm, és a gyakornokok',
  'Can you help me find the travel form?',
  'Mit tudsz a szabadságról?',
  'Was kannst du über Urlaub sagen?',
  'yes',
  '???',
  'hi '.repeat(1_000),
])('%s is small talk only as a whole', (message) => {
  const answer = smallTalkAnswer(message);

  expect(answer === null).toBe(message !== 'thanks');
});
