import { newId } from '@docent/core/ids';
import { run, sql } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import { fileDatabase } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type TestLearning, testLearning } from '../testing.ts';
import { scoreOf } from './links.ts';

const database = fileDatabase();
const List = z.array(
  z.object({
    id: z.uuid(),
    content: z.object({ id: z.uuid(), title: z.string() }),
    to: z.object({ title: z.string() }),
    score: z.number(),
  }),
);

/** A searchable content of one chunk, with a vector when there is an embedder. */
async function addContent(
  app: TestLearning,
  title: string,
  text: string,
  embedder: ReturnType<typeof fakeEmbedder> | null,
) {
  const { orgId } = app.principal;
  const [id, chunk] = [newId(), newId()];
  const [vector] = (await embedder?.embed([text])) ?? [];
  await app.database.withPrincipal({ ...app.principal, role: 'worker' }, async (tx) => {
    const statements = [
      sql`insert into docent.content (org_id, id, title, content_type, current_version, latest_version)
          values (${orgId}, ${id}, ${title}, 'tutorial', 1, 1)`,
      sql`insert into docent.content_versions (org_id, content_id, version, state, file_name, media_type, size_bytes,
            sha256)
          values (${orgId}, ${id}, 1, 'ready', 'f', 'text/plain', 1, '')`,
      sql`insert into docent.chunks (org_id, id, content_id, version, ordinal, content, start_offset, end_offset,
            token_count, hash)
          values (${orgId}, ${chunk}, ${id}, 1, 0, ${text}, 0, 1, 1, '')`,
      sql`insert into docent.chunk_search (org_id, chunk_id, content_id, config, tsv)
          values (${orgId}, ${chunk}, ${id}, 'english', docent.words('english', ${text}))`,
    ];
    if (vector !== undefined && embedder !== null) {
      statements.push(
        sql`insert into docent.embedding_models (org_id, id, dimensions, status)
            values (${orgId}, ${embedder.id}, ${embedder.dimensions}, 'active')
            on conflict do nothing`,
        sql`insert into docent.chunk_embeddings (org_id, model_id, chunk_id, content_id, hash, embedding)
            values (${orgId}, ${embedder.id}, ${chunk}, ${id}, '', ${halfvec(vector)}::halfvec)`,
      );
    }
    for (const statement of statements) await run(tx, statement);
  });
  return id;
}

const proposals = async (app: TestLearning) =>
  List.parse((await app.send('GET', '/v1/links')).body.items);

test.each([true, false])(
  'content is proposed for what it is about, surest first (vectors: %s)',
  async (vectors) => {
    const embedder = fakeEmbedder();
    const app = await testLearning({ database: database(), embedder });
    await app.make('/v1/skills', { name: 'Scrum', description: 'Sprints and backlogs of teams' });
    await app.make('/v1/courses', { title: 'Fire safety', objectives: ['Extinguishers'] });
    const used = vectors ? embedder : null;
    await addContent(app, 'On Scrum', 'Scrum has sprints and backlogs; teams plan sprints.', used);
    await addContent(app, 'On fire', 'Fire safety: where extinguishers hang.', used);
    await addContent(app, 'On lunch', 'The menu of this week.', used);

    const asked = await app.send('POST', '/v1/links/propose');
    await app.work();

    expect(asked.status).toBe(202);
    const found = await proposals(app);
    expect(found.map(({ content, to }) => `${content.title}: ${to.title}`).sort()).toEqual([
      'On Scrum: Scrum',
      'On fire: Fire safety',
    ]);
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).sort((a, b) => b - a),
    );
  },
);

test('what a trainer decided stays decided; what no longer holds is withdrawn', async () => {
  const app = await testLearning({ database: database() });
  const trainer = await app.person('trainer');
  const learner = await app.person('learner');
  const scrum = await app.make('/v1/skills', { name: 'Scrum sprints' });
  const one = await addContent(app, 'One', 'Scrum sprints one', null);
  const two = await addContent(app, 'Two', 'Scrum sprints two', null);
  const three = await addContent(app, 'Three', 'Scrum sprints three', null);
  await app.send('POST', '/v1/links/propose', { as: trainer });
  await app.work();
  const first = await proposals(app);
  const of = (id: string) => first.find(({ content }) => content.id === id)?.id;

  const confirmed = await app.send('POST', `/v1/links/${of(one)}/confirm`, { as: trainer });
  await app.send('POST', `/v1/links/${of(two)}/reject`, { as: trainer });
  await app.send('PATCH', `/v1/skills/${scrum}`, { body: { status: 'archived' } });
  await app.send('POST', '/v1/links/propose');
  await app.work();

  expect(first).toHaveLength(3);
  expect(of(three)).toBeDefined();
  expect(confirmed.body).toMatchObject({ status: 'confirmed', origin: 'inferred' });
  expect(await proposals(app)).toEqual([]);
  const { body } = await app.send('GET', `/v1/edges?toId=${scrum}`, { as: learner });
  expect(body.items).toMatchObject([{ from: { id: one } }]);
  expect((await app.send('GET', '/v1/links', { as: learner })).status).toBe(403);
  expect((await app.send('POST', `/v1/links/${of(one)}/reject`, { as: learner })).status).toBe(403);
});

test('the score is half meaning, half words, from 0 to 1; words alone without a vector', () => {
  expect(scoreOf({ similarity: 1, words: 1 })).toBe(1);
  expect(scoreOf({ similarity: -1, words: 0 })).toBe(0);
  expect(scoreOf({ similarity: 0.6, words: 0 })).toBe(0.25);
  expect(scoreOf({ similarity: null, words: 0.4 })).toBe(0.4);
});
