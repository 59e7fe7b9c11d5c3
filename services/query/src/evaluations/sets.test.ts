import {
  EvaluationQuestion,
  EvaluationSet,
  ProposalResult,
} from '@docent/contracts/evaluationSets';
import { ImportResult } from '@docent/contracts/learningImport';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { run, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { goldenQuestions, type TestEvaluations, testEvaluations } from './testing.ts';

const database = fileDatabase();
const Page = z.object({ items: z.array(EvaluationQuestion), nextCursor: z.string().nullable() });

test('sets and questions are listed, read, changed in the state that was read, and deleted', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { request, trainer, contentIds, send } = evaluations;
  const set = await evaluations.set('Basics', goldenQuestions(contentIds));
  const call = (
    method: 'GET' | 'PATCH' | 'DELETE' | 'POST',
    url: string,
    body?: object,
    ifMatch = '*',
  ) =>
    request(method, url, {
      key: trainer.key,
      headers: { 'if-match': ifMatch },
      ...(body ? { body } : {}),
    });

  const read = await call('GET', `/v1/evaluation-sets/${set.id}`);
  const renamed = await call(
    'PATCH',
    `/v1/evaluation-sets/${set.id}`,
    { name: 'First' },
    String(read.headers.etag),
  );
  const late = await call(
    'PATCH',
    `/v1/evaluation-sets/${set.id}`,
    { name: 'Second' },
    String(read.headers.etag),
  );
  const taken = await call('POST', '/v1/evaluation-sets', { name: 'FIRST' });
  const first = await send(Page, 'GET', `/v1/evaluation-sets/${set.id}/questions?limit=3`);
  const rest = await send(
    Page,
    'GET',
    `/v1/evaluation-sets/${set.id}/questions?limit=3&cursor=${first.nextCursor}`,
  );
  const [question] = first.items;
  const twice = await call('POST', `/v1/evaluation-sets/${set.id}/questions`, {
    question: question?.question.toUpperCase(),
  });
  const impossible = await call('PATCH', `/v1/evaluation-questions/${question?.id}`, {
    answerable: false,
  });
  const noted = await call('PATCH', `/v1/evaluation-questions/${question?.id}`, {
    note: 'From the handbook',
  });
  const gone = await call('DELETE', `/v1/evaluation-questions/${question?.id}`);
  const found = await send(Page, 'GET', `/v1/evaluation-sets/${set.id}/questions?q=canteen`);

  expect(EvaluationSet.parse(read.json())).toMatchObject({ confirmed: 4, proposed: 0 });
  expect(
    [renamed, late, taken, twice, impossible, noted, gone].map(({ statusCode }) => statusCode),
  ).toEqual([200, 412, 409, 409, 400, 200, 204]);
  expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([3, 1, null]);
  expect(noted.json()).toMatchObject({ note: 'From the handbook', origin: 'manual' });
  expect(found.items).toHaveLength(1);
});

test('an upload says of each line what became of it, and a second one changes what is there', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { trainer, request, contentIds, send } = evaluations;
  const set = await evaluations.set('Uploaded', []);
  const upload = async (body: string, type: string, query = '') => {
    const response = await request('POST', `/v1/evaluation-sets/${set.id}/import${query}`, {
      key: trainer.key,
      headers: { 'content-type': type },
      body,
    });
    return ImportResult.parse(response.json());
  };
  const csv = [
    'question;answerable;expectedContents;page;expectedAnswers;language',
    `How many vacation days?;yes;${contentIds[0]};1;25 | twenty-five;en`,
    'What is for lunch?;no;;;;',
    `Who knows?;maybe;;;;`,
    `Where is it?;yes;${newId()};;;`,
    'Which page?;yes;;3;;',
  ].join('\r\n');

  const tried = await upload(csv, 'text/csv', '?dryRun=true');
  const stored = await upload(csv, 'text/csv; charset=utf-8');
  const again = await upload(
    [
      '{"question": "what is for LUNCH?", "answerable": false}',
      '{"question": "How many vacation days?", "expectedContents": ["Vacation policy", {"title": "Handbook", "heading": "Leave"}]}',
      'no JSON',
      '{"question": "What is for lunch?", "answerable": false}',
    ].join('\n'),
    'application/x-ndjson',
  );
  const { items } = await send(Page, 'GET', `/v1/evaluation-sets/${set.id}/questions`);

  expect(tried).toMatchObject({ dryRun: true, created: 2, refused: 3 });
  expect(stored.items.map(({ line, status, problem }) => [line, status, problem?.detail])).toEqual([
    [2, 'created', undefined],
    [3, 'created', undefined],
    [4, 'refused', 'answerable: Invalid input: expected boolean, received string'],
    [5, 'refused', expect.stringMatching(/^There is no content /)],
    [6, 'refused', 'A page or heading needs exactly one expected content.'],
  ]);
  expect(again.items.map(({ status }) => status)).toEqual([
    'updated',
    'updated',
    'refused',
    'updated',
  ]);
  expect(
    items.map(({ question, origin, expectedContents, expectedAnswers }) => ({
      question,
      origin,
      expectedContents,
      expectedAnswers,
    })),
  ).toEqual([
    {
      question: 'How many vacation days?',
      origin: 'upload',
      expectedContents: [{ title: 'Vacation policy' }, { title: 'Handbook', heading: 'Leave' }],
      expectedAnswers: [],
    },
    { question: 'What is for lunch?', origin: 'upload', expectedContents: [], expectedAnswers: [] },
  ]);
});

test('ratings of one’s own become questions to look at; those that are rejected do not come back', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { trainer, contentIds, send, request } = evaluations;
  const set = await evaluations.set('Rated', []);
  const learner = await evaluations.person('learner');
  const [vacation = ''] = contentIds;
  await rate(evaluations, trainer.principal, {
    question: 'How long is my leave?',
    rating: 'up',
    cites: vacation,
  });
  await rate(evaluations, trainer.principal, {
    question: 'What is for lunch?',
    rating: 'up',
    outcome: 'abstain',
  });
  await rate(evaluations, trainer.principal, {
    question: 'How do I travel?',
    rating: 'down',
    cites: vacation,
  });
  await rate(evaluations, learner.principal, {
    question: 'Does my boss Ann hate me?',
    rating: 'up',
    cites: vacation,
  });
  const propose = () =>
    send(ProposalResult, 'POST', `/v1/evaluation-sets/${set.id}/proposals`, { from: 'ratings' });

  const first = await propose();
  const { items } = await send(
    Page,
    'GET',
    `/v1/evaluation-sets/${set.id}/questions?status=proposed`,
  );
  const ids = items.map(({ id }) => id);
  const decide = (questionIds: string[], status: string) =>
    request('POST', `/v1/evaluation-sets/${set.id}/decisions`, {
      key: trainer.key,
      body: { questionIds, status },
    });
  const confirmed = await decide(ids.slice(0, 2), 'confirmed');
  await decide(ids.slice(2), 'rejected');
  const second = await propose();

  expect(first).toEqual({ proposed: 3, known: 0 });
  expect(
    items
      .map(({ question, origin, answerable, expectedContents }) => ({
        question,
        origin,
        answerable,
        expectedContents,
      }))
      .sort((a, b) => (a.question < b.question ? -1 : 1)),
  ).toEqual([
    { question: 'How do I travel?', origin: 'thumbs_down', answerable: true, expectedContents: [] },
    {
      question: 'How long is my leave?',
      origin: 'thumbs_up',
      answerable: true,
      expectedContents: [{ contentId: vacation }],
    },
    {
      question: 'What is for lunch?',
      origin: 'thumbs_up',
      answerable: false,
      expectedContents: [],
    },
  ]);
  expect(confirmed.json()).toEqual({ decided: 2 });
  expect(second).toEqual({ proposed: 0, known: 3 });
  expect(await send(EvaluationSet, 'GET', `/v1/evaluation-sets/${set.id}`)).toMatchObject({
    confirmed: 2,
    proposed: 0,
  });
});

test('ratings of others come in the words that analytics shows, of groups that it shows', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, send } = evaluations;
  const set = await evaluations.set('Groups', []);
  const learner = await evaluations.person('learner');
  const [vacation = ''] = contentIds;
  const shown = await rate(evaluations, learner.principal, {
    question: 'my leave, Ann?',
    rating: 'up',
    cites: vacation,
  });
  const hidden = await rate(evaluations, learner.principal, {
    question: 'Ann and me',
    rating: 'down',
  });
  await group(evaluations.database, learner.principal, shown, {
    example: 'How long is the leave of [name]?',
    published: true,
  });
  await group(evaluations.database, learner.principal, hidden, {
    example: 'Something rare',
    published: false,
  });

  const result = await send(ProposalResult, 'POST', `/v1/evaluation-sets/${set.id}/proposals`, {
    from: 'ratings',
  });

  const { items } = await send(Page, 'GET', `/v1/evaluation-sets/${set.id}/questions`);
  expect(result).toEqual({ proposed: 1, known: 0 });
  expect(items).toMatchObject([
    {
      question: 'How long is the leave of [name]?',
      origin: 'thumbs_up',
      status: 'proposed',
      expectedContents: [{ contentId: vacation }],
      note: 'Ratings: 1 up, 0 down.',
    },
  ]);
});

test('questions of assessments come with their right answers and the contents of their skill', async () => {
  const evaluations = await testEvaluations({ database: database() });
  const { contentIds, send, work, get } = evaluations;
  const set = await evaluations.set('Quizzes', []);
  await quiz(evaluations, contentIds[0] ?? '');

  const result = await send(ProposalResult, 'POST', `/v1/evaluation-sets/${set.id}/proposals`, {
    from: 'quizzes',
  });
  const { items } = await send(Page, 'GET', `/v1/evaluation-sets/${set.id}/questions?origin=quiz`);
  for (const { id } of items) {
    await send(EvaluationQuestion, 'PATCH', `/v1/evaluation-questions/${id}`, {
      status: 'confirmed',
    });
  }
  const started = await evaluations.start(set.id);
  await work();

  expect(result).toEqual({ proposed: 2, known: 0 });
  expect(
    items.map(({ question, expectedAnswers, expectedContents }) => ({
      question,
      expectedAnswers,
      expectedContents,
    })),
  ).toEqual([
    {
      question: 'How many vacation days are there a year?',
      expectedAnswers: ['25'],
      expectedContents: [{ contentId: contentIds[0] }],
    },
    {
      question: 'When do unused vacation days expire?',
      expectedAnswers: ['31 March'],
      expectedContents: [{ contentId: contentIds[0] }],
    },
  ]);
  expect(await get(started.id)).toMatchObject({
    status: 'done',
    figures: { measures: { passed: { mean: 1 } } },
  });
});

/** An answer to a question of this person, and what they think of it. Gives the answer's id. */
async function rate(
  { database }: TestEvaluations,
  person: Principal,
  {
    question,
    rating,
    outcome = 'answer',
    cites,
  }: { question: string; rating: 'up' | 'down'; outcome?: string; cites?: string },
): Promise<string> {
  const { orgId, userId } = person;
  const [conversation, message] = [newId(), newId()];
  const citations = cites === undefined ? [] : [{ contentId: cites, supported: true }];
  await database.withPrincipal(person, async (tx) => {
    await run(
      tx,
      sql`
        insert into docent.conversations (org_id, id, user_id, title)
        values (${orgId}, ${conversation}, ${userId}, ${question})`,
    );
    await run(
      tx,
      sql`
        insert into docent.messages (org_id, id, conversation_id, user_id, role, text, status, outcome, question,
          citations)
        values (${orgId}, ${message}, ${conversation}, ${userId}, 'assistant', 'An answer.', 'complete', ${outcome},
          ${question}, ${JSON.stringify(citations)}::jsonb)`,
    );
    await run(
      tx,
      sql`
        insert into docent.feedback (org_id, id, message_id, user_id, rating)
        values (${orgId}, ${newId()}, ${message}, ${userId}, ${rating})`,
    );
  });
  return message;
}

async function group(
  database: Database,
  { orgId, userId }: Principal,
  messageId: string,
  { example, published }: { example: string; published: boolean },
): Promise<void> {
  const id = newId();
  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await run(
      tx,
      sql`
        insert into docent.question_groups (org_id, id, model_id, centroid, example, published)
        values (${orgId}, ${id}, 'a model', '[1,0]'::halfvec, ${example}, ${published})`,
    );
    await run(
      tx,
      sql`
        insert into docent.question_group_members (org_id, message_id, group_id, user_id, asked_at)
        values (${orgId}, ${messageId}, ${id}, ${userId}, now())`,
    );
  });
}

/** A skill that a content teaches, with two questions about it. */
async function quiz({ database, principal }: TestEvaluations, contentId: string): Promise<void> {
  const { orgId } = principal;
  const [skill, assessment, single, text] = [newId(), newId(), newId(), newId()];
  await database.withPrincipal(principal, async (tx) => {
    await run(
      tx,
      sql`
        insert into docent.skills (org_id, id, name)
        values (${orgId}, ${skill}, 'Leave')`,
    );
    await run(
      tx,
      sql`
        insert into docent.learning_edges (org_id, id, type, from_kind, from_id, to_kind, to_id)
        values (${orgId}, ${newId()}, 'teaches', 'content', ${contentId}, 'skill', ${skill})`,
    );
    await run(
      tx,
      sql`
        insert into docent.assessments (org_id, id, title, skill_id)
        values (${orgId}, ${assessment}, 'Leave', ${skill})`,
    );
    await run(
      tx,
      sql`
        insert into docent.assessment_questions (org_id, id, assessment_id, position, type, prompt, options)
        values (${orgId}, ${single}, ${assessment}, 1, 'single', 'How many vacation days are there a year?',
                 '[{"id": "a", "text": "30"}, {"id": "b", "text": "25"}]'),
               (${orgId}, ${text}, ${assessment}, 2, 'text', 'When do unused vacation days expire?', '[]')`,
    );
    await run(
      tx,
      sql`
        insert into docent.assessment_keys (org_id, id, answer)
        values (${orgId}, ${single}, '{"options": ["b"]}'), (${orgId}, ${text}, '{"accepted": ["31 March"]}')`,
    );
  });
}
