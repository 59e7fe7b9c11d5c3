import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { linkAssessed } from '../assessments/assessments.store.ts';
import { foldProgress } from '../progress/fold.store.ts';
import { sampleCatalogue, sampleId } from './catalogue.ts';
import { sampleDepartments } from './company.data.ts';
import { answeredQuestions, unansweredQuestions } from './content.data.ts';
import { insertQuestions } from './links.store.ts';
import { type SamplePerson, samplePeople } from './people.ts';
import { type Random, randomFrom } from './random.ts';
import { simulateYear } from './simulate.ts';
import {
  backdateCompletions,
  insertCatalogue,
  insertDeclarations,
  insertDepartments,
  insertPeople,
  insertYear,
} from './write.store.ts';

const SEED = 20_261_121;
const YEAR_MS = 365 * 86_400_000;

/** How much of what the sample has; what was there already counts, too. */
export interface SampleCounts {
  /** Who made the assessments. */
  readonly trainerId: string;
  readonly people: number;
  readonly departments: number;
  readonly skills: number;
  readonly courses: number;
  readonly assessments: number;
  readonly events: number;
  readonly answers: number;
}

/**
 * Fills an organization with a sample company: 300 people in 6 departments, 60 skills, 40 courses, 12
 * assessments and the year before `now`. The same each time; what is there already stays, so that a second
 * time changes nothing (on another day: adds what that day's year has more).
 */
export async function seedCompany(
  database: Database,
  orgId: string,
  now: Date = new Date(),
): Promise<SampleCounts> {
  // Days, not hours: the same on the whole day.
  const today = new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
  const random = randomFrom(SEED);
  const people = samplePeople(orgId, random, new Date(today.getTime() - YEAR_MS));
  const year = simulateYear(orgId, random, people, today);
  const catalogue = sampleCatalogue(orgId);
  const departments = sampleDepartments.map(({ name, parent = null }) => ({
    id: sampleId(orgId, 'department', name),
    name,
    parent,
  }));
  const trainer = people.find(({ role }) => role === 'trainer');
  if (trainer === undefined) throw new Error('the sample has no trainer');

  await database.withPrincipal(workerPrincipal(orgId), async (tx) => {
    await insertDepartments(tx, orgId, departments);
    await insertPeople(tx, orgId, people);
    await insertCatalogue(tx, orgId, catalogue, trainer.id);
    for (const { id } of catalogue.assessments) await linkAssessed(tx, orgId, id);
    await insertYear(tx, orgId, year);
    const keys = new Map(
      year.events.map(({ user_id: userId, course_id: courseId }) => [
        `${userId}/${courseId}`,
        { userId, courseId, skillId: null },
      ]),
    );
    await foldProgress(tx, orgId, [...keys.values()]);
    await backdateCompletions(tx, orgId);
    await insertQuestions(tx, orgId, questionsOf(orgId, random, people, today));
    const { declarations } = year;
    await insertDeclarations(
      tx,
      orgId,
      declarations.filter(({ kind }) => kind === 'manager'),
    );
  });
  for (const person of people) {
    const own = year.declarations.filter(
      ({ kind, user_id }) => kind === 'self' && user_id === person.id,
    );
    if (own.length === 0) continue;
    const { id: userId, role } = person;
    const principal = { orgId, userId, role, departmentIds: [], scopes: ['*'] };
    await database.withPrincipal(principal, (tx) => insertDeclarations(tx, orgId, own));
  }
  return {
    trainerId: trainer.id,
    people: people.length,
    departments: departments.length,
    skills: catalogue.skills.length,
    courses: catalogue.courses.length,
    assessments: catalogue.assessments.length,
    events: year.events.length,
    answers: year.answers.length,
  };
}

/** What people asked the assistant in the last quarter: often what nobody has written down. */
function questionsOf(
  orgId: string,
  random: Random,
  people: readonly SamplePerson[],
  today: Date,
): Parameters<typeof insertQuestions>[2] {
  return Array.from({ length: 160 }, (_, number) => {
    const answered = random.chance(0.4);
    return {
      id: sampleId(orgId, 'question asked', `${number}`),
      userId: random.pick(people).id,
      text: answered
        ? random.pick(answeredQuestions)
        : random.pick(random.pick(unansweredQuestions)),
      answered,
      askedAt: new Date(today.getTime() - random.integer(1, 90 * 24) * 3_600_000).toISOString(),
    };
  });
}
