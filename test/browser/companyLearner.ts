import { KeyedQuestion } from '@docent/contracts/learningAssessments';
import { accessibilityProblems, type Portal } from '@docent/test/browser';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { answered, ask } from './asking.ts';

const Me = z.looseObject({ user: z.looseObject({ id: z.uuid() }) });
const Titles = z.array(z.looseObject({ title: z.string() }));
const Found = z.looseObject({ items: z.array(z.looseObject({ id: z.uuid() })) });
const Keyed = z.looseObject({ questions: z.array(KeyedQuestion) });
const Recommended = z.looseObject({ continue: Titles, items: Titles });

/** A learner's way through the sample company, registered as tests of the `describe` that calls it. */
export function learnersWay(portal: () => Portal): void {
  test('a learner begins with questions about what is recommended, and one is answered', async () => {
    const { continue: begun, items } = Recommended.parse(
      await read(`/v1/users/${await ownId()}/recommendations?limit=4`),
    );

    const page = await portal().openAs('learner', '/app/');
    await page.waitForURL(/\/app\/chat$/);
    const suggestions = page.locator('.chat-suggestions button');
    await suggestions.first().waitFor();
    const offered = await suggestions.allTextContents();
    await suggestions.nth(1).click();
    await answered(page);

    const expected = [...begun, ...items].map(({ title }) => `What is “${title}” about?`);
    expect(offered).toEqual([...new Set(expected)].slice(0, 4));
    expect(await page.locator('.chat-question').textContent()).toContain(offered[1] ?? 'none');
    expect(await page.locator('.chat-source').count()).toBeGreaterThan(0);
    await page.reload();
    await answered(page);
  });

  test('a learner asks the handbook, and opens the citation at its words', async () => {
    const page = await portal().openAs('learner', '/app/chat');
    await ask(page, 'What makes a password strong?');
    await answered(page);
    await page
      .getByRole('button', { name: /^Source 1: Information Security Guide/ })
      .first()
      .click();
    const source = page.getByRole('complementary', { name: 'Information Security Guide' });
    await source.locator('mark').waitFor();
    const problems = await accessibilityProblems(page);

    expect(await source.locator('mark').textContent()).toContain('at least 14 characters');
    expect(await source.textContent()).toContain('Passwords');
    expect(await page.locator('.chat-confidence').textContent()).toMatch(
      /Confidence: (high|medium)/,
    );
    expect(problems).toEqual([]);
  });

  test('what a learner dismisses stays away, and the reason is kept with what is stored', async () => {
    const page = await portal().openAs('learner', '/app/learning');
    await page.getByRole('heading', { name: 'Go on with' }).waitFor();
    const cards = page.locator('.recommendation');
    await cards.first().waitFor();
    const reasons = await cards.locator('.reason').allTextContents();
    const all = await cards.count();
    const title = (await cards.first().getByRole('heading').textContent()) ?? '';
    const problems = await accessibilityProblems(page);

    await page.getByRole('button', { name: `Dismiss ${title}` }).click();
    await page.getByRole('button', { name: 'Not relevant for me' }).click();
    await page.getByText(`“${title}” is not recommended to you any more.`).waitFor();
    await page.reload();
    await cards.first().waitFor();
    const left = await cards.getByRole('heading').allTextContents();
    await page.getByRole('link', { name: 'My data' }).click();
    await page.getByText('Dismissed: not relevant').waitFor();

    expect(reasons.filter((reason) => reason.trim() !== '')).toHaveLength(all);
    expect(title).not.toBe('');
    expect(left).not.toContain(title);
    expect(problems).toEqual([]);
  });

  test('a learner sees the path to the own job as a picture and in order, and to another one', async () => {
    const page = await portal().openAs('learner', '/app/learning/path');
    await page.getByRole('link', { name: 'Show my path' }).click();
    const own = await pathOf(page, 'Frontend Developer');
    const problems = await accessibilityProblems(page);

    await page.getByRole('link', { name: 'Choose another goal' }).click();
    await page.getByLabel('Find a job or skill').fill('data sci');
    await page.getByRole('link', { name: 'Data Scientist' }).click();
    const other = await pathOf(page, 'Data Scientist');
    await page.reload();
    await page.getByRole('heading', { name: 'Data Scientist' }).waitFor();

    for (const { boxes, steps } of [own, other]) {
      expect(boxes.length).toBeGreaterThan(3);
      expect(boxes.toSorted()).toEqual(steps.toSorted());
    }
    expect(own.arrows).toBeGreaterThan(0);
    expect(other.steps).not.toEqual(own.steps);
    expect(problems).toEqual([]);
  });

  test('a learner takes an assessment, sees the result, and what it changed in the skill', async () => {
    const { items } = Found.parse(await read('/v1/assessments?q=Information', 'trainer'));
    const { questions } = Keyed.parse(
      await read(`/v1/assessments/${items[0]?.id}/questions`, 'trainer'),
    );
    const about = questions.filter(({ skillId }) => skillId === questions[0]?.skillId);
    const page = await portal().openAs('learner', '/app/learning/skills');
    await page.getByRole('link', { name: 'Information Security', exact: true }).last().click();
    const evidence = page.getByText(/^From \d+ answers$/);
    const before = Number(/\d+/.exec((await evidence.textContent()) ?? '')?.[0]);
    const onSkill = await accessibilityProblems(page);
    await page.getByRole('link', { name: 'Information Security Quiz' }).click();
    await page.getByRole('button', { name: 'Begin' }).click();
    for (const question of questions) await answerRight(page, question);
    const all = questions.length;
    await page.getByText(`${all} of ${all} questions answered`).waitFor();
    const onQuestions = await accessibilityProblems(page);
    await page.getByRole('button', { name: 'Hand in' }).click();
    await page.getByRole('heading', { name: 'You have passed' }).waitFor();
    const onResult = await accessibilityProblems(page);
    await page
      .getByRole('region', { name: 'What it changed in your skills' })
      .getByRole('link', { name: 'Information Security' })
      .click();
    await page.getByText(`From ${before + about.length} answers`).waitFor();

    expect(before).toBeGreaterThanOrEqual(5);
    expect([onSkill, onQuestions, onResult]).toEqual([[], [], []]);
  });

  test('a learner sees what is stored, and without profiling gets what is popular, for no reason of the own', async () => {
    const page = await portal().openAs('learner', '/app/learning/privacy');
    const answers = page.getByRole('row', { name: /^Answers that mastery is estimated from/ });
    await answers.waitFor();
    const entries = Number(await answers.getByRole('cell').last().textContent());
    const problems = await accessibilityProblems(page);

    await page.getByRole('switch', { name: 'Personal recommendations' }).click();
    await page.getByText('Profiling is off.').waitFor();
    await page.getByRole('link', { name: 'For you' }).click();
    await page.getByRole('heading', { name: 'Popular around you' }).waitFor();
    await page.locator('.recommendation').first().waitFor();
    const reasons = await page.locator('.reason').allTextContents();
    await page.getByRole('link', { name: 'Change this under “My data”' }).click();
    await page.getByRole('switch', { name: 'Personal recommendations' }).click();
    await page.getByText('Profiling is on.').waitFor();

    expect(entries).toBeGreaterThan(5);
    for (const reason of reasons)
      expect(reason).toMatch(/^Popular in your (department|organization)/);
    expect(problems).toEqual([]);
  });

  async function read(url: string, as: 'learner' | 'trainer' = 'learner'): Promise<unknown> {
    const { app, demo } = portal();
    const headers = { authorization: `Bearer ${demo.keys[as]}` };
    const response = await app.inject({ method: 'GET', url, headers });
    return response.json();
  }

  async function ownId(): Promise<string> {
    return Me.parse(await read('/v1/me')).user.id;
  }
}

/** The path on a page: names in its picture, and in its list. */
async function pathOf(page: Page, goal: string) {
  await page.getByRole('heading', { name: goal }).waitFor();
  const list = page.getByRole('region', { name: 'Steps in order' });
  await list.waitFor();
  return {
    boxes: await page.locator('.graph-box .graph-title').allTextContents(),
    arrows: await page.locator('.graph path').count(),
    steps: await list.getByRole('heading', { level: 3 }).allTextContents(),
  };
}

async function answerRight(page: Page, question: KeyedQuestion): Promise<void> {
  const here = page.getByRole('listitem').filter({ hasText: question.prompt });
  if (question.type === 'text') {
    return here.getByLabel('Your answer').fill(question.answer.accepted[0] ?? '');
  }
  if (question.type === 'numeric') {
    return here.getByLabel('Your answer').fill(String(question.answer.value));
  }
  const role = question.type === 'single' ? 'radio' : 'checkbox';
  const right: readonly string[] = question.answer.options;
  for (const { id, text } of question.options) {
    if (right.includes(id)) await here.getByRole(role, { name: text, exact: true }).check();
  }
}
