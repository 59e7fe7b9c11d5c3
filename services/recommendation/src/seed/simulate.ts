import { sampleAssessments } from './assessments.data.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import { sampleId } from './catalogue.ts';
import { mandatoryCourses, sampleCourses } from './courses.data.ts';
import type { SamplePerson, SampleStory } from './people.ts';
import type { Random } from './random.ts';
import { lookAtRecommendations } from './simulateRecommendations.ts';
import { type Knowledge, knowledgeOf, takeAssessment } from './simulateTests.ts';
import { newYear, type SampleYear, writeEvent } from './year.ts';

const DAY = 86_400_000;
/** Minutes of a course that people do at one go, and at how many goes at most: longer ones are done in longer goes. */
const SITTING_MINUTES = 75;
const MOST_SITTINGS = 7;
/** Days of the year on which what everybody must know is assigned again, and within how many it is due. */
const mandatoryDays = [20, 125, 230];
const MANDATORY_DAYS = 30;
/** Share of the courses of a job that a manager assigns, and within how many days they are due. */
const ASSIGNED = 0.5;
const ASSIGNED_DAYS = [60, 100] as const;
/** Share of what is assigned that nobody begins. */
const NEVER_BEGUN = 0.05;
/** Share of the courses with an assessment that people try to pass without the course. */
const TRIED_BEFORE = 0.25;
/** Share of the courses begun by oneself that were recommended before, and of pauses with a look at the list in vain. */
const RECOMMENDED = 0.22;
const LOOKED_IN_VAIN = 0.25;
/** Share of pauses between courses in which people take a check of a skill of their job. */
const CHECKED = 0.12;
/** Share of those who passed what is mandatory that are asked again about half a year later. */
const ASKED_AGAIN = 0.35;
/** Share of those who stop that say so, so that they count as dropped. */
const SAID_SO = 0.6;

/**
 * What the people do until `now`: each follows the track of their job with jumps to other courses, on working days, a
 * sitting at a time; some drop out, some are late with what is assigned to them. Answers come from ability, which
 * grows with courses that teach the skill. So mastery, gaps and what is taken together have a structure to be found.
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
      const calendar = calendarOf(random, person.joined.getTime(), now.getTime());
      const life: Life = {
        orgId,
        random,
        person,
        calendar,
        now: now.getTime(),
        year: newYear(),
        knowledge: knowledgeOf(person, random),
        completed: new Set(),
      };
      takeWhatIsMandatory(life);
      if (person.story === undefined) takeWhatHelps(life);
      else live(life, person.story);
      declare(life);
      return [person.id, life.year];
    }),
  );
}

/** Somebody's year while it is made. Times in milliseconds. */
interface Life {
  readonly orgId: string;
  readonly random: Random;
  readonly person: SamplePerson;
  readonly calendar: Calendar;
  readonly now: number;
  readonly year: SampleYear;
  readonly knowledge: Knowledge;
  /** Titles of courses. */
  readonly completed: Set<string>;
}

/** Those who were there before the year get it at fixed days, new ones in their first weeks. */
function takeWhatIsMandatory(life: Life): void {
  const { person, calendar, random, now } = life;
  const joined = person.joined.getTime();
  const isNew = now - joined < 364 * DAY;
  for (const [place, title] of mandatoryCourses.entries()) {
    const day = isNew ? 1 + place * 4 : (mandatoryDays[place] ?? 0) + random.integer(0, 60);
    const assignedAt = calendar.after(joined, person.story === undefined ? day : place + 1);
    const begun = calendar.after(assignedAt, random.integer(0, 26));
    const over = takeCourse(life, title, begun, {
      assigned: { at: assignedAt, due: assignedAt + MANDATORY_DAYS * DAY },
      mandatory: true,
    });
    if (person.story === undefined && life.completed.has(title) && random.chance(ASKED_AGAIN)) {
      takeAssessment({ ...life, title, after: over + random.integer(120, 200) * DAY, attempts: 1 });
    }
  }
}

function takeWhatHelps(life: Life): void {
  const { person, calendar, random, now } = life;
  let at = person.joined.getTime() + random.next() * person.pauseDays * DAY;
  for (const title of planOf(person, random)) {
    if (random.chance(CHECKED)) checkSkills(life, calendar.after(at, random.integer(1, 10)));
    if (life.completed.has(title)) continue;
    const begun = calendar.after(at, random.integer(2, Math.round(2 * person.pauseDays)));
    const assignedAt = begun - random.integer(5, 40) * DAY;
    const isAssigned =
      person.job.track.includes(title) &&
      random.chance(ASSIGNED) &&
      assignedAt > person.joined.getTime();
    const assigned = isAssigned
      ? { at: assignedAt, due: assignedAt + random.integer(...ASSIGNED_DAYS) * DAY }
      : undefined;
    if (random.chance(LOOKED_IN_VAIN)) look(life, calendar.after(at, 1), null);
    if (!isAssigned && random.chance(RECOMMENDED)) {
      look(life, Math.max(at, begun - random.integer(0, 9) * DAY - 3_600_000), title);
    }
    at = takeCourse(life, title, begun, { assigned });
    if (at > now) return;
  }
}

/** Looks at what is recommended. */
function look(life: Life, at: number, taken: string | null): void {
  if (at <= life.now) lookAtRecommendations({ ...life, at, taken, before: life.completed });
}

/** An assessment of a skill that the job needs, learned or not; passing it passes its course. */
function checkSkills(life: Life, after: number): void {
  const needs = new Set(life.person.job.needs.map(([skill]) => skill));
  const fitting = sampleAssessments.filter(({ questions }) =>
    questions.some(([, , skill]) => needs.has(skill)),
  );
  if (fitting.length === 0) return;
  const { course } = life.random.pick(fitting);
  const { passedAt } = takeAssessment({ ...life, title: course, after, attempts: 1 });
  if (passedAt === null || life.completed.has(course)) return;
  reporter(life, course)(passedAt, 'completed', 100);
  life.completed.add(course);
}

/** Courses at even distances, and the last one is not over. */
function live(life: Life, { taken, current: [course, progress] }: SampleStory): void {
  const { person, now } = life;
  const joined = person.joined.getTime();
  const distance = (now - joined) / (taken.length + 1);
  for (const [place, title] of taken.entries()) {
    takeCourse(life, title, joined + (place + 0.5) * distance, {});
  }
  takeCourse(life, course, now - 12 * DAY, { until: progress });
}

/** Reports about a course go on counting where the last one stopped. */
function reporter({ orgId, person, now, year }: Life, title: string) {
  return (time: number, status: string | null, progress: number | null, due?: number) => {
    if (time <= now) writeEvent(year, { orgId, person, title, status, progress, due, time });
  };
}

/** @returns when it was over, in milliseconds. */
function takeCourse(
  life: Life,
  title: string,
  begun: number,
  {
    assigned,
    mandatory = false,
    until,
  }: {
    assigned?: { readonly at: number; readonly due: number } | undefined;
    mandatory?: boolean;
    until?: number;
  },
): number {
  const { random, person, calendar, now, knowledge, completed } = life;
  const course = sampleCourses.find((each) => each[0] === title);
  if (course === undefined) throw new Error(`there is no course ${title}`);
  const [, minutes, difficulty, , , teaches] = course;
  const report = reporter(life, title);
  const drawn = person.story === undefined;
  if (assigned !== undefined) report(assigned.at, 'assigned', null, assigned.due);
  if (assigned !== undefined && drawn && random.chance(NEVER_BEGUN)) return begun;

  report(begun, 'in_progress', 0);
  if (until !== undefined) {
    report(now - DAY, null, until);
    return now;
  }
  if (drawn && !mandatory && random.chance(TRIED_BEFORE)) {
    const { passedAt } = takeAssessment({ ...life, title, after: begun, attempts: 1 });
    if (passedAt !== null) {
      report(passedAt, 'completed', 100);
      completed.add(title);
      return passedAt;
    }
  }
  const sittings = Math.min(MOST_SITTINGS, Math.max(1, Math.ceil(minutes / SITTING_MINUTES)));
  // Hard courses lose more of those who find them hard.
  const struggle = Math.max(0, (difficulty - 2.5) * 0.08 - person.ability * 0.05);
  const finishes =
    !drawn || random.chance(Math.max(0.4, person.diligence - struggle + (mandatory ? 0.12 : 0)));
  const stopsAfter = finishes ? sittings : Math.floor(sittings * 0.8 * random.next() ** 1.5);
  let at = begun;
  for (let sitting = 1; sitting <= stopsAfter; sitting += 1) {
    at = calendar.after(at, random.integer(2, 6));
    if (sitting < sittings) {
      const progress = (100 * sitting) / sittings + random.integer(-4, 4);
      report(at, null, Math.min(95, Math.max(3, Math.round(progress))));
    }
  }
  if (!finishes) {
    if (random.chance(SAID_SO)) report(calendar.after(at, random.integer(6, 21)), 'dropped', null);
    return at;
  }
  report(at, 'completed', 100);
  if (at <= now) completed.add(title);
  for (const [place, skill] of teaches.entries()) knowledge.learn(skill, place === 0 ? 1 : 0.7);
  return takeAssessment({ ...life, title, after: at, attempts: 3 }).at;
}

/** People think a little better of themselves than their managers do. */
function declare({ orgId, random, person, now, year, knowledge }: Life): void {
  const needs = person.job.needs.slice(0, 3);
  for (const kind of ['self', 'manager'] as const) {
    if (!random.chance(kind === 'self' ? 0.45 : 0.2) && person.story === undefined) continue;
    for (const [skill] of needs) {
      const guess = knowledge.level(skill) + (kind === 'self' ? 0.3 : 0);
      year.declarations.push({
        id: sampleId(orgId, 'declaration', `${person.email}/${skill}/${kind}`),
        user_id: person.id,
        skill_id: sampleId(orgId, 'skill', skill),
        kind,
        level: Math.min(5, Math.max(1, Math.round(random.normal(guess, 0.5)))),
        declared_at: new Date(now - random.integer(5, 200) * DAY).toISOString(),
      });
    }
  }
}

/** The track of the job in its order, with gaps, and now and then something else; then what they like. */
function planOf(person: SamplePerson, random: Random): string[] {
  const plan: string[] = [];
  for (const title of person.job.track) {
    if (random.chance(0.12)) plan.push(random.pick(sampleCourses)[0]);
    if (random.chance(0.88)) plan.push(title);
  }
  for (let more = 0; more < 8; more += 1) plan.push(random.pick(sampleCourses)[0]);
  return [...new Set(plan)].filter((title) => !mandatoryCourses.includes(title));
}
