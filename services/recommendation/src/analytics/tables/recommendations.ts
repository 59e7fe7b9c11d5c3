import { nowOnly } from '../periods.ts';
import { peopleOf, rounded, shareOf, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { publishSlices } from '../slices.ts';
import { catalogueShown, countShown, type Shown } from './recommendations.store.ts';
import type { Table } from './table.ts';

const outcomes = ['clicked', 'enrolled', 'completed'] as const;
type Outcome = (typeof outcomes)[number];

/** What became of what was recommended in the last year. Each share is suppressed by itself. */
export const recommendations: Table<'recommendations'> = async (context) => {
  const { tx, orgId, tree, k, now, shownBefore } = context;
  const rows = await countShown(tx, orgId, now);
  const share = await catalogueShown(tx, orgId, now);
  const publish = (measure: Measure<Shown>) =>
    publishSlices({ tree, periods: nowOnly, measure, k, shownBefore }, rows);
  const lines = publish(shownTo);
  const outcomeLines = {
    clicked: publish(outcome('clicked')),
    enrolled: publish(outcome('enrolled')),
    completed: publish(outcome('completed')),
  };
  return (group) => {
    const of = (name: Outcome) => {
      const found = new Map(
        outcomeLines[name](group).map((line) => [JSON.stringify([line.group, line.slice]), line]),
      );
      return (key: string): number | null => {
        const cell = found.get(key)?.cell;
        if (cell === undefined || cell === null || cell === 'hidden') return null;
        return shareOf(cell[name], cell.shown, cell.people);
      };
    };
    const [clicked, enrolled, completed] = [of('clicked'), of('enrolled'), of('completed')];
    return {
      catalogueShown: group.id === tree.id && share !== null ? rounded(share, 2) : null,
      rows: lines(group).flatMap(({ group: shown, slice, cell }) => {
        if (cell === null) return [];
        const key = JSON.stringify([shown, slice]);
        return [
          {
            group: shown,
            ...bySlice(slice),
            value:
              cell === 'hidden'
                ? suppressed(k)
                : {
                    people: peopleOf(cell.people, k),
                    clicked: clicked(key),
                    enrolled: enrolled(key),
                    completed: completed(key),
                  },
          },
        ];
      }),
    };
  };
};

const shownTo: Measure<Shown> = {
  empty: { people: 0, shown: 0, clicked: 0, enrolled: 0, completed: 0 },
  add: (a, b) => ({
    people: a.people + b.people,
    shown: a.shown + b.shown,
    clicked: a.clicked + b.clicked,
    enrolled: a.enrolled + b.enrolled,
    completed: a.completed + b.completed,
  }),
  people: ({ people }) => [people],
  alike: () => false,
};

function outcome(name: Outcome): Measure<Shown> {
  return { ...shownTo, alike: (cell) => cell[name] === 0 || cell[name] === cell.shown };
}

function bySlice(slice: string): { by: 'all' | 'position' | 'reason'; key: string } {
  const [by = '', key = ''] = slice.split(' ');
  return { by: by === 'position' || by === 'reason' ? by : 'all', key };
}
