import { accessibilityProblems, chromiumPath, filePortal } from '@docent/test/browser';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const Made = z.looseObject({ id: z.string() });

describe.skipIf(chromiumPath === undefined)('administration in a browser', () => {
  const portal = filePortal();
  const ids: Record<'ada' | 'gone' | 'office' | 'desk', string> = {
    ada: '',
    gone: '',
    office: '',
    desk: '',
  };

  async function ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) {
    const { app, demo } = portal();
    const headers = { authorization: `Bearer ${demo.keys.admin}` };
    const response = await app.inject({ method, url, headers, ...(payload && { payload }) });
    expect(response.statusCode, `${method} ${url}: ${response.body}`).toBeLessThan(300);
    return response.body === '' ? null : response.json();
  }
  const make = async (url: string, body: object) => Made.parse(await ask('POST', url, body)).id;

  // A key for Ada, made by the administrator, as is everything else; somebody who is gone; a department with Ada in it.
  beforeAll(async () => {
    ids.office = await make('/v1/departments', { name: 'Old Office' });
    ids.desk = await make('/v1/departments', { name: 'Desk', parentId: ids.office });
    const person = (name: string) =>
      make('/v1/users', {
        name,
        email: `${name.split(' ')[0]}@office.example`,
        departmentId: ids.office,
      });
    ids.ada = await person('Ada Counts');
    ids.gone = await person('Gone Away');
    await ask('DELETE', `/v1/users/${ids.gone}`);
    await make('/v1/api-keys', { name: 'Ledger', userId: ids.ada, scopes: ['search'] });
  });

  test('a key says whose it is and who made it', async () => {
    const page = await portal().openAs('admin', '/app/admin/keys');
    const row = page.getByRole('row').filter({ hasText: 'Ledger' });
    await row.getByRole('link', { name: 'Ada Counts' }).waitFor();
    const owner = await row.getByRole('link', { name: 'Ada Counts' }).getAttribute('href');
    const told = await row.textContent();

    expect(owner).toBe(`/app/admin/people/${ids.ada}`);
    expect(told).toMatch(/made by Ad/);
  });

  test('what somebody did is found by their name or id; who is deleted stays an id', async () => {
    const page = await portal().openAs('admin', '/app/admin/people');
    await page.goto(`${portal().url}/app/admin/people/${ids.ada}`);
    await page.getByLabel('Job', { exact: true }).fill('Accountant');
    await page.getByRole('button', { name: 'Save' }).first().click();
    await expect
      .poll(async () => (await ask('GET', `/v1/users/${ids.ada}`))?.jobTitle)
      .toBe('Accountant');
    const me = await page.getByRole('complementary').locator('.who strong').textContent();
    await page.goto(`${portal().url}/app/admin/audit?targetKind=user`);
    const entries = page.locator('.entries li');
    await entries.first().getByText('Ada Counts').waitFor();
    const deleted = await entries.filter({ hasText: ids.gone }).first().textContent();

    await page.getByLabel('By', { exact: true }).fill((me ?? '').slice(0, 5));
    await page.getByRole('button', { name: new RegExp(`^${me}`) }).click();
    await page.waitForURL(/actor=user/);
    await expect.poll(() => entries.count()).toBe(1);
    const found = await entries.first().textContent();
    await entries.first().getByText('user.updated').click();
    await entries.first().getByRole('link', { name: 'Ada Counts' }).waitFor();
    const problems = await accessibilityProblems(page);
    await page.getByRole('button', { name: `Not only by ${me}` }).click();
    await page.getByLabel('By', { exact: true }).fill(ids.ada);
    await page.getByText('Nothing like that has been done').waitFor();

    expect(deleted).not.toContain('Gone Away');
    expect(found).toContain('Ada Counts');
    expect(found).toContain(me);
    expect(problems).toEqual([]);
  });

  test('a department that is not empty is deleted when it is chosen where its people go', async () => {
    const page = await portal().openAs('admin', '/app/admin/departments');
    await page.getByRole('button', { name: 'Delete Old Office' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Old Office?' });
    const choice = dialog.getByLabel('They go to');
    await choice.waitFor();
    const offered = await choice.getByRole('option').allTextContents();
    await dialog.getByRole('button', { name: 'Delete the department' }).click();
    await dialog.getByText('people').first().waitFor();
    const refused = await dialog.getByRole('alert').textContent();
    await choice.selectOption({ label: 'Operations' });
    await dialog.getByRole('button', { name: 'Delete the department' }).click();
    await dialog.waitFor({ state: 'detached' });
    const ada = await ask('GET', `/v1/users/${ids.ada}`);
    const desk = await ask('GET', `/v1/departments/${ids.desk}`);

    expect(offered).not.toContain('Old Office');
    expect(offered).not.toContain('Old Office/Desk');
    expect(refused).toMatch(/1 person and 1 department are in it/);
    expect(refused).not.toContain('moveTo');
    expect(ada.department.name).toBe('Operations');
    expect(desk.pathName).toBe('Operations/Desk');
  });
});
