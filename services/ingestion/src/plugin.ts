import type { Database } from '@docent/database/database';
import type { Jobs } from '@docent/database/jobs';
import type { Embedder } from '@docent/models/interfaces';
import type { FastifyPluginAsync } from 'fastify';
import type { IngestionConfig } from './config.ts';
import { contentRoutes } from './content/content.routes.ts';
import { fileRoutes } from './content/file.routes.ts';
import { createExtractor, type Extract } from './extract/extract.ts';
import type { FileStore } from './files.ts';
import { labelRoutes } from './labels/labels.routes.ts';
import { cut } from './processing/cut.ts';
import type { OnStep, ProcessDeps } from './processing/process.ts';
import { versionRoutes } from './processing/version.routes.ts';
import { startWorker } from './processing/worker.ts';
import { uploadRoutes } from './upload/upload.routes.ts';

export interface IngestionDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly files: FileStore;
  /** Embeds new texts. */
  readonly embedder: Embedder;
  /** The embedder of a model that is still in use; null when this process cannot run it. */
  readonly embedderById: (id: string) => Embedder | null;
  readonly config: IngestionConfig;
  /** Waited for at every step of the worker: tests cut it off there. */
  readonly onStep?: OnStep;
  /** Pause between two looks at a version that is followed, milliseconds. */
  readonly followEveryMs?: number;
}

/** The routes of ingestion, and its worker unless `config.worker` is off. */
export const ingestionService: FastifyPluginAsync<IngestionDeps> = async (app, deps) => {
  await app.register(uploadRoutes, deps);
  await app.register(contentRoutes, deps);
  await app.register(fileRoutes, deps);
  await app.register(versionRoutes, deps);
  await app.register(labelRoutes, deps);
  if (deps.config.worker) {
    const extractor = createExtractor();
    app.addHook('onReady', () => startWorker(workerDeps(deps, extractor.extract, app.log)));
    app.addHook('onClose', () => extractor.close());
  }
};

/** What the worker needs. */
export function workerDeps(
  deps: IngestionDeps,
  extract: Extract,
  log: ProcessDeps['log'],
): ProcessDeps {
  return { ...deps, embedBatch: deps.config.embedBatch, extract, cut, log };
}
