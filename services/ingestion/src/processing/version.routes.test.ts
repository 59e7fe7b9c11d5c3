import type { AddressInfo } from 'node:net';
import { Version } from '@docent/contracts/content';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { expect, test } from 'vitest';
import { jobOf, type TestIngestion, testIngestion } from '../testing.ts';
import { processVersion } from './process.ts';

const text = '# Wiring\n\nRed is plus, black is minus.';

test('versions are listed newest first with what became of them', async () => {
  const { post, request, work } = await testIngestion();
  const pushed = { title: 'Wiring', externalId: 'a' };
  const { id } = await post({ ...pushed, text });
  await post({ ...pushed, text: '<p></p>', mediaType: 'text/html' });
  await post({ ...pushed, text: 'Newest.' });
  await work();

  const page = (await request('GET', `/v1/content/${id}/versions?limit=2`)).json();
  const rest = (
    await request('GET', `/v1/content/${id}/versions?limit=2&cursor=${page.nextCursor}`)
  ).json();

  const states = [...page.items, ...rest.items].map((v) => [v.version, v.state, v.current]);
  expect(states).toEqual([
    [3, 'ready', true],
    [2, 'no_text', false],
    [1, 'ready', false],
  ]);
  expect(rest.nextCursor).toBeNull();
});

test('several readers follow a version to its end, and one who comes later gets the end at once', async () => {
  const ingestion = await testIngestion();
  const { id } = await ingestion.post({ title: 'Wiring', text });
  const url = await listen(ingestion);

  const readers = [
    follow(ingestion, `${url}/v1/content/${id}/versions/1`),
    follow(ingestion, `${url}/v1/content/${id}/versions/1`),
  ];
  const early = await Promise.all(readers.map(async (reader) => (await reader.next()).value));
  await ingestion.work();
  const ends = await Promise.all(readers.map(all));
  const late = await all(follow(ingestion, `${url}/v1/content/${id}/versions/1`));

  expect(early.map((event) => [event?.event, Version.parse(event?.data).state])).toEqual([
    ['progress', 'queued'],
    ['progress', 'queued'],
  ]);
  for (const events of [...ends, late]) {
    expect(events.filter((event) => event.event !== 'progress')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({
      event: 'done',
      data: { state: 'ready', progress: { percent: 100 } },
    });
  }
});

test('who follows a version that is deleted gets an error as the last event', async () => {
  const ingestion = await testIngestion();
  const { id } = await ingestion.post({ title: 'Wiring', text });
  const url = await listen(ingestion);
  const reader = follow(ingestion, `${url}/v1/content/${id}/versions/1`);
  await reader.next();

  await ingestion.request('DELETE', `/v1/content/${id}`);

  expect(await all(reader)).toMatchObject([
    { event: 'error', data: { code: 'not_found', status: 404 } },
  ]);
});

test('who follows while the service stops is told so', async () => {
  const ingestion = await testIngestion();
  const { id } = await ingestion.post({ title: 'Wiring', text });
  const url = await listen(ingestion);
  const reader = follow(ingestion, `${url}/v1/content/${id}/versions/1`);
  await reader.next();

  const closing = ingestion.app.close();

  expect(await all(reader)).toMatchObject([{ event: 'error', data: { code: 'shutting_down' } }]);
  await closing;
});

test('only a version that failed can be tried again', async () => {
  const { post, request, work, jobs, version, deps } = await testIngestion();
  const { id } = await post({ title: 'Wiring', text });
  const retry = (n: string) => request('POST', `/v1/content/${id}/versions/${n}/retry`);
  const queued = await retry('1');
  const [data] = jobs.waiting['process-version'].splice(0);
  if (!data) throw new Error('a job was expected');
  await processVersion(
    { ...deps, extract: () => Promise.reject(new Error('a bug')) },
    jobOf(data, { attempt: 5, last: true }),
  );

  const failed = await retry('1');
  const again = await version(id, 1);
  await work();
  const ready = await retry('1');

  expect([queued.statusCode, queued.json().code]).toEqual([409, 'conflict']);
  expect(failed.statusCode).toBe(202);
  expect(failed.headers.location).toBe(`/v1/content/${id}/versions/1`);
  expect(again).toMatchObject({
    state: 'queued',
    error: null,
    progress: { step: 'queued', percent: 0 },
    finishedAt: null,
  });
  expect((await version(id, 1)).state).toBe('ready');
  expect(ready.statusCode).toBe(409);
  expect((await retry('2')).statusCode).toBe(404);
  expect((await retry('x')).statusCode).toBe(400);
});

async function listen({ app }: TestIngestion): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

async function* follow({ key }: TestIngestion, version: string) {
  const response = await fetch(`${version}/events`, {
    headers: { authorization: `Bearer ${key}` },
  });
  if (response.body === null) throw new Error('no body');
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events) yield { event, data: JSON.parse(data) as unknown };
}

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const event of events) found.push(event);
  return found;
}
