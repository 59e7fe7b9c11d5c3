import type { ChatModel } from '@docent/models/interfaces';
import { chromiumPath, filePortal, type Portal } from '@docent/test/browser';
import { hostileTexts } from '@docent/test/hostile';
import { beforeAll, describe, expect, test } from 'vitest';
import { answered, ask } from './asking.ts';
import { addMaterial } from './material.ts';

const PER_ANSWER = 16;
/** Every attack that runs would call this. */
const WATCH = 'globalThis.attacks = 0; globalThis.alert = () => { globalThis.attacks += 1; };';
/** Elements that a page of ours never makes, and attributes that run or leave. */
const FORBIDDEN = [
  'script:not([src^="/app/assets/"])',
  'iframe, object, embed, base, form[action], video, audio, source, foreignObject, animate',
  'img, image, meta[http-equiv], style, link[rel=stylesheet]:not([href^="/app/assets/"])',
  '[onload], [onerror], [onclick], [onmouseover], [ontoggle], [onbegin], [srcdoc], [ping]',
  'a[href^="javascript" i], a[href^="data" i], a[href^="vbscript" i], a[href^="blob" i], a[href^="file" i]',
].join(', ');

/** Long ones are for the parser alone; a page of them would only be slow. */
const texts = hostileTexts.filter((text) => text.length < 500);

describe.skipIf(chromiumPath === undefined)('hostile texts in a browser', () => {
  let next = 0;
  const model: ChatModel = {
    id: 'fake:hostile',
    async *stream() {
      const some = texts.slice(next, next + PER_ANSWER);
      next += PER_ANSWER;
      for (const text of some) yield { type: 'text', text: `${text}\n\n` };
      yield { type: 'text', text: 'Every employee has 25 vacation days a year [1].' };
    },
  };
  const portal = filePortal({ chatModel: model });
  beforeAll(() =>
    addMaterial(portal(), {
      title: '<img src=x onerror=alert(1)> Vacation [x](javascript:alert(1))',
      text: `# Vacation\n\nEvery employee has 25 vacation days a year.\n\n${texts.join('\n\n')}`,
    }),
  );

  test('in answers and in sources run nothing, load nothing, and ask no other host', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await page.addInitScript(WATCH);
    await page.reload();
    const rounds = Math.ceil(texts.length / PER_ANSWER);
    for (let round = 0; round < rounds; round += 1) {
      await ask(page, 'How many vacation days does every employee have?');
      await answered(page, round + 1);
    }
    await page
      .getByRole('button', { name: /^Source 1/ })
      .last()
      .click();
    await page.locator('mark').first().waitFor();
    const live = await found(page);
    await page.reload();
    await page.getByText('25 vacation days a year').first().waitFor();
    const stored = await found(page);

    expect(texts.length).toBeGreaterThanOrEqual(40);
    expect([live, stored]).toEqual([nothing, nothing]);
  });

  test('in the names of content and in the passages that trainers see do nothing either', async () => {
    const page = await portal().openAs('trainer', '/app/content');
    await page.addInitScript(WATCH);
    await page.reload();
    await page
      .getByRole('link', { name: /onerror/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    const detail = await found(page);
    await page.goto(`${page.url().replace(/[?#].*$/, '')}/chunks`);
    await page.getByText('25 vacation days').first().waitFor();
    const chunks = await found(page);

    expect([detail, chunks]).toEqual([nothing, nothing]);
  });

  const nothing = { attacks: 0, elements: [] };
  function found(page: Awaited<ReturnType<Portal['open']>>) {
    const elements = `[...document.querySelectorAll(${JSON.stringify(FORBIDDEN)})].map((e) => e.outerHTML)`;
    return page.evaluate(`({ attacks: globalThis.attacks, elements: ${elements} })`);
  }
});
