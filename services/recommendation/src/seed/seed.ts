import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { linkAssessed } from '../assessments/assessments.store.ts';
import { foldProgress } from '../progress/fold.store.ts';
import { type Catalogue, sampleCatalogue, sampleId } from './catalogue.ts';
import { sampleDepartments } from './company.data.ts';
import { answeredQuestions, unansweredQuestions } from './content.data.ts';
import { insertQuestions } from './links.store.ts';
import { castPeople, type SamplePerson, samplePeople } from './people.ts';
import { type Random, randomFrom } from './random.ts';
import { simulateYear } from './simulate.ts';
import {
  backdateCompletions,
  findCast,
  findThoseWithAYear,
  giveJobs,
  insertCatalogue,
  insertDeclarations,
  insertDepartments,
  insertPeople,
  insertYear,
} from './write.store.ts';
import type { SampleYear } from './year.ts';

const SEED = 20_261_121;
const YEAR_MS = 365 * 86_400_000;
/** People whose year is written in one transaction: embedded, requests wait for it (of three people 0.3 s on average). */
const PEOPLE_AT_ONCE = 1;
const QUESTIONS_AT_ONCE = 40;

/** How much of what the sample has; what was there already counts, too. */
export interface SampleCounts {
  /** Who made the assessments, and owns the material. */
  readonly trainerId: string;
  readonly people: number;
  readonly departments: number;
  readonly skills: number;
  readonly courses: number;
  readonly assessments: number;
  readonly events: number;
  readonly answers: number;
}

export interface SampleOptions {
  /** Who is there already and gets a place in the company, by e-mail address; who is not there is passed over. */
  readonly cast?: readonly string[];
  /** The end of the year; the same day gives the same year. */
  readonly now?: Date;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fills an organization with a sample company: 300 people in 6 departments, 60 skills, 40 courses, 12
 * assessments and the year before `now`. The same each time; what is there already stays, so that a second
 * time changes nothing, and one that was stopped midway is finished. Written in many small transactions.
 */
export async function seedCompany(
  database: Database,
  orgId: string,
  { cast: emails = [], now = new Date(), signal }: SampleOptions = {},
): Promise<SampleCounts> {
  // Days, not hours: the same on the whole day.
  const today = new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
  const start = new Date(today.getTime() - YEAR_MS);
  const step = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    return database.withPrincipal(workerPrincipal(orgId), work);
  };

  const random = randomFrom(SEED);
  const people = samplePeople(orgId, random, start);
  const year = simulateYear(orgId, random, people, today);
  // Drawn by themselves: how many numbers a year takes depends on its weekdays.
  const questions = questionsOf(orgId, randomFrom(SEED - 1), people, today);
  const cast = castPeople(await step((tx) => findCast(tx, orgId, emails)), start);
  for (const [place, person] of cast.entries()) {
    const own = simulateYear(orgId, randomFrom(SEED + 1 + place), [person], today);
    for (const [userId, rows] of own) year.set(userId, rows);
  }
  const catalogue = sampleCatalogue(orgId);
  const departments = sampleDepartments.map(({ name, parent = null }) => ({
    id: sampleId(orgId, 'department', name),
    name,
    parent,
  }));
  const trainer = [...cast, ...people].find(({ role }) => role === 'trainer');
  if (trainer === undefined) throw new Error('the sample has no trainer');

  await step((tx) => insertDepartments(tx, orgId, departments));
  await step((tx) => giveJobs(tx, orgId, cast));
  for (const some of parts(people, 50)) await step((tx) => insertPeople(tx, orgId, some));
  await writeCatalogue(step, orgId, catalogue, trainer.id);
  await writeYear(database, step, orgId, [...cast, ...people], year);
  for (const some of parts(questions, QUESTIONS_AT_ONCE)) {
    await step((tx) => insertQuestions(tx, orgId, some));
  }
  return {
    trainerId: trainer.id,
    people: people.length + cast.length,
    departments: departments.length,
    skills: catalogue.skills.length,
    courses: catalogue.courses.length,
    assessments: catalogue.assessments.length,
    events: sum(year, ({ events }) => events.length),
    answers: sum(year, ({ answers }) => answers.length),
  };
}

type Step = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

async function writeCatalogue(
  step: Step,
  orgId: string,
  catalogue: Catalogue,
  by: string,
): Promise<void> {
  for (const insert of insertCatalogue(orgId, catalogue, by)) await step(insert);
  for (const { id } of catalogue.assessments) await step((tx) => linkAssessed(tx, orgId, id));
}

/** What the people did: who has a year already is passed over. */
async function writeYear(
  database: Database,
  step: Step,
  orgId: string,
  people: readonly SamplePerson[],
  year: ReadonlyMap<string, SampleYear>,
): Promise<void> {
  const done = await step((tx) => findThoseWithAYear(tx, orgId));
  const left = people.filter(({ id }) => !done.has(id));
  for (const some of parts(left, PEOPLE_AT_ONCE)) {
    const rows = some.flatMap(({ id }) => year.get(id) ?? []);
    // What people say of themselves only they can write; who has the rest of a year has it, too.
    for (const { id: userId, role } of some) {
      const own = year.get(userId)?.declarations.filter(({ kind }) => kind === 'self') ?? [];
      if (own.length === 0) continue;
      const principal = { orgId, userId, role, departmentIds: [], scopes: ['*'] };
      await database.withPrincipal(principal, (tx) => insertDeclarations(tx, orgId, own));
    }
    await step(async (tx) => {
      await insertYear(tx, orgId, rows);
      const keys = new Map(
        rows
          .flatMap(({ events }) => events)
          .map(({ user_id: userId, course_id: courseId }) => [
            `${userId}/${courseId}`,
            { userId, courseId, skillId: null },
          ]),
      );
      await foldProgress(tx, orgId, [...keys.values()]);
      await backdateCompletions(
        tx,
        orgId,
        some.map(({ id }) => id),
      );
      const confirmed = rows.flatMap(({ declarations }) =>
        declarations.filter(({ kind }) => kind === 'manager'),
      );
      if (confirmed.length > 0) await insertDeclarations(tx, orgId, confirmed);
    });
  }
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
      messageIds: [
        sampleId(orgId, 'question', `asked ${number}`),
        sampleId(orgId, 'answer', `to ${number}`),
      ],
      userId: random.pick(people).id,
      text: answered
        ? random.pick(answeredQuestions)
        : random.pick(random.pick(unansweredQuestions)),
      answered,
      askedAt: new Date(today.getTime() - random.integer(1, 90 * 24) * 3_600_000).toISOString(),
    };
  });
}

function parts<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

function sum(year: ReadonlyMap<string, SampleYear>, of: (rows: SampleYear) => number): number {
  return [...year.values()].reduce((total, rows) => total + of(rows), 0);
}
