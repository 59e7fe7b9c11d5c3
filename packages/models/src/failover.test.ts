import { AppError } from '@docent/core/errors';
import { scriptedChatModel } from '@docent/test/models';
import { expect, test } from 'vitest';
import { withFailover } from './failover.ts';
import type { ChatModel, ChatPart } from './interfaces.ts';

const down = () => new AppError('model_unavailable', 'down');
const TURNS = [{ role: 'user', content: 'Hello' }] as const;

async function partsOf(model: ChatModel, signal = new AbortController().signal) {
  const parts: ChatPart[] = [];
  for await (const part of model.stream(TURNS, { signal })) parts.push(part);
  return parts;
}

test('the first model writes as long as it can', async () => {
  const second = scriptedChatModel(['second'], { id: 'b' });

  const parts = await partsOf(withFailover(scriptedChatModel(['first'], { id: 'a' }), [second]));

  expect(parts).toEqual([{ type: 'text', text: 'first' }]);
  expect(second.calls).toEqual([]);
});

test('the next model writes when the first fails before its first word, and says who it is', async () => {
  const first = scriptedChatModel([down()], { id: 'a' });

  const parts = await partsOf(withFailover(first, [scriptedChatModel(['second'], { id: 'b' })]));

  expect(parts).toEqual([
    { type: 'model', id: 'b' },
    { type: 'text', text: 'second' },
  ]);
});

test('a failure mid-way is not hidden by a second beginning', async () => {
  const second = scriptedChatModel(['second'], { id: 'b' });
  const model = withFailover(scriptedChatModel(['begun ', down()], { id: 'a' }), [second]);

  const reading = partsOf(model);

  await expect(reading).rejects.toMatchObject({ code: 'model_unavailable', message: 'down' });
  expect(second.calls).toEqual([]);
});

test('the last failure is thrown when all fail', async () => {
  const last = new AppError('model_timeout', 'late');

  const reading = partsOf(
    withFailover(scriptedChatModel([down()]), [scriptedChatModel([last], { id: 'b' })]),
  );

  await expect(reading).rejects.toBe(last);
});

test('a model that keeps failing is left alone', async () => {
  const first = scriptedChatModel([down()], { id: 'a' });
  const second = scriptedChatModel(['second'], { id: 'b' });
  const model = withFailover(first, [second]);

  for (let call = 0; call < 40; call += 1) await partsOf(model);

  expect(second.calls).toHaveLength(40);
  expect(first.calls.length).toBeGreaterThanOrEqual(10);
  expect(first.calls.length).toBeLessThan(40);
});

test('a reader who leaves is told so, and no other model is asked', async () => {
  const controller = new AbortController();
  const second = scriptedChatModel(['second'], { id: 'b' });
  const model = withFailover(scriptedChatModel([{ waitMs: 60_000 }], { id: 'a' }), [second]);

  const reading = partsOf(model, controller.signal);
  controller.abort(new Error('left'));

  await expect(reading).rejects.toThrow('left');
  expect(second.calls).toEqual([]);
});
