import type { Version } from '@docent/contracts/content';
import cliProgress from 'cli-progress';
import { print, style } from './terminal.ts';

/** What became of a file: the version's state, or what kept it from becoming one. */
export interface FileOutcome {
  readonly externalId: string;
  readonly state: Version['state'] | 'unchanged' | 'refused';
  /** A sentence where something failed or was left out. */
  readonly note: string | null;
  readonly failed: boolean;
  readonly chunks: number;
}

export interface IngestProgress {
  uploaded(): void;
  /** A version as it was seen last; each file counts with the share of it that is done. */
  seen(externalId: string, version: Version): void;
  finished(outcome: FileOutcome): void;
  stop(): void;
}

/** A bar per step on a terminal, a line per finished file elsewhere. */
export function showProgress(files: number, isTerminal: boolean): IngestProgress {
  return isTerminal ? bars(files) : lines(files);
}

function bars(files: number): IngestProgress {
  const all = new cliProgress.MultiBar({
    format: '{step} [{bar}] {done}/{files} files{more}',
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: false,
    stopOnComplete: false,
    gracefulExit: false,
    fps: 8,
  });
  const bar = (step: string) =>
    all.create(files, 0, { step: step.padEnd(10), done: 0, files, more: '' });
  const [uploading, extracting, embedding] = [
    bar('Uploading'),
    bar('Extracting'),
    bar('Embedding'),
  ];
  const shares = new Map<string, { extracted: number; embedded: number; chunks: number }>();
  let uploads = 0;

  return {
    uploaded() {
      uploads++;
      uploading.update(uploads, { done: uploads });
    },
    seen(externalId, { state, progress }) {
      const extracted = state === 'queued' || state === 'extracting' ? 0 : 1;
      const embedded = progress.chunks === 0 ? 0 : progress.embedded / progress.chunks;
      shares.set(externalId, { extracted, embedded, chunks: progress.chunks });
      draw();
    },
    finished({ externalId, chunks }) {
      shares.set(externalId, { extracted: 1, embedded: 1, chunks });
      draw();
    },
    stop: () => all.stop(),
  };

  function draw(): void {
    const every = [...shares.values()];
    const sum = (part: 'extracted' | 'embedded' | 'chunks') =>
      every.reduce((total, share) => total + share[part], 0);
    extracting.update(sum('extracted'), { done: sum('extracted') });
    const ready = every.filter(({ embedded }) => embedded === 1).length;
    const more = `, ${sum('chunks').toLocaleString('en')} chunks`;
    embedding.update(sum('embedded'), { done: ready, more });
  }
}

function lines(files: number): IngestProgress {
  let finished = 0;
  return {
    uploaded: () => {},
    seen: () => {},
    finished({ externalId, state, note, chunks, failed }) {
      finished++;
      const count = state === 'ready' ? ` (${chunks} chunk${chunks === 1 ? '' : 's'})` : '';
      const why = note === null ? '' : `: ${note}`;
      const shown = style(failed ? 'red' : 'green', state.padEnd(9));
      print(`${`${finished}/${files}`.padStart(9)}  ${shown}  ${externalId}${count}${why}`);
    },
    stop: () => {},
  };
}
