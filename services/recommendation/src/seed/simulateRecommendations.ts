import { explain, type Reason } from '../recommend/reasons.ts';
import { sampleId } from './catalogue.ts';
import { mandatoryCourses, sampleCourses } from './courses.data.ts';
import type { SamplePerson } from './people.ts';
import type { Random } from './random.ts';
import type { SampleYear } from './year.ts';

/** Courses of a list that somebody looked at. */
const SHOWN = 3;
/** Chance that somebody opens one that they then do not begin. */
const CURIOUS = 0.05;

/**
 * A list of recommended courses that was looked at; what became of it follows from what the person did afterwards.
 *
 * @param at milliseconds.
 * @param taken title of the course that they opened and then began; null: none of them.
 * @param before titles of the courses that they have completed, in their order.
 */
export function lookAtRecommendations({
  orgId,
  random,
  person,
  year,
  at,
  taken,
  before,
}: {
  orgId: string;
  random: Random;
  person: SamplePerson;
  year: SampleYear;
  at: number;
  taken: string | null;
  before: ReadonlySet<string>;
}): void {
  const titles = new Set<string>();
  while (titles.size < SHOWN) {
    const title = random.pick(
      random.chance(0.6) ? person.job.track : sampleCourses.map(([t]) => t),
    );
    const fits = !before.has(title) && !mandatoryCourses.includes(title);
    // Whoever has completed the whole track is shown something else.
    if (fits || random.chance(0.05)) titles.add(title);
  }
  const list = [...titles].filter((title) => title !== taken);
  // What is higher up is begun more often.
  if (taken !== null) list.splice(Math.floor(3 * random.next() ** 2), 0, taken);
  for (const [index, title] of list.slice(0, SHOWN).entries()) {
    const opened = title === taken || random.chance(CURIOUS);
    const { reasonType, reason, evidence } = explain(
      reasonFor(orgId, random, person, title, before),
    );
    year.recommendations.push({
      id: sampleId(orgId, 'recommendation', `${person.email}/${at}/${title}`),
      user_id: person.id,
      item_id: sampleId(orgId, 'course', title),
      position: index + 1,
      score: Math.round(1000 * (0.9 - 0.12 * index - 0.05 * random.next())) / 1000,
      reason,
      reason_type: reasonType,
      evidence,
      shown_at: new Date(at).toISOString(),
      clicked_at: opened ? new Date(at + random.integer(5, 90) * 1000).toISOString() : null,
    });
  }
}

function reasonFor(
  orgId: string,
  random: Random,
  { job }: SamplePerson,
  title: string,
  before: ReadonlySet<string>,
): Reason {
  const teaches = sampleCourses.find(([other]) => other === title)?.[5] ?? [];
  const need = job.needs.find(([skill]) => teaches.includes(skill));
  const last = [...before].at(-1);
  if (need !== undefined && random.chance(0.6)) {
    const skill = { id: sampleId(orgId, 'skill', need[0]), title: need[0] };
    return { type: 'skill_gap', skill, level: null, required: need[1] };
  }
  if (last !== undefined && job.track.includes(title)) {
    const from = { id: sampleId(orgId, 'course', last), title: last };
    return { type: 'next_step', from, people: null };
  }
  return random.chance(0.7)
    ? { type: 'popular', where: 'department', people: null }
    : { type: 'explore' };
}
