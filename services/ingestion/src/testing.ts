import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Content, ContentAccepted, Version } from '@docent/contracts/content';
import type { StoredChunk } from '@docent/contracts/contentText';
import type { Job, Queue, QueueData } from '@docent/database/jobs';
import { type TestApp, testApp } from '@docent/test/app';
import { type WaitingJobs, waitingJobs } from '@docent/test/jobs';
import { fakeEmbedder } from '@docent/test/models';
import { onTestFinished } from 'vitest';
import type { IngestionConfig } from './config.ts';
import { createExtractor } from './extract/extract.ts';
import { openFolder } from './files.ts';
import { type IngestionDeps, ingestionService, workerDeps } from './plugin.ts';
import { fillVectorsOf } from './processing/fillVectors.ts';
import { type ProcessDeps, processVersion } from './processing/process.ts';

export interface TestIngestion extends TestApp {
  readonly jobs: WaitingJobs;
  readonly deps: ProcessDeps;
  readonly embedder: ReturnType<typeof fakeEmbedder>;
  /** Names of all files below the folder of files. */
  filesOnDisk(): Promise<string[]>;
  /** Processes all versions that wait, with the real reading and cutting. */
  work(changes?: Partial<ProcessDeps>): Promise<void>;
  /** Makes the vectors that wait to be made. */
  fill(changes?: Partial<ProcessDeps>): Promise<void>;
  post(body: object, headers?: Record<string, string>): Promise<ContentAccepted>;
  content(id: string): Promise<Content>;
  version(id: string, version: number): Promise<Version>;
  chunks(id: string, version: number): Promise<StoredChunk[]>;
}

export const testConfig: Omit<IngestionConfig, 'filesDir'> = {
  maxFileBytes: 1_000_000,
  extractTimeoutMs: 60_000,
  extractMemoryBytes: 512 * 1024 * 1024,
  chunkTokens: 60,
  maxChunks: 200,
  worker: false,
  workerConcurrency: 2,
  embedBatch: 4,
};

/**
 * The service with a folder of its own and an organization of its own, without a worker of its own.
 *
 * @param more.database one that several tests share; without, the test gets one.
 */
export async function testIngestion(
  config: Partial<IngestionConfig> = {},
  more: Partial<IngestionDeps> = {},
): Promise<TestIngestion> {
  const filesDir = await mkdtemp(join(tmpdir(), 'docent-files-'));
  onTestFinished(() => rm(filesDir, { recursive: true, force: true }));
  const jobs = waitingJobs();
  const embedder = fakeEmbedder();
  const files = await openFolder(filesDir);
  const extractor = createExtractor();
  onTestFinished(() => extractor.close());
  let deps: ProcessDeps | undefined;
  const app = await testApp({
    ...(more.database === undefined ? {} : { database: more.database }),
    plugins: (server, database) => {
      const service: IngestionDeps = {
        database,
        jobs,
        files,
        embedder,
        embedderById: () => null,
        config: { ...testConfig, filesDir, ...config },
        followEveryMs: 20,
        ...more,
      };
      deps = workerDeps(service, extractor.extract, { warn: () => {} });
      return server.register(ingestionService, service);
    },
  });
  if (deps === undefined) throw new Error('the plugin was not registered');
  const worker = deps;

  return {
    ...app,
    jobs,
    deps: worker,
    embedder,
    async filesOnDisk() {
      const entries = await readdir(filesDir, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async work(changes = {}) {
      for (const data of jobs.waiting['process-version'].splice(0)) {
        await processVersion({ ...worker, ...changes }, jobOf(data));
      }
    },
    async fill(changes = {}) {
      for (const data of jobs.waiting['embed-missing'].splice(0)) {
        await fillVectorsOf({ ...worker, ...changes }, jobOf(data));
      }
    },
    async post(body, headers = {}) {
      const response = await app.request('POST', '/v1/content', { body, headers });
      if (response.statusCode > 299) throw new Error(response.body);
      return response.json();
    },
    content: (id) => get(`/v1/content/${id}`),
    version: (id, version) => get(`/v1/content/${id}/versions/${version}`),
    async chunks(id, version) {
      const page = await get<{ items: StoredChunk[] }>(
        `/v1/content/${id}/versions/${version}/chunks?limit=100`,
      );
      return page.items;
    },
  };

  async function get<T>(url: string): Promise<T> {
    const response = await app.request('GET', url);
    if (response.statusCode !== 200) throw new Error(response.body);
    return response.json<T>();
  }
}

/** A job on its first attempt, with more to follow. */
export function jobOf<Q extends Queue>(
  data: QueueData[Q],
  { attempt = 1, last = false, signal = new AbortController().signal } = {},
): Pick<Job<Q>, 'data' | 'attempt' | 'last' | 'signal'> {
  return { data, attempt, last, signal };
}

/** A multipart body of these parts in this order; a part with `fileName` is a file. */
export function form(
  parts: readonly { name: string; value: string | Buffer; fileName?: string; type?: string }[],
): { body: Buffer; headers: { 'content-type': string } } {
  const boundary = '----docent-test';
  const pieces = parts.flatMap(({ name, value, fileName, type }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"`}\r\n`,
    type === undefined ? '\r\n' : `Content-Type: ${type}\r\n\r\n`,
    value,
    '\r\n',
  ]);
  const body = Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)));
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}
