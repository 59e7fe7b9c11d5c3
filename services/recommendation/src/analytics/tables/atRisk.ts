import { findRiskModel } from '../../atRisk/atRisk.store.ts';
import { findRisks, type Risk } from '../../atRisk/atRisk.ts';
import { leafId } from '../groups.ts';
import { nowOnly } from '../periods.ts';
import { peopleOf, shareOf, suppressed } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import type { CellRow } from '../slices.ts';
import { publishSlices } from '../slices.ts';
import { listActivePlaces } from './atRisk.store.ts';
import type { Table } from './table.ts';

/** People with an open course. */
interface AtRiskCount {
  readonly people: number;
  readonly atRisk: number;
}

/**
 * Of the people with a course that is not over, how many are likely not to complete it: by the model where the
 * organization has one and something was due, else by the rule.
 */
export const atRisk: Table<'atRisk'> = async ({ tx, orgId, tree, k, now, shownBefore }) => {
  const model = await findRiskModel(tx, orgId);
  const rows = countRisks(await findRisks(tx, orgId, now), await listActivePlaces(tx, orgId));
  const lines = publishSlices({ tree, periods: nowOnly, measure: risks, k, shownBefore }, rows);
  return (group) => ({
    method: model === null ? ('rule' as const) : ('model' as const),
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

function countRisks(
  found: readonly Risk[],
  places: ReadonlyMap<string, { departmentId: string | null; job: string }>,
): CellRow<AtRiskCount>[] {
  const people = Map.groupBy(
    found.filter(({ userId }) => places.has(userId)),
    ({ userId }) => userId,
  );
  const cells = new Map<string, CellRow<AtRiskCount>>();
  for (const [userId, courses] of people) {
    const place = places.get(userId);
    if (place === undefined) continue;
    const { cell = risks.empty } = cells.get(leafId(place)) ?? {};
    const some = courses.some(({ likely }) => likely) ? 1 : 0;
    cells.set(leafId(place), {
      ...place,
      slice: '',
      cell: risks.add(cell, { people: 1, atRisk: some }),
    });
  }
  return [...cells.values()];
}
