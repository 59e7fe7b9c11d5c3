import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { memoryCache } from '@docent/cache/memory';
import { openJobs } from '@docent/database/jobs';
import { createApp } from '@docent/http/app';
import { openModels } from '@docent/models/open';
import { chromium, type Page } from 'playwright-core';
import { browserFlags, chromiumPath } from '../browser.ts';
import { loadConfig } from '../start/config.ts';
import { mountServices } from '../start/mount.ts';
import { MODEL, openBenchDatabase } from './database.ts';
import { processorTimes } from './processorTime.ts';
import { quantile } from './timing.ts';

const CONTENTS = 5_000;
const QUESTIONS = 15;
/** Uploads under way together. */
const AT_ONCE = 8;
const POLICY = 'Every employee has 25 vacation days a year. Unused days expire on 31 March.';

/** What a person with a browser waits for: the first page, the first words of an answer, a long list. */
export async function benchPortal(env: NodeJS.ProcessEnv): Promise<void> {
  if (chromiumPath === undefined) throw new Error('There is no Chromium here: set CHROMIUM_PATH.');
  const bench = await openBenchDatabase(env);
  const closing: (() => Promise<unknown>)[] = [() => bench.close()];
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'docent-bench-'));
    closing.push(() => rm(dataDir, { recursive: true, force: true }));
    const config = loadConfig(
      { ...env, NODE_ENV: 'test', LOG_LEVEL: 'silent', DOCENT_DATA_DIR: dataDir },
      false,
    );
    const opened = await openModels(config);
    closing.push(() => opened.close());
    // The benchmark's organization searches by a model of this name.
    const embedder = { ...opened.embedder, id: MODEL.id };
    const jobs = await openJobs(bench.database);
    closing.push(() => jobs.close());
    const app = await createApp({
      title: 'Bench',
      home: '/app/',
      database: bench.database,
      log: false,
    });
    closing.push(() => app.close());
    const models = { ...opened, embedder, embedderById: () => embedder };
    const foundation = { database: bench.database, models, cache: memoryCache(), jobs };
    await mountServices(app, foundation, config);
    const url = (await app.listen({ host: 'localhost', port: 0 })).replace(
      '127.0.0.1',
      'localhost',
    );

    const headers = { authorization: `Bearer ${bench.key}` };
    const add = (payload: object) =>
      app.inject({ method: 'POST', url: '/v1/content', headers, payload });
    await add({ title: 'Vacation policy', text: POLICY });
    for (let from = 1; from < CONTENTS; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, CONTENTS - from) }, (_, at) => from + at);
      await Promise.all(
        some.map((n) => add({ title: `Guide ${n}`, text: `Step ${n} of the guide number ${n}.` })),
      );
    }
    for (;;) {
      const body = await app.inject({ url: '/v1/status', headers });
      const states: { state: string; versions: number }[] = body.json().content;
      if (states.every(({ state }) => state === 'ready')) break;
      await pause(1_000);
    }

    const browser = await chromium.launch({
      executablePath: chromiumPath,
      args: [...browserFlags],
    });
    closing.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await signIn(page, `${url}/app/chat`, bench.key);
    console.log(`The pages with ${CONTENTS.toLocaleString('en')} contents, on localhost:`);
    await firstPage(page);
    await firstText(page);
    await longList(page, `${url}/app/content`);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url);
  await page.getByText('Sign in with an API key').click();
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByLabel('Your question').waitFor();
}

/** Compressed sizes as they came over the line, of a reload without a cache. */
async function firstPage(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.reload();
  await page.getByLabel('Your question').waitFor();
  const bytes = await page.evaluate<{ script: number; style: number; paintMs: number }>(`(() => {
    const sizes = { script: 0, style: 0 };
    for (const entry of performance.getEntriesByType('resource')) {
      if (/\\.js$/.test(entry.name)) sizes.script += entry.encodedBodySize;
      if (/\\.css$/.test(entry.name)) sizes.style += entry.encodedBodySize;
    }
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return { ...sizes, paintMs: paint?.startTime ?? NaN };
  })()`);
  await session.send('Network.setCacheDisabled', { cacheDisabled: false });
  console.log(
    `  first page   JavaScript ${kilobytes(bytes.script)}, styles ${kilobytes(bytes.style)}, first paint ${bytes.paintMs.toFixed(0)} ms`,
  );
}

/** From the first byte of the stream to the first words of the answer on the screen. */
async function firstText(page: Page): Promise<void> {
  const waits: number[] = [];
  for (let turn = 0; turn < QUESTIONS; turn += 1) {
    await page.evaluate(`
      globalThis.shownAt = new Promise((resolve) => {
        const before = document.querySelectorAll('.chat-text').length;
        new MutationObserver((_, observer) => {
          const texts = document.querySelectorAll('.chat-text');
          if (texts.length > before && texts[texts.length - 1].textContent.trim() !== '') {
            observer.disconnect();
            requestAnimationFrame(() => resolve(performance.now()));
          }
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      });
      performance.clearResourceTimings();`);
    await page.getByLabel('Your question').fill('How many vacation days does every employee have?');
    await page.keyboard.press('Enter');
    const copies = page.getByRole('button', { name: 'Copy with sources' });
    while ((await copies.count()) <= turn) await pause(50);
    const wait = await page.evaluate<number>(`globalThis.shownAt.then((at) => {
      const stream = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/v1/chat'));
      return at - stream.responseStart;
    })`);
    waits.push(wait);
  }
  console.log(
    `  answer       first text ${quantile(waits, 0.5).toFixed(0)} ms (p50), ${quantile(waits, 0.95).toFixed(0)} ms (p95) after the first event`,
  );
}

/** Scrolls to the end of the list, and counts what blocked the page meanwhile. */
async function longList(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page
    .getByRole('link', { name: /^Guide/ })
    .first()
    .waitFor();
  await page.evaluate(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
    }).observe({ type: 'longtask' });`);
  const rows = page.locator('.content-row');
  let before = -1;
  const processor = await processorTimes(page, async () => {
    for (let idle = 0; idle < 20; ) {
      const more = page.getByRole('button', { name: 'Show more' });
      if (await more.isVisible()) await more.click({ timeout: 5_000 }).catch(() => {});
      await page.mouse.wheel(0, 20_000);
      await pause(100);
      const count = await rows.count();
      idle = count === before ? idle + 1 : 0;
      before = count;
    }
  });
  const tasks = await page.evaluate<number[]>('globalThis.longTasks');
  console.log(
    `  long list    ${before.toLocaleString('en')} rows, longest task ${Math.max(0, ...tasks).toFixed(0)} ms, ${tasks.filter((ms) => ms > 200).length} over 200 ms; of processor time ${Math.max(0, ...processor).toFixed(0)} ms`,
  );
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}
