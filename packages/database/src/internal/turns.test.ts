import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inBackground } from '../background.ts';
import { takeTurns } from './turns.ts';

test('background work waits until requests are over, and then goes on', async () => {
  const turns = takeTurns();
  const order: string[] = [];
  const endRequest = await turns.take();

  const background = inBackground(async () => {
    const end = await turns.take();
    order.push('background');
    end();
  });
  await pause(30);
  order.push('request');
  endRequest();
  await background;

  expect(order).toEqual(['request', 'background']);
});

test('background work goes on after a while although requests never end', async () => {
  const turns = takeTurns();
  const endRequest = await turns.take();

  const went = inBackground(async () => {
    const end = await turns.take();
    end();
    return true;
  });

  expect(await went).toBe(true);
  endRequest();
});

test('a row of transactions lets the process read its sockets in between', async () => {
  const turns = takeTurns();
  let turned = 0;
  const timer = setInterval(() => {
    turned += 1;
  }, 0);

  const until = performance.now() + 50;
  while (performance.now() < until) (await turns.take())();
  clearInterval(timer);

  expect(turned).toBeGreaterThan(0);
});
