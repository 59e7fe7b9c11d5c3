import { nowOnly } from '../periods.ts';
import { peopleOf, shareOf } from '../privacy/rounding.ts';
import type { Measure } from '../privacy/suppress.ts';
import { makeScrubber } from '../questions/scrub.ts';
import { publishSlices } from '../slices.ts';
import {
  type Asked,
  countAsked,
  describeGroup,
  dropEmptyGroups,
  hideGroups,
  listExamples,
  listNames,
  type NearestContent,
  nearestContent,
} from './knowledgeGaps.store.ts';
import type { Table } from './table.ts';

/** Question groups of one report. */
const MOST = 100;

/**
 * What people ask and do not get: groups of like questions, by the number of people who asked times the share that
 * was missed. That somebody asked is what is protected; that all of it was missed says nothing about them.
 */
export const knowledgeGaps: Table<'knowledgeGaps'> = async (context) => {
  const { tx, orgId, tree, k, shownBefore } = context;
  await dropEmptyGroups(tx, orgId);
  const rows = await countAsked(tx, orgId);
  const publish = publishSlices({ tree, periods: nowOnly, measure: asked, k, shownBefore }, rows);
  const known = publish(tree).flatMap(({ group, slice, cell }) =>
    group.kind === 'organization' && cell !== 'hidden' && cell !== null && cell.missed > 0
      ? [slice]
      : [],
  );
  const nearest = await describe(context, known);
  return (group) => {
    const lines = publish(group).flatMap((line) =>
      line.cell === 'hidden' || line.cell === null ? [] : [{ ...line, cell: line.cell }],
    );
    const worst = lines
      .filter(({ slice, cell, group: shown }) => {
        return sameGroup(shown, group.shown) && cell.missed > 0 && nearest.has(slice);
      })
      .sort((a, b) => weight(b.cell) - weight(a.cell) || (a.slice < b.slice ? -1 : 1))
      .slice(0, MOST);
    const bySlice = Map.groupBy(lines, ({ slice }) => slice);
    return {
      rows: worst.flatMap(({ slice }) =>
        (bySlice.get(slice) ?? []).map(({ group: shown, cell }) => ({
          group: shown,
          questionGroupId: slice,
          value: {
            people: peopleOf(cell.people, k),
            missRate: shareOf(cell.missed, cell.asked, cell.people),
          },
          contentId: nearest.get(slice)?.contentId ?? null,
          similarity: nearest.get(slice)?.similarity ?? null,
        })),
      ),
    };
  };
};

export const asked: Measure<Asked> = {
  empty: { people: 0, asked: 0, missed: 0 },
  add: (a, b) => ({
    people: a.people + b.people,
    asked: a.asked + b.asked,
    missed: a.missed + b.missed,
  }),
  people: ({ people }) => [people],
  alike: () => false,
};

/** Distinct askers × share that was missed. */
function weight({ people, asked: questions, missed }: Asked): number {
  return (people * missed) / questions;
}

function sameGroup(a: { kind: string; departmentId: string | null }, b: typeof a): boolean {
  return a.kind === b.kind && a.departmentId === b.departmentId;
}

/** Ties the groups to the nearest content and gives each an example, scrubbed; the others lose theirs. */
async function describe(
  { tx, orgId }: Parameters<typeof knowledgeGaps>[0],
  groups: readonly string[],
): Promise<Map<string, NearestContent>> {
  await hideGroups(tx, orgId, groups);
  const found = await nearestContent(tx, orgId, groups);
  if (groups.length === 0) return found;
  const scrub = makeScrubber(await listNames(tx, orgId));
  const examples = await listExamples(tx, orgId, groups);
  for (const id of groups) {
    const example = examples.get(id);
    const nearest = found.get(id) ?? { contentId: null, ownerId: null, similarity: null };
    found.set(id, nearest);
    await describeGroup(tx, orgId, id, {
      ...nearest,
      example: example === undefined ? null : scrub(example),
    });
  }
  return found;
}
