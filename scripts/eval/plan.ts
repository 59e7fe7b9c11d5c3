import { judgeAnswers } from './answers.ts';
import { type Answered, askAll, readQuestions } from './ask.ts';
import { spread } from './estimate.ts';
import type { Figure } from './figures.ts';
import { measureFollowUps, passagesOf, readDialogues } from './followUps.ts';
import { type Instance, openInstance } from './instance.ts';
import { loadSet } from './load.ts';
import { measureNearMisses } from './nearMiss.ts';
import { measureRetrieval } from './retrieval.ts';
import { type RetrievalSet, readSet } from './sets.ts';
import { measureWrongCiter, wrongCiter } from './wrongCiter.ts';

/** Questions of each measure in the sample of a run; absent: the set does not have it. */
interface Sample {
  readonly search?: number;
  readonly answers?: number;
  readonly hasShortAnswers?: true;
  readonly nearMiss?: number;
  readonly wrongCiter?: number;
  /** Conversations, of about seven questions. */
  readonly dialogues?: number;
}

/**
 * What is measured on which set: samples that take less than a minute each on two quiet cores. Of SciFact all questions,
 * three minutes: search there is hardly better than words alone, and the difference has a standard error of .014 on 80 of
 * them, .005 on all.
 */
export const PLAN: Readonly<Record<string, Sample>> = {
  'squad2-dev': { search: 100, answers: 200, hasShortAnswers: true, nearMiss: 60 },
  'scifact-train': { search: 809 },
  'clapnq-dev': { search: 75, answers: 295, wrongCiter: 40 },
  'product-docs-dev': { search: 63, answers: 63 },
  cranfield: { search: 100 },
  cisi: { search: 76 },
  'clinc-oos': { answers: 200 },
  canard: { dialogues: 20 },
};

/** Sets with weak judgements, lesson by lesson: measured when they are named. */
const NAMED: Readonly<Record<string, Sample>> = {
  'iot-quiz': { search: 144 },
  'rust-quiz': { search: 158 },
};

export interface PlanOptions {
  readonly evalDir: string;
  readonly cacheDir: string;
  readonly env: Record<string, string | undefined>;
  /** Of a measure's questions, how many to ask: a sample's, all, or every n-th. */
  readonly sample: 'default' | 'all' | { readonly every: number };
  readonly say: (line: string) => void;
}

export interface Measured {
  readonly figures: Figure[];
  readonly embedder: string;
  /** What the answers were, for pictures of their confidence. */
  readonly answered: readonly Answered[];
}

/** Measures one set, through HTTP, on the built-in models or those of the environment. */
export async function measureSet(name: string, options: PlanOptions): Promise<Measured> {
  const sample = PLAN[name] ?? NAMED[name];
  if (!sample) {
    const known = [...Object.keys(PLAN), ...Object.keys(NAMED)].join(', ');
    throw new Error(`There is no set ${name}. There are: ${known}.`);
  }
  if (sample.dialogues !== undefined) return measureCanard(sample.dialogues, options);
  const { evalDir } = options;
  const set = await readSet(evalDir, name);
  const questions = readQuestions(evalDir, name);
  const wantedOf = (all: number, usual: number) => wanted(options.sample, all, usual);

  const figures: Figure[] = [];
  let answered: Answered[] = [];
  const embedder = await withInstance(set, options, {}, async (instance, passageOf) => {
    if (sample.search !== undefined) {
      const count = wantedOf(set.queries.length, sample.search);
      figures.push(...(await measureRetrieval(instance, set, passageOf, count)));
    }
    if (sample.answers !== undefined) {
      const count = wantedOf(questions.length, sample.answers);
      answered = await askAll(instance, spread(questions, count));
      figures.push(...judgeAnswers(name, answered, sample.hasShortAnswers ?? false));
    }
    if (sample.nearMiss !== undefined) {
      const answerable = questions.filter((question) => question.answerable);
      const count = wantedOf(answerable.length, sample.nearMiss);
      const asked = spread(answerable, count);
      figures.push(await measureNearMisses(instance, set, passageOf, asked));
    }
  });
  if (sample.wrongCiter !== undefined) {
    const count = wantedOf(questions.length, sample.wrongCiter);
    const change = { chatModel: wrongCiter(), env: { ABSTAIN_BELOW: '0' } };
    await withInstance(set, options, change, async (instance) => {
      figures.push(...(await measureWrongCiter(instance, name, spread(questions, count))));
    });
  }
  return { figures, embedder, answered };
}

async function measureCanard(usual: number, options: PlanOptions): Promise<Measured> {
  const dialogues = readDialogues(options.evalDir);
  const asked = spread(dialogues, wanted(options.sample, dialogues.length, usual));
  let figures: Figure[] = [];
  // Ten sources, and none of them lost by an abstention.
  const change = { env: { ABSTAIN_BELOW: '0', ANSWER_PASSAGES: '10' } };
  const set = passagesOf(dialogues);
  const embedder = await withInstance(set, options, change, async (instance, passageOf) => {
    figures = await measureFollowUps(instance, passageOf, asked);
  });
  return { figures, embedder, answered: [] };
}

function wanted(sample: PlanOptions['sample'], all: number, usual: number): number {
  if (sample === 'all') return all;
  return sample === 'default' ? Math.min(all, usual) : Math.ceil(all / sample.every);
}

/** @returns the id of the embedding model. */
async function withInstance(
  set: RetrievalSet,
  { cacheDir, env, say }: PlanOptions,
  change: {
    env?: Record<string, string>;
    chatModel?: NonNullable<Parameters<typeof openInstance>[0]['chatModel']>;
  },
  work: (instance: Instance, passageOf: ReadonlyMap<string, string>) => Promise<void>,
): Promise<string> {
  const startedAt = performance.now();
  const instance = await openInstance({
    set: set.name,
    contents: JSON.stringify(set.passages),
    cacheDir,
    ...change,
    env: { ...env, ...change.env },
  });
  try {
    const passageOf = await loadSet(instance, set, (line) => say(`${set.name}: ${line}`));
    await work(instance, passageOf);
    say(`${set.name}: ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    return instance.model;
  } finally {
    await instance.close();
  }
}
