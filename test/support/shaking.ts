import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '@docent/http/app';
import type { Page } from 'playwright-core';

/** Longest delay of an answer, in milliseconds. */
const DELAY_MS = 400;
/** So many times slower is a page's own code. */
const SLOWER = 6;

/**
 * `TEST_SHAKE=1`: answers and timers come late by chance and pages are slow, so that a test that counts on what usually
 * comes first fails here and not once in a hundred runs elsewhere.
 */
const shaking = process.env.TEST_SHAKE === '1';

/** For a server of the tests' own: before it answers. */
export async function late(): Promise<void> {
  if (shaking) await pause(Math.random() ** 2 * DELAY_MS);
}

/** Before the routes are registered. */
export function shakeAnswers(app: App): void {
  if (!shaking) return;
  app.addHook('onRequest', async (request) => {
    // What tests prepare does not come over the network.
    if (request.headers['user-agent'] !== 'lightMyRequest') await late();
  });
}

export async function shakePage(page: Page): Promise<void> {
  if (!shaking) return;
  await page.addInitScript(`
    const wait = window.setTimeout;
    window.setTimeout = (call, ms = 0, ...given) =>
      wait(call, ms + Math.random() ** 4 * ${DELAY_MS}, ...given);`);
  const debug = await page.context().newCDPSession(page);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 1 + Math.random() * (SLOWER - 1) });
}
