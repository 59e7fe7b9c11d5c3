import { newId } from '@docent/core/ids';

/**
 * What cannot be read from an operation's schema: a text that must follow a pattern, fields that belong together.
 * By the operation's id; whatever is left out is made from the schema. Ids that belong to nothing are as good as
 * any: these requests are about nothing that there is.
 */
export interface Sample {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const patch = (Operations: readonly object[]): Sample => ({
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations },
});

const xapi = { header: { 'x-experience-api-version': '2.0.0' } };
const statement = {
  actor: { mbox: 'mailto:nobody@example.org' },
  verb: { id: 'http://adlnet.gov/expapi/verbs/completed' },
  object: { id: 'https://example.org/courses/1' },
};

export const samples: Readonly<Record<string, Sample>> = {
  scimCreateUser: { body: { userName: 'made.by.scim@example.org' } },
  scimReplaceUser: { body: { userName: 'made.by.scim@example.org' } },
  scimPatchUser: patch([{ op: 'replace', path: 'displayName', value: 'Another name' }]),
  scimCreateGroup: { body: { displayName: 'Made by SCIM' } },
  scimReplaceGroup: { body: { displayName: 'Made by SCIM' } },
  scimPatchGroup: patch([{ op: 'replace', path: 'displayName', value: 'Another name' }]),
  uploadContent: { body: { title: 'A text', text: 'Red is plus, black is minus.' } },
  uploadContentBatch: { body: { items: [{ title: 'A text', text: 'Red is plus.' }] } },
  createSkillTarget: { body: { skillId: newId(), level: 3, jobRole: 'Electrician' } },
  getStatements: xapi,
  postStatements: { ...xapi, body: statement },
  putStatement: { ...xapi, body: statement },
  getLearningPath: { query: { goal: 'role:Electrician' } },
  addBudget: { body: { userId: newId(), maxTokensPerMonth: 1 } },
  putProgress: { body: { progress: 50 } },
  createEvaluationQuestion: { body: { question: 'What is red?' } },
  importEvaluationQuestions: {
    header: { 'content-type': 'application/x-ndjson' },
    body: '{"question": "What is red?"}',
  },
  startEvaluation: { body: { setId: newId() } },
};
