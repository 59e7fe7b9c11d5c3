import type { Skill } from '@docent/contracts/learning';
import type { Declaration } from '@docent/contracts/learningProgress';
import type { UserSkillDetail } from '@docent/contracts/recommend';
import { useCallback, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { useLoaded } from '../api/resource.ts';
import { Figure } from '../charts/figure.tsx';
import { Trend } from '../charts/trend.tsx';
import { useMe } from '../session/session.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { counted, dayOf, duration, momentOf, percent, sinceOf } from '../ui/words.ts';
import { pageOf, pathTo } from './addresses.ts';
import { DeclareLevel } from './declare.tsx';
import { Links, Loading } from './links.tsx';
import { assessmentsOf, contentsOf, coursesTeaching } from './related.ts';
import { evidenceOf, Level, levelMeanings, Target } from './skillWords.tsx';

/** One skill: where the person stands, how that moved, and what helps. */
export function SkillPage({ id = '' }: { readonly id?: string }) {
  return <OneSkill key={id} id={id} />;
}

function OneSkill({ id }: { readonly id: string }) {
  const api = useApi();
  const me = useMe();
  const resource = useLoaded(
    useCallback((signal: AbortSignal) => load(api, me.user.id, id, signal), [api, me, id]),
  );
  const [declaring, setDeclaring] = useState(false);
  const { data } = resource;
  if (data === undefined) {
    return <Loading of={resource} title="Skill" gone="This skill is not there" back={back} />;
  }
  const { own, skill, courses, assessments, contents, note } = data;
  return (
    <Page
      title={own.name}
      intro={own.description}
      back={back}
      actions={
        <>
          <ButtonLink icon="flag" href={pathTo({ type: 'skill', id })}>
            Path to this skill
          </ButtonLink>
          <Button icon="edit" onClick={() => setDeclaring(true)}>
            {own.declaredLevel === null ? 'Declare my level' : 'Change my declaration'}
          </Button>
        </>
      }
    >
      <section class="card" aria-labelledby="standing">
        <h2 id="standing">Where you stand</h2>
        <dl class="facts">
          <div>
            <dt>Level</dt>
            <dd>
              <Level of={own} />
            </dd>
          </div>
          <div>
            <dt>Rests on</dt>
            <dd>{evidenceOf(own)}</dd>
          </div>
          <div>
            <dt>Your job asks for</dt>
            <dd>
              <Target of={own} />
            </dd>
          </div>
          {own.declaredLevel !== null && (
            <div>
              <dt>You declared</dt>
              <dd>
                {own.declaredLevel}: {levelMeanings[own.declaredLevel - 1]}
              </dd>
            </div>
          )}
          {own.confirmedLevel !== null && (
            <div>
              <dt>Confirmed for you</dt>
              <dd>Level {own.confirmedLevel}</dd>
            </div>
          )}
          {own.completedAt !== null && (
            <div>
              <dt>Completed</dt>
              <dd>{dayOf(own.completedAt)}</dd>
            </div>
          )}
          {own.lastPractisedAt !== null && (
            <div>
              <dt>Last practised</dt>
              <dd>{sinceOf(own.lastPractisedAt)}</dd>
            </div>
          )}
          {own.retention !== null && (
            <div>
              <dt>Likely still remembered</dt>
              <dd>{percent(own.retention)}</dd>
            </div>
          )}
        </dl>
        {isFading(own) && (
          <p>
            Not practised for {counted(weeksSince(own.lastPractisedAt), 'week')}; a refresher helps.
            The level stays what your answers have shown.
          </p>
        )}
      </section>
      <History own={own} />
      <Links
        title="Learn first"
        items={skill.prerequisites.map(({ kind, id: before, title }) => ({
          href: pageOf(kind, before),
          title,
          about: kind === 'course' ? 'Course' : 'Skill',
        }))}
      />
      <Links
        title="Courses that teach it"
        items={courses.map((course) => ({
          href: pageOf('course', course.id),
          title: course.title,
          about: course.durationMinutes === null ? '' : `About ${duration(course.durationMinutes)}`,
        }))}
      />
      <Links
        title="Assessments"
        items={assessments.map(({ id: assessment, title }) => ({
          href: pageOf('assessment', assessment),
          title,
        }))}
      />
      <Links
        title="Material"
        items={contents.map(({ id: content, title }) => ({
          href: pageOf('content', content),
          title,
        }))}
      />
      {declaring && (
        <DeclareLevel
          skill={own}
          note={note}
          onDone={resource.reload}
          onClose={() => setDeclaring(false)}
        />
      )}
    </Page>
  );
}

const back = { href: '/app/learning/skills', label: 'My skills' };

async function load(api: Api, userId: string, id: string, signal: AbortSignal) {
  const [own, skill, courses, assessments, contents, declarations] = await Promise.all([
    api.get<UserSkillDetail>(`/v1/users/${userId}/skills/${id}`, { signal }),
    api.get<Skill>(`/v1/skills/${id}`, { signal }),
    coursesTeaching(api, id, signal),
    assessmentsOf(api, { kind: 'skill', id }, signal),
    contentsOf(api, { kind: 'skill', id }, signal),
    api.get<{ items: Declaration[] }>('/v1/users/me/skill-declarations', { signal }),
  ]);
  const declared = declarations.items.find(
    ({ skillId, kind }) => skillId === id && kind === 'self',
  );
  return { own, skill, courses, assessments, contents, note: declared?.note ?? '' };
}

/** Below this share of what was known a refresher is recommended, too. */
const FADING_BELOW = 0.8;

function isFading({ retention, lastPractisedAt }: UserSkillDetail): boolean {
  return retention !== null && retention < FADING_BELOW && weeksSince(lastPractisedAt) > 0;
}

function weeksSince(moment: string | null): number {
  return moment === null ? 0 : Math.floor((Date.now() - Date.parse(moment)) / WEEK_MS);
}

const WEEK_MS = 7 * 86_400_000;

/** The level after an answer; the last one may be the level now, after none of the own answers. */
interface Point {
  readonly level: number;
  readonly answeredAt: string | null;
  readonly score: number | null;
}

function History({ own }: { readonly own: UserSkillDetail }) {
  const answered = own.history.flatMap(({ mastery, answeredAt, score }): Point[] =>
    mastery === null ? [] : [{ level: 1 + 4 * mastery, answeredAt, score }],
  );
  // What others answer, and what is confirmed, has moved the level since: the line ends where it is.
  const moved = own.level !== null && own.level.toFixed(1) !== answered.at(-1)?.level.toFixed(1);
  const points = moved
    ? [...answered, { level: own.level ?? 1, answeredAt: null, score: null }]
    : answered;
  const [first, last] = [points[0], points.at(-1)];
  if (!first?.answeredAt || last === undefined || answered.length < 2) return null;
  const [before, after] = [first.level.toFixed(1), last.level.toFixed(1)];
  const since = dayOf(first.answeredAt);
  const sentence =
    before === after
      ? `Since ${since} the level was about ${after}.`
      : `Since ${since} the level went ${last.level > first.level ? 'up' : 'down'} from ${before} to ${after}.`;
  return (
    <Figure
      title="How it moved"
      sentence={`${sentence} Your answers move it, and what others answer: it tells how hard the questions are.`}
      rows={points}
      rowKey={({ answeredAt, level }) => `${answeredAt} ${level}`}
      columns={[
        {
          key: 'at',
          label: 'Answer',
          cell: ({ answeredAt }) => (answeredAt === null ? 'Now' : momentOf(answeredAt)),
        },
        {
          key: 'score',
          label: 'Right',
          numeric: true,
          cell: ({ score }) => (score === null ? '–' : percent(score)),
        },
        {
          key: 'level',
          label: 'Level after',
          numeric: true,
          cell: (point) => point.level.toFixed(1),
        },
      ]}
    >
      <Trend values={points.map(({ level }) => level)} from={1} to={5} goal={own.targetLevel} />
    </Figure>
  );
}
