import { nowOnly } from '../periods.ts';
import { peopleOf, shareOf, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { publishSlices } from '../slices.ts';
import { type AtRiskCount, countAtRisk } from './atRisk.store.ts';
import type { Table } from './table.ts';

/** Of the people with a course that is not completed, how many are likely not to complete it. */
export const atRisk: Table<'atRisk'> = async ({ tx, orgId, tree, k, now, shownBefore }) => {
  const rows = await countAtRisk(tx, orgId, now);
  const lines = publishSlices({ tree, periods: nowOnly, measure: risks, k, shownBefore }, rows);
  return (group) => ({
    method: 'rule' as const,
    rows: lines(group).map(({ group: shown, cell }) => ({
      group: shown,
      value:
        cell === null
          ? null
          : cell === 'hidden'
            ? suppressed(k)
            : {
                people: peopleOf(cell.people, k),
                atRisk: shareOf(cell.atRisk, cell.people, cell.people),
              },
    })),
  });
};

const risks: Measure<AtRiskCount> = {
  empty: { people: 0, atRisk: 0 },
  add: (a, b) => ({ people: a.people + b.people, atRisk: a.atRisk + b.atRisk }),
  people: ({ people }) => [people],
  alike: ({ people, atRisk: some }) => some === 0 || some === people,
};
