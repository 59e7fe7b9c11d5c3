import { expect, test } from 'vitest';
import { meaningOf, secondsOf } from './meaning.ts';

const ADL = 'http://adlnet.gov/expapi/verbs/';
const CMI5 = 'https://w3id.org/xapi/cmi5/result/extensions/progress';
const VIDEO = 'https://w3id.org/xapi/video/extensions/progress';

test.each([
  ['PT1H12M', 4_320],
  ['PT0.5S', 1],
  ['P1DT1S', 86_401],
  ['P2W', 1_209_600],
  ['PT90M', 5_400],
  ['P1Y1M', 34_128_000],
])('%s is %d seconds', (duration, seconds) => {
  expect(secondsOf(duration)).toBe(seconds);
});

test.each([
  ['whole percents of cmi5', { [CMI5]: 40 }, 40],
  ['shares of the video profile', { [VIDEO]: 0.4 }, 40],
  ['a share that is told as percents of cmi5', { [CMI5]: 0.4 }, null],
  ['percents that are told as a share', { [VIDEO]: 40 }, null],
])('the scale of progress is that of its IRI: %s', (_, extensions, progress) => {
  const meaning = meaningOf({ verb: { id: `${ADL}progressed` }, result: { extensions } });

  expect(meaning).toEqual(
    progress === null ? { kind: 'none' } : { kind: 'progress', progress, status: null },
  );
});

test.each([
  ['scaled', { scaled: 0.8 }, 80],
  ['scaled below 0', { scaled: -0.5 }, 0],
  ['raw between bounds from 0', { raw: 4, min: 0, max: 5 }, 80],
  ['raw without its bounds', { raw: 4, max: 5 }, null],
])('a score is known from %s', (_, score, percent) => {
  const meaning = meaningOf({ verb: { id: `${ADL}passed` }, result: { score } });

  expect(meaning).toMatchObject({ kind: 'result', score: percent });
});

test('who passed and did not succeed has no result', () => {
  const passed = meaningOf({ verb: { id: `${ADL}passed` }, result: { success: false } });
  const failed = meaningOf({ verb: { id: `${ADL}failed` }, result: { success: true } });

  expect([passed, failed]).toEqual([{ kind: 'none' }, { kind: 'none' }]);
});
