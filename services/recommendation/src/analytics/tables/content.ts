import { nowOnly } from '../periods.ts';
import { peopleOf, rounded, shareOf, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { byName, type Line, publishSlices } from '../slices.ts';
import {
  countGains,
  countStops,
  countTakers,
  type Gained,
  listCourseTitles,
  type Stopped,
  type Taken,
} from './content.store.ts';
import type { Table } from './table.ts';

/** People whose gain counts half as much as everybody’s: a mean of few is drawn towards none. */
const SHRINK = 20;

/** What courses do: completed, learned, and where people stop. Each of the three is suppressed by itself. */
export const content: Table<'content'> = async ({ tx, orgId, tree, k, now, shownBefore }) => {
  const titles = await listCourseTitles(tx, orgId);
  const common = { tree, periods: nowOnly, k, shownBefore };
  const taken = publishSlices(
    { ...common, measure: takers },
    byName(await countTakers(tx, orgId), titles),
  );
  const gained = publishSlices({ ...common, measure: gains }, await countGains(tx, orgId));
  const stopped = publishSlices({ ...common, measure: stops }, await countStops(tx, orgId, now));
  return (group) => {
    const gainOf = byLine(gained(group));
    const stopOf = byLine(stopped(group));
    return {
      rows: taken(group).map((line) => {
        const gain = gainOf.get(lineKey(line));
        const stop = stopOf.get(lineKey(line));
        return {
          group: line.group,
          course: { id: line.slice, title: titles.get(line.slice) ?? '' },
          value:
            line.cell === null
              ? null
              : line.cell === 'hidden'
                ? suppressed(k)
                : {
                    people: peopleOf(line.cell.people, k),
                    completed: shareOf(line.cell.completed, line.cell.people, line.cell.people),
                    gain: gain === undefined ? null : shrunkGain(gain),
                    dropOff: stop === undefined ? null : mostStopped(stop),
                  },
        };
      }),
    };
  };
};

export const takers: Measure<Taken> = {
  empty: { people: 0, completed: 0 },
  add: (a, b) => ({ people: a.people + b.people, completed: a.completed + b.completed }),
  people: ({ people }) => [people],
  alike: ({ people, completed }) => completed === 0 || completed === people,
};

const gains: Measure<Gained> = {
  empty: { people: 0, gain: 0 },
  add: (a, b) => ({ people: a.people + b.people, gain: a.gain + b.gain }),
  people: ({ people }) => [people],
  alike: () => false,
};

const stops: Measure<Stopped> = {
  empty: { people: 0, quarters: [0, 0, 0, 0] },
  add: (a, b) => ({
    people: a.people + b.people,
    quarters: a.quarters.map((count, quarter) => count + (b.quarters[quarter] ?? 0)),
  }),
  people: ({ people }) => [people],
  alike: ({ people, quarters }) => quarters.includes(people),
};

/** n / (n + 20) of the mean. */
function shrunkGain({ people, gain }: Gained): number {
  return rounded(gain / (people + SHRINK), 2);
}

function mostStopped({ people, quarters }: Stopped) {
  const most = Math.max(...quarters);
  const quarter = quarters.indexOf(most);
  return { from: quarter * 25, to: quarter * 25 + 25, share: shareOf(most, people, people) };
}

function byLine<C>(lines: readonly Line<C>[]): Map<string, C> {
  return new Map(
    lines.flatMap((line): [string, C][] =>
      line.cell === null || line.cell === 'hidden' ? [] : [[lineKey(line), line.cell]],
    ),
  );
}

function lineKey({ group: { kind, departmentId, name }, slice }: Line<unknown>): string {
  return JSON.stringify([kind, departmentId, name, slice]);
}
