import { one, sql } from '@docent/database/sql';
import { fileDatabase, testOrganization } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeSearch } from './search.ts';
import { notedJobs, storeContent, type TestContent } from './testing.ts';

const database = fileDatabase();

const others: TestContent[] = [
  { title: 'Logs', chunks: ['A log file is kept for a year. The board of directors reads it.'] },
  { title: 'Post', chunks: ['Post is collected at noon. Parcels go to the gate.'] },
];

describe('a word that is written with or without a hyphen', () => {
  test.each([
    ['en', 'email', 'An E-mail is answered within a day.', ['E-mail']],
    ['en', 'emails', 'Each e‑mail is answered within a day.', ['e‑mail']],
    ['en', 'e-mail', 'Every email is answered within a day.', ['email']],
    ['en', 'onboarding', 'On-boarding takes two weeks.', ['On-boarding']],
    ['en', 'on-boarding', 'Onboarding takes two weeks.', ['Onboarding']],
    ['en', 'login', 'The log-in needs a second factor.', ['log-in']],
    ['en', 'email address', 'Your e-mail-address is public.', ['e-mail', 'address']],
    ['de', 'Emailadresse', 'Die E-Mail-Adresse steht im Vertrag.', ['E-Mail-Adresse']],
    ['de', 'E-Mail', 'Eine Email wird am selben Tag beantwortet.', ['Email']],
    ['hu', 'email', 'Az e-mail a titkárságra megy.', ['e-mail']],
  ])('is found in the other spelling, in %s: %s', async (language, query, text, marked) => {
    const { ask } = await organization([{ title: 'It', language, chunks: [text] }, ...others]);

    const { passages, correctedQuery } = await ask(query);

    const [first] = passages;
    expect(first?.text).toBe(text);
    expect(first?.highlights.map(({ start, end }) => text.slice(start, end))).toEqual(marked);
    expect(correctedQuery).toBeNull();
  });

  test('is as rare as both spellings together, and finds texts of both', async () => {
    const { ask } = await organization([
      { title: 'One', chunks: ['An e-mail is answered.'] },
      { title: 'Two', chunks: ['An email is answered.'] },
      ...others,
    ]);

    for (const query of ['email', 'e-mail']) {
      const { passages } = await ask(query);

      expect(passages.map(({ title }) => title).sort()).toEqual(['One', 'Two']);
    }
    const { terms } = await ask('email');
    expect(terms).toMatchObject([{ lexeme: 'email', df: 2 }]);
  });

  test('takes nothing from a question when the material has it in no other spelling', async () => {
    const { ask } = await organization([
      { title: 'One', chunks: ['An e-mail is answered.'] },
      ...others,
    ]);

    const { terms, passages } = await ask('e-mail');

    expect(terms.map(({ lexeme }) => lexeme).sort()).toEqual(['e', 'mail']);
    expect(passages[0]?.parts.wordsNormalised).toBeGreaterThan(0.5);
  });

  test('is found in a title and a heading', async () => {
    const { ask } = await organization([
      { title: 'Our e-mail', chunks: ['Written by the board.'] },
      { title: 'Joining', headings: ['On-boarding'], chunks: ['It takes two weeks.'] },
    ]);

    expect((await ask('email')).passages[0]?.title).toBe('Our e-mail');
    expect((await ask('onboarding')).passages[0]?.title).toBe('Joining');
  });

  test('is looked for in the material that the caller may not read without telling of it', async () => {
    const { ask } = await organization([
      { title: 'Hidden', chunks: ['A co-financing contract.'], status: 'draft' },
      ...others,
    ]);

    const { passages, correctedQuery } = await ask('cofinancing');

    expect({ passages, correctedQuery }).toEqual({ passages: [], correctedQuery: null });
  });
});

test('codes and long chains of words stay what they are', async () => {
  const { principal } = await testOrganization(database());
  const text = 'GDPR-17, one-two-three-four-five, snake_case-x, a-b';

  const { words } = await database().withPrincipal(principal, (tx) =>
    one(
      tx,
      z.object({ words: z.string() }),
      sql`select docent.words('english', ${text})::text as words`,
    ),
  );

  expect(words).toContain("'gdpr'");
  expect(words).not.toContain("'-");
});

/** Nothing has a vector: what is found is found by its words. */
async function organization(contents: readonly TestContent[]) {
  const { principal } = await testOrganization(database());
  await storeContent(database(), principal, contents);
  const search = makeSearch({
    database: database(),
    jobs: notedJobs(),
    embedder: fakeEmbedder(),
    embedderById: () => null,
    log: { warn: () => {} },
  });
  const { signal } = new AbortController();
  return {
    ask: (query: string) =>
      search(principal, { query, filters: {}, limit: 10, mode: 'hybrid' }, { signal }),
  };
}
