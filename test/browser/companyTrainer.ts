import { accessibilityProblems, type Portal } from '@docent/test/browser';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { answered, ask } from './asking.ts';

const Node = z.looseObject({ id: z.uuid(), title: z.string() });
const Proposals = z.looseObject({ items: z.array(z.looseObject({ content: Node, to: Node })) });

const travel = {
  name: 'travel-expenses.md',
  mimeType: 'text/markdown',
  buffer: Buffer.from(
    '# Travel Expenses\n\nHand in travel expenses in the HR portal within 30 days after the journey. Receipts are photographed; the originals may be thrown away.\n',
  ),
};

/** A trainer's way through the sample company, registered as tests of the `describe` that calls it. */
export function trainersWay(portal: () => Portal): void {
  test('a trainer finds a content by filters, reads its passages, and tests a question on it', async () => {
    const problems: string[] = [];
    const page = await portal().openAs('trainer', '/app/content');
    const check = async () => problems.push(...(await accessibilityProblems(page)));
    await page.getByText('50 contents so far').or(page.getByText('54 contents')).waitFor();
    await page.getByLabel('Kind').selectOption('Reference');
    await page.getByLabel('Title').fill('security');
    await page.waitForURL(/q=security/);
    await expect
      .poll(() => page.locator('.content-main > a').allTextContents())
      .toEqual(['Information Security Guide']);
    await check();

    await page.getByRole('link', { name: 'Information Security Guide' }).click();
    await page.getByRole('heading', { name: 'Information Security Guide', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Passages' }).click();
    await page.getByText('use a passphrase of at least 14 characters').waitFor();
    const passages = await page.locator('.chunk').count();
    await page.getByRole('link', { name: 'Test a question' }).click();
    await page.getByLabel('Question').fill('Whom do I tell that my key is lost?');
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText('When everything is searched, it comes').waitFor();
    await page.locator('.chunk').first().waitFor();
    const asked = page.url();

    expect(passages).toBe(6);
    expect(new URL(asked).searchParams.get('q')).toBe('Whom do I tell that my key is lost?');
    expect(problems).toEqual([]);
  });

  test('a trainer confirms what Docent proposes to belong together', async () => {
    const { items } = Proposals.parse(await asTrainer('/v1/links?limit=1'));
    const [proposal] = items;
    if (proposal === undefined) throw new Error('The company has no proposal.');
    const { content, to } = proposal;
    const page = await portal().openAs('trainer', `/app/content/${content.id}/links`);
    const confirm = page.getByRole('button', { name: `Confirm ${to.title}`, exact: true });
    await confirm.first().waitFor();
    const problems = await accessibilityProblems(page);
    const before = await confirm.count();
    await confirm.first().click();
    await page.getByText(`Belongs to “${to.title}” now.`).waitFor();
    await page.reload();
    await page
      .getByRole('button', { name: `Remove ${to.title}`, exact: true })
      .first()
      .waitFor();
    await page.getByRole('heading', { name: 'Proposals to confirm' }).waitFor();
    await expect.poll(() => page.locator('.skeleton').count()).toBe(0);

    expect(await confirm.count()).toBe(before - 1);
    expect(problems).toEqual([]);
  });

  test('a trainer uploads what answers an unanswered question, and the chat answers it', async () => {
    const page = await portal().openAs('trainer', '/app/content/questions?q=travel');
    const row = page.getByRole('listitem').filter({ hasText: 'travel expenses' }).first();
    await row.waitFor();
    const question = (await row.getByRole('heading').textContent()) ?? '';
    const problems = await accessibilityProblems(page);
    const told = await row.textContent();
    await row.getByRole('link', { name: 'Upload an answer' }).click();
    await page.getByText(question).waitFor();

    await page.getByText('Up to').waitFor();
    await page.getByLabel('Files', { exact: true }).setInputFiles(travel);
    await page.getByRole('button', { name: 'Upload 1 file' }).click();
    await page.getByText('1 file ready.').waitFor();
    await page.getByRole('link', { name: 'Travel Expenses' }).waitFor();

    await page.goto(`${portal().url}/app/chat`);
    await ask(page, question);
    await answered(page);
    const sources = await page.locator('.chat-source-title').allTextContents();

    expect(await page.locator('.chat-text').count()).toBe(1);
    expect(sources).toContain('Travel Expenses');
    expect(told).toMatch(/people( or more)? asked/);
    expect(told).toContain('100 % not answered well');
    expect(problems).toEqual([]);
  });

  async function asTrainer(url: string): Promise<unknown> {
    const { app, demo } = portal();
    const headers = { authorization: `Bearer ${demo.keys.trainer}` };
    const response = await app.inject({ method: 'GET', url, headers });
    return response.json();
  }
}
