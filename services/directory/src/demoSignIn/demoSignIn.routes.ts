import { isIP } from 'node:net';
import { DemoPerson, DemoToken } from '@docent/contracts/directory';
import { AppError } from '@docent/core/errors';
import { problems } from '@docent/http/problem';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { DemoSignIn } from './demoSignIn.ts';

/**
 * GET /demo/people, GET /demo/keys, POST /demo/sign-in. Public, and for this machine only: registered where
 * there is a demo company, never in production. Not part of the described API.
 */
export const demoSignInRoutes: FastifyPluginAsyncZod<{ demo: DemoSignIn }> = async (
  app,
  { demo },
) => {
  const config = { public: true };

  app.get(
    '/demo/people',
    { config, schema: { hide: true, response: { 200: z.object({ items: z.array(DemoPerson) }) } } },
    async (request) => {
      requireThisMachine(request);
      return { items: await demo.people() };
    },
  );

  app.get('/demo/keys', { config: { ...config, cost: 0 }, schema: { hide: true } }, () =>
    demo.keys(),
  );

  app.post(
    '/demo/sign-in',
    {
      config,
      schema: {
        hide: true,
        body: z.object({ userId: z.uuid() }).strict(),
        response: { 200: DemoToken, ...problems('not_found') },
      },
    },
    async (request) => {
      requireThisMachine(request);
      const { localPort = 80 } = request.socket;
      return demo.signIn(request.body.userId, `http://localhost:${localPort}`);
    },
  );
};

/**
 * The name in the address counts, too: a page of elsewhere whose name was made to lead here (DNS rebinding)
 * must not read tokens.
 *
 * @throws AppError `forbidden`
 */
function requireThisMachine(request: FastifyRequest): void {
  const { hostname } = request;
  const name = hostname.replace(/^\[|\]$/g, '');
  const here = name === 'localhost' || (isIP(name) !== 0 && isLoopback(name));
  if (here && isLoopback(request.ip)) return;
  throw new AppError(
    'forbidden',
    'The demo company is open to browsers on this machine only: use http://localhost.',
  );
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || /^(::ffff:)?127\./.test(ip);
}
