import type { MarkedText, VersionText } from '@docent/contracts/contentText';
import { expect, test } from 'vitest';
import { testIngestion } from '../testing.ts';
import { findAgain, surroundings } from './markedText.ts';

const filler = (topic: string) =>
  Array.from({ length: 30 }, (_, n) => `Sentence ${n} is about ${topic}.`).join(' ');
const handbook = `# Handbook

## Leave

${filler('leave')} Everybody has 27 days of leave. ${filler('holidays')}

## Travel

Trips are booked by the office. ${filler('travel')}
`;

test('a span is shown marked, between whole sentences, with its place', async () => {
  const { post, request, work } = await testIngestion();
  const { id } = await post({ title: 'Handbook', text: handbook, url: 'https://example.org/h' });
  await work();
  const { text } = (await request('GET', `/v1/content/${id}/versions/1/text`)).json<VersionText>();
  const marked = 'Everybody has 27 days of leave.';
  const start = text.indexOf(marked);
  const at = `/v1/content/${id}/versions/1/text?span=${start}-${start + marked.length}`;

  const first = await request('GET', at);
  const narrow = (await request('GET', `${at}&context=80`)).json<MarkedText>();
  const alone = (await request('GET', `${at}&context=0`)).json<MarkedText>();
  const wide = (await request('GET', `${at}&context=5000`)).json<MarkedText>();

  const shown = first.json<MarkedText>();
  expect(shown).toMatchObject({
    contentId: id,
    version: 1,
    title: 'Handbook',
    url: 'https://example.org/h',
    language: 'en',
    marked,
    place: { headingPath: ['Handbook', 'Leave'] },
    current: true,
    currentVersion: 1,
    inCurrent: { start, end: start + marked.length },
  });
  for (const part of [shown, narrow, alone, wide]) {
    const { before, after, shown: whole } = part;
    expect(before + part.marked + after).toBe(text.slice(whole.start, whole.end));
    expect(before.length).toBeLessThanOrEqual(5_000);
  }
  expect(narrow.before).toBe('Sentence 28 is about leave. Sentence 29 is about leave. ');
  expect(narrow.after).toBe(' Sentence 0 is about holidays. Sentence 1 is about holidays.');
  expect([alone.before, alone.after]).toEqual(['', '']);
  expect(wide.before).toMatch(/^Handbook\nLeave\n\nSentence 0 is about leave/);
  expect(wide.after).toMatch(/Sentence 29 is about holidays\.$/);
});

test('of a span in a version that was replaced is told whether the new one still says it', async () => {
  const { post, request, work } = await testIngestion();
  const pushed = { title: 'Leave', externalId: 'leave' };
  const { id } = await post({
    ...pushed,
    text: '# Old\n\nStays as it is.\n\n## End\n\nGoes away soon.',
  });
  await work();
  await post({
    ...pushed,
    text: 'A new beginning of it.\n\nStays as  it is.\n\nMore of it.',
    mediaType: 'text/plain',
  });
  await work();
  const { text } = (await request('GET', `/v1/content/${id}/versions/1/text`)).json<VersionText>();
  const marked = async (part: string) => {
    const start = text.indexOf(part);
    const query = `span=${start}-${start + part.length}`;
    return (await request('GET', `/v1/content/${id}/versions/1/text?${query}`)).json<MarkedText>();
  };

  const kept = await marked('Stays as it is.');
  const gone = await marked('Goes away soon.');

  expect(kept).toMatchObject({ current: false, currentVersion: 2, marked: 'Stays as it is.' });
  expect(kept.place).toEqual({ headingPath: ['Old'] });
  const { text: now } = (
    await request('GET', `/v1/content/${id}/versions/2/text`)
  ).json<VersionText>();
  expect(now.slice(kept.inCurrent?.start, kept.inCurrent?.end)).toBe('Stays as  it is.');
  expect(gone).toMatchObject({ inCurrent: null, place: { headingPath: ['Old', 'End'] } });
});

test('a span must be in the text, and the text be readable for the caller', async () => {
  const { post, request, work, person, secondOrganization } = await testIngestion();
  const { id } = await post({ title: 'Smile', text: 'A 🙂 smile.', status: 'draft' });
  await work();
  const learner = await person('learner');
  const { key } = await secondOrganization();
  const at = `/v1/content/${id}/versions/1/text`;

  const refused = [];
  for (const query of ['span=5-5', 'span=7-2', 'span=0-99', 'span=a-b', 'span=1-3&start=1']) {
    refused.push(await request('GET', `${at}?${query}`));
  }
  const half = (await request('GET', `${at}?span=3-6`)).json<MarkedText>();
  const unseen = await request('GET', `${at}?span=0-3`, { key: learner.key });
  const foreign = await request('GET', `${at}?span=0-3`, { key });
  const missing = await request('GET', `/v1/content/${id}/versions/9/text?span=0-3`);

  expect(refused.map((response) => response.statusCode)).toEqual([400, 400, 400, 400, 400]);
  expect(refused[2]?.json()).toMatchObject({ code: 'invalid_request', length: 11 });
  expect(half).toMatchObject({ span: { start: 2, end: 6 }, marked: '🙂 s' });
  expect([unseen, foreign, missing].map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
  expect(unseen.json().detail).toBe(foreign.json().detail);
});

test('a long text comes part after part, and what was read before is not sent again', async () => {
  const { post, request, work } = await testIngestion({ maxChunks: 10_000, chunkTokens: 400 });
  const { id } = await post({ title: 'Long', text: filler('wires').repeat(250) });
  await work();
  const at = `/v1/content/${id}/versions/1/text`;

  const parts: VersionText[] = [];
  for (let start: number | null = 0; start !== null; start = parts.at(-1)?.nextStart ?? null) {
    parts.push((await request('GET', `${at}?start=${start}`)).json<VersionText>());
  }

  const { etag } = (await request('GET', `${at}?span=0-3`)).headers;
  const headers = { 'if-none-match': String(etag) };
  const again = await request('GET', `${at}?span=0-3`, { headers });
  await request('PATCH', `/v1/content/${id}`, { body: { title: 'Renamed' } });
  const renamed = await request('GET', `${at}?span=0-3`, { headers });

  expect(parts.length).toBe(2);
  expect(parts.map(({ text }) => text).join('')).toHaveLength(parts[0]?.length ?? -1);
  expect([again.statusCode, again.body]).toEqual([304, '']);
  expect(renamed.json()).toMatchObject({ title: 'Renamed' });
});

test('surroundings of one long sentence end with whole words', () => {
  const text = `${'word '.repeat(100)}here ${'more '.repeat(100)}`;
  const about = { places: [], language: 'en', context: 12 };

  const { start, end } = surroundings(text, { start: 500, end: 504 }, about);

  expect(text.slice(start, end)).toBe('word word here more more');
});

test('text that stands in several places is found nearest to where it stood', () => {
  const text = 'same. other. same. other. same.';

  const found = findAgain('same.', text, { start: 15, end: 20 });

  expect(found).toEqual({ start: 13, end: 18 });
});
