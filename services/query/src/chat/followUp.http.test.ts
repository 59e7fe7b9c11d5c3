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

    const titles: readonly string[] = said.titles;
    const place = titles.indexOf(listed[1] ?? '');
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
  const titles: readonly string[] = said.titles;
  expect(yes.text).toContain(said.days[titles.indexOf(first)]);
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

const policies: TestContent[] = [
  {
    title: 'Car park',
    chunks: [
      'The car park opens at 6 in the morning. The car park closes at 10 in the evening. Bicycles are parked in the inner courtyard for free.',
    ],
  },
  {
    title: 'Travel expenses',
    chunks: [
      'The daily allowance is 45 euros. The daily allowance is paid with the salary of the next month.',
      'Hotels are booked through the travel desk. A night costs at most 120 euros.',
    ],
  },
  {
    title: 'Working from home',
    chunks: [
      'Employees may work from home three days a week. Part-timers may work from home one day a week. Interns may not work from home.',
    ],
  },
  {
    title: 'Giving feedback',
    chunks: ['Thanks are best given at once. Tell people more than once.'],
  },
  ...unrelated,
];

test.each([
  ['When does the car park open?', 'and bicycles?', 'inner courtyard'],
  ['When does the car park open?', 'What about bicycles?', 'inner courtyard'],
  ['What is the daily allowance?', 'and hotels?', 'travel desk'],
  ['What is the daily allowance?', 'hotels?', 'travel desk'],
  ['How many days may employees work from home?', 'and interns?', 'may not work from home'],
])('%s %s: what is asked now is answered, not what was before', async (first, then, answer) => {
  const { ask } = await chatAbout(policies);

  const before = await ask(first);
  const now = await ask(then);

  expect(before.outcome).toBe('answer');
  expect(now.outcome).toBe('answer');
  expect(now.text).toContain(answer);
  expect(now.text.split(/(?<=\.)\s+/).filter((one) => before.text.includes(one))).toEqual([]);
});

test('a pronoun keeps the subject: what is quoted is about it, though others have the same words', async () => {
  const { ask } = await chatAbout([
    {
      title: 'Visa',
      chunks: ['A visa is issued by the embassy. The embassy takes two weeks to issue a visa.'],
    },
    { title: 'Bus', chunks: ['Take the bus at the gate. The long ride is free.'] },
    ...unrelated,
  ]);

  await ask('Who issues a visa?');
  const duration = await ask('How long does it take?');

  expect(duration.text).not.toContain('bus');
});

test.each([
  ['another one of those offered', 'Part-timers get 17 vacation days a year.'],
  ['no document', 'Team-leads get 30 vacation days a year.'],
])('what %s says is not answered from the chosen one', async (_, inGermany) => {
  const said = languages[0];
  const { ask } = await chatAbout([
    {
      title: said.titles[0],
      chunks: ['Employees get 20 vacation days a year. Team-leads get 22 vacation days a year.'],
    },
    { title: said.titles[1], chunks: [`Employees get 28 vacation days a year. ${inGermany}`] },
    ...unrelated,
  ]);

  const asked = await ask(said.question);
  const chosen = await ask('Hungary');
  const partTimers = await ask(said.partTimers);
  const germany = await ask('And in Germany?');

  expect(asked.outcome).toBe('clarify');
  expect(chosen.text).toContain('20 vacation days');
  expect(partTimers.outcome).toBe('abstain');
  expect(partTimers.confidence?.level).toBe('low');
  expect(germany.text).toContain('28 vacation days');
});

test('small talk in between is no question that a follow-up could lean on', async () => {
  const { ask, queries } = await chatAbout(policies);

  const before = await ask('When does the car park open?');
  await ask('Thank you!');
  const more = await ask('tell me more');
  await ask('Thanks, that helped a lot!');
  queries.length = 0;
  const bicycles = await ask('and bicycles?');

  expect(more.meta.question).toBe(before.question);
  expect(more.sources.map(({ title }) => title)).toEqual(['Car park']);
  expect(bicycles.text).toContain('inner courtyard');
  expect(queries.join(' ').toLowerCase()).not.toContain('than');
});
