import { readFileSync } from 'node:fs';
import { accessibilityProblems, chromiumPath, filePortal } from '@docent/test/browser';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { addText, answered, ask as askInChat } from './asking.ts';

const Made = z.looseObject({ id: z.uuid() });
const Me = z.looseObject({ user: z.looseObject({ id: z.uuid() }) });

describe.skipIf(chromiumPath === undefined)('my learning in a browser', () => {
  const portal = filePortal();
  const ids = { knots: '', basics: '', course: '', assessment: '' };

  async function ask(method: 'GET' | 'POST' | 'PATCH', url: string, body?: object, as?: 'learner') {
    const { app, demo } = portal();
    return app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${demo.keys[as ?? 'admin']}` },
      ...(body === undefined ? {} : { payload: body }),
    });
  }
  const make = async (url: string, body: object, as?: 'learner') =>
    Made.parse((await ask('POST', url, body, as)).json()).id;

  // Knots need Basics; a course teaches each skill. Sailors need Knots and Weather, an assessment asks about Knots.
  beforeAll(async () => {
    ids.basics = await make('/v1/skills', { name: 'Basics' });
    ids.knots = await make('/v1/skills', { name: 'Knots', description: 'Tying things' });
    const first = await make('/v1/courses', { title: 'Ropes for Beginners', durationMinutes: 60 });
    ids.course = await make('/v1/courses', {
      title: 'Knots that Hold',
      durationMinutes: 90,
      objectives: ['Tie a bowline'],
    });
    const weather = await make('/v1/skills', { name: 'Weather' });
    const clouds = await make('/v1/courses', { title: 'Clouds and Wind', durationMinutes: 30 });
    const edge = (type: string, from: [string, string], to: [string, string]) =>
      make('/v1/edges', {
        type,
        from: { kind: from[0], id: from[1] },
        to: { kind: to[0], id: to[1] },
      });
    await edge('teaches', ['course', first], ['skill', ids.basics]);
    await edge('teaches', ['course', ids.course], ['skill', ids.knots]);
    await edge('prerequisite', ['skill', ids.basics], ['skill', ids.knots]);
    await edge('teaches', ['course', clouds], ['skill', weather]);
    for (const skillId of [ids.knots, weather]) {
      await make('/v1/skill-targets', { jobRole: 'Sailor', skillId, level: 4 });
    }
    const about = { skillId: ids.knots };
    const options = [
      { id: 'a', text: 'Bowline' },
      { id: 'b', text: 'Granny' },
      { id: 'c', text: 'Sheet bend' },
    ];
    ids.assessment = await make('/v1/assessments', {
      title: 'Knot Check',
      courseId: ids.course,
      timeLimitMinutes: 30,
      feedback: 'answers',
      questions: [
        {
          ...about,
          type: 'single',
          prompt: 'Which makes a loop?',
          options,
          answer: { options: ['a'] },
        },
        {
          ...about,
          type: 'multiple',
          prompt: 'Which hold?',
          options,
          answer: { options: ['a', 'c'] },
        },
        { ...about, type: 'text', prompt: 'King of knots?', answer: { accepted: ['bowline'] } },
        { ...about, type: 'numeric', prompt: 'Ends of a rope?', answer: { value: 2 } },
        { ...about, type: 'numeric', prompt: 'Loops of a bowline?', answer: { value: 1 } },
      ],
    });
    const learner = Me.parse((await ask('GET', '/v1/me', undefined, 'learner')).json()).user.id;
    await ask('PATCH', `/v1/users/${learner}`, { jobTitle: 'Sailor' });
    // The first look at a list asks for the tables behind it, which are made in the background.
    const list = `/v1/users/${learner}/recommendations`;
    await vi.waitFor(
      async () => {
        const { body } = await ask('GET', list);
        for (const title of ['Clouds and Wind', 'Knots that Hold']) expect(body).toContain(title);
      },
      { timeout: 30_000, interval: 250 },
    );
  });

  test('a recommendation says why, is dismissed, taken back, and dismissed for good', async () => {
    const page = await portal().openAs('learner', '/app/learning');
    const card = page.getByRole('listitem').filter({ hasText: 'Clouds and Wind' });
    await card.getByText('What this rests on').click();
    await card.getByText('Weight against others').waitFor();

    await card.getByRole('button', { name: 'Dismiss' }).click();
    await card.getByRole('button', { name: 'Not relevant for me' }).click();
    const undo = page.getByRole('button', { name: 'Undo' });
    await undo.waitFor();
    const focused = () => page.evaluate('document.activeElement?.textContent');
    expect(await focused()).toBe('Undo');
    await undo.click();
    await expect.poll(focused).toBe('Clouds and Wind');
    await card.getByRole('button', { name: 'Dismiss' }).click();
    await card.getByRole('button', { name: 'I know this already' }).click();
    await undo.waitFor();
    await page.reload();

    await page.getByRole('heading', { name: 'Recommended for you' }).waitFor();
    await page.getByRole('link', { name: 'Knots that Hold', exact: true }).waitFor();
    expect(await page.getByText('Clouds and Wind').count()).toBe(0);
    await page.getByRole('link', { name: 'My data' }).click();
    await page.getByText('Dismissed: known already').waitFor();
    await page.getByRole('button', { name: 'Recommend it again' }).click();
    await expect.poll(() => page.getByText('Dismissed: known already').count()).toBe(0);
  });

  test('an assessment is taken with the keyboard, survives a reload, and changes the skill', async () => {
    const page = await portal().openAs('learner', `/app/learning/skills/${ids.knots}`);
    await page.getByText('Nothing is known yet').waitFor();
    await page.getByRole('link', { name: 'Knot Check' }).click();
    await page.getByRole('button', { name: 'Begin' }).press('Enter');

    await page.getByRole('radio', { name: 'Bowline' }).press('Space');
    await page.getByRole('checkbox', { name: 'Bowline' }).press('Space');
    await page.getByRole('checkbox', { name: 'Sheet bend' }).press('Space');
    await page.getByLabel('Your answer').first().fill('the bowline');
    await page.getByText('3 of 5 questions answered').waitFor();
    await page.reload();
    await page.getByText('3 of 5 questions answered').waitFor();
    expect(await page.getByRole('timer').textContent()).toMatch(/^(30:00|29:\d\d) left$/);
    await page.getByLabel('Your answer').nth(1).fill('2');
    await page.getByRole('button', { name: 'Hand in' }).press('Enter');
    await page.getByText('1 question is not answered').waitFor();
    await page.getByRole('button', { name: 'Go on answering' }).press('Enter');
    await page.getByLabel('Your answer').nth(2).fill('1');
    await page.getByRole('button', { name: 'Hand in' }).press('Enter');

    await page.getByRole('heading', { name: 'You have passed' }).waitFor();
    const text = page.getByRole('listitem').filter({ hasText: 'King of knots?' });
    expect(await text.textContent()).toMatch(/Wrong.*the bowline.*Right:\s*bowline/s);
    await page.getByText('for the first time; from 5 questions here').waitFor();
    await page.getByRole('link', { name: 'Knots', exact: true }).click();
    await page.getByText('From 5 answers').waitFor();
    await page.goto(`${portal().url}/app/learning/assessments/${ids.assessment}`);
    await page.getByRole('row').filter({ hasText: 'Passed' }).getByText('80 %').waitFor();
  });

  test('what was handed in while the answer got lost is shown, not handed in again', async () => {
    const page = await portal().openAs('hr_manager', `/app/learning/assessments/${ids.assessment}`);
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('radio', { name: 'Bowline' }).check();
    let lost = 0;
    await page.route('**/submit', async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });

    await page.getByRole('button', { name: 'Hand in' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hand in' }).click();
    await page.getByRole('button', { name: 'Try again' }).click();

    await page.getByRole('heading', { name: 'Not passed this time' }).waitFor();
    await page.getByText('20 % right, 70 % needed').first().waitFor({ state: 'attached' });
  });

  test('a course is begun, gone on with, and stopped, and the focus stays there', async () => {
    const page = await portal().openAs('admin', `/app/learning/courses/${ids.course}`);
    const focused = () => page.evaluate('document.activeElement?.textContent');
    await page.getByRole('button', { name: 'Start this course' }).press('Enter');
    await page.getByText('In progress', { exact: true }).waitFor();
    await expect.poll(focused).toBe('Your progress');

    await page.getByRole('slider', { name: /How far are you/ }).fill('40');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('You are at 40 %.').waitFor();
    await page.goto(`${portal().url}/app/learning`);
    await page.getByRole('link', { name: 'Continue Knots that Hold' }).click();
    await page.getByRole('button', { name: 'Stop this course' }).click();

    await page.getByText('Stopped', { exact: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Take it up again' }).waitFor();
  });

  test('when the time is over, what is answered until then is handed in', async () => {
    const assessment = `/app/learning/assessments/${ids.assessment}`;
    const page = await portal().openAs('trainer', assessment);
    await page.clock.install();
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByRole('radio', { name: 'Bowline' }).check();

    await page.clock.fastForward('30:01');

    await page.getByRole('heading', { name: 'Not passed this time' }).waitFor();
    await page.getByText('20 % right, 70 % needed').first().waitFor({ state: 'attached' });
  });

  test('a path to a job is found, and shown as a picture and in order', async () => {
    const page = await portal().openAs('trainer', '/app/learning/path');
    await page.getByLabel('Find a job or skill').fill('sail');
    await page.getByRole('link', { name: 'Sailor' }).click();

    const steps = page.getByRole('region', { name: 'Steps in order' }).getByRole('listitem');
    await expect.poll(() => steps.count()).toBe(6);
    const names = await steps.getByRole('link').allTextContents();
    const boxes = await page.locator('.graph-box .graph-title').allTextContents();
    expect(names).toEqual([
      'Clouds and Wind',
      'Weather',
      'Knots that Hold',
      'Ropes for Beginners',
      'Basics',
      'Knots',
    ]);
    expect(boxes.toSorted()).toEqual(names.toSorted());
    expect(await steps.last().textContent()).toMatch(/needs .*Basics.* first.*Locked/s);
    await page.getByText('0 of 6 steps done').first().waitFor({ state: 'attached' });
    await page.getByText('About 3 h of courses left.').waitFor();
  });

  test('a skill has one level: the line ends at it, and what fades is told apart', async () => {
    const page = await portal().openAs('learner', '/app/learning/skills');
    const ago = (weeks: number) => new Date(Date.now() - weeks * 7.1 * 86_400_000).toISOString();
    await page.route(`**/v1/users/*/skills/${ids.knots}`, async (route) => {
      const response = await route.fetch();
      const json = {
        ...(await response.json()),
        evidence: 'answers',
        answers: 6,
        mastery: 0.925,
        level: 4.7,
        retention: 0.46,
        effectiveMastery: 0.425,
        lastPractisedAt: ago(6),
        history: [0.75, 0.8].map((mastery) => ({ answeredAt: ago(6), score: 1, mastery })),
      };
      await route.fulfill({ response, json });
    });
    await page.goto(`${portal().url}/app/learning/skills/${ids.knots}`);
    await page.getByText('Not practised for 6 weeks; a refresher helps.').waitFor();
    const told = await page.getByRole('main').textContent();

    expect(told).toContain('the level went up from 4.0 to 4.7.');
    expect(told).toContain('4.7 of 5');
    expect(told).not.toContain('2.7');
    expect(told).not.toContain('4.2 of 5');
  });

  test('what is stored has the chat, too, and is taken along whole or not at all', async () => {
    await addText(portal(), 'Moorings', '# Moorings\n\nA mooring line is checked every morning.');
    const page = await portal().openAs('learner', '/app/chat');
    await askInChat(page, 'When is a mooring line checked?');
    await answered(page);
    await page.getByRole('button', { name: 'Helpful', exact: true }).click();
    await page.goto(`${portal().url}/app/learning/privacy`);
    const rows = page.getByRole('region', { name: 'What is stored about you' }).getByRole('row');
    await rows.filter({ hasText: 'Conversations in the chat' }).waitFor();
    const entries = async (what: string) =>
      (await rows.filter({ hasText: what }).getByRole('cell').last().textContent()) ?? '';
    const counts = [
      await entries('Conversations in the chat'),
      await entries('Questions that you asked there'),
      await entries('Ratings that you gave'),
    ];
    const saved: string[] = [];
    page.on('download', (file) => saved.push(file.suggestedFilename()));

    await page.route('**/messages?*', (route) => route.abort());
    await page.getByRole('button', { name: 'Download all of it' }).click();
    await page.getByText('Docent cannot be reached.').waitFor();
    const afterFailure = saved.length;
    await page.unroute('**/messages?*');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download all of it' }).click();
    const file = readFileSync(await (await download).path(), 'utf8');

    expect(counts).toEqual(['1', '2', '1']);
    expect(afterFailure).toBe(0);
    expect(saved).toEqual(['docent-my-data.json']);
    expect(JSON.parse(file)).toMatchObject({
      profile: expect.anything(),
      chat: {
        conversations: [
          { messages: [{ text: 'When is a mooring line checked?' }, { role: 'assistant' }] },
        ],
        ratings: [{ rating: 'up' }],
      },
    });
  });

  test('without profiling the list is the department’s, and back', async () => {
    const page = await portal().openAs('admin', '/app/learning/privacy');
    await page.getByRole('switch', { name: 'Personal recommendations' }).click();
    await page.getByText('Profiling is off.').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download all of it' }).click();
    expect((await download).suggestedFilename()).toBe('docent-my-data.json');

    await page.getByRole('link', { name: 'For you' }).click();
    await page.getByRole('heading', { name: 'Popular around you' }).waitFor();
    await page.getByRole('link', { name: 'Change this under “My data”' }).click();
    await page.getByRole('switch', { name: 'Personal recommendations' }).click();
    await page.getByText('Profiling is on.').waitFor();
    await page.getByRole('link', { name: 'For you' }).click();

    await page.getByRole('heading', { name: 'Recommended for you' }).waitFor();
  });

  test('no page has a barrier, in light and dark, and all fit 360 pixels', async () => {
    const page = await portal().openAs('learner', '/app/learning/skills');
    const open = await make(`/v1/assessments/${ids.assessment}/attempts`, {}, 'learner');
    const found: string[] = [];
    for (const path of [
      '',
      '?type=skill',
      '/path',
      '/path?goal=role:Sailor',
      '/skills',
      `/skills/${ids.knots}`,
      `/courses/${ids.course}`,
      `/courses/${ids.knots}`,
      `/assessments/${ids.assessment}`,
      `/assessments/${ids.assessment}/attempts/${open}`,
      '/privacy',
    ]) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${portal().url}/app/learning${path}`);
      await page.locator('h1').waitFor();
      await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
      const problems = await accessibilityProblems(page);
      await page.setViewportSize({ width: 360, height: 740 });
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) {
        problems.push('wider than 360 pixels');
      }
      found.push(...problems.map((problem) => `${path}: ${problem}`));
    }

    expect(found).toEqual([]);
  });
});
