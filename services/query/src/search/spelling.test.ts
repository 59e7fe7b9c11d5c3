import type { Principal } from '@docent/core/principal';
import { addUser, fileDatabase, testOrganization } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { makeSearch } from './search.ts';
import { notedJobs, storeContent, type TestContent } from './testing.ts';

const database = fileDatabase();

const leave: TestContent = {
  title: 'Vacation policy',
  chunks: [
    'Managers approve vacation. The department keeps the calendar.',
    'Whoever loses a password receives a temporary one.',
    'The Huguenots settled here.',
  ],
};

describe('a misspelt word', () => {
  test.each([
    ['a letter too few', 'how much vaction', 'how much vacation'],
    ['a letter too many', 'how much vacatiion', 'how much vacation'],
    ['two letters exchanged', 'how much vacatoin', 'how much vacation'],
    ['another letter', 'the departmant', 'the department'],
    ['two slips in a long word', 'the departmend calender', 'the department calendar'],
    ['another form than the material has', 'who aproves it', 'who approve it'],
    ['a short word', 'pasword lost', 'password lost'],
    ['one that is written so often that it looks like a word', 'I recieve one', 'I receives one'],
    ['a capital', 'Vaccation', 'Vacation'],
    ['two letters of a long name exchanged', 'where is Huguneots', 'where is Huguenots'],
  ])('is what the material writes: %s', async (_, asked, meant) => {
    const { ask } = await organization([leave]);

    const { correctedQuery, passages } = await ask(asked);

    expect(correctedQuery).toBe(meant);
    expect(passages[0]?.highlights).not.toEqual([]);
  });

  test.each([
    ['it is right', 'vacation of a manager'],
    ['it is another word that the material does not have', 'what is a closure or a vacancy'],
    ['more than a slip or two are needed', 'vakashun'],
    ['it begins with another letter', 'bacation'],
    ['it is a code', 'vaction-17, v2.vaction, vaction_1'],
    ['it is an abbreviation', 'VACTION'],
    ['it is part of an address', 'ask vaction@pasword.example'],
  ])('stays when %s', async (_, asked) => {
    const { ask } = await organization([leave, { title: 'Closing', chunks: ['Close the door.'] }]);

    expect((await ask(asked)).correctedQuery).toBeNull();
  });

  test('is none when the words of another language have it', async () => {
    const { ask } = await organization([
      { title: 'Szabadság', language: 'hu', chunks: ['A szabadság kérése a portálon történik.'] },
      { title: 'Portal', chunks: ['The portal and the keys.'] },
    ]);

    const right = await ask('szabadság kérése');
    const wrong = await ask('szabadsag kérése a porátlon');

    expect(right.correctedQuery).toBeNull();
    expect(wrong.correctedQuery).toBe('szabadsag kérése a portálon');
  });

  test.each([
    ['en', 'Our office is in Budapest.', 'the head of the Bukarest office'],
    ['en', 'Peter Meier looks after parking.', 'What is the extension of Peter Meyer?'],
    ['en', 'Raise one hand and go with it.', 'when does it opne, on wich hend'],
    ['de', 'Urlaub wird früh beantragt, Belege sind einzureichen.', 'wann muss ich ihn beantragen'],
    [
      'de',
      'Urlaub wird früh beantragt, Belege sind einzureichen.',
      'muss ich die Belege einreichen',
    ],
    ['de', 'Das Ende der Probezeit.', 'Wann endet die Probezeit?'],
    ['en', 'Give me a hand.', 'Hány nap jár évente?'],
  ])('is no name, no other form and no word of another language (%s: %s)', async (...of) => {
    const [language, text, asked] = of;
    const { ask } = await organization([{ title: 'Rules', language, chunks: [text] }]);

    expect((await ask(asked)).correctedQuery).toBeNull();
  });

  test('is what begins like it for longer, where two are as near', async () => {
    const { ask } = await organization([
      { title: 'Room', chunks: ['Tools and more tools. Clean towels are free.'] },
    ]);

    expect((await ask('what does a towle cost')).correctedQuery).toBe('what does a towels cost');
  });

  test('is no way to words that somebody may not read, and those make no word right', async () => {
    const restricted = await organization((insider) => [
      {
        title: 'Plans',
        chunks: ['Project Halcyon buys a competitor. Vaction is a word here.'],
        visibleTo: { users: [insider.userId] },
      },
      leave,
    ]);
    const { ask, outsider, insider } = restricted;

    expect((await ask('halcyn', insider)).correctedQuery).toBe('halcyon');
    expect((await ask('halcyn', outsider)).correctedQuery).toBeNull();
    expect((await ask('vaction', insider)).correctedQuery).toBeNull();
    expect((await ask('vaction', outsider)).correctedQuery).toBe('vacation');
  });

  test('is no way to what does not count yet or any more, or is no longer current', async () => {
    const { ask } = await organization([
      { title: 'A', chunks: ['The Halcyon project.'], effectiveFrom: '2999-01-01T00:00:00Z' },
      { title: 'B', chunks: ['The Halcyon project.'], expiresAt: '2001-01-01T00:00:00Z' },
      { title: 'C', chunks: ['The Halcyon project.'], status: 'archived' },
      { title: 'D', chunks: ['The Halcyon project.'], state: 'staged' },
      leave,
    ]);

    expect((await ask('halcyn')).correctedQuery).toBeNull();
  });

  test('is searched for by what it was meant to be, by words and by meaning', async () => {
    const { ask } = await organization([
      { title: 'Kubernetes', chunks: ['A deployment keeps replicas running.'] },
      { title: 'Parking', chunks: ['Ask the reception for a permit.'] },
    ]);

    const { query, passages, terms } = await ask('What does kuberntes do?');

    expect(query).toBe('What does kubernetes do?');
    expect(passages[0]).toMatchObject({
      title: 'Kubernetes',
      parts: { vector: expect.any(Number) },
    });
    expect(passages[0]?.parts.wordsNormalised).toBeGreaterThan(0.5);
    expect(terms).toMatchObject([{ lexeme: 'kubernet', df: 1 }]);
  });
});

async function organization(
  contents: readonly TestContent[] | ((insider: Principal) => readonly TestContent[]),
) {
  const { principal } = await testOrganization(database());
  const insider = await addUser(database(), principal, 'learner');
  const outsider = await addUser(database(), principal, 'learner');
  const embedder = fakeEmbedder();
  const all = typeof contents === 'function' ? contents(insider) : contents;
  await storeContent(
    database(),
    principal,
    all.map((content) => ({ ...content, embedder })),
  );
  const search = makeSearch({
    database: database(),
    jobs: notedJobs(),
    embedder,
    embedderById: () => null,
    log: { warn: () => {} },
  });
  const ask = (query: string, who = principal) =>
    search(
      who,
      { query, mode: 'hybrid', limit: 5, filters: {} },
      { signal: AbortSignal.timeout(60_000) },
    );
  return { ask, insider, outsider };
}
