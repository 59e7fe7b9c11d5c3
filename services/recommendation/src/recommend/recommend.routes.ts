import { pageOf, pageQuery } from '@docent/contracts/common';
import {
  LearningExport,
  LearningPath,
  LearningProfile,
  learningPathQuery,
  ProfilingChoice,
  RecommendationEvent,
  RecommendationList,
  RecommendationRebuild,
  recommendationQuery,
  UserSkill,
  UserSkillDetail,
} from '@docent/contracts/recommend';
import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { userSkill, userSkills } from '../mastery/skills.ts';
import { exportLearning } from './export.ts';
import { recordEvent } from './feedback.ts';
import { learningPath } from './path.ts';
import { chooseProfiling, learningProfile, rebuilds, requestRebuild } from './profile.ts';
import type { Recommender } from './recommend.ts';

const ById = z.object({ id: z.uuid() });
const tags = ['recommendations'];
const reading = { config: { scope: 'recommendations' as const } };
const administration = {
  config: { scope: 'recommendations' as const, roles: ['admin'] as const },
};

/** What somebody can do, what could help them next, and what is stored for it. */
export const recommendRoutes: FastifyPluginAsyncZod<{
  database: Database;
  jobs: Jobs;
  recommender: Recommender;
}> = async (app, { database, jobs, recommender }) => {
  app.get(
    '/v1/users/:id/recommendations',
    {
      ...reading,
      schema: {
        operationId: 'listRecommendations',
        summary: 'What a learner could do next, best first, with reasons',
        tags,
        params: ById,
        querystring: z.object(recommendationQuery),
        response: { 200: RecommendationList, ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) => recommender.recommend(principal, params.id, query),
  );

  app.get(
    '/v1/users/:id/learning-path',
    {
      ...reading,
      schema: {
        operationId: 'getLearningPath',
        summary: 'The steps to a skill, or to what a job asks for, in order',
        tags,
        params: ById,
        querystring: z.object(learningPathQuery),
        response: { 200: LearningPath, ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) =>
      learningPath(database, principal, params.id, query.goal),
  );

  app.post(
    '/v1/recommendations/:id/events',
    {
      ...reading,
      schema: {
        operationId: 'recordRecommendationEvent',
        summary:
          'Tell what became of a recommendation; what is dismissed is not shown again until restored',
        tags,
        params: ById,
        body: RecommendationEvent,
        response: { 204: z.null().describe('Noted'), ...problems('not_found') },
      },
    },
    async ({ principal, params, body }, reply) => {
      await recordEvent(database, principal, params.id, body);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/users/:id/skills',
    {
      config: { scope: 'progress:read' },
      schema: {
        operationId: 'listUserSkills',
        summary: 'What somebody can do, by the name of the skill, with the evidence',
        tags,
        params: ById,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(UserSkill), ...problems('not_found') },
      },
    },
    async ({ principal, params, query }) => userSkills(database, principal, params.id, query),
  );

  app.get(
    '/v1/users/:id/skills/:skillId',
    {
      config: { scope: 'progress:read' },
      schema: {
        operationId: 'getUserSkill',
        summary: 'What somebody can do of one skill, and how that moved with each answer',
        tags,
        params: ById.extend({ skillId: z.uuid() }),
        response: { 200: UserSkillDetail, ...problems('not_found') },
      },
    },
    async ({ principal, params: { id, skillId } }) => userSkill(database, principal, id, skillId),
  );

  app.get(
    '/v1/users/:id/learning-profile',
    {
      ...reading,
      schema: {
        operationId: 'getLearningProfile',
        summary: 'What is stored about a learner, what for, and what was recommended',
        tags,
        params: ById,
        response: { 200: LearningProfile, ...problems('not_found') },
      },
    },
    async ({ principal, params }) => learningProfile(database, principal, params.id),
  );

  app.get(
    '/v1/users/:id/learning-profile/export',
    {
      config: { scope: 'progress:read' },
      schema: {
        operationId: 'exportLearningProfile',
        summary: 'Everything that is stored about a learner’s learning, to take along',
        tags,
        params: ById,
        response: { 200: LearningExport, ...problems('not_found') },
      },
    },
    async ({ principal, params }, reply) =>
      reply
        .header('content-disposition', 'attachment; filename="docent-learning.json"')
        .send(await exportLearning(database, principal, params.id)),
  );

  app.put(
    '/v1/users/:id/learning-profile/profiling',
    {
      ...reading,
      schema: {
        operationId: 'chooseProfiling',
        summary: 'Switch profiling of oneself on or off',
        tags,
        params: ById,
        body: ProfilingChoice,
        response: { 204: z.null().describe('Done'), ...problems('not_found') },
      },
    },
    async ({ principal, params, body }, reply) => {
      await chooseProfiling(database, principal, params.id, body.enabled);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/recommendations/rebuilds',
    {
      ...administration,
      schema: {
        operationId: 'listRecommendationRebuilds',
        summary: 'How the tables behind recommendations were made, newest first',
        tags,
        querystring: z.object(pageQuery),
        response: { 200: pageOf(RecommendationRebuild) },
      },
    },
    async ({ principal, query }) => rebuilds(database, principal, query),
  );

  app.post(
    '/v1/recommendations/rebuilds',
    {
      ...administration,
      schema: {
        operationId: 'requestRecommendationRebuild',
        summary: 'Make the tables behind recommendations anew, in the background',
        tags,
        response: { 202: z.null().describe('It will be done') },
      },
    },
    async ({ principal }, reply) => {
      await requestRebuild(database, jobs, principal);
      return reply.code(202).send(null);
    },
  );
};
