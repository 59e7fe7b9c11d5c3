/** Somebody who was watched for so many days; `reached`: until they got there, else until now. */
export interface Watched {
  readonly days: number;
  readonly reached: boolean;
}

export interface Curve {
  /** Share that is not there yet, after each day on which somebody got there. */
  readonly steps: readonly { readonly days: number; readonly remaining: number }[];
  /** First day on which half or more are there; null when the curve does not fall that far. */
  readonly medianDays: number | null;
  /** Share that is there at the end of the curve, 0 to 1. */
  readonly reached: number;
}

/**
 * How long it takes to get somewhere when not everybody is there yet: S(t) = ∏ (1 − dᵢ / nᵢ) over the days dᵢ people
 * got there, of nᵢ who were still on the way. Who is watched for a shorter time counts until then; the median of
 * those who finished alone would be too short.
 *
 * @see Kaplan & Meier, "Nonparametric estimation from incomplete observations", JASA 1958
 */
export function kaplanMeier(people: readonly Watched[]): Curve {
  const days = [...new Set(people.filter(({ reached }) => reached).map((each) => each.days))];
  const ordered = people.toSorted((a, b) => a.days - b.days);
  const steps: { days: number; remaining: number }[] = [];
  let remaining = 1;
  let past = 0;
  for (const day of days.sort((a, b) => a - b)) {
    // Whoever stopped being watched on a day was still on the way on that day.
    while ((ordered[past]?.days ?? Number.POSITIVE_INFINITY) < day) past += 1;
    const onTheWay = ordered.length - past;
    const arrived = arrivedOn(ordered, past, day);
    remaining *= 1 - arrived / onTheWay;
    steps.push({ days: day, remaining });
  }
  const half = steps.find((step) => step.remaining <= 0.5 + 1e-12);
  return { steps, medianDays: half?.days ?? null, reached: 1 - remaining };
}

function arrivedOn(ordered: readonly Watched[], from: number, day: number): number {
  let arrived = 0;
  for (let at = from; ordered[at]?.days === day; at += 1) {
    if (ordered[at]?.reached) arrived += 1;
  }
  return arrived;
}
