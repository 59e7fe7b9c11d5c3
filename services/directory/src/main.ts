import { openCache } from '@docent/cache/cache';
import { openDatabase } from '@docent/database/open';
import { createApp, serve } from '@docent/http/app';
import { appOptionsOf, serveOptionsOf } from '@docent/http/config';
import { accessConfigOf, loadConfig } from './config.ts';
import { directoryService } from './plugin.ts';

try {
  const config = loadConfig(process.env);
  const database = await openDatabase(config);
  const cache = await openCache(config, (state, reason) => {
    process.stderr.write(`Redis is ${state === 'lost' ? 'gone' : 'back'} (${reason}).\n`);
  });
  const options = { title: 'Docent directory', database, cache };
  const app = await createApp({ ...options, ...appOptionsOf(config) });
  app.addHook('onClose', async () => {
    await cache.close();
    await database.close();
  });
  await app.register(directoryService, { database, access: accessConfigOf(config) });
  await serve(app, serveOptionsOf(config));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
