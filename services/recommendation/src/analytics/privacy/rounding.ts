import type { People, Suppressed } from '@docent/contracts/analytics';

const STEPS = [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
/** Below so many people a share is rounded to 5 points. */
const FEW = 20;

/** The range that a number of people is in: the exact number is never shown. */
export function peopleOf(people: number, k: number): People {
  const step = STEPS.findLastIndex((start) => start <= people);
  const next = STEPS[step + 1];
  return {
    atLeast: Math.max(STEPS[step] ?? k, k),
    atMost: next === undefined ? null : next - 1,
  };
}

/** A share, 0 to 1, rounded to 0.05 when it is of fewer than 20 people, else to 0.01. */
export function shareOf(part: number, whole: number, people: number): number {
  const steps = people < FEW ? 20 : 100;
  return Math.round((part / whole) * steps) / steps;
}

/** A count, rounded to 5. */
export function about(count: number): number {
  return Math.round(count / 5) * 5;
}

/** A number with so many digits after the point. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** What stands for whatever is not shown. */
export function suppressed(k: number): Suppressed {
  return { suppressed: true, reason: 'group_too_small', k };
}
