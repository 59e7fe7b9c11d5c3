import { Message } from '@docent/contracts/chat';
import { pageOf } from '@docent/contracts/common';
import { accessibilityProblems, chromiumPath, filePortal } from '@docent/test/browser';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { hostile } from '../../packages/portal/src/chat/testHostile.ts';
import { addText, addVacationPolicy, answered, ask, gatedModel } from './asking.ts';

const QUESTION = 'How many vacation days do employees have?';
describe.skipIf(chromiumPath === undefined)('the chat page', () => {
  const writer = gatedModel();
  const portal = filePortal({ chatModel: writer.model });
  beforeAll(() => addVacationPolicy(portal()));

  test('answers with markers that open the source at the cited words; the address keeps it open', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await answered(page);

    await page.getByRole('button', { name: 'Source 1: Vacation policy' }).first().click();

    const source = page.getByRole('complementary', { name: 'Vacation policy' });
    await source.getByText('current version').waitFor();
    expect(await source.locator('mark').textContent()).toContain('25 vacation days');
    expect(new URL(page.url()).searchParams.get('source')).toMatch(/\.1$/);
    await page.reload();
    await source.locator('mark').waitFor();
    await page.keyboard.press('Escape');
    await source.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  test('says what a misspelt question was searched for, also after a reload', async () => {
    // The words of new material are counted some seconds after it came.
    const { app, demo } = portal();
    const corrected = async () => {
      const headers = { authorization: `Bearer ${demo.keys.learner}` };
      const payload = { query: 'vacatoin' };
      const found = await app.inject({ method: 'POST', url: '/v1/search', headers, payload });
      return found.json().correctedQuery;
    };
    await expect.poll(corrected).toBe('vacation');
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, 'How many vacatoin days do employees have?');
    await answered(page);

    await page.getByText(`Searched for: ${QUESTION}`).waitFor();
    await page.reload();
    await page.getByText(`Searched for: ${QUESTION}`).waitFor();
    expect(await page.locator('.chat-question').textContent()).toContain('vacatoin');
  });

  test('gives the focus back to the marker when the source is closed', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await answered(page);
    const marker = page.getByRole('button', { name: 'Source 1: Vacation policy' }).first();
    await marker.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Vacation policy' }).waitFor();

    await page.keyboard.press('Escape');

    await expect
      .poll(() => page.evaluate('document.activeElement?.getAttribute("aria-label")'))
      .toMatch(/^Source 1/);
  });

  test('shows the source as a sheet on a small screen', async () => {
    const viewport = { width: 360, height: 740 };
    const page = await portal().openAs('learner', '/app/chat');
    await page.setViewportSize(viewport);
    await ask(page, QUESTION);
    await answered(page);
    const marker = page.getByRole('button', { name: 'Source 1: Vacation policy' }).first();

    await marker.click();
    await page.getByRole('dialog', { name: 'Vacation policy' }).locator('mark').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(wide).toBeLessThanOrEqual(viewport.width);
  });

  test('asks a follow-up in the same conversation, which has an address of its own', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await answered(page);
    const address = new URL(page.url()).pathname;

    await ask(page, 'And when do they expire?');
    await answered(page, 2);

    expect(address).toMatch(/^\/app\/chat\/[\da-f-]{36}$/);
    expect(new URL(page.url()).pathname).toBe(address);
    await page.reload();
    await answered(page, 2);
    await page.goBack();
  });

  test('goes on with an answer after a refresh in the middle of it', async () => {
    writer.hold();
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await page.getByText('Every employee has 25 vacation days').waitFor();

    await page.reload();
    await page.getByText('Every employee has 25 vacation days').waitFor();
    writer.release();

    await answered(page);
    await page.locator('.chat-text').getByText('Unused days expire on 31 March').waitFor();
    expect(await page.locator('.chat-turn').count()).toBe(1);
    expect(await page.locator('.chat-text').textContent()).toContain('a year');
  });

  test('goes on when the network comes back', async () => {
    writer.hold();
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await page.getByText('Every employee has 25 vacation days').waitFor();
    // The answer's connection is cut; what is asked for next fails as well, then works.
    await page.context().setOffline(true);
    portal().app.server.closeAllConnections();
    await page.getByText('Reconnecting').waitFor();

    await page.context().setOffline(false);
    writer.release();

    await answered(page);
    const text = (await page.locator('.chat-text').textContent()) ?? '';
    expect(text.match(/vacation days/g)).toHaveLength(1);
    expect(text).toContain('31 March');
  });

  test('keeps a question that is asked as soon as the field is there', async () => {
    writer.release();
    const page = await portal().openAs('learner', '/app/learning');
    // Asks in the same moment in which the field is put on the page, before any of the page's effects.
    await page.evaluate(`new MutationObserver((_, observer) => {
      const field = document.querySelector('textarea');
      if (field === null) return;
      observer.disconnect();
      field.value = ${JSON.stringify(QUESTION)};
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      queueMicrotask(() => field.form.requestSubmit());
    }).observe(document.body, { childList: true, subtree: true })`);

    await page.getByRole('link', { name: 'Chat' }).first().click();

    await answered(page);
    expect(await page.locator('.chat-turn').count()).toBe(1);
  });

  test('stops an answer, keeps what was written, and asks again in its place', async () => {
    writer.hold();
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await page.getByText('Every employee has 25 vacation days').waitFor();

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('You stopped this answer.').waitFor();
    writer.release();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect.poll(() => focused(page)).toContain(QUESTION);
    await answered(page);
    await page.locator('.chat-text').getByText('Unused days expire on 31 March').waitFor();

    const path = `/v1${new URL(page.url()).pathname.replace('/app/chat', '/conversations')}/messages`;
    const stored = await read(path);
    expect(stored.items.map(({ role, status }) => [role, status])).toEqual([
      ['user', 'complete'],
      ['assistant', 'complete'],
    ]);
  });

  test('takes a rating with its reason, and takes it back', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await answered(page);

    const down = page.getByRole('button', { name: 'Not helpful' });
    await down.click();
    await page.getByLabel('It is outdated').check();
    await page.getByLabel('Comment').fill('There are 30 now.');
    await page.locator('.chat-feedback').getByRole('button', { name: 'Send' }).click();
    await page.getByText('Thank you').first().waitFor();
    await expect.poll(() => focused(page)).toBe('Not helpful');

    await page.reload();
    await answered(page);
    expect(await down.getAttribute('aria-pressed')).toBe('true');
    await down.click();
    await expect.poll(() => down.getAttribute('aria-pressed')).toBe('false');
  });

  test('copies an answer with its sources', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await ask(page, QUESTION);
    await answered(page);

    await page.getByRole('button', { name: 'Copy with sources' }).click();
    await page.getByText('Copied with its sources.').first().waitFor();

    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain('25 vacation days a year [1]');
    expect(copied).toContain('Sources:\n[1] Vacation policy');
  });

  test('renames, finds and deletes a conversation', async () => {
    const page = await portal().openAs('trainer', '/app/chat');
    await ask(page, QUESTION);
    await answered(page);
    const list = page.getByRole('navigation', { name: 'Conversations' });
    await list.getByRole('link', { name: QUESTION }).hover();
    await list.getByRole('button', { name: `Rename ${QUESTION}` }).click();
    await expect.poll(() => focused(page)).toBe('INPUT');
    await page.getByLabel('Title').fill('Time off');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('heading', { name: 'Time off' }).waitFor();

    await page.getByLabel('Search conversations').fill('nothing like it');
    await page.getByText('No conversation has these words.').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('nothing like it');
    await page.getByLabel('Search conversations').fill('time o');
    await list.getByRole('link', { name: 'Time off' }).hover();
    await list.getByRole('button', { name: 'Delete Time off' }).click();
    await page.getByRole('button', { name: 'Delete the conversation' }).click();

    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
    await expect.poll(() => list.getByRole('link', { name: 'Time off' }).count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe('/app/chat');
    await expect.poll(() => focused(page)).toContain('conversation');
  });

  test('keeps a question that is not sent yet, for each conversation, until one signs out', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    const field = page.getByRole('textbox', { name: 'Your question' });
    await field.fill('Half a thou');
    await page.getByRole('link', { name: 'My learning' }).first().click();
    await field.waitFor({ state: 'detached' });

    await page.goBack();
    await expect.poll(() => field.inputValue()).toBe('Half a thou');
    await page.reload();
    await expect.poll(() => field.inputValue()).toBe('Half a thou');
    await ask(page, QUESTION);
    await answered(page);
    await field.fill('And in summer');
    await page.getByRole('link', { name: 'New conversation' }).first().click();
    await expect.poll(() => field.inputValue()).toBe('');
    await page.goBack();
    await expect.poll(() => field.inputValue()).toBe('And in summer');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('And in summer');
  });

  test('says that a conversation of somebody else is not there', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, QUESTION);
    await answered(page);
    const { pathname } = new URL(page.url());

    const other = await portal().openAs('trainer', pathname);

    await other.getByRole('alert').filter({ hasText: 'Request' }).waitFor();
    expect(await other.getByText('25 vacation days').count()).toBe(0);
  });

  test('is accessible before and after an answer, with its source open, light and dark', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await ask(page, QUESTION);
    await answered(page);
    await page.getByRole('button', { name: 'Not helpful' }).click();
    await page.getByText('Confidence:').click();
    await page.getByRole('button', { name: 'Source 1: Vacation policy' }).first().click();
    await page.locator('.chat-side mark').waitFor();

    expect(await accessibilityProblems(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('dialog').locator('mark').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('shows hostile answers and material as the text that they are', async () => {
    const title = '<img src=x onerror=alert(1)>';
    // Those that are only deep would make the whole answer plain.
    const payloads = hostile.filter(({ length }) => length < 500);
    await addText(portal(), title, `Zebra handling: ${payloads.join(' ')}`);
    writer.say(`Zebra handling [1].\n\n${payloads.join('\n\n')}`);
    const page = await portal().openAs('learner', '/app/chat');
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });

    await ask(page, 'How does zebra handling work?');
    await answered(page);
    await page.locator('button.chat-marker').first().click();
    await page.locator('.chat-side mark').waitFor();

    const bad = await page.evaluate<number>(
      `document.querySelectorAll('main :is(script, img, iframe, object, embed, form:not([class]), style, base, [onerror], [onclick], [onload])').length`,
    );
    expect(bad).toBe(0);
    expect(await page.locator('.chat-text').textContent()).toContain('<script>alert(1)</script>');
    expect(dialogs).toEqual([]);
  });

  test('speaks to screen readers twice an answer, not with every word', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await page.getByLabel('Your question').waitFor();
    await listen(page);

    await ask(page, QUESTION);
    await answered(page);

    await expect
      .poll(() => page.evaluate('said'))
      .toEqual(['Docent is answering.', expect.stringContaining('Every employee has 25')]);
  });

  test('tells screen readers once that an answer failed, and no longer that it comes', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await page.getByLabel('Your question').waitFor();
    await listen(page);
    await page.route('**/v1/chat', async (route) => {
      const json = { code: 'internal_error', detail: 'Nothing goes just now.' };
      await page.getByText('Docent is answering.').waitFor({ state: 'attached' });
      await route.fulfill({ status: 500, contentType: 'application/problem+json', json });
    });

    await ask(page, QUESTION);
    await page.getByRole('alert').getByText('Nothing goes just now.').waitFor();

    await expect.poll(() => page.evaluate('said')).toEqual(['Docent is answering.']);
    expect(await page.locator('.chat-page > [role=status]').textContent()).toBe('');
  });

  test('a question back and an abstention never look like an answer; choosing keeps the focus', async () => {
    const rule = (city: string, places: number) =>
      addText(
        portal(),
        `Parking policy ${city}`,
        `# Parking\n\nThe parking garage has ${places} parking places for bicycles.`,
      );
    await Promise.all([rule('Budapest', 40), rule('Vienna', 60)]);
    const page = await portal().openAs('learner', '/app/chat');
    await page.getByLabel('Your question').waitFor();
    await page.evaluate(`window.answers = 0;
      new MutationObserver(() => {
        answers += document.querySelectorAll('.chat-turn:last-of-type .chat-text').length;
      }).observe(document.body, { childList: true, subtree: true });`);

    await ask(page, 'How many parking places for bicycles does the parking garage have?');
    await answered(page);
    await page.locator('.clarify').waitFor();
    expect(await page.evaluate('answers')).toBe(0);
    await page.getByRole('button', { name: 'Parking policy Vienna' }).click();
    await expect.poll(() => focused(page)).toContain('Parking policy Vienna');
    await answered(page, 2);
    await page.evaluate('answers = 0');
    await ask(page, 'Qwertz asdfgh yxcvbn?');
    await answered(page, 3);

    await page.locator('.abstain').waitFor();
    expect(await page.evaluate('answers')).toBe(0);
  });

  async function read(path: string) {
    const { app, demo } = portal();
    const headers = { authorization: `Bearer ${demo.keys.learner}` };
    const response = await app.inject({ method: 'GET', url: path, headers });
    return pageOf(Message).parse(response.json());
  }
});

/** Keeps what is said to screen readers. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(`
    window.said = [];
    const region = document.querySelector('.chat-page > [role=status]');
    const changes = { childList: true, characterData: true, subtree: true };
    new MutationObserver(() => region.textContent && said.push(region.textContent)).observe(region, changes);
  `);
}

/** The name or the words of what has the focus, else what kind of element it is. */
function focused(page: Page): Promise<unknown> {
  return page.evaluate(`(({ ariaLabel, textContent, tagName }) =>
    tagName === 'BODY' ? 'BODY' : ariaLabel || textContent || tagName)(document.activeElement)`);
}
