import { chromiumPath, filePortal } from '@docent/test/browser';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';

describe.skipIf(chromiumPath === undefined)('what is typed and shown in the pages', () => {
  const portal = filePortal();

  test('a dialog stays when text is selected past its edge, and asks before it closes over what was typed', async () => {
    const page = await portal().openAs('admin', '/app/admin/people');
    const asked = answering(page, [false, false, true]);
    await page.getByRole('button', { name: 'Add a person' }).click();
    const name = page.getByLabel('Name', { exact: true });
    await expect.poll(() => focused(page)).toBe('INPUT');
    await name.fill('Nora New');

    await name.hover();
    await page.mouse.down();
    await page.mouse.move(5, 5, { steps: 3 });
    await page.mouse.up();
    expect(asked).toEqual([]);
    await page.mouse.click(5, 5);
    expect(asked).toHaveLength(1);
    await page.keyboard.press('Escape');
    expect(asked).toHaveLength(2);
    expect(await name.inputValue()).toBe('Nora New');
    await page.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain('Close, and lose it?');
  });

  test('a dialog in which nothing was typed closes by a press beside it and by Escape', async () => {
    const page = await portal().openAs('admin', '/app/admin/people');
    for (const close of [() => page.mouse.click(5, 5), () => page.keyboard.press('Escape')]) {
      await page.getByRole('button', { name: 'Add a person' }).click();
      await page.getByRole('dialog').waitFor();

      await close();

      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  test('a key that is shown once has the focus on Copy, closes by its button only, and is copied without https', async () => {
    const page = await portal().openAs('admin', '/app/admin/keys');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name', { exact: true }).fill('LMS');
    await page.getByLabel('search', { exact: true }).check();
    await page.getByRole('button', { name: 'Make the key' }).click();
    const secret = (await page.locator('.secret').textContent()) ?? '';
    await expect.poll(() => focused(page)).toBe('Copy');

    for (let times = 0; times < 3; times += 1) await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await page.evaluate(`window.clipboardOf = navigator.clipboard;
      Object.defineProperty(navigator, 'clipboard', { value: undefined })`);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();

    expect(secret).toMatch(/^dct_live_/);
    expect(await page.evaluate('clipboardOf.readText()')).toBe(secret);
    await page.evaluate('document.execCommand = () => false');
    await page.getByRole('button', { name: 'Copied' }).click();
    await page.getByText('The browser does not allow copying here.').waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe(secret);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('an import gives the focus to what came of it', async () => {
    const page = await portal().openAs('admin', '/app/admin/people/import');
    const csv = 'email,name\nana@demo.example,Ana Adams\nben@demo.example,Ben Brown\n';
    await page
      .getByLabel('File')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByRole('button', { name: 'Look what would happen' }).click();

    await page.getByRole('button', { name: 'Import 2 people' }).click();
    await page.getByText('Done: 2 new').waitFor();

    await expect.poll(() => focused(page)).toBe('DIV');
  });

  test('a range of months is typed whole before it is taken, and a wrong one stays to be put right', async () => {
    const page = await portal().openAs('admin', '/app/analytics/organization');
    const from = page.getByLabel('From', { exact: true });
    await expect.poll(() => from.inputValue()).toMatch(/^\d{4}-\d{2}$/);
    const addresses: string[] = [];
    page.on('framenavigated', (frame) => addresses.push(new URL(frame.url()).search));

    await from.focus();
    // The month in letters or digits, then the year digit by digit, as a keyboard has it.
    await page.keyboard.type('032025', { delay: 20 });
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('from')).toBe('2025-03');

    expect(addresses.filter((search) => !search.includes('from=2025-03'))).toEqual([]);
    await page.goto(`${portal().url}/app/analytics/organization?from=2025-06&to=2025-01`);
    await page.getByText('before it begins').waitFor();
    expect(await from.inputValue()).toBe('2025-06');
    await from.fill('2024-06');
    await from.blur();
    await page.getByText('before it begins').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?from=2024-06&to=2025-01');
  });
});

/** Answers the questions of the browser, in order. @returns what was asked. */
function answering(page: Page, answers: boolean[]): string[] {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void (answers.shift() ? dialog.accept() : dialog.dismiss());
  });
  return asked;
}

/** The words of the button that has the focus, else the kind of element. */
function focused(page: Page): Promise<unknown> {
  return page.evaluate(
    'document.activeElement.tagName === "BUTTON" ? document.activeElement.textContent : document.activeElement.tagName',
  );
}
