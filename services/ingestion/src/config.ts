import { join } from 'node:path';
import { cacheEnv } from '@docent/cache/config';
import { parseEnv } from '@docent/core/env';
import { databaseEnv } from '@docent/database/config';
import { httpEnv } from '@docent/http/config';
import { modelsEnv } from '@docent/models/config';
import { z } from 'zod';

const MB = 1024 * 1024;

/** Settings of ingestion; defaults live here or nowhere, units are in the names. */
export const ingestionEnv = {
  DOCENT_DATA_DIR: z.string().default('.docent'),
  /** Folder of the original files. Default: `files` in DOCENT_DATA_DIR. */
  FILES_DIR: z.string().optional(),
  /** Largest file that is taken, bytes. */
  MAX_FILE_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(2_000 * MB)
    .default(100 * MB),
  /** Wall-clock time at which the process that reads a file is killed, milliseconds. */
  EXTRACT_TIMEOUT_MS: z.coerce.number().int().min(100).max(3_600_000).default(60_000),
  /** Resident memory at which the process that reads a file is killed, MB. */
  EXTRACT_MEMORY_MB: z.coerce.number().int().min(128).max(16_384).default(512),
  /** Size that chunks are cut to, tokens. */
  CHUNK_TOKENS: z.coerce.number().int().min(50).max(2_000).default(350),
  /** Most chunks of one version; a larger text ends in the state `too_large`. */
  MAX_CHUNKS: z.coerce.number().int().min(1).max(200_000).default(20_000),
  /** `off`: this process answers requests only, another one processes uploads. */
  WORKER: z.enum(['on', 'off']).default('on'),
  /** Versions that one process works on at a time. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(2),
  /** Texts of one call of the embedding model; the model's own limit also holds. */
  EMBED_BATCH: z.coerce.number().int().min(1).max(2_048).default(64),
};

type Settings = z.output<z.ZodObject<typeof ingestionEnv>>;

export interface IngestionConfig {
  readonly filesDir: string;
  readonly maxFileBytes: number;
  readonly extractTimeoutMs: number;
  readonly extractMemoryBytes: number;
  readonly chunkTokens: number;
  readonly maxChunks: number;
  readonly worker: boolean;
  readonly workerConcurrency: number;
  readonly embedBatch: number;
}

/** What the service is built with, from settings that `parseEnv` has read. */
export function ingestionConfig(settings: Settings): IngestionConfig {
  return {
    filesDir: settings.FILES_DIR ?? join(settings.DOCENT_DATA_DIR, 'files'),
    maxFileBytes: settings.MAX_FILE_BYTES,
    extractTimeoutMs: settings.EXTRACT_TIMEOUT_MS,
    extractMemoryBytes: settings.EXTRACT_MEMORY_MB * MB,
    chunkTokens: settings.CHUNK_TOKENS,
    maxChunks: settings.MAX_CHUNKS,
    worker: settings.WORKER === 'on',
    workerConcurrency: settings.WORKER_CONCURRENCY,
    embedBatch: settings.EMBED_BATCH,
  };
}

/** All settings of the service when it runs alone. @throws Error that names every wrong one. */
export function loadConfig(variables: Record<string, string | undefined>) {
  return parseEnv(
    { ...httpEnv, ...databaseEnv, ...cacheEnv, ...modelsEnv, ...ingestionEnv },
    variables,
  );
}
