import { calendar } from '../periods.ts';
import { about, peopleOf, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { publishSlices } from '../slices.ts';
import { countActivity, type Doing } from './activity.store.ts';
import type { Table } from './table.ts';

/** Who learned, answered or asked in a month, and how often all of them did together. */
export const activity: Table<'activity'> = async ({ tx, orgId, tree, k, now, shownBefore }) => {
  const rows = await countActivity(tx, orgId, now);
  const periods = calendar(now);
  const lines = publishSlices({ tree, periods, measure: doing, k, shownBefore }, rows);
  return (group) => ({
    rows: lines(group).map(({ group: shown, period, cell }) => ({
      group: shown,
      period,
      value:
        cell === null
          ? null
          : cell === 'hidden'
            ? suppressed(k)
            : { people: peopleOf(cell.people, k), events: about(cell.events) },
    })),
  });
};

/** How often somebody did something is told of all together only: nobody’s share can be seen in it. */
const doing: Measure<Doing> = {
  empty: { people: 0, events: 0 },
  add: (a, b) => ({ people: a.people + b.people, events: a.events + b.events }),
  people: ({ people }) => [people],
  alike: () => false,
};
