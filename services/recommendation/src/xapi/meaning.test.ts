import { expect, test } from 'vitest';
import { secondsOf } from './meaning.ts';

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
