import { chromiumPath, filePortal } from '@docent/test/browser';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addText, answered, ask } from './asking.ts';

const LONG = `Lebensmittel${'bezugsberechtigungsschein'.repeat(6)}`.slice(0, 156);
const QUESTION = 'Which shoes are worn in the workshop?';
const Made = z.looseObject({ id: z.string() });

/** Pixels of a window. */
const widths = [1280, 360];

describe.skipIf(chromiumPath === undefined)('names that are one long word', () => {
  const portal = filePortal();
  const ids: Record<string, string> = {};

  async function as(
    role: 'admin' | 'trainer',
    method: 'GET' | 'POST' | 'PATCH',
    url: string,
    payload?: object,
  ) {
    const { app, demo } = portal();
    const headers = { authorization: `Bearer ${demo.keys[role]}` };
    const response = await app.inject({ method, url, headers, ...(payload && { payload }) });
    expect(response.statusCode, `${method} ${url}: ${response.body}`).toBeLessThan(300);
    return response.json();
  }
  const make = async (url: string, payload: object) =>
    Made.parse(await as('admin', 'POST', url, payload)).id;

  beforeAll(async () => {
    const { demo } = portal();
    await as('admin', 'PATCH', `/v1/organizations/${demo.orgId}`, { name: LONG.slice(0, 90) });
    ids.department = await make('/v1/departments', { name: LONG });
    const { items } = z
      .object({ items: z.array(Made) })
      .parse(await as('admin', 'GET', '/v1/users?q=learner'));
    ids.person = items[0]?.id ?? '';
    await as('admin', 'PATCH', `/v1/users/${ids.person}`, {
      name: LONG,
      jobTitle: LONG,
      departmentId: ids.department,
    });
    ids.skill = await make('/v1/skills', { name: LONG, description: LONG });
    ids.course = await make('/v1/courses', { title: LONG });
    await make('/v1/edges', {
      type: 'teaches',
      from: { kind: 'course', id: ids.course },
      to: { kind: 'skill', id: ids.skill },
    });
    await make('/v1/skill-targets', { jobRole: LONG, skillId: ids.skill, level: 4 });
    await as('admin', 'POST', '/v1/api-keys', { name: LONG, scopes: ['*'] });
    await addText(
      portal(),
      LONG,
      `# ${LONG}\n\nSafety shoes are worn in the workshop, by everybody who comes in.\n\n## ${LONG}s\n\n${LONG}`,
    );
    const content = z
      .object({ items: z.array(Made) })
      .parse(await as('trainer', 'GET', '/v1/content?limit=1'));
    ids.content = content.items[0]?.id ?? '';
  });

  test.each([
    ['trainer', () => content()],
    ['admin', () => administration()],
    [
      'hr_manager',
      () => [
        '/app/analytics',
        '/app/analytics/organization',
        `/app/analytics/departments/${ids.department}`,
        `/app/analytics/departments/${ids.department}/people`,
      ],
    ],
    [
      'admin',
      () => [
        '/app/analytics/organization',
        `/app/analytics/departments/${ids.department}`,
        `/app/analytics/departments/${ids.department}/people`,
        `/app/analytics/people/${ids.person}`,
      ],
    ],
  ] as const)('do not widen the pages of a %s (%#)', async (role, addresses) => {
    const page = await portal().openAs(role, '/app/');
    const wide: string[] = [];
    for (const address of addresses()) {
      await page.goto(`${portal().url}${address}`);
      await settled(page);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        wide.push(...(await tooWide(page)).map((what) => `${width} ${address}: ${what}`));
      }
    }

    expect(wide).toEqual([]);
  });

  function content(): string[] {
    const one = `/app/content/${ids.content}`;
    return [
      '/app/content',
      one,
      ...['chunks', 'test', 'versions', 'links'].map((tab) => `${one}/${tab}`),
      '/app/content/graph',
      `/app/content/graph/skills/${ids.skill}`,
      `/app/content/graph/courses/${ids.course}`,
      `/app/learning/skills/${ids.skill}`,
      `/app/learning/courses/${ids.course}`,
      `/app/learning/content/${ids.content}`,
      `/app/learning/path?goal=skill:${ids.skill}`,
    ];
  }

  function administration(): string[] {
    return [
      '/app/admin',
      '/app/admin/people',
      `/app/admin/people/${ids.person}`,
      '/app/admin/departments',
      '/app/admin/organizations',
      '/app/admin/keys?status=all',
      '/app/admin/usage',
      '/app/admin/audit',
    ];
  }

  test('leave a dialog its cross, and the chat its sources', async () => {
    const page = await portal().openAs('admin', '/app/admin/keys');
    const wide: string[] = [];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${portal().url}/app/admin/keys`);
      await page.getByRole('button', { name: 'Replace' }).last().click();
      await page.getByRole('dialog').waitFor();
      wide.push(...(await tooWide(page)).map((what) => `${width} dialog: ${what}`));

      await page.goto(`${portal().url}/app/chat`);
      await ask(page, QUESTION);
      await answered(page);
      wide.push(...(await tooWide(page)).map((what) => `${width} chat: ${what}`));
      await page
        .getByRole('button', { name: `Source 1: ${LONG}` })
        .first()
        .click();
      await page.locator('.chat-source-text mark').waitFor();
      wide.push(...(await tooWide(page)).map((what) => `${width} source: ${what}`));
    }

    expect(wide).toEqual([]);
  });

  test('leave <docent-chat> its sources and its cross', async () => {
    const page = await portal().open('/embed/demo');
    await page.getByText('The chat is signed in as').waitFor();
    await ask(page, QUESTION);
    await answered(page);
    await page
      .getByRole('button', { name: `Source 1: ${LONG}` })
      .first()
      .click();
    const source = page.getByRole('dialog', { name: LONG });
    await source.locator('mark').waitFor();
    const wide: string[] = [];
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      wide.push(...(await tooWide(page)).map((what) => `${width}: ${what}`));
    }

    expect(wide).toEqual([]);
    await source.getByRole('button', { name: 'Close' }).click();
  });
});

async function settled(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('heading', { level: 1 }).first().waitFor();
  await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
}

/** What scrolls down, and never to the side. */
const PLACES =
  'html, main, .menu, dialog[open], .chat-scroller, .chat-side, .chat-side > div, .docent-root, .docent-sheet, .docent-sheet-inside';

/** What is wider than the window, or than the window in the page that it is in. */
async function tooWide(page: Page): Promise<string[]> {
  return z.array(z.string()).parse(
    await page.evaluate(`
      [document, document.querySelector('docent-chat')?.shadowRoot]
        .flatMap((root) => [...(root?.querySelectorAll(${JSON.stringify(PLACES)}) ?? [])])
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.tagName + '.' + one.className + ' ' + one.scrollWidth + ' > ' + one.clientWidth)
    `),
  );
}
