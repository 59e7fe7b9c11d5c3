import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { browserFlags, chromiumPath } from './browser.ts';

const USAGE = `node scripts/screenshots.ts [--url http://localhost:3000] [--out docs/pictures] [--only NAME] [--dark]
Pictures of the pages of a running Docent with its demo company, 1280 and 390 pixels wide.`;

/** What is pictured: who looks, at which address, and what to do and wait for. */
interface Picture {
  readonly name: string;
  readonly person: string;
  readonly path: string;
  readonly prepare?: (page: Page) => Promise<void>;
}

const guide = '/app/content?q=Information+Security+Guide';
const pictures: readonly Picture[] = [
  { name: 'chat-empty', person: 'Lea Learner', path: '/app/chat' },
  {
    name: 'chat',
    person: 'Lea Learner',
    path: '/app/chat',
    prepare: async (page) => {
      await page.getByLabel('Your question').fill('What makes a password strong?');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Copy with sources' }).waitFor({ timeout: 60_000 });
      await page
        .getByRole('button', { name: /^Source 1/i })
        .first()
        .click();
      await page.locator('mark').first().waitFor();
    },
  },
  { name: 'learning', person: 'Lea Learner', path: '/app/learning' },
  { name: 'learning-skills', person: 'Lea Learner', path: '/app/learning/skills' },
  {
    name: 'learning-path',
    person: 'Lea Learner',
    path: '/app/learning/path',
    prepare: async (page) => {
      await page.getByText('Show my path').click();
      await page.getByRole('heading', { name: 'How the steps hang together' }).waitFor();
    },
  },
  { name: 'learning-privacy', person: 'Lea Learner', path: '/app/learning/privacy' },
  {
    name: 'learning-skill',
    person: 'Lea Learner',
    path: '/app/learning/skills',
    prepare: (page) => follow(page, 'JavaScript'),
  },
  {
    name: 'learning-course',
    person: 'Lea Learner',
    path: '/app/learning',
    prepare: (page) => follow(page, 'TypeScript in Practice'),
  },
  { name: 'content', person: 'Tom Trainer', path: '/app/content' },
  { name: 'content-upload', person: 'Tom Trainer', path: '/app/content/upload' },
  { name: 'content-one', person: 'Tom Trainer', path: guide, prepare: openGuide },
  ...['Versions', 'Passages', 'Skills and courses', 'Test a question'].map((tab) => ({
    name: `content-${tab.split(' ')[0]?.toLowerCase()}`,
    person: 'Tom Trainer',
    path: guide,
    prepare: async (page: Page) => {
      await openGuide(page);
      await page.getByRole('link', { name: tab }).last().click();
      await settled(page);
    },
  })),
  { name: 'content-questions', person: 'Tom Trainer', path: '/app/content/questions' },
  { name: 'content-graph', person: 'Tom Trainer', path: '/app/content/graph' },
  { name: 'content-courses', person: 'Tom Trainer', path: '/app/content/graph/courses' },
  {
    name: 'content-assessment',
    person: 'Tom Trainer',
    path: '/app/content/graph/assessments',
    prepare: (page) => follow(page, 'Information Security Quiz'),
  },
  { name: 'content-evaluations', person: 'Tom Trainer', path: '/app/content/evaluations' },
  { name: 'analytics', person: 'Hanna Manager', path: '/app/analytics' },
  {
    name: 'analytics-people',
    person: 'Hanna Manager',
    path: '/app/analytics',
    prepare: (page) => follow(page, 'People'),
  },
  { name: 'admin', person: 'Adam Admin', path: '/app/admin' },
  ...['people', 'departments', 'organizations', 'keys', 'usage', 'audit', 'security'].map(
    (page) => ({ name: `admin-${page}`, person: 'Adam Admin', path: `/app/admin/${page}` }),
  ),
];

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:3000' },
    out: { type: 'string', default: 'docs/pictures' },
    only: { type: 'string' },
    dark: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});
if (values.help) console.log(USAGE);
else await takeAll();

async function takeAll(): Promise<void> {
  if (chromiumPath === undefined) throw new Error('There is no Chromium here: set CHROMIUM_PATH.');
  await mkdir(values.out, { recursive: true });
  const browser = await chromium.launch({ executablePath: chromiumPath, args: [...browserFlags] });
  try {
    for (const picture of pictures) {
      if (values.only !== undefined && picture.name !== values.only) continue;
      for (const width of [1280, 390]) {
        const context = await browser.newContext({
          viewport: { width, height: width === 390 ? 844 : 800 },
          colorScheme: values.dark ? 'dark' : 'light',
          locale: 'en-GB',
        });
        await take(
          await context.newPage(),
          picture,
          join(values.out, `${picture.name}-${width}.png`),
        );
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
}

async function take(page: Page, { person, path, prepare }: Picture, file: string): Promise<void> {
  await page.goto(`${values.url}${path}`);
  const who = page.getByRole('button', { name: person });
  await who.click();
  await who.waitFor({ state: 'detached' });
  await settled(page);
  await prepare?.(page);
  await page.screenshot({ path: file });
  console.log(file);
}

function openGuide(page: Page): Promise<void> {
  return follow(page, 'Information Security Guide');
}

async function follow(page: Page, link: string): Promise<void> {
  const title = page.getByRole('heading', { level: 1 });
  const before = await title.textContent();
  await page.getByRole('link', { name: link, exact: true }).first().click();
  while ((await title.textContent()) === before) await page.waitForTimeout(50);
  await settled(page);
}

/** Everything that the page reads is there. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  while ((await page.locator('.skeleton').count()) > 0) await page.waitForTimeout(100);
}
