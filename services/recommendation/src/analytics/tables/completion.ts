import { calendar } from '../periods.ts';
import { about, peopleOf, shareOf, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { publishSlices } from '../slices.ts';
import { type Cohort, countCohorts } from './completion.store.ts';
import type { Table } from './table.ts';

/**
 * Completed of all enrolments in courses, by the month of enrolment: also of those who stopped or left, so that a
 * cohort never looks better because people gave up.
 */
export const completion: Table<'completion'> = async ({ tx, orgId, tree, k, now, shownBefore }) => {
  const rows = await countCohorts(tx, orgId, now);
  const periods = calendar(now);
  const lines = publishSlices({ tree, periods, measure: cohorts, k, shownBefore }, rows);
  return (group) => ({
    rows: lines(group).map(({ group: shown, period, cell }) => ({
      group: shown,
      period,
      value:
        cell === null
          ? null
          : cell === 'hidden'
            ? suppressed(k)
            : {
                people: peopleOf(cell.people, k),
                enrolments: about(cell.enrolments),
                completed: shareOf(cell.completed, cell.enrolments, cell.people),
              },
    })),
  });
};

export const cohorts: Measure<Cohort> = {
  empty: { people: 0, enrolments: 0, completed: 0 },
  add: (a, b) => ({
    people: a.people + b.people,
    enrolments: a.enrolments + b.enrolments,
    completed: a.completed + b.completed,
  }),
  people: ({ people }) => [people],
  alike: ({ enrolments, completed }) => completed === 0 || completed === enrolments,
};
