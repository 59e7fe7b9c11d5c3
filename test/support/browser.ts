import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryCache } from '@docent/cache/memory';
import type { Role } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { openJobs } from '@docent/database/jobs';
import { type Demo, demoPeople, ensureDemo } from '@docent/directory/demo';
import { type App, createApp } from '@docent/http/app';
import { appOptionsOf } from '@docent/http/config';
import { ingestionConfig } from '@docent/ingestion/config';
import type { ChatModel } from '@docent/models/interfaces';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { z } from 'zod';
import { browserFlags, chromiumPath } from '../../scripts/browser.ts';
import { fillCompany } from '../../scripts/start/company.ts';
import { loadConfig } from '../../scripts/start/config.ts';
import { demoCast } from '../../scripts/start/demoCompany.ts';
import { mountServices } from '../../scripts/start/mount.ts';
import { fileDatabase } from './database.ts';
import { fakeEmbedder } from './models.ts';
import { shakeAnswers, shakePage } from './shaking.ts';

export { chromiumPath };

/** Longest wait for the portal, with the company on a slow machine. */
const COMPANY_MS = 400_000;

/** Docent with its pages and a browser, both for all tests of a file. */
export interface Portal {
  /** `http://localhost:…` */
  readonly url: string;
  readonly app: App;
  readonly database: Database;
  readonly demo: Demo;
  /**
   * A window of its own, closed when the test ends. The test fails when the page has thrown, broken the
   * Content-Security-Policy, or asked another host.
   */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** The same, signed in as the demo company's person of this role. */
  openAs(role: Role, path: string, options?: BrowserContextOptions): Promise<Page>;
}

/**
 * Call it outside of tests, in a `describe` that is skipped without `chromiumPath`.
 *
 * @param options.chatModel writes the answers; without, sentences of the material do.
 * @param options.env settings as the environment would give them.
 * @param options.company the demo organization has the sample company with its year: it takes half a minute.
 * @returns gives the portal, once `beforeAll` ran.
 */
export function filePortal(
  options: { chatModel?: ChatModel; env?: Record<string, string>; company?: boolean } = {},
): () => Portal {
  const database = fileDatabase();
  const closing: (() => Promise<unknown>)[] = [];
  let made: Portal | undefined;

  beforeAll(async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'docent-browser-'));
    closing.push(() => rm(dataDir, { recursive: true, force: true }));
    const config = loadConfig(
      { NODE_ENV: 'test', LOG_LEVEL: 'silent', DOCENT_DATA_DIR: dataDir, ...options.env },
      false,
    );
    const jobs = await openJobs(database());
    closing.push(() => jobs.close());
    const app = await createApp({
      title: 'Docent',
      home: '/app/',
      database: database(),
      ...appOptionsOf(config),
      log: false,
    });
    closing.push(() => app.close());
    shakeAnswers(app);
    const embedder = fakeEmbedder();
    const models = {
      embedder,
      embedderById: () => embedder,
      chatModel: options.chatModel ?? null,
      reranker: null,
      close: async () => {},
    };
    await mountServices(app, { database: database(), models, cache: memoryCache(), jobs }, config);
    await app.listen({ host: 'localhost', port: 0 });
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const browser = await chromium.launch({
      executablePath: chromiumPath ?? '',
      args: [...browserFlags],
    });
    closing.push(() => browser.close());
    const demo = await ensureDemo(database(), { nodeEnv: 'test' });
    if (options.company === true) {
      const { filesDir, maxFileBytes } = ingestionConfig(config);
      await fillCompany(
        {
          database: database(),
          jobs,
          embedderById: models.embedderById,
          filesDir,
          maxFileBytes,
        },
        demo.orgId,
        { cast: demoCast, now: new Date(), signal: new AbortController().signal },
      );
    }
    made = portalOf({ url: `http://localhost:${port}`, app, database: database(), demo }, browser);
  }, COMPANY_MS);
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });

  return () => {
    if (made === undefined) throw new Error('filePortal() gives its portal inside of tests only.');
    return made;
  };
}

function portalOf(
  parts: Pick<Portal, 'url' | 'app' | 'database' | 'demo'>,
  browser: Browser,
): Portal {
  const { url } = parts;
  return { ...parts, open, openAs };

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'UTC',
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    const page = await context.newPage();
    await shakePage(page);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      // Chromium tells every answer with an error status as one; tests ask for those on purpose.
      const told = message.text();
      if (message.type() === 'error' && !told.startsWith('Failed to load resource')) {
        complaints.push(`console: ${told}`);
      }
    });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      const local = protocol === 'blob:' || protocol === 'data:' || hostname === 'localhost';
      if (!local) complaints.push(`asked ${request.url()}`);
    });
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') {
        const text = await page.locator('body').ariaSnapshot();
        console.error(`${task.name}: ${page.url()} showed when it failed:\n${text}`);
      }
      await context.close();
      if (complaints.length > 0)
        throw new Error(`The page did what it must not: ${complaints.join('; ')}`);
    });
    await page.goto(`${url}${path}`);
    return page;
  }

  async function openAs(
    role: Role,
    path: string,
    options: BrowserContextOptions = {},
  ): Promise<Page> {
    const page = await open(path, options);
    await page.getByRole('button', { name: demoPeople[role].name }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor({ state: 'attached' });
    return page;
  }
}

/**
 * What axe-core finds wrong with a page (WCAG 2.2 A and AA), as sentences; in light and, of what colours change, in
 * dark.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const found = new Set<string>();
  // Through the debugger: the page's own policy would not let it in.
  if (await page.evaluate(`typeof axe === 'undefined'`)) await page.evaluate(axe.source);
  for (const { colorScheme, runOnly } of RULES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const violations = await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(runOnly)} }).then(({ violations }) => violations)`,
    );
    for (const { id, help, nodes } of Violations.parse(violations)) {
      found.add(`${colorScheme}: ${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
    }
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return [...found];
}

const RULES = [
  {
    colorScheme: 'light',
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  { colorScheme: 'dark', runOnly: ['color-contrast', 'link-in-text-block'] },
] as const;

const Violations = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
);
