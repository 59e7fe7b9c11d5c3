import type { Operation } from './openapi.ts';

/** What an id of a request is the id of. */
export interface Meaning {
  readonly table: string;
  /** The column that has it; `id` when missing. */
  readonly column?: string;
  /** The table whose rows about it are written, where that is not the row itself. */
  readonly writes?: string;
  /** The table whose rows about it are shown, where that is not the row itself. */
  readonly shows?: string;
}

/** Ids in the path, by the path up to them. */
const inPath: Readonly<Record<string, Meaning>> = {
  '/v1/api-keys/{id}': { table: 'api_keys' },
  '/v1/issuers/{id}': { table: 'issuers' },
  '/v1/users/{id}': { table: 'users' },
  '/v1/users/{userId}': {
    table: 'users',
    writes: 'skill_declarations',
    shows: 'skill_declarations',
  },
  '/v1/users/{id}/identities/{identityId}': { table: 'identities' },
  '/v1/users/{id}/grants/{grantId}': { table: 'grants' },
  '/v1/users/{id}/skills/{skillId}': { table: 'skills' },
  '/v1/users/{userId}/skill-declarations/{skillId}': {
    table: 'skills',
    writes: 'skill_declarations',
  },
  '/v1/organizations/{id}': { table: 'organizations', column: 'org_id' },
  '/v1/departments/{id}': { table: 'departments' },
  '/scim/v2/Users/{id}': { table: 'users' },
  '/scim/v2/Groups/{id}': { table: 'departments' },
  '/v1/content/{id}': { table: 'content' },
  '/v1/content/{id}/labels/{labelId}': { table: 'passage_labels' },
  '/v1/conversations/{id}': { table: 'conversations' },
  '/v1/messages/{id}': { table: 'messages' },
  '/v1/chat/streams/{streamId}': { table: 'messages', column: 'stream_id' },
  '/v1/skills/{id}': { table: 'skills' },
  '/v1/courses/{id}': { table: 'courses' },
  '/v1/skill-targets/{id}': { table: 'skill_targets' },
  '/v1/edges/{id}': { table: 'learning_edges' },
  '/v1/links/{id}': { table: 'learning_edges' },
  '/v1/assessments/{id}': { table: 'assessments' },
  '/v1/attempts/{id}': { table: 'assessment_attempts' },
  '/v1/budgets/{id}': { table: 'token_budgets' },
  '/v1/recommendations/{id}': { table: 'recommendations' },
  '/v1/analytics/departments/{id}': { table: 'departments', shows: 'analytics_reports' },
  '/v1/analytics/users/{id}': { table: 'users', shows: 'learning_progress' },
  '/v1/evaluation-sets/{id}': { table: 'evaluation_sets' },
  '/v1/evaluation-questions/{id}': { table: 'evaluation_questions' },
  '/v1/evaluations/{id}': { table: 'evaluations' },
  '/v1/progress/{userId}': {
    table: 'users',
    writes: 'learning_progress',
    shows: 'learning_progress',
  },
  '/v1/progress/{userId}/{itemId}': { table: 'courses', writes: 'learning_progress' },
};

/** Ids in queries and bodies, by their name; `operation.name` where it means something else there, also in a path. */
const byName: Readonly<Record<string, Meaning>> = {
  userId: { table: 'users' },
  ownerId: { table: 'users' },
  managerId: { table: 'users' },
  manager: { table: 'users' },
  apiKeyId: { table: 'api_keys' },
  issuerId: { table: 'issuers' },
  departmentId: { table: 'departments' },
  department: { table: 'departments' },
  departments: { table: 'departments' },
  under: { table: 'departments' },
  moveTo: { table: 'departments' },
  parent: { table: 'departments' },
  'createDepartment.parentId': { table: 'departments' },
  'updateDepartment.parentId': { table: 'departments' },
  'createOrganization.parentId': { table: 'organizations', column: 'org_id' },
  courseId: { table: 'courses' },
  skillId: { table: 'skills' },
  contentId: { table: 'content' },
  conversationId: { table: 'conversations' },
  regenerate: { table: 'messages' },
  replaces: { table: 'messages' },
  users: { table: 'users' },
  fromId: { table: 'skills' },
  toId: { table: 'skills' },
  'createEdge.id': { table: 'skills' },
  'listGrants.id': { table: 'users', shows: 'grants' },
  'listIdentities.id': { table: 'users', shows: 'identities' },
  'listUserSkills.id': { table: 'users', shows: 'skill_mastery' },
  'getUserSkill.id': { table: 'users', shows: 'skill_mastery' },
  'exportLearningProfile.id': { table: 'users', shows: 'learning_progress' },
  'getLearningProfile.id': { table: 'users', shows: 'learner_states' },
  'listRecommendations.id': { table: 'users', shows: 'recommendations' },
  'getLearningPath.id': { table: 'users', shows: 'skill_mastery' },
  'chooseProfiling.id': { table: 'users', writes: 'learner_states' },
  statementId: { table: 'xapi_statements' },
  voidedStatementId: { table: 'xapi_statements' },
  contentIds: { table: 'content' },
  assessmentId: { table: 'assessments' },
  questionIds: { table: 'evaluation_questions' },
  setId: { table: 'evaluation_sets' },
  with: { table: 'evaluations' },
};

/** Ids that refer to nothing that is stored, with the reason. */
const toNothing: Readonly<Record<string, string>> = {
  'putStatement.query.statementId': 'the id that a new statement gets',
  'getStatements.query.registration': 'a number that other systems make up',
  'uploadContent.body.uploadBatch': 'an id that whoever uploads makes up',
  'listContent.query.uploadBatch': 'the same',
  'createAssessment.body.questions.id': 'a question that is kept; a new assessment has none',
  'replaceQuestions.body.questions.id':
    'a question that is kept; one of another assessment is a new one',
};

/** What an id is about; null: nothing that is stored; undefined: nobody has said. */
export function meaningOf(
  operation: Operation,
  place: readonly string[],
): Meaning | null | undefined {
  const names = place.filter((name) => !/^\d+$/.test(name));
  const name = names.at(-1) ?? '';
  if (`${operation.id}.${names.join('.')}` in toNothing) return null;
  const named = byName[`${operation.id}.${name}`];
  if (named !== undefined) return named;
  if (place[0] === 'path') {
    const [start = ''] = operation.path.split(`{${name}}`);
    return inPath[`${start}{${name}}`];
  }
  return byName[name];
}
