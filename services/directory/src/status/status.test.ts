import { testApp } from '@docent/test/app';
import { expect, test } from 'vitest';
import { directoryService } from '../plugin.ts';

test('administrators read how the installation is set up; others do not', async () => {
  const { request, person } = await testApp({
    plugins: (app, database) =>
      app.register(directoryService, {
        database,
        installation: {
          version: '1.2.3',
          cache: 'memory',
          models: { embedder: 'a', dimensions: 512, chatModel: null, reranker: null },
        },
      }),
  });
  const trainer = await person('trainer');

  const own = await request('GET', '/v1/status');
  const refused = await request('GET', '/v1/status', { key: trainer.key });

  expect(own.json()).toMatchObject({
    version: '1.2.3',
    cache: 'memory',
    models: { embedder: 'a', chatModel: null },
    content: [],
  });
  expect(Date.parse(own.json().startedAt)).toBeLessThanOrEqual(Date.now());
  expect(refused.statusCode).toBe(403);
});
