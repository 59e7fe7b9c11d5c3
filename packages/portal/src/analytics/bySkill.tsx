import type { AnalyticsBodies } from '@docent/contracts/analytics';
import { Bars } from '../charts/bars.tsx';
import { Figure } from '../charts/figure.tsx';
import { percent } from '../ui/words.ts';
import { type About, ExportButton } from './section.tsx';
import { groupKey, groupName, HIDDEN, isHidden, isWhole, peopleText, shownOf } from './values.ts';

type Competency = AnalyticsBodies['timeToCompetency']['rows'][number];
type Risk = AnalyticsBodies['atRisk'];

/** How many have reached a skill since it was assigned to them, and how long it took. */
export function TimeToCompetency({
  rows,
  about,
}: {
  readonly rows: readonly Competency[];
  readonly about: About;
}) {
  const own = rows
    .filter(({ group }) => isWhole(group, about.departmentId))
    .sort(
      (one, other) => (shownOf(other.value)?.reached ?? -1) - (shownOf(one.value)?.reached ?? -1),
    );
  const all = own.find(({ skill }) => skill === null);
  const skills = own.filter(({ skill }) => skill !== null);
  const nameOf = ({ skill }: Competency) => skill?.name ?? 'All skills together';
  const days = ({ value }: Competency) => {
    const shown = shownOf(value);
    if (shown === null) return HIDDEN;
    return shown.medianDays === null
      ? 'fewer than half so far'
      : `half within ${Math.round(shown.medianDays)} days`;
  };
  const whole = all === undefined ? null : shownOf(all.value);
  const sentence =
    whole === null
      ? 'Too few people have been assigned a skill in this group to say how long it takes.'
      : `${percent(whole.reached)} of what was assigned has been reached; ${whole.medianDays === null ? 'fewer than half of the people got there so far' : `half of the people needed ${Math.round(whole.medianDays)} days or less`}. Counted from the day of assignment, also those who are still on their way.`;
  return (
    <Figure
      title="Time to competency"
      sentence={sentence}
      actions={<ExportButton about={about} table="timeToCompetency" />}
      rows={own}
      rowKey={({ skill }) => skill?.id ?? 'all'}
      columns={[
        { key: 'skill', label: 'Skill', cell: nameOf },
        {
          key: 'reached',
          label: 'Reached',
          numeric: true,
          cell: ({ value }) => (isHidden(value) ? HIDDEN : percent(value.reached)),
        },
        { key: 'days', label: 'How long', cell: days },
        {
          key: 'people',
          label: 'People',
          cell: ({ value }) => (isHidden(value) ? HIDDEN : peopleText(value.people)),
        },
      ]}
    >
      <Bars
        data={skills.slice(0, 12).map((row) => {
          const shown = shownOf(row.value);
          return {
            key: row.skill?.id ?? '',
            label: nameOf(row),
            share: shown?.reached ?? null,
            text: shown === null ? HIDDEN : `${percent(shown.reached)} · ${days(row)}`,
          };
        })}
      />
    </Figure>
  );
}

/** Shares of people with a course that may not be completed. */
export function AtRisk({ body, about }: { readonly body: Risk; readonly about: About }) {
  const rows = body.rows.filter(({ group }) => group.kind !== 'job_title');
  const own = rows.find(({ group }) => isWhole(group, about.departmentId));
  const whole = own === undefined ? null : shownOf(own.value);
  const how =
    body.method === 'rule'
      ? 'By a rule: begun, then nothing for a week and more.'
      : 'By a model of this organization’s finished enrolments where work was due by now, else by a rule: begun, then nothing for a week and more.';
  const text = ({ value }: (typeof rows)[number]) =>
    value === null
      ? 'no open course'
      : isHidden(value)
        ? HIDDEN
        : `${percent(value.atRisk)} of ${peopleText(value.people)}`;
  return (
    <Figure
      title="At risk"
      sentence={
        whole === null
          ? `It cannot be told for this group. ${how}`
          : `${percent(whole.atRisk)} of those with an open course may not complete one. ${how}`
      }
      actions={<ExportButton about={about} table="atRisk" />}
      rows={rows}
      rowKey={({ group }) => groupKey(group)}
      columns={[
        { key: 'group', label: 'Group', cell: ({ group }) => groupName(group) },
        { key: 'share', label: 'At risk', cell: text },
      ]}
    >
      <Bars
        data={rows.map((row) => ({
          key: groupKey(row.group),
          label: groupName(row.group),
          share: shownOf(row.value)?.atRisk ?? null,
          text: text(row),
        }))}
      />
    </Figure>
  );
}
