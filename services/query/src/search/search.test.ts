import { AppError } from '@docent/core/errors';
import { run, sql } from '@docent/database/sql';
import type { Embedder } from '@docent/models/interfaces';
import { fileDatabase, testOrganization } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import type { SearchInput, SearchResult } from './interfaces.ts';
import { makeSearch, type SearchDeps } from './search.ts';
import { notedJobs, storeContent, type TestContent } from './testing.ts';

const database = fileDatabase();

describe('words', () => {
  test('find passages that hold any word of the question, not only those that hold all', async () => {
    const { ask } = await organization([
      { title: 'Travel', chunks: ['Book a hotel through the travel portal.'] },
      { title: 'Leave', chunks: ['Parental leave lasts twelve weeks.'] },
    ]);

    const { passages } = await ask('How many weeks of parental leave does a new employee get?');

    expect(titles(passages)).toEqual(['Leave']);
  });

  test('rank a passage with rare words of the question above one with common words', async () => {
    const { ask } = await organization([
      { title: 'A', chunks: ['The portal shows the company calendar.'] },
      { title: 'B', chunks: ['The portal shows the company news.'] },
      { title: 'C', chunks: ['A voucher is ordered by telephone.'] },
    ]);

    const { passages } = await ask('order a voucher in the company portal');

    expect(titles(passages)[0]).toBe('C');
    expect(titles(passages).sort()).toEqual(['A', 'B', 'C']);
    expect(passages[0]?.score).toBe(1);
  });

  test('are found in the title and in another inflection', async () => {
    const { ask } = await organization([
      { title: 'Reimbursements', chunks: ['Send the form within a month.'] },
      { title: 'Equipment', chunks: ['Laptops are replaced after four years.'] },
    ]);

    expect(titles((await ask('reimbursement')).passages)).toEqual(['Reimbursements']);
    expect(titles((await ask('replacing a laptop')).passages)).toEqual(['Equipment']);
  });

  test.each([
    ['en', 'Two-factor sign-in', 'two factor'],
    ['hu', 'A témák listája és a kérdések', 'téma'],
    ['hu', 'A témák listája és a kérdések', 'temak kerdesek'],
    ['hu', 'Jelentkezés a házból', 'hazbol'],
    ['hu', 'A kölcsönzések határideje', 'kölcsönzés'],
    ['de', 'Größe der Häuser', 'grosse'],
    ['de', 'Größe der Häuser', 'Haus'],
    ['de', 'Die Bücher sind zurückzugeben', 'bucher'],
    ['fr', 'Les congés payés', 'conge paye'],
    ['es', 'La evaluación del desempeño', 'evaluaciones desempeno'],
    ['sv', 'Semester för anställda', 'semester anstallda'],
    [null, 'GDPR-17 and v2.4.1', 'gdpr-17'],
    ['en', 'The rule GDPR-17 applies', 'GDPR-17'],
    ['en', 'The rule GDPR-17 applies', 'gdpr 17'],
    ['en', 'Released as v2.4.1', 'v2.4.1'],
    ['en', 'The read/write access', 'write'],
    ['en', 'Error E0382 is about moves', 'e0382'],
    ['en', 'Ask hr@example.org', 'hr@example.org'],
    ['en', 'He said ‘Don’t panic’', "don't panic"],
    ['ja', '経費 精算 の 手順', '精算'],
    ['fr', 'L’été ＇entre＇ ＼ guillemets ﹨ cités', 'ete guillemets'],
  ])('in %s, “%s” is found by “%s”', async (language, title, question) => {
    const { ask } = await organization([
      { title, language, chunks: ['—'] },
      { title: 'Something else', language, chunks: ['Lorem ipsum dolor sit amet.'] },
    ]);

    const { passages } = await ask(question);

    expect(titles(passages)).toEqual([title]);
  });

  test('of a language with few chunks are not drowned by a rare word among the many of another', async () => {
    const english = Array.from(
      { length: 60 },
      (_, n) => `Note ${n} about software and other things.`,
    );
    const { ask } = await organization([
      { title: 'Notes', chunks: [...english, 'A note on Linux.'] },
      { title: 'Telepítés', language: 'hu', chunks: ['A Linux telepítése lemezről történik.'] },
    ]);

    const { passages } = await ask('Hogyan történik a Linux telepítése?');

    expect(passages.map(({ text }) => text)).toEqual([
      'A Linux telepítése lemezről történik.',
      'A note on Linux.',
    ]);
  });

  test('of the title count more than those of the text', async () => {
    const { ask } = await organization([
      { title: 'Other', chunks: ['Some vacation here.'] },
      { title: 'Vacation', chunks: ['Some other here.'] },
    ]);

    const { passages } = await ask('vacation');

    expect(passages.map(({ title }) => title)).toEqual(['Vacation', 'Other']);
  });

  test('a question of stop words alone finds nothing by words, and that is no failure', async () => {
    const { ask } = await organization([{ title: 'Leave', chunks: ['The leave is paid.'] }]);

    const result = await ask('who is the');

    expect(result).toMatchObject({ passages: [], terms: [], reach: 0, mode: 'words' });
  });

  test.each([
    ['quotes', `"leave" 'leave' it's`],
    ['operators of tsquery', 'leave & | ! <-> :* ( ) \\ :A leave:*'],
    ['an emoji', '🎉 leave 🎉'],
    ['the null character', 'leave\0leave'],
    ['half of a surrogate pair', 'leave \ud800'],
    ['four thousand characters', 'leave '.repeat(666)],
    ['one word of four thousand characters', `leave ${'a'.repeat(3_990)}`],
    [
      'seven hundred different words',
      `leave ${Array.from({ length: 700 }, (_, n) => `w${n}`).join(' ')}`,
    ],
    ['markup', '<b>leave</b> {{leave}} %leave%'],
  ])('%s in a question do no harm', async (_, question) => {
    const { ask } = await organization([{ title: 'Leave', chunks: ['The leave is paid.'] }]);

    const { passages } = await ask(question);

    expect(titles(passages)).toEqual(['Leave']);
  });

  test('are found before they have been counted', async () => {
    const { ask, principal } = await organization([{ title: 'Leave', chunks: ['It is paid.'] }]);
    await database().withPrincipal(principal, async (tx) => {
      await run(tx, sql`delete from docent.term_df where org_id = ${principal.orgId}`);
      await run(tx, sql`delete from docent.search_stats where org_id = ${principal.orgId}`);
    });

    const { passages } = await ask('leave');

    expect(titles(passages)).toEqual(['Leave']);
  });

  test('tell what the question could reach and how rare its terms are', async () => {
    const { ask } = await organization([
      { title: 'Leave', chunks: ['Parental leave is paid.', 'Sick leave is paid.'] },
    ]);

    const { terms, reach, passages } = await ask('parental leaves');

    expect(terms.map(({ lexeme, df }) => [lexeme, df])).toEqual([
      ['parent', 1],
      ['leav', 2],
    ]);
    expect(terms[0]?.idf).toBeGreaterThan(terms[1]?.idf ?? 0);
    expect(reach).toBeCloseTo(2.2 * terms.reduce((sum, { idf }) => sum + idf, 0), 5);
    expect(passages[0]?.parts.wordsNormalised).toBeLessThanOrEqual(1);
    expect(passages[0]?.parts.words).toBeGreaterThan(passages[1]?.parts.words ?? 0);
  });
});

describe('vectors', () => {
  test('and words together bring passages that each alone would miss', async () => {
    const embedder = meaning({ car: ['car', 'vehicle', 'automobile'] });
    const { ask } = await organization(
      [
        { title: 'Fleet', chunks: ['An automobile for the field staff.'] },
        { title: 'Parking', chunks: ['A vehicle permit costs nothing.'] },
        { title: 'Kitchen', chunks: ['Clean the coffee machine.'] },
      ],
      { embedder },
    );

    const words = await ask('vehicle', { mode: 'words' });
    const vectors = await ask('vehicle', { mode: 'vectors' });
    const hybrid = await ask('vehicle', { mode: 'hybrid' });

    expect(titles(words.passages)).toEqual(['Parking']);
    expect(titles(vectors.passages).slice(0, 2).sort()).toEqual(['Fleet', 'Parking']);
    expect(titles(hybrid.passages).slice(0, 2)).toEqual(['Parking', 'Fleet']);
    expect(hybrid.mode).toBe('hybrid');
    expect(hybrid.modelId).toBe(embedder.id);
  });

  test('find the nearest of many passages, not the first ones', async () => {
    const many = Array.from({ length: 150 }, (_, n) => `Note number ${n}.`);
    const { ask } = await organization([{ title: 'Notes', chunks: [...many, 'My automobile.'] }], {
      embedder: meaning({ car: ['car', 'automobile'] }),
    });

    const { passages } = await ask('car', { mode: 'vectors', limit: 1 });

    expect(passages.map(({ text }) => text)).toEqual(['My automobile.']);
  });

  test('every passage of a hybrid search has both of its scores', async () => {
    const { ask } = await organization(
      [
        { title: 'Leave', chunks: ['Parental leave is paid.'] },
        { title: 'Travel', chunks: ['Hotels are paid.'] },
      ],
      { embedder: fakeEmbedder() },
    );

    const { passages } = await ask('parental leave', { mode: 'hybrid' });

    expect(passages.map(({ parts }) => parts.vector === null)).toEqual([false, false]);
    expect(passages[1]?.parts.words).toBe(0);
    for (const { score } of passages) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  test('a passage that has no vector yet competes with its words', async () => {
    const embedder = fakeEmbedder();
    const { ask, principal } = await organization(
      [
        { title: 'Travel', chunks: ['Hotels are booked in the portal.'] },
        { title: 'Canteen', chunks: ['The portal shows the menu.'] },
      ],
      { embedder },
    );
    await storeContent(database(), principal, [
      { title: 'Leave', chunks: ['Parental leave lasts twelve weeks.'] },
    ]);

    const { passages } = await ask('how long is parental leave in the portal', { mode: 'hybrid' });

    expect(passages[0]?.title).toBe('Leave');
    expect(passages[0]?.parts.vector).toBeNull();
  });

  test('a model that fails leaves the words', async () => {
    const embedder = fakeEmbedder();
    const { principal } = await organization([{ title: 'Leave', chunks: ['Paid.'] }], { embedder });
    const warnings: string[] = [];
    const failing: Embedder = {
      ...embedder,
      embed: async () => {
        throw new AppError('model_unavailable', 'The model does not answer.');
      },
    };
    const search = makeSearch(
      deps({ embedder: failing, log: { warn: (_, message) => warnings.push(message) } }),
    );

    const result = await search(principal, input('leave', { mode: 'hybrid' }), options());

    expect(titles(result.passages)).toEqual(['Leave']);
    expect(result.mode).toBe('words');
    expect(result.modelId).toBeNull();
    expect(warnings).toHaveLength(1);
  });

  test('of the active model are searched while the configured one is still being built', async () => {
    const active = fakeEmbedder({ id: 'fake:old:64' });
    const { principal } = await organization([{ title: 'Leave', chunks: ['Paid.'] }], {
      embedder: active,
    });
    const jobs = notedJobs();
    const configured = fakeEmbedder({ id: 'fake:new:32', dimensions: 32 });
    const search = makeSearch(
      deps({
        jobs,
        embedder: configured,
        embedderById: (id) => (id === active.id ? active : null),
      }),
    );

    const first = await search(principal, input('leave', { mode: 'hybrid' }), options());
    await search(principal, input('leave', { mode: 'hybrid' }), options());

    expect(first).toMatchObject({ mode: 'hybrid', modelId: active.id });
    expect(configured.batches).toEqual([]);
    expect(jobs.sent).toEqual([
      { queue: 'embed-missing', data: { orgId: principal.orgId, modelId: configured.id } },
    ]);
  });

  test('of a model that this process cannot run leave the words', async () => {
    const { principal } = await organization([{ title: 'Leave', chunks: ['Paid.'] }], {
      embedder: fakeEmbedder({ id: 'fake:old:64' }),
    });
    const search = makeSearch(deps({ embedder: fakeEmbedder({ id: 'fake:new:64' }) }));

    const result = await search(principal, input('leave', { mode: 'vectors' }), options());

    expect(result).toMatchObject({ mode: 'words', modelId: null });
    expect(titles(result.passages)).toEqual(['Leave']);
  });
});

describe('what may be found', () => {
  const travel = { title: 'Travel', chunks: ['A hotel is booked in the portal.'] };

  test.each<[string, Partial<TestContent>, SearchInput['filters']]>([
    ['content types', { contentType: 'lesson' }, { contentTypes: ['lesson', 'course'] }],
    ['tags', { tags: ['safety', 'new'] }, { tags: ['new', 'other'] }],
    ['languages', { language: 'de' }, { languages: ['de'] }],
    ['source services', { sourceService: 'lms' }, { sourceServices: ['lms'] }],
    [
      'all filters at once',
      { contentType: 'lesson', tags: ['new'], sourceService: 'lms' },
      { contentTypes: ['lesson'], tags: ['new'], languages: ['en'], sourceServices: ['lms'] },
    ],
  ])('filter by %s, in every mode', async (_, fields, filters) => {
    const { ask } = await organization([travel, { ...travel, ...fields, title: 'Wanted' }], {
      embedder: fakeEmbedder(),
    });

    for (const mode of ['words', 'vectors', 'hybrid'] as const) {
      const { passages } = await ask('hotel portal', { filters, mode });
      expect(titles(passages)).toEqual(['Wanted']);
    }
  });

  test('filter by content, and a filter narrows before the best candidates are taken', async () => {
    const many = Array.from({ length: 150 }, (_, n) => `Hotel hotel hotel portal ${n}.`);
    const { ask, ids } = await organization(
      [
        { title: 'Many', chunks: many },
        { title: 'Wanted', chunks: ['One hotel stands by the sea, far from every station.'] },
      ],
      { embedder: fakeEmbedder() },
    );
    const wanted = ids[1] ?? '';

    for (const mode of ['words', 'vectors', 'hybrid'] as const) {
      const { passages } = await ask('hotel portal', { filters: { contentIds: [wanted] }, mode });
      expect(titles(passages)).toEqual(['Wanted']);
    }
  });

  test('never what belongs to another organization', async () => {
    const embedder = fakeEmbedder();
    await organization([{ ...travel, title: 'Theirs' }], { embedder });
    const { ask } = await organization([{ ...travel, title: 'Ours' }], { embedder });

    for (const mode of ['words', 'vectors', 'hybrid'] as const) {
      expect(titles((await ask('hotel portal', { mode })).passages)).toEqual(['Ours']);
    }
  });

  test('never what has been deleted', async () => {
    const { ask, ids, principal } = await organization([travel], { embedder: fakeEmbedder() });
    await database().withPrincipal(principal, (tx) =>
      run(tx, sql`delete from docent.content where org_id = ${principal.orgId} and id = ${ids[0]}`),
    );

    expect((await ask('hotel portal', { mode: 'hybrid' })).passages).toEqual([]);
  });

  test('never a version that is not current, which takes no place from those that are', async () => {
    const staged = Array.from({ length: 150 }, (_, n) => `Hotel hotel hotel portal ${n}.`);
    const { ask } = await organization(
      [{ title: 'Staged', chunks: staged, state: 'staged' }, travel],
      { embedder: fakeEmbedder() },
    );

    for (const mode of ['words', 'vectors', 'hybrid'] as const) {
      expect(titles((await ask('hotel portal', { mode })).passages)).toEqual(['Travel']);
    }
  });

  test('an organization without content answers with an empty list', async () => {
    const { ask } = await organization([]);

    expect((await ask('anything', { mode: 'hybrid' })).passages).toEqual([]);
  });
});

describe('passages', () => {
  test('come with their place, their words marked, and at most so many of one content', async () => {
    const { ask } = await organization([
      { title: 'Leave', chunks: ['Leave is paid.', 'Leave is asked for.', 'Leave can be long.'] },
      { title: 'Travel', chunks: ['Before a leave, no travel.'] },
    ]);

    const { passages } = await ask('leaves', { maxPerContent: 1 });

    expect(titles(passages).sort()).toEqual(['Leave', 'Travel']);
    const leave = passages.find(({ title }) => title === 'Leave');
    expect(leave?.highlights.map(({ start, end }) => leave.text.slice(start, end))).toEqual([
      'Leave',
    ]);
    expect(leave?.place).toEqual({
      page: (leave?.ordinal ?? 0) + 1,
      headingPath: ['Part', `${(leave?.ordinal ?? 0) + 1}`],
    });
    expect(leave?.span.end).toBe((leave?.span.start ?? 0) + (leave?.text.length ?? 0));
  });

  test('bring the chunks around the best ones when asked to', async () => {
    const chunks = ['Introduction.', 'The voucher is blue.', 'It is valid for a year.', 'The end.'];
    const { ask } = await organization([{ title: 'Benefits', chunks }]);

    const { passages, neighbours } = await ask('voucher blue', { limit: 1, withNeighbours: 1 });

    expect(passages.map(({ text }) => text)).toEqual(['The voucher is blue.']);
    expect(neighbours.map(({ text }) => text)).toEqual([
      'Introduction.',
      'It is valid for a year.',
    ]);
  });

  test('equal passages keep one order, and the limit holds', async () => {
    const same = Array.from({ length: 12 }, (_, n) => ({
      title: 'Same',
      chunks: ['A hotel.'],
      tags: [`${n}`],
    }));
    const { ask } = await organization(same);

    const first = await ask('hotel', { limit: 5 });
    const again = await ask('hotel', { limit: 5 });

    expect(first.passages).toHaveLength(5);
    expect(ids(again)).toEqual(ids(first));
    expect(ids(first)).toEqual([...ids(first)].sort());
  });

  test('an aborted search rejects', async () => {
    const { principal } = await organization([{ title: 'Leave', chunks: ['Paid.'] }]);
    const search = makeSearch(deps());

    const searching = search(principal, input('leave'), { signal: AbortSignal.abort() });

    await expect(searching).rejects.toThrow();
  });
});

async function organization(
  contents: readonly TestContent[],
  { embedder }: { embedder?: Embedder } = {},
) {
  const { principal } = await testOrganization(database());
  const stored = await storeContent(
    database(),
    principal,
    contents.map((content) => ({ embedder, ...content })),
  );
  const search = makeSearch(deps(embedder ? { embedder } : {}));
  const ask = (query: string, more: Partial<SearchInput> = {}): Promise<SearchResult> =>
    search(principal, input(query, more), options());
  return { principal, ask, ids: stored };
}

function deps(more: Partial<SearchDeps> = {}): SearchDeps {
  return {
    database: database(),
    jobs: notedJobs(),
    embedder: fakeEmbedder(),
    embedderById: () => null,
    log: { warn: () => {} },
    ...more,
  };
}

function input(query: string, more: Partial<SearchInput> = {}): SearchInput {
  return { query, filters: {}, limit: 10, mode: 'words', ...more };
}

function options() {
  return { signal: new AbortController().signal };
}

function titles(passages: SearchResult['passages']): string[] {
  return passages.map(({ title }) => title);
}

function ids({ passages }: SearchResult): string[] {
  return passages.map(({ id }) => id);
}

/** Vectors in which the words of a group mean the same, and every other word nothing. */
function meaning(groups: Record<string, readonly string[]>): Embedder {
  const axes = Object.values(groups);
  return {
    ...fakeEmbedder({ id: 'fake:meaning', dimensions: axes.length + 1 }),
    embed: async (texts) =>
      texts.map((text) => {
        const words = text.toLowerCase().match(/\w+/g) ?? [];
        const hits = axes.map((axis) => (words.some((word) => axis.includes(word)) ? 1 : 0));
        return Float32Array.from([...hits, hits.some((hit) => hit === 1) ? 0 : 1]);
      }),
  };
}
