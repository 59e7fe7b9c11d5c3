import type { AreaRights, Verb } from './rights.ts';

/** Golden questions are the work of trainers and administrators. */
const editing: Verb = {
  trainer: 'organization',
  admin: 'organization',
  worker: 'organization',
  scope: 'evaluations:write',
  granted: { 'evaluations:write': { organization: 'organization', department: [], own: [] } },
};
const edited = { insert: editing, update: editing, delete: editing } as const;
const reading: Verb = {
  trainer: 'organization',
  admin: 'organization',
  worker: 'organization',
  granted: {
    'evaluations:read': { organization: 'organization', department: [], own: [] },
    'evaluations:write': { organization: 'organization', department: [], own: [] },
  },
};

/** What a run answered is made of what its person may see: others than administrators do not read it. */
const readingRuns: Verb = {
  learner: 'own',
  trainer: 'own',
  hr_manager: 'own',
  admin: 'organization',
  worker: 'organization',
};
const startingRuns: Verb = {
  trainer: 'own',
  admin: 'own',
  worker: 'organization',
  scope: 'evaluations:write',
  granted: { 'evaluations:write': { organization: 'own', department: [], own: [] } },
};
const changingRuns: Verb = { ...startingRuns, admin: 'organization' };
const working: Verb = { worker: 'organization' };
const times = { created_at: 'plain', updated_at: 'plain' } as const;

const settings = JSON.stringify({
  abstainBelow: 0.4,
  unsupportedCitations: 'mark',
  passages: 8,
  mode: 'hybrid',
  vectorShare: null,
  rerank: true,
  answerer: 'configured',
  citationJudge: 'off',
  contextTokens: 6_000,
  maxTokens: 1_000,
});

export const evaluationRights: AreaRights = {
  evaluation_sets: {
    columns: {
      org_id: 'id',
      id: 'id',
      name: 'content',
      description: 'content',
      created_by: 'id',
      ...times,
    },
    select: reading,
    ...edited,
  },
  evaluation_questions: {
    columns: {
      org_id: 'id',
      id: 'id',
      set_id: 'id',
      question: 'content',
      answerable: 'plain',
      expected_contents: 'content',
      expected_answers: 'content',
      language: 'plain',
      note: 'content',
      origin: 'plain',
      origin_id: 'id',
      status: 'plain',
      created_by: 'id',
      decided_by: 'id',
      decided_at: 'plain',
      ...times,
    },
    row: { expected_contents: '[]' },
    select: reading,
    ...edited,
  },
  evaluations: {
    owner: 'owner_id',
    columns: {
      org_id: 'id',
      id: 'id',
      owner_id: 'id',
      set_id: 'id',
      set_name: 'content',
      label: 'content',
      status: 'plain',
      candidate: 'plain',
      settings: 'plain',
      algorithm: 'plain',
      chat_model: 'plain',
      reranker: 'plain',
      questions: 'plain',
      asked: 'plain',
      figures: 'plain',
      error: 'plain',
      started_at: 'plain',
      finished_at: 'plain',
      ...times,
    },
    row: { questions: 2, asked: 1, settings, figures: null, error: null },
    select: readingRuns,
    insert: startingRuns,
    update: changingRuns,
    delete: changingRuns,
  },
  evaluation_results: {
    owner: 'owner_id',
    columns: {
      org_id: 'id',
      evaluation_id: 'id',
      position: 'plain',
      owner_id: 'id',
      question_id: 'id',
      question: 'content',
      answerable: 'plain',
      expected_contents: 'content',
      expected_answers: 'content',
      language: 'plain',
      status: 'plain',
      outcome: 'plain',
      answer: 'content',
      citations: 'content',
      confidence: 'plain',
      probability: 'plain',
      first_rank: 'plain',
      ndcg: 'plain',
      recall: 'plain',
      reciprocal_rank: 'plain',
      contained: 'plain',
      cited_expected: 'plain',
      abstention_right: 'plain',
      support: 'plain',
      passed: 'plain',
      ms: 'plain',
      embedding_model: 'plain',
      tokens: 'plain',
      error: 'plain',
      finished_at: 'plain',
      created_at: 'plain',
    },
    row: { expected_contents: '[]', citations: '[]', ms: '{}', error: null },
    select: readingRuns,
    insert: startingRuns,
    update: working,
    delete: working,
  },
};
