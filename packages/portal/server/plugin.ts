import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import type { SignInConfig } from './config.ts';

export interface PortalOptions {
  /** The folder that `builtPortal` returned. */
  readonly dist: string;
  readonly signIn: SignInConfig;
  /** Origins besides this one that pages may ask. */
  readonly connectTo: readonly string[];
}

/** Built files carry a hash of their content in their name. */
const FOREVER = 'public, max-age=31536000, immutable';
/** Pages, their settings and the element are asked for anew each time; an ETag makes that cheap. */
const EACH_TIME = 'no-cache';

/**
 * The pages under `/app/`, the element and its demo page under `/embed/`. Pages have no rights of their own:
 * they call the same API as everybody, with the token of the person who signed in.
 */
export const portal: FastifyPluginAsync<PortalOptions> = async (
  app,
  { dist, signIn, connectTo },
) => {
  const csp = pagePolicy(connectTo);
  await app.register(fastifyStatic, {
    root: dist,
    serve: false,
    cacheControl: false,
    preCompressed: true,
  });
  const config = { public: true, cost: 0 };
  const schema = { hide: true };

  app.get('/app', { config, schema }, (_, reply) => reply.redirect('/app/'));
  app.get('/app/config.json', { config, schema }, async (_, reply) =>
    reply.header('cache-control', EACH_TIME).send({ signIn }),
  );
  app.get<{ Params: { '*': string } }>('/app/assets/*', { config, schema }, (request, reply) =>
    reply.header('cache-control', FOREVER).sendFile(join('app/assets', request.params['*'])),
  );
  // Every other address is a state of the pages: they read it themselves.
  app.get('/app/*', { config, schema }, (_, reply) => page(reply, 'app/index.html'));

  // Any page may embed the element; what it may ask the API for is another matter (CORS_ORIGINS).
  const forAnybody = { ...config, cors: false };
  app.get('/embed/docent-chat.js', { config: forAnybody, schema }, (_, reply) =>
    reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('cache-control', EACH_TIME)
      .sendFile('embed/docent-chat.js'),
  );
  app.get('/embed/demo', { config, schema }, (_, reply) => page(reply, 'embed/demo.html'));
  for (const file of ['demo.js', 'demo.css']) {
    app.get(`/embed/${file}`, { config, schema }, (_, reply) =>
      reply.header('cache-control', EACH_TIME).sendFile(`embed/${file}`),
    );
  }

  function page(reply: FastifyReply, file: string): FastifyReply {
    return reply
      .header('content-security-policy', csp)
      .header('cache-control', EACH_TIME)
      .sendFile(file);
  }
};

/**
 * No inline script or style, nothing of another host, and no way from text to markup: with `trusted-types 'none'`
 * the browser itself refuses `innerHTML` and its kin.
 */
function pagePolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
