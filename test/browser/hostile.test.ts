import { chromiumPath, filePortal } from '@docent/test/browser';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostile } from '../../packages/portal/src/chat/testHostile.ts';
import { addText } from './asking.ts';

const TITLE = '<img src=x onerror=alert(1)> Vacation [x](javascript:alert(1))';
/** Every attack that runs calls this. */
const WATCH = 'globalThis.attacks = 0; globalThis.alert = () => { globalThis.attacks += 1; };';
/** Elements that the pages never make, and attributes that run or leave. */
const FORBIDDEN = [
  'body script',
  'iframe, object, embed, base, form[action], video, audio, source, foreignObject, animate',
  'img, image, meta[http-equiv], style, link[rel=stylesheet]:not([href*="/app/assets/"])',
  '[onload], [onerror], [onclick], [onmouseover], [ontoggle], [onbegin], [srcdoc], [ping]',
  'a[href^="javascript" i], a[href^="data" i], a[href^="vbscript" i], a[href^="blob" i], a[href^="file" i]',
].join(', ');

describe.skipIf(chromiumPath === undefined)('hostile material on the pages of trainers', () => {
  const portal = filePortal();
  // Those that are only deep are refused by the reader, which is not what is looked at here.
  const texts = hostile.filter(({ length }) => length < 500);
  beforeAll(() => addText(portal(), TITLE, texts.join('\n\n')));

  test('runs nothing, loads nothing, and asks no other host', async () => {
    const page = await portal().openAs('trainer', '/app/content');
    await page.addInitScript(WATCH);
    await page.reload();
    await page
      .getByRole('link', { name: /onerror/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: /onerror/ }).waitFor();

    const seen = [await found(page)];
    for (const part of ['chunks', 'versions', 'links', 'test']) {
      await page
        .getByRole('navigation', { name: 'Parts of this page' })
        .locator(`a[href$="/${part}"]`)
        .click();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      seen.push(await found(page));
    }

    expect(texts.length).toBeGreaterThanOrEqual(40);
    expect(seen).toEqual(seen.map(() => ({ attacks: 0, elements: [] })));
  });

  function found(page: Page) {
    const elements = `[...document.querySelectorAll(${JSON.stringify(FORBIDDEN)})].map((e) => e.outerHTML)`;
    return page.evaluate(`({ attacks: globalThis.attacks, elements: ${elements} })`);
  }
});
