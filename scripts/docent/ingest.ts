import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DocentClient } from '@docent/client/client';
import { DocentError } from '@docent/client/error';
import { type Content, type ContentType, isFinal, type Version } from '@docent/contracts/content';
import { type FileOutcome, type IngestProgress, showProgress } from './ingestProgress.ts';
import { summarise } from './ingestSummary.ts';
import { limiter } from './limiter.ts';
import { formatBytes, print } from './terminal.ts';
import { type FoundFile, findFiles } from './walk.ts';

export interface IngestOptions {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly type?: ContentType;
  readonly tag: readonly string[];
  readonly language?: string;
  readonly sourceService: string;
  /** Files uploaded at a time. */
  readonly concurrency: number;
  readonly dryRun?: boolean;
}

/** Versions followed at a time: workers take them in order, so the oldest few tell of all. */
const FOLLOWED = 8;

/**
 * Uploads files and folders and waits until they are processed. A file whose bytes the service has is
 * not sent again. Ends early on an abort, and when the service is gone or refuses the key; either
 * way it says what was done, and what was uploaded goes on being processed.
 *
 * @param connect called when there is something to upload.
 * @returns false when a file failed.
 * @throws Failure, or DocentError when no further file could have succeeded.
 */
export async function ingest(
  connect: () => DocentClient,
  paths: readonly string[],
  options: IngestOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const files = await findFiles(paths, options);
  if (files.length === 0) {
    print('No file to upload there (hidden entries and node_modules are left out).');
    return true;
  }
  if (options.dryRun) {
    listOnly(files);
    return true;
  }

  const client = connect();
  const known = await knownContent(client, options.sourceService, signal);
  const run = new AbortController();
  const job: Job = {
    client,
    options,
    progress: showProgress(files.length, process.stdout.isTTY === true),
    upload: limiter(options.concurrency),
    follow: limiter(FOLLOWED),
    signal: AbortSignal.any([signal, run.signal]),
  };
  const outcomes: FileOutcome[] = [];
  const started = performance.now();
  const results = await Promise.allSettled(
    files.map(async (file) => {
      try {
        const outcome = await ingestFile(job, file, known.get(file.externalId));
        outcomes.push(outcome);
        job.progress.finished(outcome);
      } catch (error) {
        run.abort(error);
        throw error;
      }
    }),
  );
  job.progress.stop();
  const seconds = (performance.now() - started) / 1_000;
  summarise(outcomes, { files: files.length, seconds, stopped: signal.aborted });
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined && !signal.aborted) throw failure.reason;
  return !signal.aborted && outcomes.every(({ failed }) => !failed);
}

interface Job {
  readonly client: DocentClient;
  readonly options: IngestOptions;
  readonly progress: IngestProgress;
  readonly upload: ReturnType<typeof limiter>;
  readonly follow: ReturnType<typeof limiter>;
  readonly signal: AbortSignal;
}

async function ingestFile(
  job: Job,
  file: FoundFile,
  known: Content | undefined,
): Promise<FileOutcome> {
  const { client, progress, signal } = job;
  let sent: Sent;
  try {
    sent = await job.upload(() => {
      signal.throwIfAborted();
      return send(job, file, known);
    });
  } catch (error) {
    if (!isAboutThisFile(error)) throw error;
    progress.uploaded();
    return {
      externalId: file.externalId,
      state: 'refused',
      note: error instanceof DocentError ? error.detail : 'The file cannot be read.',
      failed: true,
      chunks: 0,
    };
  }
  progress.uploaded();
  return job.follow(async () => {
    signal.throwIfAborted();
    let last = sent.seen ?? (await client.content.version(sent.id, sent.version, { signal }));
    // A second run is also a second try of what broke on the way, not of what the file is to blame for.
    if (sent.unchanged && (last.state === 'failed' || last.state === 'timeout')) {
      last = await client.content.retry(sent.id, sent.version, { signal });
    } else if (isFinal(last.state)) {
      return outcomeOf(file, last, sent.unchanged);
    }
    for await (const version of client.content.progress(sent.id, sent.version, { signal })) {
      progress.seen(file.externalId, version);
      last = version;
    }
    return outcomeOf(file, last, false);
  });
}

interface Sent {
  readonly id: string;
  readonly version: number;
  readonly unchanged: boolean;
  /** The version as it is, when it was looked at already. */
  readonly seen?: Version;
}

/** Sends the file unless the service has these bytes with these properties. */
async function send(job: Job, file: FoundFile, known: Content | undefined): Promise<Sent> {
  const { client, options, signal } = job;
  const { type, tag, language, sourceService } = options;
  if (
    known !== undefined &&
    known.latest.sizeBytes === file.sizeBytes &&
    (type === undefined || type === known.contentType) &&
    (language === undefined || language === known.language) &&
    (tag.length === 0 || tag.toSorted().join('\0') === known.tags.toSorted().join('\0')) &&
    (await sha256(file.path)) === known.latest.sha256
  ) {
    const { id, latest } = known;
    return { id, version: latest.version, unchanged: true, seen: latest };
  }
  const metadata = {
    fileName: basename(file.path),
    externalId: file.externalId,
    sourceService,
    ...(type === undefined ? {} : { contentType: type }),
    ...(language === undefined ? {} : { language }),
    ...(tag.length === 0 ? {} : { tags: [...tag] }),
  };
  return client.content.upload(await openAsBlob(file.path), metadata, { signal });
}

/** What the source service has pushed before, by external id. */
async function knownContent(
  client: DocentClient,
  sourceService: string,
  signal: AbortSignal,
): Promise<Map<string, Content>> {
  const known = new Map<string, Content>();
  for await (const content of client.content.all({ sourceService }, { signal })) {
    if (content.externalId !== null) known.set(content.externalId, content);
  }
  return known;
}

function outcomeOf(file: FoundFile, version: Version, unchanged: boolean): FileOutcome {
  const ready = version.state === 'ready';
  return {
    externalId: file.externalId,
    state: ready && unchanged ? 'unchanged' : version.state,
    note: version.error ?? version.warning,
    failed: !ready,
    chunks: version.progress.chunks,
  };
}

/** The next file may do better: the service refused what was in this one, or the disk does not give it. */
function isAboutThisFile(error: unknown): boolean {
  if (error instanceof DocentError) {
    return error.status >= 400 && error.status < 500 && ![401, 403, 429].includes(error.status);
  }
  return error instanceof Error && ['EACCES', 'EIO', 'ENOENT'].includes(codeOf(error));
}

function codeOf(error: Error): string {
  return String(Reflect.get(error, 'code') ?? '');
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function listOnly(files: readonly FoundFile[]): void {
  for (const { externalId, sizeBytes } of files) print(`${externalId}  ${formatBytes(sizeBytes)}`);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  print(`${files.length} files, ${formatBytes(bytes)}; nothing was uploaded.`);
}
