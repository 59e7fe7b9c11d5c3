import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auroc, calibrationError, type Judged } from '@docent/core/logistic';
import { ABSTAIN_BELOW } from '@docent/query/chat/confidence.weights';
import { reliability, riskCoverage } from './curves.ts';
import { svgOf } from './svg.ts';

/**
 * Draws how far confidence can be trusted, and what withholding unsure answers gains.
 *
 * @returns the paths of the two files.
 */
export function writePictures(folder: string, set: string, judged: readonly Judged[]): string[] {
  mkdirSync(folder, { recursive: true });
  const paths = [join(folder, 'reliability.svg'), join(folder, 'risk-coverage.svg')];
  const [reliable = '', risky = ''] = paths;
  writeFileSync(reliable, reliabilityPicture(set, judged));
  writeFileSync(risky, riskPicture(set, judged));
  return paths;
}

function reliabilityPicture(set: string, judged: readonly Judged[]): string {
  const bins = reliability(judged);
  const most = Math.max(...bins.map(({ count }) => count));
  const points = bins.map(({ said, was }) => ({ x: said, y: was }));
  return svgOf({
    title: `Reliability: ${set}, ${judged.length} questions, ECE ${calibrationError(judged).toFixed(3)}`,
    x: 'confidence',
    y: 'share that can be answered',
    marks: [
      {
        kind: 'line',
        dashed: true,
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
      { kind: 'line', points },
      ...bins.map(({ said, was, count }) => ({
        kind: 'dot' as const,
        at: { x: said, y: was },
        size: count / most,
        title: `${count} answers: said ${said.toFixed(2)}, was ${was.toFixed(2)}`,
      })),
    ],
  });
}

function riskPicture(set: string, judged: readonly Judged[]): string {
  const points = riskCoverage(judged);
  const overall = points.at(-1)?.risk ?? 0;
  const chosen = points.findLast(({ threshold }) => threshold >= ABSTAIN_BELOW);
  const top = Math.min(1, Math.ceil(10 * Math.max(...points.map(({ risk }) => risk))) / 10 || 1);
  const at = chosen && { x: chosen.coverage, y: chosen.risk };
  return svgOf({
    title: `Risk and coverage: ${set}, AUROC ${auroc(judged).toFixed(3)}`,
    x: 'questions that get an answer, the surest first',
    y: 'answers to what cannot be answered',
    top,
    marks: [
      {
        kind: 'line',
        dashed: true,
        points: [
          { x: 0, y: overall },
          { x: 1, y: overall },
        ],
      },
      { kind: 'line', points: points.map(({ coverage, risk }) => ({ x: coverage, y: risk })) },
      ...(at
        ? [
            { kind: 'dot' as const, at, size: 0.2, title: `threshold ${ABSTAIN_BELOW}` },
            { kind: 'label' as const, at, text: `confidence ≥ ${ABSTAIN_BELOW}` },
          ]
        : []),
    ],
  });
}
