import { newId } from '@docent/core/ids';
import { fileDatabase } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, test } from 'vitest';
import type { Search } from '../search/interfaces.ts';
import { makeSearch } from '../search/search.ts';
import { notedJobs, storeContent, type TestContent } from '../search/testing.ts';
import { testChat } from './testChat.ts';

const database = fileDatabase();
const embedder = fakeEmbedder();

/** Chat on the real search and the built-in answerer. */
async function chatAbout(contents: readonly TestContent[]) {
  const queries: string[] = [];
  const real = makeSearch({
    database: database(),
    jobs: notedJobs(),
    embedder,
    embedderById: () => null,
    log: { warn: () => {} },
  });
  const search: Search = (principal, input, options) => {
    queries.push(input.query);
    return real(principal, input, options);
  };
  const chat = await testChat({ database: database(), search });
  await storeContent(database(), chat.principal, contents);
  let conversationId: string | undefined;
  const ask = async (message: string) => {
    const { meta, done } = await chat.answer(message, conversationId ? { conversationId } : {});
    if (!done || !meta) throw new Error('the answer has no beginning or no end');
    conversationId = done.conversationId;
    return { ...done, meta };
  };
  return { ask, queries };
}

const unrelated: TestContent[] = [
  { title: 'Canteen', chunks: ['The canteen opens at noon. Soup is free on Fridays.'] },
  { title: 'Parking', chunks: ['Cars park behind the hall. The barrier opens with a badge.'] },
];

const languages = [
  {
    language: 'en',
    titles: ['Vacation policy Hungary', 'Vacation policy Germany'],
    texts: [
      'Employees get 20 vacation days a year. Part-timers get 11 vacation days a year.',
      'Employees get 28 vacation days a year. Part-timers get 17 vacation days a year.',
    ],
    question: 'How many vacation days do employees get?',
    second: 'the second one',
    yes: 'yes',
    partTimers: 'And for part-timers?',
    days: ['20 vacation days', '28 vacation days'],
    fewer: ['11 vacation days', '17 vacation days'],
  },
  {
    language: 'hu',
    titles: ['Szabadság szabályzat Budapest', 'Szabadság szabályzat Szeged'],
    texts: [
      'A dolgozók szabadsága évente 20 nap. A részmunkaidősök szabadsága évente 11 nap.',
      'A dolgozók szabadsága évente 28 nap. A részmunkaidősök szabadsága évente 17 nap.',
    ],
    question: 'Hány nap a dolgozók szabadsága évente?',
    second: 'a másodikat',
    yes: 'igen',
    partTimers: 'És a részmunkaidősöknek?',
    days: ['évente 20 nap', 'évente 28 nap'],
    fewer: ['évente 11 nap', 'évente 17 nap'],
  },
  {
    language: 'de',
    titles: ['Urlaub Richtlinie Wien', 'Urlaub Richtlinie Berlin'],
    texts: [
      'Mitarbeiter bekommen 20 Tage Urlaub im Jahr. Teilzeitkräfte bekommen 11 Tage Urlaub im Jahr.',
      'Mitarbeiter bekommen 28 Tage Urlaub im Jahr. Teilzeitkräfte bekommen 17 Tage Urlaub im Jahr.',
    ],
    question: 'Wie viele Tage Urlaub bekommen Mitarbeiter im Jahr?',
    second: 'das zweite',
    yes: 'ja, bitte',
    partTimers: 'Und für Teilzeitkräfte?',
    days: ['20 Tage Urlaub', '28 Tage Urlaub'],
    fewer: ['11 Tage Urlaub', '17 Tage Urlaub'],
  },
] as const;

test.each(languages)(
  'in $language, what was asked back is answered by a place in the list, and the next question stays with it',
  async (said) => {
    const contents = said.texts.map((text, n) => ({
      title: said.titles[n] ?? newId(),
      chunks: [text],
      language: said.language,
    }));
    const { ask } = await chatAbout([...contents, ...unrelated]);

    const asked = await ask(said.question);
    const listed = [...asked.text.matchAll(/^\d\. (.+)$/gm)].map(([, title = '']) => title);
    const second = await ask(said.second);
    const partTimers = await ask(said.partTimers);

    const place = said.titles.findIndex((title) => title === listed[1]);
    expect(asked.outcome).toBe('clarify');
    expect([...listed].sort()).toEqual([...said.titles].sort());
    expect(second.outcome).toBe('answer');
    expect(second.text).toContain(said.days[place]);
    expect(second.meta.question).toBe(`${said.question} (${listed[1]})`);
    expect(partTimers.outcome).toBe('answer');
    expect(partTimers.text).toContain(said.fewer[place]);
    expect(partTimers.sources.map(({ title }) => title)).toEqual([listed[1]]);
    expect(partTimers.meta.question).toContain(said.partTimers);
    expect(partTimers.question).toBe(partTimers.meta.question);
  },
);

test.each(languages)('in $language, a plain yes takes the first document', async (said) => {
  const contents = said.texts.map((text, n) => ({
    title: said.titles[n] ?? newId(),
    chunks: [text],
    language: said.language,
  }));
  const { ask } = await chatAbout([...contents, ...unrelated]);

  const asked = await ask(said.question);
  const [, first = ''] = /^1\. (.+)$/m.exec(asked.text) ?? [];
  const yes = await ask(said.yes);

  expect(yes.outcome).toBe('answer');
  expect(yes.text).toContain(said.days[said.titles.findIndex((title) => title === first)]);
  expect(yes.meta.question).toBe(`${said.question} (${first})`);
});

test('both are answered from both, and another subject is left to itself', async () => {
  const said = languages[0];
  const contents = said.texts.map((text, n) => ({
    title: said.titles[n] ?? newId(),
    chunks: [text],
  }));
  const { ask, queries } = await chatAbout([...contents, ...unrelated]);

  await ask(said.question);
  const both = await ask('both, please');
  queries.length = 0;
  const other = await ask('When does the canteen open?');

  expect(both.outcome).toBe('answer');
  expect(both.text).toContain('20 vacation days');
  expect(both.text).toContain('28 vacation days');
  expect(other.text).toContain('noon');
  expect(queries).toEqual(['When does the canteen open?']);
});
