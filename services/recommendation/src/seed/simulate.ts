import { sampleAssessments } from './assessments.data.ts';
import { sampleId } from './catalogue.ts';
import { mandatoryCourses, sampleCourses } from './courses.data.ts';
import type { SamplePerson, SampleStory } from './people.ts';
import type { Random } from './random.ts';

const DAY = 86_400_000;
/** What a finished course adds to the ability in its skills, in logits. */
const GAIN = 0.9;

/** Rows of a person's year, times as ISO 8601. */
export interface SampleYear {
  readonly events: {
    id: string;
    user_id: string;
    course_id: string;
    event_id: string;
    status: string | null;
    progress: number | null;
    due_at: string | null;
    occurred_at: string;
  }[];
  readonly attempts: {
    id: string;
    user_id: string;
    assessment_id: string;
    question_ids: string[];
    started_at: string;
    completed_at: string;
    time_taken_seconds: number;
    score: number;
    passed: boolean;
  }[];
  readonly answers: {
    id: string;
    user_id: string;
    attempt_id: string;
    question_id: string;
    skill_id: string;
    score: number;
    answered_at: string;
  }[];
  readonly declarations: {
    id: string;
    user_id: string;
    skill_id: string;
    kind: 'self' | 'manager';
    level: number;
    declared_at: string;
  }[];
}

/**
 * What the people do until `now`: each follows the track of their job with jumps to other courses, some drop out,
 * some are late with what is mandatory. Answers come from ability: sigmoid(θ − (difficulty − 3) · 0.8), θ growing
 * with courses that teach the skill. So mastery, gaps and what is taken together have a structure to be found.
 *
 * @returns the year of each person, by their id.
 */
export function simulateYear(
  orgId: string,
  random: Random,
  people: readonly SamplePerson[],
  now: Date,
): Map<string, SampleYear> {
  return new Map(
    people.map((person) => {
      const year: SampleYear = { events: [], attempts: [], answers: [], declarations: [] };
      simulatePerson(orgId, random, person, now, year);
      return [person.id, year];
    }),
  );
}

function simulatePerson(
  orgId: string,
  random: Random,
  person: SamplePerson,
  now: Date,
  year: SampleYear,
): void {
  const known = new Map<string, number>();
  const ability = (skill: string) => {
    const value = known.get(skill) ?? person.ability + random.normal(0, 0.5);
    known.set(skill, value);
    return value;
  };
  let at = person.joined.getTime() + random.integer(1, 20) * DAY;

  for (const title of mandatoryCourses) {
    const begun = person.joined.getTime() + random.integer(1, 50) * DAY;
    takeCourse(title, begun, { dueAt: person.joined.getTime() + 30 * DAY });
  }
  if (person.story !== undefined) live(person.story);
  else {
    for (const title of planOf(person, random)) {
      at += random.integer(4, 45) * DAY;
      if (at > now.getTime()) break;
      at = takeCourse(title, at, {});
    }
  }
  declare();

  /** Courses at even distances, and the last one is not over. */
  function live({ taken, current: [course, progress] }: SampleStory): void {
    const distance = (now.getTime() - person.joined.getTime()) / (taken.length + 1);
    for (const [place, title] of taken.entries()) {
      takeCourse(title, person.joined.getTime() + (place + 0.5) * distance, {});
    }
    takeCourse(course, now.getTime() - 12 * DAY, { until: progress });
  }

  /** @returns when it was over. */
  function takeCourse(
    title: string,
    start: number,
    { dueAt, until }: { dueAt?: number; until?: number },
  ): number {
    const course = sampleCourses.find((each) => each[0] === title);
    if (course === undefined) throw new Error(`there is no course ${title}`);
    const [, minutes, difficulty, , , teaches] = course;
    let number = 0;
    const report = (time: number, status: string | null, progress: number | null) => {
      if (time > now.getTime()) return;
      number += 1;
      const event_id = `${person.email}/${title}/${number}`;
      year.events.push({
        id: sampleId(orgId, 'event', event_id),
        user_id: person.id,
        course_id: sampleId(orgId, 'course', title),
        event_id,
        status,
        progress,
        due_at: status === 'assigned' && dueAt !== undefined ? iso(dueAt) : null,
        occurred_at: iso(time),
      });
    };
    if (dueAt !== undefined) report(person.joined.getTime(), 'assigned', null);
    // Some never begin what they must.
    if (dueAt !== undefined && random.chance(0.06) && person.story === undefined) return start;

    const days = Math.max(1, (minutes / 60) * random.integer(1, 5));
    // Hard courses lose more of those who find them hard.
    const struggle = Math.max(0, (difficulty - 2.5) * 0.12 - person.ability * 0.08);
    const drawn = random.chance(Math.max(0.3, person.diligence - struggle + (dueAt ? 0.12 : 0)));
    const finishes = drawn || person.story !== undefined;
    const steps = finishes ? [20, 45, 70] : [15, 35, 55].slice(0, random.integer(0, 3));
    report(start, 'in_progress', 0);
    if (until !== undefined) {
      report(now.getTime() - DAY, null, until);
      return now.getTime();
    }
    steps.forEach((progress, index) => {
      const jitter = random.integer(0, 8);
      report(start + ((index + 1) / 4) * days * DAY + jitter * 3_600_000, null, progress + jitter);
    });
    if (!finishes) {
      if (random.chance(0.35)) report(start + (days + 40) * DAY, 'dropped', null);
      return start + days * DAY;
    }
    const end = start + days * DAY;
    report(end, 'completed', 100);
    for (const [place, skill] of teaches.entries()) {
      known.set(skill, ability(skill) + GAIN * (place === 0 ? 1 : 0.6));
    }
    return takeAssessment(title, end);
  }

  function takeAssessment(courseTitle: string, after: number): number {
    const assessment = sampleAssessments.find(({ course }) => course === courseTitle);
    if (assessment === undefined || assessment.title === person.story?.untaken) return after;
    let time = after;
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      time += random.integer(1, 60) * 3_600_000;
      if (time > now.getTime()) return time;
      const name = `${person.email}/${assessment.title}/${attempt}`;
      const id = sampleId(orgId, 'attempt', name);
      const seconds = Math.round(assessment.minutes * 60 * (0.3 + 0.6 * random.next()));
      const answers = assessment.questions.map(([, difficulty, skill], position) => {
        const p = sigmoid(ability(skill) + 0.3 * attempt - (difficulty - 3) * 0.8);
        return {
          id: sampleId(orgId, 'answer', `${name}/${position}`),
          user_id: person.id,
          attempt_id: id,
          question_id: sampleId(orgId, 'question', `${assessment.title}/${position}`),
          skill_id: sampleId(orgId, 'skill', skill),
          score: random.chance(p) ? 1 : 0,
          answered_at: iso(time + seconds * 1000),
        };
      });
      const right = answers.filter(({ score }) => score === 1).length;
      const score = Math.round((right / answers.length) * 1e6) / 1e4;
      const passed = score >= assessment.passingScore;
      year.answers.push(...answers);
      year.attempts.push({
        id,
        user_id: person.id,
        assessment_id: sampleId(orgId, 'assessment', assessment.title),
        question_ids: answers.map(({ question_id }) => question_id),
        started_at: iso(time),
        completed_at: iso(time + seconds * 1000),
        time_taken_seconds: seconds,
        score,
        passed,
      });
      if (passed || random.chance(0.4)) return time;
      for (const [, , skill] of assessment.questions) known.set(skill, ability(skill) + 0.15);
    }
    return time;
  }

  /** People think a little better of themselves than their managers do. */
  function declare(): void {
    const needs = person.job.needs.slice(0, 3);
    for (const kind of ['self', 'manager'] as const) {
      if (!random.chance(kind === 'self' ? 0.45 : 0.2) && person.story === undefined) continue;
      for (const [skill] of needs) {
        const guess = 1 + 4 * sigmoid(ability(skill) + (kind === 'self' ? 0.4 : 0));
        year.declarations.push({
          id: sampleId(orgId, 'declaration', `${person.email}/${skill}/${kind}`),
          user_id: person.id,
          skill_id: sampleId(orgId, 'skill', skill),
          kind,
          level: Math.min(5, Math.max(1, Math.round(random.normal(guess, 0.5)))),
          declared_at: iso(now.getTime() - random.integer(5, 200) * DAY),
        });
      }
    }
  }
}

/** The track of the job in its order, with gaps, and now and then something else. */
function planOf(person: SamplePerson, random: Random): string[] {
  const plan: string[] = [];
  for (const title of person.job.track) {
    if (random.chance(0.12)) plan.push(random.pick(sampleCourses)[0]);
    if (random.chance(0.88)) plan.push(title);
  }
  return [...new Set(plan)].filter((title) => !mandatoryCourses.includes(title));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
