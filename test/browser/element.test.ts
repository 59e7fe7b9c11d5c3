import { createServer } from 'node:http';
import { accessibilityProblems, chromiumPath, filePortal } from '@docent/test/browser';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { addVacationPolicy, answered, ask, gatedModel } from './asking.ts';

const QUESTION = 'How many vacation days do employees have?';

describe.skipIf(chromiumPath === undefined)('<docent-chat> on a page of another origin', () => {
  const writer = gatedModel();
  const portal = filePortal({ chatModel: writer.model, env: { CORS_ORIGINS: '*' } });
  beforeAll(() => addVacationPolicy(portal()));

  test('answers with sources; the token is asked for again when it is no good any more', async () => {
    const page = await embedded({ script: tokens(['dct_demo_expired', learner()]) });

    await ask(page, QUESTION);
    await answered(page);
    await page.getByRole('button', { name: 'Source 1: Vacation policy' }).first().click();

    const source = page.getByRole('dialog', { name: 'Vacation policy' });
    expect(await source.locator('mark').textContent()).toContain('25 vacation days');
    await page.keyboard.press('Escape');
    await source.waitFor({ state: 'detached' });
    expect(await page.evaluate('asked')).toBe(2);
    expect(await eventsOf(page)).toEqual([
      { type: 'docent-answer', outcome: 'answer', sources: 1, composed: true },
    ]);
  });

  test('keeps its conversation over a reload, goes on with its answer, and forgets it when told', async () => {
    writer.hold();
    const page = await embedded({ script: tokens([learner()]) });
    await ask(page, QUESTION);
    await page.getByText('Every employee has 25 vacation days').waitFor();

    await page.reload();
    await page.getByText('Every employee has 25 vacation days').waitFor();
    writer.release();
    await answered(page);
    await page.locator('.chat-text').getByText('31 March').waitFor();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect
      .poll(() =>
        page.evaluate(`document.querySelector('docent-chat').shadowRoot.activeElement?.className`),
      )
      .toBe('chat-question');
    await answered(page);
    await page.getByRole('button', { name: 'New conversation' }).click();
    await page.getByText('What would you like to know?').waitFor();
    await page.reload();

    await page.getByText('What would you like to know?').waitFor();
    expect(await page.locator('.chat-turn').count()).toBe(0);
  });

  test('tells the page of ratings, and of what went wrong', async () => {
    const page = await embedded({ script: tokens([learner()]) });
    await ask(page, QUESTION);
    await answered(page);
    await page.getByRole('button', { name: 'Helpful', exact: true }).click();
    await expect
      .poll(() => eventsOf(page))
      .toContainEqual(expect.objectContaining({ type: 'docent-feedback', rating: 'up' }));

    const stranger = await embedded({ script: '' });
    await ask(stranger, QUESTION);

    await stranger.getByText('Your sign-in has run out.').waitFor();
    expect(await eventsOf(stranger)).toEqual([
      expect.objectContaining({ type: 'docent-error', code: 'unauthenticated' }),
    ]);
  });

  test('takes nothing from the styles of the page but what is meant for it', async () => {
    const page = await embedded({
      script: '',
      head: `<style>
        html { font-size: 30px } * { letter-spacing: 9px; text-transform: uppercase }
        button, textarea { background: rgb(255, 0, 0) !important; display: none !important }
        docent-chat { --docent-accent: rgb(1, 2, 3) }
        docent-chat::part(heading) { color: rgb(4, 5, 6) }
      </style>`,
    });

    const field = page.getByRole('textbox', { name: 'Your question' });
    await field.waitFor();

    const style = (property: string, selector: string) =>
      page.evaluate(
        `getComputedStyle(document.querySelector('docent-chat').shadowRoot.querySelector('${selector}'))['${property}']`,
      );
    expect(await style('fontSize', 'textarea')).toBe('16px');
    expect(await style('textTransform', '.docent-head h2')).toBe('none');
    expect(await style('backgroundColor', 'textarea')).not.toBe('rgb(255, 0, 0)');
    expect(await style('backgroundColor', '.button.primary')).toBe('rgb(1, 2, 3)');
    expect(await style('color', '.docent-head h2')).toBe('rgb(4, 5, 6)');
  });

  test.each([
    ['', 'hu-HU', 'A kérdésed'],
    ['lang="de"', 'hu', 'Ihre Frage'],
    ['lang="fr"', 'en', 'Your question'],
  ])('speaks the language of %j in a page in %s', async (attributes, lang, label) => {
    const page = await embedded({ script: '', attributes, lang });

    await page.getByRole('textbox', { name: label }).waitFor();
  });

  test('is answered in the language around it when the question tells none', async () => {
    const page = await embedded({ script: tokens([learner()]), attributes: 'lang="hu"' });

    await page.getByRole('textbox', { name: 'A kérdésed' }).fill('Zqxwv');
    await page.keyboard.press('Enter');

    await page.locator('.chat-card').getByText('Nem találtam').first().waitFor();
  });

  test('runs from left to right inside of a page that does not', async () => {
    const page = await embedded({
      script: tokens([learner()]),
      head: '<style>:root { direction: rtl }</style>',
    });
    await ask(page, QUESTION);
    await answered(page);
    const style = (selector: string, property: string) =>
      page.evaluate(
        `getComputedStyle(document.querySelector('docent-chat').shadowRoot.querySelector('${selector}'))['${property}']`,
      );

    expect(await style('.meter-text', 'direction')).toBe('ltr');
    expect(await style('.docent-root p', 'unicodeBidi')).toBe('plaintext');
  });

  test('is shown by the demo page, signed in as a person of the demo company', async () => {
    const page = await portal().open('/embed/demo');
    await page.getByText('The chat is signed in as').waitFor();

    await ask(page, QUESTION);
    await answered(page);

    await page.getByText('docent-answer: answer').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('comes compressed, for any origin, and not twice', async () => {
    const { app } = portal();
    const url = '/embed/docent-chat.js';

    const whole = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    const etag = String(whole.headers.etag);
    const again = await app.inject({
      url,
      headers: { 'accept-encoding': 'gzip', 'if-none-match': etag },
    });

    expect(whole.headers).toMatchObject({
      'content-encoding': 'gzip',
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
    });
    expect(whole.headers['content-type']).toContain('javascript');
    expect(whole.rawPayload.length).toBeLessThanOrEqual(40_000);
    expect(again.statusCode).toBe(304);
  });

  /** A page that embeds the element, served by somebody else. */
  async function embedded({
    script,
    head = '',
    attributes = '',
    lang = 'en',
  }: {
    script: string;
    head?: string;
    attributes?: string;
    lang?: string;
  }): Promise<Page> {
    const { url } = portal();
    const html = `<!doctype html><html lang="${lang}"><head><link rel="icon" href="data:,">${head}
      <script type="module" src="${url}/embed/docent-chat.js"></script></head>
      <body><docent-chat endpoint="${url}" ${attributes}></docent-chat><script>
        window.asked = 0;
        window.told = [];
        const tell = ({ type, composed, detail }) => told.push({ type, composed, ...detail });
        for (const name of ['docent-answer', 'docent-feedback', 'docent-error']) {
          document.addEventListener(name, tell);
        }
        ${script}
      </script></body></html>`;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    onTestFinished(() => void server.close());
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const page = await portal().open('/live');
    await page.goto(`http://localhost:${port}/`);
    return page;
  }

  function learner(): string {
    return portal().demo.keys.learner;
  }
});

/** A page's own way to tokens: one after another, the last one from then on. */
function tokens(keys: readonly string[]): string {
  return `
    const keys = ${JSON.stringify(keys)};
    document.querySelector('docent-chat').getToken = async () => {
      asked += 1;
      return keys.length > 1 ? keys.shift() : keys[0];
    };`;
}

const Told = z.array(
  z.looseObject({
    type: z.string(),
    composed: z.boolean(),
    sources: z
      .array(z.unknown())
      .transform((sources) => sources.length)
      .optional(),
  }),
);

/** What the page was told, without what only this run has. */
async function eventsOf(page: Page): Promise<object[]> {
  const told = Told.parse(await page.evaluate('told'));
  return told.map(({ type, composed, sources, outcome, rating, code }) =>
    Object.fromEntries(
      Object.entries({ type, composed, sources, outcome, rating, code }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
  );
}
