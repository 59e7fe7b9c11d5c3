import { fileDatabase } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, test } from 'vitest';
import { makeSearch } from '../search/search.ts';
import { notedJobs, storeContent, type TestContent } from '../search/testing.ts';
import { testChat } from './testChat.ts';

const database = fileDatabase();

const handbook: TestContent[] = [
  {
    title: 'Information Security Guide',
    headings: ['Passwords', 'Phishing', 'Phishing', 'Lost devices'],
    chunks: [
      'Passwords\n\nA passphrase has at least 14 characters. Nobody writes it down.',
      'Phishing\n\nLook at the address of the sender and at where a link leads before you click.',
      'Whoever reports a suspicious message that was clicked already has nothing to fear.',
      'Lost devices\n\nA lost laptop is reported within one hour. The team erases it from afar.',
    ],
  },
  {
    title: 'Information Security Basics',
    chunks: [
      'What everybody must know about passwords, phishing and devices. The course takes 60 minutes.',
      'The course ends with a quiz about passwords. It is taken once a year.',
    ],
  },
  {
    title: 'Office Guide',
    headings: ['E-mail', 'Parking', 'Canteen'],
    chunks: [
      'E-mail\n\nEach e-mail of a customer is answered within one working day.',
      'Parking\n\nCars park behind the hall. The barrier opens with a badge.',
      'Canteen\n\nThe canteen opens at noon. Soup is free on Fridays.',
    ],
  },
];

test.each([
  ['How do I recognise phishing?', 'the sender'],
  ['What about phishing?', 'the sender'],
  ['When is an email of a customer answered?', 'one working day'],
  ['When is an e-mail of a customer answered?', 'one working day'],
])(
  'a section answers a question that names it, or its words in another spelling: %s',
  async (question, answer) => {
    const chat = await chatAbout(handbook);

    const { done } = await chat.answer(question);
    expect(done?.outcome).toBe('answer');
    expect(done?.text).toContain(answer);
    expect(done?.citations.map(({ supported }) => supported)).not.toContain(false);
  },
);

test.each(['How do I recognise a virus?', 'What is the policy about lost keys of a car?'])(
  'a section does not answer what its heading does not name: %s',
  async (question) => {
    const chat = await chatAbout(handbook);

    const { done } = await chat.answer(question);
    expect(done?.outcome).toBe('abstain');
  },
);

/** Chat on the real search and the built-in answerer. */
async function chatAbout(contents: readonly TestContent[]) {
  const search = makeSearch({
    database: database(),
    jobs: notedJobs(),
    embedder: fakeEmbedder(),
    embedderById: () => null,
    log: { warn: () => {} },
  });
  const chat = await testChat({ database: database(), search });
  await storeContent(database(), chat.principal, contents);
  return chat;
}
