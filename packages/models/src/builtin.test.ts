import { expect, onTestFinished, test } from 'vitest';
import { BUILTIN_EMBEDDER_ID, openBuiltinEmbedder } from './builtin.ts';

test('texts on the same subject are nearer than others, without any shared word', async () => {
  const embedder = opened();

  const [question, answer, other] = await embedder.embed([
    'How do I reset my password?',
    'If you forgot your login credentials, choose new ones on the account page.',
    'Tomatoes need a lot of water in hot weather.',
  ]);

  expect(similarity(question, answer)).toBeGreaterThan(similarity(question, other) + 0.2);
});

test('gives unit vectors of 512 numbers, in order, whatever the lengths', async () => {
  const embedder = opened();
  const texts = [
    'short',
    'a much longer text about sensors. '.repeat(80),
    '',
    '\n\t ',
    '🦀',
    'x'.repeat(5_000),
  ];

  const together = await embedder.embed(texts);
  const alone = await embedder.embed(texts.slice(1, 2));

  expect(embedder).toMatchObject({ id: BUILTIN_EMBEDDER_ID, dimensions: 512 });
  expect(together.map((vector) => vector.length)).toEqual(texts.map(() => 512));
  for (const vector of together) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  expect(similarity(together[1], alone[0])).toBeGreaterThan(0.9999);
});

test('the event loop stays free while a batch is encoded', async () => {
  const embedder = opened();
  await embedder.embed(['start the thread']);
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 5);

  await embedder.embed(Array.from({ length: 16 }, (_, index) => `Sentence ${index}. `.repeat(60)));
  clearInterval(timer);

  expect(ticks).toBeGreaterThan(10);
});

test('an aborted call is refused with its reason', async () => {
  const embedder = opened();
  const reason = new Error('stopped');

  const embedding = embedder.embed(['a text'], { signal: AbortSignal.abort(reason) });

  await expect(embedding).rejects.toBe(reason);
});

test('no text is no vector', async () => {
  expect(await opened().embed([])).toEqual([]);
});

function opened() {
  const embedder = openBuiltinEmbedder();
  onTestFinished(() => embedder.close());
  return embedder;
}

function similarity(
  a: Float32Array = new Float32Array(),
  b: Float32Array = new Float32Array(),
): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
