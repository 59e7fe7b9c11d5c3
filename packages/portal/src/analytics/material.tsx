import type { AnalyticsBodies } from '@docent/contracts/analytics';
import { Bars } from '../charts/bars.tsx';
import { Figure } from '../charts/figure.tsx';
import { useMe } from '../session/session.tsx';
import { Badge } from '../ui/meter.tsx';
import { Empty } from '../ui/notice.tsx';
import { Table } from '../ui/table.tsx';
import { counted, percent } from '../ui/words.ts';
import { type About, ExportButton, Section } from './section.tsx';
import { HIDDEN, isHidden, isWhole, peopleText, shownOf } from './values.ts';

type CourseRow = AnalyticsBodies['content']['rows'][number];
type GapRow = AnalyticsBodies['knowledgeGaps']['rows'][number];
type QuestionRow = AnalyticsBodies['questions']['rows'][number];

/** What people asked and got no good answer to, most askers and misses first. */
export function KnowledgeGaps({
  rows,
  about,
}: {
  readonly rows: readonly GapRow[];
  readonly about: About;
}) {
  const { role } = useMe();
  const own = rows.filter(({ group }) => isWhole(group, about.departmentId));
  const shown = own.filter(({ value }) => !isHidden(value));
  const sentence =
    own.length === 0
      ? 'No group of questions stayed without a good answer in this time.'
      : `${counted(own.length, 'group')} of similar questions were answered badly or not at all${own.length === shown.length ? '' : `; ${own.length - shown.length} of them are not shown, because fewer than five people asked`}.`;
  // The words of a question are for those who can add what is missing.
  const opens = role === 'trainer' || role === 'admin';
  return (
    <Section title="Knowledge gaps" sentence={sentence} about={about} table="knowledgeGaps">
      {own.length === 0 && (
        <Empty title="No gaps">
          <p>Questions that the material does not answer are gathered here.</p>
        </Empty>
      )}
      {shown.length > 0 && (
        <Table
          caption="Knowledge gaps"
          hideCaption
          rows={shown}
          rowKey={({ questionGroupId }) => questionGroupId}
          columns={
            opens
              ? [question, missed, askedBy, { ...nearest, cell: linked }]
              : [nearest, missed, askedBy]
          }
        />
      )}
    </Section>
  );
}

const question = {
  key: 'about',
  label: 'A question of the group',
  cell: ({ example }: GapRow) => example ?? HIDDEN,
};
const missed = {
  key: 'missed',
  label: 'Without a good answer',
  numeric: true,
  cell: ({ value }: GapRow) => (isHidden(value) ? HIDDEN : percent(value.missRate)),
};
const askedBy = {
  key: 'people',
  label: 'Asked by',
  cell: ({ value }: GapRow) => (isHidden(value) ? HIDDEN : peopleText(value.people)),
};
const nearest = {
  key: 'nearest',
  label: 'Nearest content',
  cell: ({ content }: GapRow) => content?.title ?? 'none',
};
const linked = ({ content }: GapRow) =>
  content === null ? 'none' : <a href={`/app/content/${content.id}`}>{content.title}</a>;

/** What courses did for those who took them. */
export function Courses({
  rows,
  about,
}: {
  readonly rows: readonly CourseRow[];
  readonly about: About;
}) {
  const own = rows.filter(
    ({ group, value }) => isWhole(group, about.departmentId) && value !== null,
  );
  const shown = own
    .filter(({ value }) => shownOf(value) !== null)
    .sort(
      (one, other) => (shownOf(other.value)?.completed ?? 0) - (shownOf(one.value)?.completed ?? 0),
    );
  const worst = shown.at(-1);
  const dropOff = worst === undefined ? null : (shownOf(worst.value)?.dropOff ?? null);
  const sentence =
    worst === undefined
      ? 'No course was taken by enough people to be shown.'
      : `${worst.course.title} is completed least often, by ${percent(shownOf(worst.value)?.completed ?? 0)}${dropOff === null ? '' : `; those who stop do so mostly between ${dropOff.from} and ${dropOff.to} % of it`}. The gain is how much more mastery grew than that of others who began alike, in points of 100.`;
  return (
    <Section title="Courses" sentence={sentence} about={about} table="content">
      {shown.length > 0 && (
        <Table
          caption="Courses"
          hideCaption
          rows={shown}
          rowKey={({ course }) => course.id}
          columns={[
            { key: 'course', label: 'Course', cell: ({ course }) => course.title },
            {
              key: 'completed',
              label: 'Completed',
              numeric: true,
              cell: ({ value }) => percent(shownOf(value)?.completed ?? 0),
            },
            {
              key: 'gain',
              label: 'Gain beside others',
              numeric: true,
              cell: ({ value }) => gainText(shownOf(value)?.gain ?? null),
            },
            {
              key: 'stop',
              label: 'Where people stop',
              cell: ({ value }) => {
                const stop = shownOf(value)?.dropOff ?? null;
                return stop === null ? '–' : `${stop.from}–${stop.to} % (${percent(stop.share)})`;
              },
            },
            {
              key: 'people',
              label: 'People',
              cell: ({ value }) => {
                const course = shownOf(value);
                return course === null ? HIDDEN : peopleText(course.people);
              },
            },
          ]}
        />
      )}
    </Section>
  );
}

/** Mastery is between 0 and 1: its points of a hundred are easier to read. */
function gainText(gain: number | null): string {
  if (gain === null) return 'not known';
  const points = Math.round(gain * 100);
  const sign = points > 0 ? '+' : points < 0 ? '−' : '';
  return `${sign}${Math.abs(points)} ${Math.abs(points) === 1 ? 'point' : 'points'}`;
}

/** Questions of assessments that tell nothing about who knows the skill. */
export function Questions({
  rows,
  about,
}: {
  readonly rows: readonly QuestionRow[];
  readonly about: About;
}) {
  const shown = rows.filter(({ value }) => !isHidden(value));
  const flagged = shown.filter(({ value }) => !isHidden(value) && value.flagged).length;
  return (
    <Section
      title="Assessment questions"
      sentence={
        shown.length === 0
          ? 'No question was answered by enough people to be shown.'
          : flagged === 0
            ? `All ${shown.length} questions tell who knows the skill.`
            : `${flagged} of ${counted(shown.length, 'question')} hardly tell who knows the skill: look at their wording.`
      }
      about={about}
      table="questions"
    >
      {shown.length > 0 && (
        <Table
          caption="Assessment questions"
          hideCaption
          rows={shown}
          rowKey={({ questionId }) => questionId}
          columns={[
            { key: 'assessment', label: 'Assessment', cell: ({ assessment }) => assessment.title },
            {
              key: 'correct',
              label: 'Correct',
              numeric: true,
              cell: ({ value }) => (isHidden(value) ? HIDDEN : percent(value.correct)),
            },
            {
              key: 'tells',
              label: 'Tells who knows',
              cell: ({ value }) =>
                isHidden(value) ? (
                  HIDDEN
                ) : (
                  <Badge tone={value.flagged ? 'warning' : 'good'}>
                    {value.flagged ? 'hardly' : 'yes'}
                  </Badge>
                ),
            },
            {
              key: 'people',
              label: 'People',
              cell: ({ value }) => (isHidden(value) ? HIDDEN : peopleText(value.people)),
            },
          ]}
        />
      )}
    </Section>
  );
}

const reasons: Record<string, string> = { all: 'All recommendations' };

/** What became of what was recommended. */
export function Recommendations({
  body,
  about,
}: {
  readonly body: AnalyticsBodies['recommendations'];
  readonly about: About;
}) {
  const own = body.rows.filter(({ group }) => isWhole(group, about.departmentId));
  const whole = shownOf(own.find(({ by }) => by === 'all')?.value ?? null);
  const steps =
    whole === null
      ? []
      : [
          { key: 'clicked', label: 'Opened', share: whole.clicked },
          { key: 'enrolled', label: 'Began within 14 days', share: whole.enrolled },
          { key: 'completed', label: 'Completed within 90 days', share: whole.completed },
        ];
  const shown =
    body.catalogueShown === null
      ? ''
      : ` ${percent(body.catalogueShown)} of the catalogue was recommended to somebody.`;
  return (
    <Figure
      title="Recommendations"
      sentence={
        whole === null
          ? `Recommendations were shown to too few people to say what became of them.${shown}`
          : `Of what was shown to ${peopleText(whole.people)}, ${whole.clicked === null ? 'a share that is not known' : percent(whole.clicked)} was opened.${shown}`
      }
      actions={<ExportButton about={about} table="recommendations" />}
      rows={own}
      rowKey={({ by, key }) => `${by} ${key}`}
      columns={[
        {
          key: 'what',
          label: 'What',
          cell: ({ by, key }) =>
            by === 'position' ? `Position ${key}` : (reasons[key] ?? key.replaceAll('_', ' ')),
        },
        {
          key: 'opened',
          label: 'Opened',
          numeric: true,
          cell: ({ value }) => shareText(shownOf(value)?.clicked),
        },
        {
          key: 'began',
          label: 'Began',
          numeric: true,
          cell: ({ value }) => shareText(shownOf(value)?.enrolled),
        },
        {
          key: 'completed',
          label: 'Completed',
          numeric: true,
          cell: ({ value }) => shareText(shownOf(value)?.completed),
        },
      ]}
    >
      <Bars data={steps.map((step) => ({ ...step, text: shareText(step.share) }))} />
    </Figure>
  );
}

function shareText(share: number | null | undefined): string {
  return share == null ? HIDDEN : percent(share);
}
