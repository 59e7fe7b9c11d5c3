import { setTimeout as pause } from 'node:timers/promises';
import type { Instance } from './instance.ts';
import type { RetrievalSet } from './sets.ts';

const SOURCE = 'evaluation';
const PASSING = ['queued', 'extracting', 'embedding'] as const;

/**
 * Loads the passages of a set through the API, one passage as one content, and waits until the worker has
 * made all of them searchable. What is there already is not loaded again.
 *
 * @returns the id of the passage by the id of its content.
 */
export async function loadSet(
  { client, loaded, markLoaded }: Instance,
  set: RetrievalSet,
  say: (line: string) => void,
): Promise<Map<string, string>> {
  if (!loaded) {
    const items = set.passages.flatMap(({ _id, title, text }) =>
      // A few sets have passages without a text.
      text.trim() === ''
        ? []
        : [
            {
              title: title.trim().slice(0, 500) || 'Untitled',
              text,
              mediaType: 'text/plain' as const,
              language: 'en',
              sourceService: SOURCE,
              externalId: _id,
            },
          ],
    );
    say(
      `loading ${items.length} passages, ${set.passages.length - items.length} without text left out`,
    );
    for (let from = 0; from < items.length; from += 100) {
      const { items: results } = await client.content.batch(items.slice(from, from + 100));
      const refused = results.find((result) => 'problem' in result);
      if (refused && 'problem' in refused)
        throw new Error(`A passage was refused: ${refused.problem.detail}`);
    }
    await finished(client, items.length, say);
    await refuseFailures(client);
    await markLoaded();
  }
  const passages = new Map<string, string>();
  for await (const content of client.content.all({ sourceService: SOURCE })) {
    // A run that was ended in the middle of a near miss left it so.
    if (content.status !== 'published')
      await client.content.update(content.id, { status: 'published' });
    if (content.currentVersion !== null) passages.set(content.id, content.externalId ?? '');
  }
  return passages;
}

async function finished(
  client: Instance['client'],
  total: number,
  say: (line: string) => void,
): Promise<void> {
  const startedAt = Date.now();
  for (let round = 1; ; round += 1) {
    await pause(5_000);
    const pages = await Promise.all(
      PASSING.map((state) => client.content.list({ sourceService: SOURCE, state, limit: 1 })),
    );
    const seconds = Math.round((Date.now() - startedAt) / 1_000);
    if (pages.every(({ items }) => items.length === 0)) {
      say(`all ${total} passages are ready after ${seconds} s`);
      return;
    }
    // Counting reads the whole list, and slows the worker down: once a minute.
    if (round % 12 === 0) say(`${await count(client)} of ${total} are ready after ${seconds} s`);
  }
}

async function count(client: Instance['client']): Promise<number> {
  let ready = 0;
  for await (const _ of client.content.all({ sourceService: SOURCE, state: 'ready' })) ready += 1;
  return ready;
}

/** A passage that is not there makes every figure wrong. */
async function refuseFailures(client: Instance['client']): Promise<void> {
  const failures = new Map<string, number>();
  for await (const { latest } of client.content.all({ sourceService: SOURCE })) {
    if (latest.state !== 'ready') failures.set(latest.state, (failures.get(latest.state) ?? 0) + 1);
  }
  if (failures.size === 0) return;
  const list = [...failures].map(([state, count]) => `${count} ${state}`).join(', ');
  throw new Error(
    `Not every passage could be processed: ${list}. Remove the set's folder in .docent-eval and start again.`,
  );
}
