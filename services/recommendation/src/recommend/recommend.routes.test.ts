import { pageOf } from '@docent/contracts/common';
import {
  LearningExport,
  LearningPath,
  LearningProfile,
  RecommendationList,
  UserSkill,
  UserSkillDetail,
} from '@docent/contracts/recommend';
import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import { run, sql } from '@docent/database/sql';
import type { Caller } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testLearning } from '../testing.ts';
import { rebuild } from './rebuild.ts';
import { ALGORITHM } from './settings.ts';
import { embedItems } from './vectors.ts';

const database = fileDatabase();
const signal = new AbortController().signal;

/** A department with a learner and colleagues who took courses one after the other, and the tables built from it. */
async function setUp() {
  const learning = await testLearning({ database: database() });
  const { orgId } = learning.principal;
  const department = await learning.department('Sales');
  const department2 = await learning.department('Research');
  const learner = await learning.member('learner', department);
  const write = (statement: ReturnType<typeof sql>) =>
    database().withPrincipal(workerPrincipal(orgId), (tx) => run(tx, statement));
  const course = async (title: string, more: object = {}) =>
    learning.make('/v1/courses', { title, durationMinutes: 60, ...more });
  const skill = (name: string) => learning.make('/v1/skills', { name });
  const edge = (type: string, from: [string, string], to: [string, string]) =>
    learning.make('/v1/edges', {
      type,
      from: { kind: from[0], id: from[1] },
      to: { kind: to[0], id: to[1] },
    });
  const progress = (
    userId: string,
    courseId: string,
    day: number,
    status = 'completed',
    percent = 100,
  ) => {
    const at = new Date(Date.UTC(2026, 5, day));
    return write(sql`
      insert into docent.learning_progress (org_id, id, user_id, course_id, status, progress, started_at, completed_at,
             occurred_at, source)
      values (${orgId}, ${newId()}, ${userId}, ${courseId}, ${status}, ${percent}, ${at},
        ${status === 'completed' ? at : null}, ${at}, 'test')
      on conflict (org_id, user_id, course_id) do update
        set status = excluded.status,
            progress = excluded.progress,
            completed_at = excluded.completed_at`);
  };
  /** Colleagues who took these courses in this order. */
  const colleagues = async (count: number, ...courses: string[]) => {
    for (let n = 0; n < count; n += 1) {
      const { principal } = await learning.member('learner', department);
      for (const [day, id] of courses.entries()) await progress(principal.userId, id, 1 + day);
    }
  };
  const list = async (query = '', as: Caller = learner, userId = learner.principal.userId) => {
    const answer = await learning.send('GET', `/v1/users/${userId}/recommendations?${query}`, {
      as,
    });
    expect(answer.status).toBe(200);
    return RecommendationList.parse(answer.body);
  };
  const userId = learner.principal.userId;
  return {
    ...learning,
    orgId,
    department,
    department2,
    learner,
    userId,
    write,
    course,
    skill,
    edge,
    progress,
    colleagues,
    list,
    build: () => rebuild(database(), orgId, { signal }),
  };
}

const titles = (list: RecommendationList) => list.items.map(({ title }) => title);

describe('recommendations', () => {
  test('are what colleagues took next, with how many they were, and nothing that is finished', async () => {
    const { course, colleagues, progress, build, list, userId } = await setUp();
    const [basics, advanced, other] = [
      await course('Basics'),
      await course('Advanced'),
      await course('Other'),
    ];
    await colleagues(6, basics, advanced);
    await colleagues(5, other);
    await progress(userId, basics, 3);
    await build();

    const found = await list();

    expect(titles(found)).toEqual(['Advanced', 'Other']);
    expect(found.items[0]).toMatchObject({
      position: 1,
      reasonType: 'next_step',
      reason: '6 people who took “Basics” took this after it.',
      evidence: { from: 'Basics', fromId: basics, people: 6 },
    });
    expect(found.items[0]?.score).toBeGreaterThan(found.items[1]?.score ?? 1);
  });

  test('never count fewer than five people', async () => {
    const { course, colleagues, progress, build, list, userId } = await setUp();
    const [basics, advanced] = [await course('Basics'), await course('Advanced')];
    await colleagues(4, basics, advanced);
    await progress(userId, basics, 3);
    await build();

    const [first] = (await list()).items;

    expect(first).toMatchObject({ reason: 'Often taken next after “Basics”.' });
    expect(first?.evidence).not.toHaveProperty('people');
  });

  test('are popular from five people on', async () => {
    const { course, colleagues, build, list } = await setUp();
    await colleagues(4, await course('Of four'));
    await colleagues(5, await course('Of five'));
    await build();

    const found = await list();

    expect(found.items).toMatchObject([
      { title: 'Of five', reasonType: 'popular', evidence: { people: 5 } },
    ]);
  });

  test('show what is under way apart', async () => {
    const { course, progress, list, userId, build } = await setUp();
    const begun = await course('Begun');
    await progress(userId, begun, 1, 'in_progress', 40);
    await build();

    const found = await list();

    expect(found.items).toEqual([]);
    expect(found.continue).toMatchObject([
      { type: 'course', itemId: begun, title: 'Begun', progress: 40 },
    ]);
  });

  test('are not stale after progress, nor after a dismissal', async () => {
    const { course, colleagues, progress, build, list, userId, send, learner } = await setUp();
    const [a, b, c] = [await course('A'), await course('B'), await course('C')];
    await colleagues(5, a, b, c);
    await progress(userId, a, 3);
    await build();
    const before = await list();
    const again = await list();

    await progress(userId, b, 4);
    const afterProgress = await list();
    const dismissed = await send(
      'POST',
      `/v1/recommendations/${afterProgress.items[0]?.id}/events`,
      { as: learner, body: { event: 'dismissed', reason: 'not_relevant' } },
    );
    const afterDismissal = await list();

    expect(titles(before)).toEqual(['B', 'C']);
    expect(again).toEqual(before);
    expect(titles(afterProgress)).toEqual(['C']);
    expect(dismissed.status).toBe(204);
    expect(titles(afterDismissal)).toEqual([]);
  });

  test('come back when what was dismissed is restored, and the profile tells both', async () => {
    const { course, colleagues, build, list, userId, send, learner } = await setUp();
    await colleagues(5, await course('Wanted after all'));
    await build();
    const [item] = (await list()).items;
    const tell = (body: object, as = learner) =>
      send('POST', `/v1/recommendations/${item?.id}/events`, { as, body });
    const stored = async () => {
      const { body } = await send('GET', `/v1/users/${userId}/learning-profile`, { as: learner });
      const { recommendations } = LearningProfile.parse(body);
      return recommendations.find(({ id }) => id === item?.id);
    };

    await tell({ event: 'dismissed', reason: 'already_know' });
    const [gone, told] = [await list(), await stored()];
    const restored = await tell({ event: 'restored' });
    const [back, toldThen] = [await list(), await stored()];

    expect(restored.status).toBe(204);
    expect([titles(gone), titles(back)]).toEqual([[], ['Wanted after all']]);
    expect(told).toMatchObject({ title: 'Wanted after all', dismissReason: 'already_know' });
    expect(toldThen).toMatchObject({ dismissedAt: null, dismissReason: null });
  });

  test('put what is missing before what is out of reach', async () => {
    const { course, skill, edge, colleagues, progress, build, list, userId } = await setUp();
    const [intro, basics, advanced] = [
      await course('Intro'),
      await course('Basics of it'),
      await course('Advanced'),
    ];
    const it = await skill('It');
    await edge('teaches', ['course', basics], ['skill', it]);
    await edge('prerequisite', ['skill', it], ['course', advanced]);
    await colleagues(5, intro, advanced);
    await progress(userId, intro, 3);
    await build();

    const found = await list();

    expect(titles(found)).toEqual(['Basics of it']);
    expect(found.items[0]).toMatchObject({
      reasonType: 'prerequisite',
      evidence: { beforeId: advanced, readiness: 0 },
    });
  });

  test('close gaps to the targets of the job', async () => {
    const { course, skill, edge, send, write, list, userId, orgId, build } = await setUp();
    const git = await skill('Git');
    const teaching = await course('Learn Git');
    await course('Learn nothing');
    await edge('teaches', ['course', teaching], ['skill', git]);
    await write(sql`
      update docent.users
         set job_title = 'Developer'
       where org_id = ${orgId}
         and id = ${userId}`);
    await send('POST', '/v1/skill-targets', {
      body: { jobRole: 'developer', skillId: git, level: 4 },
    });
    await write(sql`
      insert into docent.skill_targets (org_id, id, job_role, skill_id, level)
      values (${orgId}, ${newId()}, 'developer', ${git}, 4)
      on conflict do nothing`);
    await build();

    const courses = await list('type=course');
    const skills = await list('type=skill');

    expect(courses.items[0]).toMatchObject({
      itemId: teaching,
      reasonType: 'skill_gap',
      evidence: { skill: 'Git', required: 4, level: null },
    });
    expect(skills.items[0]).toMatchObject({ itemId: git, reasonType: 'skill_gap' });
  });

  test('are for the learner, their HR manager and administrators, and for nobody else', async () => {
    const { member, department, department2, userId, send, learner } = await setUp();
    const colleague = await member('learner', department);
    const manager = await member('hr_manager', department);
    const elsewhere = await member('hr_manager', department2);
    const status = async (as?: Caller) =>
      (
        await send('GET', `/v1/users/${userId}/recommendations`, {
          ...(as === undefined ? {} : { as }),
        })
      ).status;

    expect(await status(learner)).toBe(200);
    expect(await status()).toBe(200);
    expect(await status(manager)).toBe(200);
    expect(await status(colleague)).toBe(404);
    expect(await status(elsewhere)).toBe(404);
  });

  test('of content are of what the learner may read, also from the cache after a right is withdrawn', async () => {
    const { orgId, department, department2, learner, list, skill, edge, write, member } =
      await setUp();
    const writing = await skill('Writing');
    const add = async (title: string, departments: readonly string[] | null) => {
      const id = newId();
      await write(sql`
        insert into docent.content (org_id, id, title, content_type, visibility, visible_to_departments, current_version,
               latest_version)
        values (${orgId}, ${id}, ${title}, 'tutorial', ${departments === null ? 'organization' : 'restricted'},
          ${departments ?? []}::uuid[], 1, 1)`);
      await edge('covers', ['content', id], ['skill', writing]);
      return id;
    };
    await add('For everybody', null);
    const sales = await add('For Sales', [department]);
    await add('For Research', [department2]);
    const found = async (as = learner) =>
      titles(await list('type=content', as, as.principal.userId)).sort();

    const before = [await found(), await found()];
    const researcher = await found(await member('learner', department2));
    await write(sql`
      update docent.content
         set visible_to_departments = ${[department2]}::uuid[]
       where org_id = ${orgId}
         and id = ${sales}`);

    expect(before).toEqual([
      ['For Sales', 'For everybody'],
      ['For Sales', 'For everybody'],
    ]);
    expect(researcher).toEqual(['For Research', 'For everybody']);
    expect(await found()).toEqual(['For everybody']);
  });

  test('of content are shown to an HR manager as far as they may read it', async () => {
    const { orgId, userId, department, list, skill, edge, write, member } = await setUp();
    const writing = await skill('Writing');
    const id = newId();
    await write(sql`
      insert into docent.content (org_id, id, title, content_type, visibility, visible_to_users, current_version,
             latest_version)
      values (${orgId}, ${id}, 'For one person', 'tutorial', 'restricted', ${[userId]}::uuid[], 1, 1)`);
    await edge('covers', ['content', id], ['skill', writing]);
    const manager = await member('hr_manager', department);

    const own = titles(await list('type=content'));
    const theirs = titles(await list('type=content', manager));

    expect(own).toEqual(['For one person']);
    expect(theirs).toEqual([]);
  });

  test('of content say which course under way they belong to', async () => {
    const { orgId, userId, course, edge, progress, list, write } = await setUp();
    const begun = await course('Selling');
    const id = newId();
    await write(sql`
      insert into docent.content (org_id, id, title, content_type, current_version, latest_version)
      values (${orgId}, ${id}, 'How we sell', 'tutorial', 1, 1)`);
    await edge('covers', ['content', id], ['course', begun]);
    await progress(userId, begun, 1, 'in_progress', 40);

    const found = await list('type=content');

    expect(found.items).toMatchObject([
      {
        itemId: id,
        reasonType: 'part_of',
        reason: 'Belongs to “Selling”, which you are taking.',
        evidence: { course: 'Selling', courseId: begun },
      },
    ]);
  });

  test('of content are what missing skills and recommended courses have, and one on trial', async () => {
    const { orgId, userId, course, skill, edge, progress, colleagues, list, write, build } =
      await setUp();
    const add = async (title: string, kind?: 'course' | 'skill', about = '') => {
      const id = newId();
      await write(sql`
        insert into docent.content (org_id, id, title, content_type, current_version, latest_version)
        values (${orgId}, ${id}, ${title}, 'tutorial', 1, 1)`);
      if (kind !== undefined) await edge('covers', ['content', id], [kind, about]);
    };
    const git = await skill('Git');
    const [basics, next, teaching] = [
      await course('Basics'),
      await course('Next'),
      await course('Learn Git'),
    ];
    await edge('teaches', ['course', teaching], ['skill', git]);
    await write(sql`
      update docent.users
         set job_title = 'Developer'
       where org_id = ${orgId}
         and id = ${userId}`);
    await write(sql`
      insert into docent.skill_targets (org_id, id, job_role, skill_id, level)
      values (${orgId}, ${newId()}, 'developer', ${git}, 4)`);
    await colleagues(6, basics, next);
    await progress(userId, basics, 3);
    await build();
    await Promise.all([1, 2, 3, 4].map((n) => add(`Notes on what is next, ${n}`, 'course', next)));
    await Promise.all([1, 2, 3, 4].map((n) => add(`Git handbook, ${n}`, 'course', teaching)));
    await Promise.all([1, 2, 3, 4].map((n) => add(`About nothing, ${n}`)));

    const { items } = await list('type=content&limit=10');

    const of = (start: string) => items.filter(({ title }) => title.startsWith(start));
    expect(of('Git')[0]).toMatchObject({
      reasonType: 'skill_gap',
      evidence: { skill: 'Git', required: 4, level: null },
    });
    expect(of('Notes')[0]).toMatchObject({
      reasonType: 'next_step',
      reason: 'Material of “Next”. 6 people who took “Basics” took this after it.',
      evidence: { course: 'Next', courseId: next, from: 'Basics', fromId: basics, people: 6 },
    });
    expect(items.filter(({ reasonType }) => reasonType === 'explore')).toMatchObject([
      { position: 7 },
    ]);
    expect(of('About').filter(({ reasonType }) => reasonType !== 'explore')).toMatchObject([
      { position: 10, reasonType: 'new', evidence: { added: expect.stringMatching(/^2/) } },
    ]);
  });

  test('name the level that everything else shows, and of what fades only that', async () => {
    const { orgId, userId, skill, edge, learner, send, course, list, write, build } = await setUp();
    const [reached, missing] = [await skill('Reached'), await skill('Missing')];
    const teaching = await course('Learn what is missing');
    await edge('teaches', ['course', teaching], ['skill', missing]);
    for (const id of [reached, missing]) {
      await write(sql`
        insert into docent.skill_targets (org_id, id, job_role, skill_id, level)
        values (${orgId}, ${newId()}, 'developer', ${id}, 4)`);
    }
    await write(sql`
      update docent.users
         set job_title = 'Developer'
       where org_id = ${orgId}
         and id = ${userId}`);
    await write(sql`
      insert into docent.user_mastery (org_id, user_id, theta, answers, last_answered_at, last_answer_id)
      values (${orgId}, ${userId}, 0, 8, now(), ${newId()})`);
    await write(sql`
      insert into docent.skill_mastery
        (org_id, user_id, skill_id, theta, answers, points, stability, difficulty, last_answered_at)
      values (${orgId}, ${userId}, ${reached}, 4, 8, 8, 3, 5, now() - interval '200 days'),
             (${orgId}, ${userId}, ${missing}, 0, 8, 4, 3, 5, now() - interval '200 days')`);
    await build();
    const skillOf = async (id: string) => {
      const { body } = await send('GET', `/v1/users/${userId}/skills/${id}`, { as: learner });
      return UserSkillDetail.parse(body);
    };

    const skills = (await list('type=skill')).items;
    const courses = (await list('type=course')).items;
    const { body } = await send('GET', `/v1/users/${userId}/learning-path?goal=skill:${reached}`, {
      as: learner,
    });

    const [high, low] = [await skillOf(reached), await skillOf(missing)];
    expect(high).toMatchObject({ gap: 0, targetLevel: 4, level: expect.closeTo(4.52, 2) });
    expect(low).toMatchObject({ gap: 1, level: 3 });
    expect(high.retention).toBeLessThan(0.8);
    expect(skills.find(({ itemId }) => itemId === reached)).toMatchObject({
      reasonType: 'refresher',
      reason:
        'You knew “Reached” well (level 4.5), last practised 200 days ago; a refresher keeps it.',
      evidence: { level: 4.52 },
    });
    expect(skills.find(({ itemId }) => itemId === missing)).toMatchObject({
      reasonType: 'skill_gap',
      reason: 'Closes your gap in “Missing”: you are at level 3.0, level 4 is asked for.',
    });
    expect(courses[0]).toMatchObject({ itemId: teaching, evidence: { level: 3, required: 4 } });
    expect(LearningPath.parse(body).steps).toMatchObject([
      { itemId: reached, state: 'done', refresher: true, level: high.level, targetLevel: 4 },
    ]);
  });

  test('fit a goal when they are nearer to it than courses are to it anyway', async () => {
    const { orgId, course, build, list, write } = await setUp();
    const embedder = fakeEmbedder();
    await write(sql`
      insert into docent.embedding_models (org_id, id, dimensions, status)
      values (${orgId}, ${embedder.id}, ${embedder.dimensions}, 'active')`);
    for (const about of ['frontend pages', 'welding pipes', 'baking bread', 'painting walls']) {
      await course(`Course for developer about ${about}`);
    }
    await embedItems({ database: database(), embedderById: () => embedder }, orgId, signal);
    await write(sql`
      update docent.users
         set job_title = 'Frontend developer'
       where org_id = ${orgId}`);
    await build();

    const found = await list();

    expect(found.items).toMatchObject([
      {
        title: 'Course for developer about frontend pages',
        reasonType: 'goal',
        reason: 'Fits your goal “Frontend developer”.',
      },
    ]);
  });

  test('without profiling are the same for everybody, and leave oneself out of those of others', async () => {
    const { course, colleagues, progress, build, list, userId, send, learner } = await setUp();
    const [basics, next, popular] = [
      await course('Basics'),
      await course('Next'),
      await course('Popular'),
    ];
    await colleagues(5, basics, next);
    await colleagues(12, popular);
    await progress(userId, basics, 3);
    await build();
    const personal = await list();

    const choice = await send('PUT', `/v1/users/${userId}/learning-profile/profiling`, {
      as: learner,
      body: { enabled: false },
    });
    const plain = await list();

    expect(choice.status).toBe(204);
    expect(personal).toMatchObject({ personal: true });
    expect(titles(personal)[0]).toBe('Next');
    expect(plain).toMatchObject({ personal: false });
    expect(titles(plain)[0]).toBe('Popular');
    expect(new Set(plain.items.map(({ reasonType }) => reasonType))).toEqual(new Set(['popular']));
    expect((await build()).counts.learners).toBe(17);
  });

  test('without profiling are of the department for skills and content, too', async () => {
    const { course, skill, edge, colleagues, build, list, userId, send, learner, write, ...rest } =
      await setUp();
    const { orgId, department } = rest;
    const popular = await course('Popular');
    const [taught, asked, other] = [
      await skill('Taught'),
      await skill('Asked for'),
      await skill('Other'),
    ];
    await edge('teaches', ['course', popular], ['skill', taught]);
    await write(sql`
      insert into docent.skill_targets (org_id, id, department_id, skill_id, level, importance)
      values (${orgId}, ${newId()}, ${department}, ${asked}, 3, 0.5)`);
    await write(sql`
      insert into docent.skill_targets (org_id, id, job_role, skill_id, level)
      values (${orgId}, ${newId()}, 'developer', ${other}, 3)`);
    await write(sql`
      update docent.users
         set job_title = 'Developer'
       where org_id = ${orgId}
         and id = ${userId}`);
    const add = async (title: string, added: string) => {
      const id = newId();
      await write(sql`
        insert into docent.content (org_id, id, title, content_type, current_version, latest_version, created_at)
        values (${orgId}, ${id}, ${title}, 'tutorial', 1, 1, ${added})`);
      return id;
    };
    await add('Old', '2020-02-01T12:00:00Z');
    await add('Less old', '2020-03-01T12:00:00Z');
    const book = await add('The book of it', '2020-01-01T12:00:00Z');
    await edge('covers', ['content', book], ['course', popular]);
    await colleagues(12, popular);
    await build();
    await send('PUT', `/v1/users/${userId}/learning-profile/profiling`, {
      as: learner,
      body: { enabled: false },
    });

    const [skills, content] = [await list('type=skill'), await list('type=content')];

    expect(skills).toMatchObject({
      personal: false,
      items: [
        {
          title: 'Taught',
          reason: 'Taught in “Popular”. Popular in your department: 12 people began it.',
          evidence: { course: 'Popular', people: 12 },
        },
        { title: 'Asked for', reason: 'Your department asks for level 3.' },
      ],
    });
    expect(content).toMatchObject({
      personal: false,
      items: [
        {
          title: 'The book of it',
          reason: 'Material of “Popular”. Popular in your department: 12 people began it.',
        },
        {
          title: 'Less old',
          reasonType: 'new',
          reason: 'Among the newest of your organization’s material, added on 2020-03-01.',
        },
        { title: 'Old', reasonType: 'new' },
      ],
    });
  });
});

test('a learner sees what is stored about them and why', async () => {
  const { course, progress, list, userId, send, learner, member, department, build } =
    await setUp();
  await progress(userId, await course('Done'), 1);
  await course('Something new');
  await build();
  await list();

  const own = await send('GET', `/v1/users/${userId}/learning-profile`, { as: learner });
  const managers = await send('GET', `/v1/users/${userId}/learning-profile`, {
    as: await member('hr_manager', department),
  });

  const profile = LearningProfile.parse(own.body);
  expect(profile.profiling).toBe(true);
  expect(profile.stored[0]).toMatchObject({ rows: 1, usedForRecommendations: true });
  expect(managers.status).toBe(404);
});

test('shown, clicked, enrolled and completed are kept, the first of each', async () => {
  const { course, colleagues, build, list, send, learner, rows, orgId } = await setUp();
  await colleagues(5, await course('One'));
  await build();
  const [item] = (await list()).items;
  const tell = (body: object) =>
    send('POST', `/v1/recommendations/${item?.id}/events`, { as: learner, body });

  for (const event of ['shown', 'clicked', 'clicked', 'enrolled', 'completed']) {
    expect((await tell({ event, position: 2, algoVersion: ALGORITHM })).status).toBe(204);
  }
  const wrong = await tell({ event: 'dismissed' });
  const unknown = await send('POST', `/v1/recommendations/${newId()}/events`, {
    as: learner,
    body: { event: 'shown' },
  });

  expect([wrong.status, unknown.status]).toEqual([400, 404]);
  const [stored] = await rows(sql`
    select clicked, position, shown_at is not null as shown, enrolled_at is not null as enrolled,
           completed_at is not null as completed, algo_version
      from docent.recommendations
     where org_id = ${orgId}
       and id = ${item?.id}`);
  expect(stored).toEqual({
    clicked: true,
    position: 2,
    shown: true,
    enrolled: true,
    completed: true,
    algo_version: ALGORITHM,
  });
  expect(
    await rows(sql`
      select shown, enrolled
        from docent.recommend_exposures
       where org_id = ${orgId}`),
  ).toEqual([{ shown: 1, enrolled: 1 }]);
});

test('a learning path has everything that comes before, in order, with what is left of the time', async () => {
  const { course, skill, edge, progress, send, learner, userId } = await setUp();
  const [a, b, c] = [await skill('A'), await skill('B'), await skill('C')];
  const [teachA, teachB] = [await course('Teach A'), await course('Teach B')];
  await edge('prerequisite', ['skill', a], ['skill', b]);
  await edge('prerequisite', ['skill', b], ['skill', c]);
  await edge('teaches', ['course', teachA], ['skill', a]);
  await edge('teaches', ['course', teachB], ['skill', b]);
  await progress(userId, teachA, 1);
  await progress(userId, teachB, 2, 'in_progress', 50);

  const answer = await send('GET', `/v1/users/${userId}/learning-path?goal=skill:${c}`, {
    as: learner,
  });
  const nowhere = await send('GET', `/v1/users/${userId}/learning-path?goal=role:Nobody`, {
    as: learner,
  });

  const path = LearningPath.parse(answer.body);
  const order = path.steps.map(({ title, state }) => [title, state]);
  expect(order).toEqual([
    ['Teach A', 'done'],
    ['A', 'ready'],
    ['Teach B', 'in_progress'],
    ['B', 'blocked'],
    ['C', 'blocked'],
  ]);
  expect(path.steps.map(({ needs }) => needs)).toEqual([[], [teachA], [], [a, teachB], [b]]);
  expect(path).toMatchObject({ minutesLeft: 30, stepsDone: 1, goal: { title: 'C' } });
  expect(nowhere.status).toBe(404);
});

test('skills are shown with their evidence, also when answers came a moment ago', async () => {
  const { skill, write, send, learner, userId, orgId } = await setUp();
  const git = await skill('Git');
  const [assessment, question] = [newId(), newId()];
  await write(sql`
    insert into docent.assessments (org_id, id, title)
    values (${orgId}, ${assessment}, 'Git')`);
  await write(sql`
    insert into docent.assessment_questions (org_id, id, assessment_id, position, type, prompt, skill_id)
    values (${orgId}, ${question}, ${assessment}, 1, 'text', 'Why?', ${git})`);
  const answers = (count: number) =>
    write(sql`
      insert into docent.attempt_answers (org_id, id, user_id, question_id, skill_id, score, answered_at, source)
      select ${orgId}, gen_random_uuid(), ${userId}, ${question}, ${git}, 1, now() - interval '1 minute' * n, 'test'
        from generate_series(1, ${count}::int) n`);
  const read = async () => {
    const answer = await send('GET', `/v1/users/${userId}/skills`, { as: learner });
    return pageOf(UserSkill).parse(answer.body).items[0];
  };

  await answers(4);
  const few = await read();
  await answers(1);
  const enough = await read();

  expect(few).toMatchObject({ evidence: 'not_enough', answers: 4, mastery: null, level: null });
  expect(enough).toMatchObject({ evidence: 'answers', answers: 5, meanScore: 1 });
  expect(enough?.level).toBeCloseTo(1 + 4 * (enough?.mastery ?? 0), 10);
});

test('a skill is shown with how it moved, also when nothing is known, and everything can be taken along', async () => {
  const { course, skill, make, progress, send, learner, member, department, userId, orgId } =
    await setUp();
  const [git, unknown] = [await skill('Git'), await skill('Unknown')];
  await progress(userId, await course('Begun'), 1, 'in_progress', 40);
  const question = (n: number) => ({
    type: 'text',
    prompt: `Question ${n}?`,
    skillId: git,
    answer: { accepted: ['yes'] },
  });
  const assessment = await make('/v1/assessments', {
    title: 'Git',
    questions: [1, 2, 3, 4, 5, 6].map(question),
  });
  const attempt = await send('POST', `/v1/assessments/${assessment}/attempts`, { as: learner });
  const asked = z.object({ questions: z.array(z.object({ id: z.uuid() })) }).parse(attempt.body);
  await send('POST', `/v1/attempts/${attempt.body.id}/submit`, {
    as: learner,
    body: { answers: Object.fromEntries(asked.questions.map(({ id }) => [id, 'yes'])) },
  });
  const read = (what: string, as = learner) => send('GET', `/v1/users/${userId}/${what}`, { as });

  const known = UserSkillDetail.parse((await read(`skills/${git}`)).body);
  const nothing = UserSkillDetail.parse((await read(`skills/${unknown}`)).body);
  const everything = LearningExport.parse((await read('learning-profile/export')).body);
  const colleague = await member('learner', department);

  expect(known.history.map(({ mastery }) => mastery === null)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(known.history.at(-1)?.mastery).toBe(known.mastery);
  expect(nothing).toMatchObject({ evidence: 'none', level: null, history: [] });
  expect(everything.answers).toHaveLength(6);
  expect(everything.answers[0]).toMatchObject({ question: 'Question 1?', response: 'yes' });
  expect(everything.progress).toMatchObject([{ title: 'Begun', progress: 40 }]);
  expect(JSON.stringify(everything)).not.toContain(orgId);
  for (const what of [`skills/${git}`, 'learning-profile/export']) {
    expect((await read(what, colleague)).status).toBe(404);
  }
});

test('the function that analysts know recommends from the same tables', async () => {
  const { course, colleagues, progress, build, userId, rows } = await setUp();
  const [basics, next] = [await course('Basics'), await course('Next')];
  await colleagues(5, basics, next);
  await progress(userId, basics, 3);
  await build();

  const found = await rows(sql`select * from docent.generate_recommendations(${userId}, 5)`);

  expect(found).toEqual([
    {
      id: next,
      type: 'course',
      title: 'Next',
      description: '',
      score: expect.any(Number),
      reason: 'Follows from what you learned before',
    },
  ]);
});
