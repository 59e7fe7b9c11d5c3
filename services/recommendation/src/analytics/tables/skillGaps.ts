import { nowOnly } from '../periods.ts';
import { peopleOf, rounded, shareOf, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { byName, publishSlices } from '../slices.ts';
import { countGaps, type Gap, listSkillNames } from './skillGaps.store.ts';
import type { Table } from './table.ts';

/** How far people are from what their job and department ask for, by skill. */
export const skillGaps: Table<'skillGaps'> = async ({ tx, orgId, tree, k, shownBefore }) => {
  const names = await listSkillNames(tx, orgId);
  const rows = byName(await countGaps(tx, orgId), names);
  const lines = publishSlices({ tree, periods: nowOnly, measure: gaps, k, shownBefore }, rows);
  return (group) => ({
    rows: lines(group).flatMap(({ group: shown, slice, cell }) => {
      if (cell === null) return [];
      const skill = { id: slice, name: names.get(slice) ?? '' };
      return [
        { group: shown, skill, value: cell === 'hidden' ? suppressed(k) : shownGap(cell, k) },
      ];
    }),
  });
};

/** Levels that are this near to each other are told apart by nobody: the mean is rounded to as much. */
const SAME_LEVEL = 0.1;

export const gaps: Measure<Gap> = {
  empty: { people: 0, evidence: 0, gap: 0, least: 4, most: 0, required: 0 },
  add: (a, b) => ({
    people: a.people + b.people,
    evidence: a.evidence + b.evidence,
    gap: a.gap + b.gap,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
    required: a.required + b.required,
  }),
  // That nobody has answered enough is said of everybody, and is about the evidence, not about a person.
  people: ({ people, evidence }) => [people, evidence],
  alike: ({ evidence, least, most }) => evidence > 0 && most - least < SAME_LEVEL,
};

function shownGap({ people, evidence, gap, required }: Gap, k: number) {
  return {
    state: evidence === 0 ? ('no_evidence' as const) : ('measured' as const),
    people: peopleOf(people, k),
    coverage: shareOf(evidence, people, people),
    meanGap: evidence === 0 ? null : rounded(gap / evidence, 1),
    requiredLevel: rounded(required / people, 1),
  };
}
