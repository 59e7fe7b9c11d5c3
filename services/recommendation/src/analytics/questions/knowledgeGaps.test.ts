import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { many, one, sql } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import { addUser, fileDatabase } from '@docent/test/database';
import { fakeEmbedder } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { publishAnalytics } from '../publish.ts';
import { type Company, hrManager, testAnalytics, testCompany } from '../testing.ts';
import { groupNewQuestions } from './group.ts';

const database = fileDatabase();
const embedder = fakeEmbedder();
const LEAVE = 'How many days of parental leave do I get?';
const PARKING = 'Where may I park my bicycle?';

describe('questions', () => {
  test('that ask for the same come into one group, others into another, each once', async () => {
    const company = await askedCompany();
    const [anna = ''] = await company.people(1);
    await ask(company, anna, LEAVE);
    await ask(company, anna, 'How many days of parental leave do I get, please?');
    await ask(company, anna, PARKING);

    const first = await group(company);
    const second = await group(company);

    expect([first, second]).toEqual([3, 0]);
    expect(await groupSizes(company)).toEqual([2, 1]);
  });

  test('that were asked back, failed or were small talk are in none', async () => {
    const company = await askedCompany();
    const [anna = ''] = await company.people(1);
    await ask(company, anna, 'Which one?', { outcome: 'clarify' });
    await ask(company, anna, 'Hello', { outcome: 'answer', confidence: null });
    await ask(company, anna, LEAVE, { status: 'incomplete' });

    expect(await group(company)).toBe(0);
  });

  test('are grouped anew when the organization has another model', async () => {
    const company = await askedCompany();
    const [anna = ''] = await company.people(1);
    await ask(company, anna, LEAVE);
    await group(company);
    const other = fakeEmbedder({ dimensions: 32 });
    await company.write(sql`
      update docent.embedding_models set status = 'retired' where org_id = ${company.orgId}`);
    await company.write(sql`
      insert into docent.embedding_models (org_id, id, dimensions, status)
      values (${company.orgId}, ${other.id}, 32, 'active')`);

    const byOld = await group(company);
    const byNew = await group(company, other);

    expect([byOld, byNew]).toEqual([0, 1]);
    expect(await groupSizes(company)).toEqual([1]);
  });

  test('wait while there is no model', async () => {
    const company = await testCompany(database());
    const [anna = ''] = await company.people(1);
    await ask(company, anna, LEAVE);

    expect(await group(company)).toBe(0);
  });
});

describe('knowledge gaps', () => {
  test('are what five people or more asked and did not get, worst first', async () => {
    const company = await askedCompany();
    const people = await company.people(6);
    for (const [index, person] of people.entries()) {
      await ask(company, person, LEAVE, { outcome: 'abstain' });
      await ask(company, person, PARKING, index < 3 ? { rating: 'down' } : {});
      if (index < 4) await ask(company, person, 'Who pays the lunch?', { outcome: 'abstain' });
    }

    const { rows } = await gapsFor(company, company.admin);

    expect(rows.map(({ example, value }) => [example, value])).toEqual([
      [LEAVE, { people: { atLeast: 5, atMost: 9 }, missRate: 1 }],
      [PARKING, { people: { atLeast: 5, atMost: 9 }, missRate: 0.5 }],
    ]);
  });

  test('count people, not questions', async () => {
    const company = await askedCompany();
    const people = await company.people(4);
    for (const person of [...people, ...people, ...people]) {
      await ask(company, person, LEAVE, { outcome: 'abstain' });
    }

    expect((await gapsFor(company, company.admin)).rows).toEqual([]);
  });

  test('count answers of low confidence as missed', async () => {
    const company = await askedCompany();
    for (const person of await company.people(5)) {
      await ask(company, person, LEAVE, { confidence: 'low' });
    }

    const { rows } = await gapsFor(company, company.admin);

    expect(rows.map(({ value }) => value)).toMatchObject([{ missRate: 1 }]);
  });

  test('that everybody got an answer to are none', async () => {
    const company = await askedCompany();
    for (const person of await company.people(5)) await ask(company, person, LEAVE);

    expect((await gapsFor(company, company.admin)).rows).toEqual([]);
  });

  test('are tied to the nearest content that the reader may see', async () => {
    const company = await askedCompany();
    const contentId = await content(company, 'Handbook: parental leave days');
    for (const person of await company.people(5)) {
      await ask(company, person, LEAVE, { outcome: 'abstain' });
    }
    const before = (await gapsFor(company, company.admin)).rows[0];
    await company.write(sql`
      update docent.content set status = 'draft' where org_id = ${company.orgId}`);
    const trainer = await addUser(database(), company.admin, 'trainer');

    const after = (await gapsFor(company, trainer)).rows[0];

    expect(before?.content).toMatchObject({
      id: contentId,
      title: 'Handbook: parental leave days',
    });
    expect(before?.content?.similarity).toBeGreaterThan(0.5);
    expect(after?.content).toBeNull();
  });

  test('show trainers and admins the words without people, HR managers no words', async () => {
    const company = await askedCompany();
    const sales = await company.department('Sales');
    const people = await company.people(5, { departmentId: sales, name: 'Anna Kovács' });
    const question = 'Why did Anna Kovács (anna@corp.example, +36 20 123 4567) get no leave?';
    for (const person of people) await ask(company, person, question, { outcome: 'abstain' });
    const trainer = await addUser(database(), company.admin, 'trainer');
    const hr = hrManager(company.orgId, people[0] ?? '', [sales]);

    const forTrainer = await gapsFor(company, trainer);
    const forHr = await gapsFor(company, hr, sales);

    expect(forTrainer.rows[0]?.example).toBe('Why did [name] ([e-mail], [number]) get no leave?');
    expect(forHr.rows).toHaveLength(1);
    expect(forHr.rows[0]).toMatchObject({ example: null, value: { missRate: 1 } });
  });

  test('of a department need five people of that department', async () => {
    const company = await askedCompany();
    const sales = await company.department('Sales');
    const legal = await company.department('Legal');
    const asking = [
      ...(await company.people(4, { departmentId: sales })),
      ...(await company.people(9, { departmentId: legal })),
    ];
    for (const person of asking) await ask(company, person, LEAVE, { outcome: 'abstain' });

    const all = await gapsFor(company, company.admin);
    const ofSales = await gapsFor(company, company.admin, sales);
    const ofLegal = await gapsFor(company, company.admin, legal);

    expect(all.rows.map(({ group }) => group.kind)).toEqual(['organization']);
    expect(ofSales.rows).toEqual([]);
    // Beside the organization's it would tell how many of Sales asked.
    expect(ofLegal.rows).toEqual([]);
  });

  test('lose their words when people delete what they asked', async () => {
    const company = await askedCompany();
    const people = await company.people(5);
    for (const person of people) await ask(company, person, LEAVE, { outcome: 'abstain' });
    await gapsFor(company, company.admin);
    await company.write(sql`
      delete from docent.conversations where org_id = ${company.orgId} and user_id = ${people[0]}`);

    const { rows } = await gapsFor(company, company.admin);

    expect(rows).toEqual([]);
    expect(await words(company)).toEqual([null]);
  });

  test('who asked what is for workers only', async () => {
    const company = await askedCompany();
    for (const person of await company.people(5)) {
      await ask(company, person, LEAVE, { outcome: 'abstain' });
    }
    await gapsFor(company, company.admin);

    const seen = await database().withPrincipal(company.admin, (tx) =>
      one(
        tx,
        z.object({ members: z.int(), messages: z.int() }),
        sql`
          select (select count(*)::int from docent.question_group_members) as members,
                 (select count(*)::int from docent.messages) as messages`,
      ),
    );

    expect(seen).toEqual({ members: 0, messages: 0 });
  });
});

async function askedCompany(): Promise<Company> {
  const company = await testCompany(database());
  await company.write(sql`
    insert into docent.embedding_models (org_id, id, dimensions, status)
    values (${company.orgId}, ${embedder.id}, ${embedder.dimensions}, 'active')`);
  return company;
}

/** A question of a person, and what became of it. */
async function ask(
  { orgId, write }: Company,
  userId: string,
  question: string,
  options: {
    outcome?: 'answer' | 'abstain' | 'clarify';
    confidence?: 'low' | 'high' | null;
    status?: 'complete' | 'incomplete';
    rating?: 'down';
  } = {},
): Promise<void> {
  const { outcome = 'answer', confidence = 'high', status = 'complete', rating } = options;
  const [conversation, message] = [newId(), newId()];
  await write(sql`
    insert into docent.conversations (org_id, id, user_id, title)
    values (${orgId}, ${conversation}, ${userId}, 'A conversation')`);
  await write(sql`
    insert into docent.messages
      (org_id, id, conversation_id, user_id, role, status, outcome, confidence, question)
    values (${orgId}, ${message}, ${conversation}, ${userId}, 'assistant', ${status}, ${outcome},
      ${confidence === null ? null : JSON.stringify({ level: confidence })}::jsonb, ${question})`);
  if (rating === undefined) return;
  await write(sql`
    insert into docent.feedback (org_id, id, message_id, user_id, rating)
    values (${orgId}, ${newId()}, ${message}, ${userId}, ${rating})`);
}

function group({ orgId }: Company, by = embedder): Promise<number> {
  return groupNewQuestions(
    { database: database(), embedderById: (id) => (id === by.id ? by : null) },
    orgId,
  );
}

async function gapsFor(company: Company, principal: Principal, departmentId?: string) {
  await group(company);
  const now = new Date();
  await publishAnalytics({ database: database(), now: () => now }, company.orgId);
  const { analytics } = testAnalytics(database(), now.toISOString());
  const { knowledgeGaps } =
    departmentId === undefined
      ? await analytics.ofOrganization(principal, {})
      : await analytics.ofDepartment(principal, departmentId, {});
  if (knowledgeGaps === null) throw new Error('no knowledge gaps for this caller');
  return knowledgeGaps;
}

function groupSizes({ orgId }: Company): Promise<number[]> {
  return database().withPrincipal(workerPrincipal(orgId), async (tx) => {
    const rows = await many(
      tx,
      z.object({ size: z.int() }),
      sql`
        select count(*)::int as size
          from docent.question_group_members
         where org_id = ${orgId}
         group by group_id
         order by 1 desc`,
    );
    return rows.map(({ size }) => size);
  });
}

function words({ orgId }: Company): Promise<(string | null)[]> {
  return database().withPrincipal(workerPrincipal(orgId), async (tx) => {
    const rows = await many(
      tx,
      z.object({ example: z.string().nullable() }),
      sql`select example from docent.question_groups where org_id = ${orgId}`,
    );
    return rows.map(({ example }) => example);
  });
}

/** Content of one chunk: its title. */
async function content({ orgId, write }: Company, title: string): Promise<string> {
  const [id, chunkId] = [newId(), newId()];
  const [vector] = await embedder.embed([title]);
  if (vector === undefined) throw new Error('no vector');
  const none = Buffer.alloc(32);
  await write(sql`
    insert into docent.content (org_id, id, title, content_type, current_version, latest_version)
    values (${orgId}, ${id}, ${title}, 'reference', 1, 1)`);
  await write(sql`
    insert into docent.content_versions
      (org_id, content_id, version, state, file_name, media_type, size_bytes, sha256)
    values (${orgId}, ${id}, 1, 'ready', 'a.txt', 'text/plain', 1, ${none})`);
  await write(sql`
    insert into docent.chunks
      (org_id, id, content_id, version, ordinal, content, start_offset, end_offset, token_count, hash)
    values (${orgId}, ${chunkId}, ${id}, 1, 0, ${title}, 0, 1, 1, ${none})`);
  await write(sql`
    insert into docent.chunk_embeddings (org_id, model_id, chunk_id, content_id, hash, embedding)
    values (${orgId}, ${embedder.id}, ${chunkId}, ${id}, ${none}, ${halfvec(vector)}::halfvec)`);
  return id;
}
