import { chromiumPath, filePortal } from '@docent/test/browser';
import { describe, expect, test } from 'vitest';

describe.skipIf(chromiumPath === undefined)('signing in with a browser', () => {
  const portal = filePortal();

  test('as a person of the demo company, kept over a reload and given to a second tab', async () => {
    const page = await portal().open('/app/nowhere');
    await page.getByRole('button', { name: 'Hanna Manager' }).click();
    await page.getByText('HR manager · 2 departments').waitFor();

    await page.reload();
    await page.getByText('HR manager · 2 departments').waitFor();
    const second = await page.context().newPage();
    await second.goto(`${portal().url}/app/nowhere`);
    await second.getByText('HR manager · 2 departments').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();

    await second.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test.each([
    ['learner', '/app/chat'],
    ['trainer', '/app/content'],
    ['hr_manager', '/app/analytics'],
    ['admin', '/app/admin'],
  ] as const)('brings a %s to %s', async (role, path) => {
    const page = await portal().openAs(role, '/app/');

    await page.waitForURL(new RegExp(`${path}(/|$)`));

    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
  });

  test('with an API key; a wrong one is told at its field', async () => {
    const page = await portal().open('/app/');
    await page.getByText('Sign in with an API key').click();
    await page.getByLabel('API key').fill('dct_demo_wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect.poll(() => page.getByLabel('API key').getAttribute('aria-invalid')).toBe('true');

    await page.getByLabel('API key').fill(portal().demo.keys.trainer);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();

    await page.getByText('Trainer · Engineering').waitFor();
  });

  test('the demo lets nobody in by another name than this machine’s', async () => {
    const { app, demo } = portal();

    const elsewhere = await app.inject({
      method: 'GET',
      url: '/v1/demo/people',
      headers: { host: 'rebound.example' },
    });
    const stranger = await app.inject({
      method: 'POST',
      url: '/v1/demo/sign-in',
      headers: { host: 'localhost' },
      remoteAddress: '192.0.2.7',
      payload: { userId: demo.orgId },
    });

    expect([elsewhere.statusCode, stranger.statusCode]).toEqual([403, 403]);
  });
});
