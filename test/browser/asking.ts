import { setTimeout as pause } from 'node:timers/promises';
import type { ChatModel } from '@docent/models/interfaces';
import type { Portal } from '@docent/test/browser';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const FIRST = 'Every employee has 25 vacation days a year [1]. ';
const REST = 'Unused days expire on 31 March [1].';

/** Writes the first sentence, and the rest when it is told to: a test knows where an answer stands. */
export function gatedModel() {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  let said: string | null = null;
  const model: ChatModel = {
    id: 'fake:gated',
    async *stream(_, { signal }) {
      if (said !== null) {
        yield { type: 'text', text: said };
        said = null;
        return;
      }
      yield { type: 'text', text: FIRST };
      const ended = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([gate.promise, ended]);
      signal.throwIfAborted();
      yield { type: 'text', text: REST };
    },
  };
  return {
    model,
    hold() {
      gate = Promise.withResolvers<void>();
    },
    release: () => gate.resolve(),
    /** The next answer is this text. */
    say(text: string) {
      said = text;
    },
  };
}

/** What the questions of these tests are about. */
export function addVacationPolicy(portal: Portal): Promise<void> {
  return addText(
    portal,
    'Vacation policy',
    '# Leave\n\nEvery employee has 25 vacation days a year. Unused vacation days expire on 31 March. Part-time employees get a share of them.',
  );
}

const PATIENCE_MS = 30_000;

/** Material for everybody of the demo company, searchable when it resolves. */
export async function addText({ app, demo }: Portal, title: string, text: string): Promise<void> {
  const headers = { authorization: `Bearer ${demo.keys.trainer}` };
  const payload = { title, text };
  const made = await app.inject({ method: 'POST', url: '/v1/content', headers, payload });
  const { id } = made.json();
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const content = await app.inject({ method: 'GET', url: `/v1/content/${id}`, headers });
    const { state } = content.json().latest;
    if (state === 'ready') return;
    if (Date.now() > until) throw new Error(`the material is ${state}: ${made.body}`);
    await pause(100);
  }
}

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your question' }).fill(question);
  await page.keyboard.press('Enter');
}

/** Waits until so many answers are complete. */
export async function answered(page: Page | Locator, count = 1): Promise<void> {
  await expect
    .poll(() => page.getByRole('button', { name: 'Copy with sources' }).count(), {
      timeout: 20_000,
    })
    .toBe(count);
}
