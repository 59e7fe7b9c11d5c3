import type { Estimate } from './estimate.ts';

/** What the table shows, in its order. `better`: null is shown and never judged. */
export const measures = {
  'nDCG@10, words': { better: 'higher' },
  'nDCG@10, vectors': { better: 'higher' },
  'nDCG@10, hybrid': { better: 'higher' },
  'nDCG@10, reranked': { better: 'higher' },
  'Recall@10, words': { better: 'higher' },
  'Recall@10, vectors': { better: 'higher' },
  'Recall@10, hybrid': { better: 'higher' },
  'Recall@10, reranked': { better: 'higher' },
  'MRR@10, words': { better: 'higher' },
  'MRR@10, vectors': { better: 'higher' },
  'MRR@10, hybrid': { better: 'higher' },
  'MRR@10, reranked': { better: 'higher' },
  'short answer in the text': { better: 'higher' },
  'citations supported': { better: 'higher' },
  'quotes that are evidence': { better: 'higher' },
  'evidence that is quoted': { better: 'higher' },
  'abstention F1': { better: 'higher' },
  'answerable or not, AUROC': { better: 'higher' },
  'answerable or not, ECE': { better: 'lower' },
  'near miss, AUROC': { better: 'higher' },
  'follow-ups, stand-alone nDCG': { better: 'higher' },
  'follow-ups, as asked nDCG': { better: 'higher' },
  'follow-ups, last only nDCG': { better: null },
  'wrong citer, right before': { better: null },
  'wrong citer, right after': { better: 'higher' },
  'wrong citer, right ones kept': { better: 'higher' },
  'ms, search by words': { better: null },
  'ms, search by vectors': { better: null },
  'ms, search hybrid': { better: null },
  'ms, search reranked': { better: null },
  'ms, answer: until searching': { better: null },
  'ms, answer: finding': { better: null },
  'ms, answer: writing, checking': { better: null },
} as const satisfies Record<string, { better: 'higher' | 'lower' | null }>;
export type Measure = keyof typeof measures;
export const measureNames: readonly Measure[] = Object.keys(measures).filter(isMeasure);

export function isMeasure(name: string): name is Measure {
  return Object.hasOwn(measures, name);
}

/** One cell of the table. */
export interface Figure extends Estimate {
  readonly set: string;
  readonly measure: Measure;
}

/** The figures of a run as one table: a line for each measure, a column for each set. */
export function tableOf(figures: readonly Figure[]): string {
  const sets = [...new Set(figures.map(({ set }) => set))];
  const rows = measureNames.flatMap((measure) => {
    const cells = sets.map((set) =>
      figures.find((figure) => figure.set === set && figure.measure === measure),
    );
    return cells.some(Boolean) ? [[measure, ...cells.map((cell) => textOf(cell, measure))]] : [];
  });
  const asked = sets.map((set) => {
    const counts = figures.filter((figure) => figure.set === set).map(({ n }) => n);
    return `n ≤ ${Math.max(...counts)}`;
  });
  const lines = [['', ...sets], ['questions', ...asked], ...rows];
  const widths = lines[0]?.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths?.[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function textOf(figure: Figure | undefined, measure: Measure): string {
  if (!figure || Number.isNaN(figure.value)) return '';
  if (measure.startsWith('ms')) return figure.value.toFixed(0);
  const short = (value: number) => value.toFixed(3).replace(/^0(?=\.)/, '');
  return `${short(figure.value)} ±${short(figure.se)}`;
}
