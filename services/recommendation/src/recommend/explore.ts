/** Gives numbers from 0 up to but not including 1. */
export type Random = () => number;

/** A draw from a beta distribution with both parameters at least 1. */
export function sampleBeta(a: number, b: number, random: Random): number {
  // Of these the distribution function is 1 − (1 − x)^b, which can be turned round.
  if (a === 1) return 1 - (1 - random()) ** (1 / b);
  const [x, y] = [sampleGamma(a, random), sampleGamma(b, random)];
  return x / (x + y);
}

/** @see Marsaglia & Tsang, "A simple method for generating gamma variables", ACM TOMS 2000; shape at least 1 */
function sampleGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = sampleNormal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller. */
function sampleNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
