import { accessibilityProblems, chromiumPath, filePortal } from '@docent/test/browser';
import { describe, expect, test } from 'vitest';
import { learnersWay } from './companyLearner.ts';
import { trainersWay } from './companyTrainer.ts';

describe.skipIf(chromiumPath === undefined)('the sample company in a browser', () => {
  const portal = filePortal({ company: true });

  learnersWay(portal);
  trainersWay(portal);

  test('an HR manager reads the department’s figures, changes the time, and saves a table', async () => {
    const page = await portal().openAs('hr_manager', '/app/analytics');
    await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Skill gaps' }).waitFor();

    const hidden = await page.getByText('not shown: fewer than').count();
    await page.getByLabel('Or', { exact: true }).selectOption('3');
    await page.waitForURL(/from=\d{4}-\d{2}/);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).first().click(),
    ]);
    const problems = await accessibilityProblems(page);

    expect(hidden).toBeGreaterThan(0);
    expect(saved.suggestedFilename()).toBe('Operations skill gaps.csv');
    expect(problems).toEqual([]);
  });

  test('an HR manager finds people of the own departments only', async () => {
    const page = await portal().openAs('hr_manager', '/app/analytics');
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByLabel('Name').fill('Lea Learner');
    await page.waitForURL(/q=Lea/);
    await page.reload();
    await page.getByRole('link', { name: 'Lea Learner' }).click();
    await page.getByText('Courses completed').waitFor();
    const problems = await accessibilityProblems(page);

    const options = await page.goto(`${portal().url}/app/analytics`).then(async () => {
      await page.getByRole('heading', { name: 'Skill gaps' }).waitFor();
      return page.getByLabel('Of', { exact: true }).locator('option').allTextContents();
    });

    expect(options).toContain('Operations/Engineering');
    expect(options).not.toContain('Sales');
    expect(problems).toEqual([]);
  });

  test('an administrator adds a person, makes a key that is shown once, and finds both on record', async () => {
    const page = await portal().openAs('admin', '/app/admin/people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Nora New');
    await page.getByLabel('E-mail address', { exact: true }).fill('nora@demo.example');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('heading', { name: 'Nora New', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'Rights beyond the role' }).waitFor();
    const onPerson = await accessibilityProblems(page);

    await page.goto(`${portal().url}/app/admin/keys`);
    await page.getByRole('button', { name: 'Make a key' }).click();
    await page.getByLabel('Name', { exact: true }).fill('LMS');
    await page.getByLabel('search', { exact: true }).check();
    await page.getByRole('button', { name: 'Make the key' }).click();
    const secret = await page.locator('.secret').textContent();
    const onKey = await accessibilityProblems(page);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('rowheader', { name: /^LMS/ }).waitFor();

    await page.goto(`${portal().url}/app/admin/audit?targetKind=user`);
    await page.getByText('user.created').first().waitFor();

    expect(secret).toMatch(/^dct_live_/);
    expect(await page.content()).not.toContain(secret);
    expect([onPerson, onKey]).toEqual([[], []]);
  });

  test('what narrows a page stands in its address', async () => {
    const page = await portal().openAs('admin', '/app/chat');
    for (const [address, fields, shown] of [
      ['chat?q=nothing', { 'Search conversations': 'nothing' }, 'No conversation has these words.'],
      ['learning/path?q=data', { 'Find a job or skill': 'data' }, 'Data Scientist'],
      [
        'content?q=policy&type=reference&tag=handbook',
        { Title: 'policy', Kind: 'reference', Tag: 'handbook' },
        'Vacation Policy Hungary',
      ],
      [
        'content/graph?q=python&status=published',
        { Search: 'python', Publication: 'published' },
        'Python Programming',
      ],
      [
        'content/questions?q=travel&sort=people',
        { Search: 'travel', Order: 'people' },
        'travel expenses',
      ],
      ['analytics/organization?skills=all', {}, 'Show the largest gaps only'],
      [
        'admin/people?q=tom&role=trainer',
        { 'Name or e-mail address': 'tom', Role: 'trainer' },
        'Tom Trainer',
      ],
      ['admin/keys?status=all', { Status: 'all' }, 'demo'],
      ['admin/audit?targetKind=user', { Of: 'user' }, 'user.created'],
    ] as const) {
      await page.goto(`${portal().url}/app/${address}`);
      await page.locator('main').getByText(shown).first().waitFor();
      for (const [label, value] of Object.entries(fields)) {
        const field = page.getByLabel(label, { exact: true }).first();
        expect([address, label, await field.inputValue()]).toEqual([address, label, value]);
      }
    }
  });

  test.each([
    ['admin', '/app/admin', 'Service'],
    ['admin', '/app/admin/people', 'People'],
    ['admin', '/app/admin/people/import', 'Import people'],
    ['admin', '/app/admin/departments', 'Departments'],
    ['admin', '/app/admin/keys', 'API keys'],
    ['admin', '/app/admin/organizations', 'Organizations'],
    ['admin', '/app/admin/usage', 'Usage and limits'],
    ['admin', '/app/admin/audit', 'Audit log'],
    ['admin', '/app/admin/security', 'Security events'],
    ['trainer', '/app/analytics/organization', 'Demo company'],
    ['learner', '/app/admin/nowhere', 'There is nothing here'],
  ] as const)(
    'for a %s, %s has no barrier, in light and dark, and fits 360 pixels',
    async (role, path, title) => {
      const page = await portal().openAs(role, path);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });

      const problems = await accessibilityProblems(page);
      await page.setViewportSize({ width: 360, height: 740 });
      const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');

      expect(problems).toEqual([]);
      expect(tooWide).toBeLessThanOrEqual(0);
    },
  );
});
