import { nowOnly } from '../periods.ts';
import { peopleOf, rounded, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { byName, publishSlices } from '../slices.ts';
import { kaplanMeier } from './kaplanMeier.ts';
import { listSkillNames } from './skillGaps.store.ts';
import type { Table } from './table.ts';
import { listTimes, type Times } from './timeToCompetency.store.ts';

/** The median of few people is the time of one of them: given in weeks. */
const FEW = 20;
const WEEK = 7;

/** How long people take from the assignment of a skill to mastering it, those included who have not yet. */
export const timeToCompetency: Table<'timeToCompetency'> = async (context) => {
  const { tx, orgId, tree, k, now, shownBefore } = context;
  const names = await listSkillNames(tx, orgId);
  const rows = byName(await listTimes(tx, orgId, now), names);
  const lines = publishSlices({ tree, periods: nowOnly, measure: times, k, shownBefore }, rows);
  return (group) => ({
    rows: lines(group).flatMap(({ group: shown, slice, cell }) => {
      if (cell === null) return [];
      const skill = slice === '' ? null : { id: slice, name: names.get(slice) ?? '' };
      return [
        { group: shown, skill, value: cell === 'hidden' ? suppressed(k) : shownTimes(cell, k) },
      ];
    }),
  });
};

export const times: Measure<Times> = {
  empty: { people: 0, competent: 0, days: [] },
  add: (a, b) => ({
    people: a.people + b.people,
    competent: a.competent + b.competent,
    days: [...a.days, ...b.days],
  }),
  people: ({ people }) => [people],
  alike: ({ days }) => days.every(({ reached }) => reached) || !days.some(({ reached }) => reached),
};

function shownTimes({ people, competent, days }: Times, k: number) {
  const { medianDays, reached } = kaplanMeier(days);
  const step = competent < FEW ? WEEK : 1;
  return {
    people: peopleOf(people, k),
    reached: rounded(people < FEW ? Math.round(reached * 20) / 20 : reached, 2),
    medianDays: medianDays === null || competent < k ? null : Math.round(medianDays / step) * step,
  };
}
