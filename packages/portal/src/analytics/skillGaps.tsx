import type { AnalyticsBodies, SkillGap } from '@docent/contracts/analytics';
import type { z } from 'zod';
import { type Heat, type HeatCell, HeatMap } from '../charts/heatMap.tsx';
import { useQuery } from '../shell/query.ts';
import { Button } from '../ui/button.tsx';
import { counted, percent } from '../ui/words.ts';
import { type About, Section } from './section.tsx';
import {
  groupKey,
  groupName,
  HIDDEN,
  isHidden,
  isWhole,
  peopleText,
  type Shown,
  shownOf,
} from './values.ts';

type Gap = z.infer<typeof SkillGap>;
type Rows = AnalyticsBodies['skillGaps']['rows'];

/** Skills that are seen before somebody asks for all. */
const FIRST = 15;

const legend: readonly { heat: Heat; text: string }[] = [
  { heat: 0, text: 'no gap' },
  { heat: 1, text: 'up to half a level' },
  { heat: 2, text: 'up to 1 level' },
  { heat: 3, text: 'up to 2 levels' },
  { heat: 4, text: 'more' },
  { heat: 'unknown', text: 'no evidence yet' },
  { heat: 'hidden', text: 'not shown: too few people' },
];

/** How far people are from what their jobs ask for: skills × groups, the largest gap first. */
export function SkillGaps({ rows, about }: { readonly rows: Rows; readonly about: About }) {
  const [query, setQuery] = useQuery();
  const all = query.skills === 'all';
  const cells = new Map(rows.map((row) => [`${row.skill.id} ${groupKey(row.group)}`, row.value]));
  const groups = [...new Map(rows.map(({ group }) => [groupKey(group), group]))].filter(
    ([, group]) => group.kind !== 'job_title',
  );
  const wholeKey = groups.find(([, group]) => isWhole(group, about.departmentId))?.[0] ?? '';
  const skills = [...new Map(rows.map(({ skill }) => [skill.id, skill])).values()]
    .map((skill) => ({ ...skill, whole: cells.get(`${skill.id} ${wholeKey}`) ?? null }))
    .sort(
      (one, other) => weight(other.whole) - weight(one.whole) || one.name.localeCompare(other.name),
    );
  const shown = all ? skills : skills.slice(0, FIRST);

  return (
    <Section title="Skill gaps" sentence={sentence(skills, about)} about={about} table="skillGaps">
      {skills.length > 0 && (
        <>
          <ul class="legend" aria-label="Colours">
            {legend.map(({ heat, text }) => (
              <li key={text}>
                <span class={`heat-${heat}`} />
                {text}
              </li>
            ))}
          </ul>
          <HeatMap
            caption="Mean gap in levels, by skill and group"
            corner="Skill"
            columns={groups.map(([key, group]) => ({ key, label: groupName(group) }))}
            rows={shown}
            rowKey={({ id }) => id}
            rowLabel={({ name }) => name}
            cell={({ id }, group) => cellOf(cells.get(`${id} ${group}`) ?? null)}
          />
          {skills.length > FIRST && (
            <Button onClick={() => setQuery({ skills: all ? undefined : 'all' })}>
              {all ? 'Show the largest gaps only' : `Show all ${skills.length} skills`}
            </Button>
          )}
        </>
      )}
    </Section>
  );
}

function cellOf(value: Shown<Gap>): HeatCell {
  if (value === null) return { heat: 'none', text: '–', title: 'Nobody has a target level' };
  if (isHidden(value)) {
    return { heat: 'hidden', text: '·', title: `${HIDDEN}: fewer than ${value.k} people` };
  }
  const { meanGap, people, coverage, requiredLevel } = value;
  if (meanGap === null) {
    return { heat: 'unknown', text: '?', title: `${peopleText(people)}, no evidence yet` };
  }
  const title = `${peopleText(people)}: ${meanGap.toFixed(1)} levels below a mean target of ${requiredLevel.toFixed(1)}; evidence of ${percent(coverage)}`;
  return { heat: heatOf(meanGap), text: meanGap.toFixed(1), title };
}

function heatOf(gap: number): Heat {
  if (gap < 0.05) return 0;
  if (gap <= 0.5) return 1;
  if (gap <= 1) return 2;
  return gap <= 2 ? 3 : 4;
}

/** Measured gaps first, the largest at the top. */
function weight(value: Shown<Gap>): number {
  return shownOf(value)?.meanGap ?? -1;
}

function sentence(
  skills: readonly { readonly name: string; readonly whole: Shown<Gap> }[],
  { name }: About,
): string {
  if (skills.length === 0) {
    return 'No skill has a target level for these people yet. Trainers set them for jobs and departments.';
  }
  const measured = skills.filter(({ whole }) => shownOf(whole)?.meanGap != null);
  const unknown = skills.filter(({ whole }) => shownOf(whole)?.state === 'no_evidence').length;
  const rest =
    unknown === 0
      ? ''
      : ` For ${unknown} of ${counted(skills.length, 'skill')} nobody has answered enough questions to tell.`;
  const [first] = measured;
  if (first === undefined) return `No gap can be told yet.${rest}`;
  const gap = shownOf(first.whole)?.meanGap ?? 0;
  const told =
    gap < 0.05
      ? `Of the skills with evidence, ${name} has no gap.`
      : `The largest gap is in ${first.name}: people of ${name} are ${gap.toFixed(1)} levels below what their jobs ask for.`;
  return told + rest;
}
