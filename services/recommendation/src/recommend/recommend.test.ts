import { openCache } from '@docent/cache/cache';
import type { Cache } from '@docent/cache/interfaces';
import { memoryCache } from '@docent/cache/memory';
import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import { many, run, sql } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import { addUser, fileDatabase, testOrganization } from '@docent/test/database';
import { waitingJobs } from '@docent/test/jobs';
import { redisProxy } from '@docent/test/redisProxy';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { rebuild } from './rebuild.ts';
import { makeRecommender } from './recommend.ts';

const database = fileDatabase();

/** A learner, and a course that five colleagues began. */
async function setUp(cache: Cache) {
  const { orgId, principal: admin } = await testOrganization(database());
  const learner = await addUser(database(), admin, 'learner');
  const colleagues = await Promise.all(
    [1, 2, 3, 4, 5].map(() => addUser(database(), admin, 'learner')),
  );
  const begin = (userIds: readonly string[], title: string) =>
    database().withPrincipal(workerPrincipal(orgId), async (tx) => {
      const courseId = newId();
      await run(
        tx,
        sql`
          insert into docent.courses (org_id, id, title)
          values (${orgId}, ${courseId}, ${title})`,
      );
      await run(
        tx,
        sql`
          insert into docent.learning_progress (org_id, id, user_id, course_id, status, progress, started_at,
                 occurred_at, source)
          select ${orgId}, gen_random_uuid(), id, ${courseId}, 'in_progress', 50, now(), now(), 'test'
            from unnest(${userIds}::uuid[]) id`,
      );
    });
  const colleagueIds = colleagues.map(({ userId }) => userId);
  await begin(colleagueIds, 'A course');
  const jobs = waitingJobs();
  const recommender = makeRecommender({
    database: database(),
    cache,
    jobs,
    embedderById: () => null,
    random: () => 0.5,
  });
  return {
    orgId,
    jobs,
    begin,
    colleagueIds,
    learner,
    recommender,
    build: () => rebuild(database(), orgId, { signal: new AbortController().signal }),
    ask: () => recommender.recommend(learner, learner.userId, { type: 'course', limit: 10 }),
  };
}

test('two who ask at once get the same list, worked out once', async () => {
  const { ask, build } = await setUp(memoryCache());
  await build();

  const [one, other] = await Promise.all([ask(), ask()]);

  expect(one.items).toHaveLength(1);
  expect(other).toEqual(one);
});

test('what is near in topic is nearer than courses are to each other', async () => {
  const { orgId, build } = await setUp(memoryCache());
  // All share the first direction; two and two share another one.
  const vectors = {
    javascript: [10, 5, 0, 1],
    typescript: [10, 5, 0, -1],
    hiring: [10, 0, 5, 1],
    interviews: [10, 0, 5, -1],
  };
  const ids = new Map(Object.keys(vectors).map((name) => [name, newId()]));
  await database().withPrincipal(workerPrincipal(orgId), async (tx) => {
    for (const [name, vector] of Object.entries(vectors)) {
      await run(
        tx,
        sql`
          insert into docent.item_embeddings (org_id, item_id, kind, model_id, hash, embedding)
          values (${orgId}, ${ids.get(name)}, 'course', 'test', ''::bytea, ${halfvec(Float32Array.from(vector))}::halfvec)`,
      );
    }
  });

  await build();

  const names = new Map([...ids].map(([name, id]) => [id, name]));
  const links = await database().withPrincipal(workerPrincipal(orgId), (tx) =>
    many(
      tx,
      z.object({ from: z.uuid(), to: z.uuid() }),
      sql`
        select from_id as from, to_id as to
          from docent.recommend_links
         where org_id = ${orgId}
           and signal = 'similar'`,
    ),
  );
  expect(links.map(({ from, to }) => `${names.get(from)} ${names.get(to)}`).sort()).toEqual([
    'hiring interviews',
    'interviews hiring',
    'javascript typescript',
    'typescript javascript',
  ]);
});

test('a cache that loses everything between two requests costs none of them', async () => {
  const cache = memoryCache();
  const { ask, build } = await setUp(cache);
  await build();
  const before = await ask();

  await cache.close();
  const after = await ask();

  expect(after.items.map(({ itemId }) => itemId)).toEqual(before.items.map(({ itemId }) => itemId));
});

test('a Redis that is not there costs no request', async () => {
  const cache = await openCache({ REDIS_URL: 'redis://127.0.0.1:1' });
  onTestFinished(() => cache.close());
  const { ask, build } = await setUp(cache);
  await build();

  const list = await ask();
  const again = await ask();

  expect(list.items).toHaveLength(1);
  expect(again.items.map(({ itemId }) => itemId)).toEqual(list.items.map(({ itemId }) => itemId));
});

test.runIf(process.env.REDIS_URL)(
  'Redis that is killed mid-run costs no request, and brings no stale list when it is back',
  async () => {
    const proxy = await redisProxy(process.env.REDIS_URL ?? '');
    const back = Promise.withResolvers<void>();
    const cache = await openCache(
      { REDIS_URL: proxy.url },
      (state) => state === 'back' && back.resolve(),
    );
    onTestFinished(() => cache.close());
    const { ask, build, begin, learner } = await setUp(cache);
    await build();
    const before = await ask();

    const running = Array.from({ length: 20 }, () => ask());
    proxy.cut();
    const during = await Promise.all([...running, ...Array.from({ length: 20 }, () => ask())]);
    await begin([learner.userId], 'Own course');
    const whileGone = await ask();
    proxy.restore();
    await back.promise;
    const after = await ask();

    expect(before.items).toHaveLength(1);
    for (const { items } of during)
      expect(items.map(({ itemId }) => itemId)).toEqual(before.items.map(({ itemId }) => itemId));
    for (const { continue: own } of [whileGone, after]) {
      expect(own.map(({ title }) => title)).toEqual(['Own course']);
    }
  },
);

test('a list that is kept is not served after the tables were made anew', async () => {
  const { ask, build, begin, colleagueIds } = await setUp(memoryCache());
  await build();
  await ask();

  await begin(colleagueIds, 'Another course');
  await build();

  expect((await ask()).items.map(({ title }) => title)).toContain('Another course');
});

test('the first request of an organization asks for its tables, and is answered without them', async () => {
  const { ask, jobs, orgId } = await setUp(memoryCache());

  const list = await ask();

  expect(list.items).toEqual([]);
  expect(jobs.waiting['rebuild-recommendations']).toEqual([{ orgId }]);
});

test('content that is not in effect is not recommended, also when it ends while a list is kept', async () => {
  const { orgId, learner, build, recommender } = await setUp(memoryCache());
  const add = (title: string, from: string | null, until: string | null) =>
    database().withPrincipal(workerPrincipal(orgId), (tx) =>
      run(
        tx,
        sql`
          insert into docent.content (org_id, id, title, content_type, current_version, latest_version,
                 effective_from, expires_at)
          values (${orgId}, ${newId()}, ${title}, 'lesson', 1, 1, ${from}, ${until})`,
      ),
    );
  await add('Always', null, null);
  await add('Now', '2020-01-01T00:00:00Z', '2999-01-01T00:00:00Z');
  await add('Past', null, '2020-01-01T00:00:00Z');
  await add('Soon', '2999-01-01T00:00:00Z', null);
  await build();
  const titles = async () => {
    const { items } = await recommender.recommend(learner, learner.userId, {
      type: 'content',
      limit: 10,
    });
    return items.map(({ title }) => title).sort();
  };

  const before = await titles();
  await database().withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`
        update docent.content
           set expires_at = '2021-01-01T00:00:00Z'
         where org_id = ${orgId}
           and title = 'Now'`,
    ),
  );
  const after = await titles();

  expect(before).toEqual(['Always', 'Now']);
  expect(after).toEqual(['Always']);
});

test('what was archived is nothing to go on with', async () => {
  const { ask, build, begin, learner, orgId } = await setUp(memoryCache());
  await begin([learner.userId], 'Own course');
  await build();
  const before = await ask();

  await database().withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`
        update docent.courses
           set status = 'archived'
         where org_id = ${orgId}
           and title = 'Own course'`,
    ),
  );
  const after = await ask();

  expect(before.continue.map(({ title }) => title)).toEqual(['Own course']);
  expect(after.continue).toEqual([]);
});
