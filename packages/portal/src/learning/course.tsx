import type { Course, NodeRef } from '@docent/contracts/learning';
import type { Progress } from '@docent/contracts/learningProgress';
import type { UserSkillDetail } from '@docent/contracts/recommend';
import { useCallback } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Api } from '../api/client.ts';
import { useApi } from '../api/context.tsx';
import { useLoaded } from '../api/resource.ts';
import { useMe } from '../session/session.tsx';
import { Badge } from '../ui/meter.tsx';
import { Page } from '../ui/page.tsx';
import { duration } from '../ui/words.ts';
import { pageOf } from './addresses.ts';
import { Links, Loading } from './links.tsx';
import { OwnProgress } from './ownProgress.tsx';
import { assessmentsOf, contentsOf, ownProgress } from './related.ts';

/** A course: what it teaches and is made of, what it needs, and how far the person is. */
export function CoursePage({ id = '' }: { readonly id?: string }) {
  return <OneCourse key={id} id={id} />;
}

const back = { href: '/app/learning', label: 'My learning' };
const difficulties = ['', 'For beginners', 'Easy', 'Intermediate', 'Advanced', 'For experts'];

function OneCourse({ id }: { readonly id: string }) {
  const api = useApi();
  const me = useMe();
  const { query } = useLocation();
  const resource = useLoaded(
    useCallback((signal: AbortSignal) => load(api, me.user.id, id, signal), [api, me, id]),
  );
  const { data } = resource;
  if (data === undefined) {
    return <Loading of={resource} title="Course" gone="This course is not there" back={back} />;
  }
  const { course, progress, contents, assessments, prerequisites } = data;
  const about = [
    course.durationMinutes === null ? null : `About ${duration(course.durationMinutes)}`,
    difficulties[course.difficulty],
  ];
  return (
    <Page
      title={course.title}
      intro={about.filter((part) => part !== null).join(' · ')}
      back={back}
    >
      {course.description !== '' && <p class="prose">{course.description}</p>}
      <OwnProgress
        course={course}
        progress={progress}
        recommendation={query.recommendation}
        onChange={(now) => resource.set({ ...data, progress: now })}
      />
      {course.objectives.length > 0 && (
        <section class="stack" aria-labelledby="objectives">
          <h2 id="objectives">What you learn</h2>
          <ul class="bullets">
            {course.objectives.map((objective) => (
              <li key={objective}>{objective}</li>
            ))}
          </ul>
        </section>
      )}
      <Links
        title="What you should know before"
        items={prerequisites.map(({ kind, id: before, title, known }) => ({
          href: pageOf(kind, before),
          title,
          about: (
            <>
              {kind === 'course' ? 'Course ' : 'Skill '}
              {known === null ? (
                <Badge>Not known yet</Badge>
              ) : known ? (
                <Badge tone="good">You have it</Badge>
              ) : (
                <Badge tone="warning">Something is missing</Badge>
              )}
            </>
          ),
        }))}
      />
      <Links
        title="Material"
        items={contents.map(({ id: content, title }) => ({
          href: pageOf('content', content),
          title,
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
        title="Skills that it teaches"
        items={course.skills.map(({ id: skill, title }) => ({
          href: pageOf('skill', skill),
          title,
        }))}
      />
    </Page>
  );
}

/** From this level on a skill counts as known before something else, as in learning paths. */
const KNOWN_LEVEL = 4;

interface Prerequisite extends NodeRef {
  readonly kind: 'course' | 'skill';
  /** Null: nothing is known of it. */
  readonly known: boolean | null;
}

async function load(api: Api, userId: string, id: string, signal: AbortSignal) {
  const [course, progress, contents, assessments] = await Promise.all([
    api.get<Course>(`/v1/courses/${id}`, { signal }),
    ownProgress(api, id, signal),
    contentsOf(api, { kind: 'course', id }, signal),
    assessmentsOf(api, { kind: 'course', id }, signal),
  ]);
  const prerequisites = await Promise.all(
    course.prerequisites.map((node) => standing(api, userId, node, signal)),
  );
  return { course, progress, contents, assessments, prerequisites: prerequisites.flat() };
}

async function standing(
  api: Api,
  userId: string,
  { kind, id, title }: NodeRef,
  signal: AbortSignal,
): Promise<Prerequisite[]> {
  if (kind === 'course') {
    const progress: Progress | null = await ownProgress(api, id, signal);
    return [{ kind, id, title, known: progress === null ? null : progress.status === 'completed' }];
  }
  if (kind !== 'skill') return [];
  const skill = await api.get<UserSkillDetail>(`/v1/users/${userId}/skills/${id}`, { signal });
  return [{ kind, id, title, known: skill.level === null ? null : skill.level >= KNOWN_LEVEL }];
}
