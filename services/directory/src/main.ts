import { openDatabase } from '@docent/database/open';
import { createApp, serve } from '@docent/http/app';
import { appOptionsOf, serveOptionsOf } from '@docent/http/config';
import { loadConfig } from './config.ts';
import { directoryService } from './plugin.ts';

try {
  const config = loadConfig(process.env);
  const database = await openDatabase(config);
  const app = await createApp({ title: 'Docent directory', database, ...appOptionsOf(config) });
  app.addHook('onClose', () => database.close());
  await app.register(directoryService, { database });
  await serve(app, serveOptionsOf(config));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
