import { Declaration, DeclarationInput, PersonRef } from '@docent/contracts/learningProgress';
import { problems } from '@docent/http/problem';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { personOf } from '../progress/progress.ts';
import type { Declarations } from './declarations.ts';

const tags = ['progress'];
const OfPerson = z.object({ userId: PersonRef });
const OfSkill = z.object({ userId: PersonRef, skillId: z.uuid() });

/** Declared levels of a person: by themselves, and confirmed by who manages them. */
export const declarationRoutes: FastifyPluginAsyncZod<{ declarations: Declarations }> = async (
  app,
  { declarations },
) => {
  app.get(
    '/v1/users/:userId/skill-declarations',
    {
      config: { scope: 'progress:read' },
      schema: {
        operationId: 'listSkillDeclarations',
        summary: 'Levels that a person declared, and that were confirmed',
        tags,
        params: OfPerson,
        response: { 200: z.object({ items: z.array(Declaration) }), ...problems('not_found') },
      },
    },
    async ({ principal, params }) => ({
      items: await declarations.list(principal, personOf(principal, params.userId)),
    }),
  );

  app.put(
    '/v1/users/:userId/skill-declarations/:skillId',
    {
      config: { scope: 'progress:write' },
      schema: {
        operationId: 'putSkillDeclaration',
        summary: 'Declare one’s own level of a skill, or confirm that of somebody one manages',
        tags,
        params: OfSkill,
        body: DeclarationInput,
        response: { 200: Declaration, ...problems('not_found') },
      },
    },
    async ({ principal, params: { userId, skillId }, body }) =>
      declarations.put(principal, { userId: personOf(principal, userId), skillId }, body),
  );

  app.delete(
    '/v1/users/:userId/skill-declarations/:skillId',
    {
      config: { scope: 'progress:write' },
      schema: {
        operationId: 'deleteSkillDeclaration',
        summary: 'Take a declaration back',
        tags,
        params: OfSkill,
        response: { 204: z.null().describe('Deleted'), ...problems('not_found') },
      },
    },
    async ({ principal, params: { userId, skillId } }, reply) => {
      await declarations.remove(principal, { userId: personOf(principal, userId), skillId });
      return reply.code(204).send(null);
    },
  );
};
