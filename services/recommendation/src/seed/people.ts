import type { Role } from '@docent/core/principal';
import { sampleId } from './catalogue.ts';
import { firstNames, lastNames, type SampleRole, sampleDepartments } from './company.data.ts';
import type { Random } from './random.ts';

export interface SamplePerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly department: string;
  readonly job: SampleRole;
  /** General ability in logits; what people know before they have learned anything here. */
  readonly ability: number;
  /** How likely they finish what they begin, 0 to 1. */
  readonly diligence: number;
  readonly joined: Date;
  /** Mean days from the end of a course to the next: some always learn, some hardly ever. */
  readonly pauseDays: number;
  /** What they do, when it is told instead of drawn. */
  readonly story?: SampleStory;
}

/** A year of somebody who finishes what they begin. */
export interface SampleStory {
  /** Titles of the courses that they took, one after the other over the year. */
  readonly taken: readonly string[];
  /** The course in which they are, and how far, in percent. */
  readonly current: readonly [course: string, progress: number];
  /** Title of an assessment that they have before them. */
  readonly untaken?: string;
}

/** Somebody who is in the organization already and gets a year in the sample. */
export interface CastMember {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** The people of the sample company: in each department one HR manager, one trainer, learners. */
export function samplePeople(orgId: string, random: Random, start: Date): SamplePerson[] {
  const taken = new Set<string>();
  return sampleDepartments.flatMap(({ name: department, people, ability, roles }) =>
    Array.from({ length: people }, (_, place): SamplePerson => {
      const name = newName(random, taken);
      const email = `${name.toLowerCase().replace(' ', '.').normalize('NFKD').replace(/\p{M}/gu, '')}@sample.example`;
      return {
        id: sampleId(orgId, 'user', email),
        name,
        email,
        role: place === 0 ? 'hr_manager' : place === 1 ? 'trainer' : 'learner',
        department,
        // The first jobs of a department are the common ones.
        job: random.pick(roles.slice(0, random.integer(1, roles.length))),
        ability: random.normal(ability, 0.8),
        diligence: Math.min(0.98, Math.max(0.35, random.normal(0.8, 0.15))),
        // A quarter joined during the year.
        joined: new Date(
          start.getTime() + (random.chance(0.25) ? random.integer(7, 330) : 0) * 86_400_000,
        ),
        pauseDays: random.pick(pauses),
      };
    }),
  );
}

const pauses = [5, 8, 12, 18, 25, 40, 60, 90];

/** What those who were there already do for a living, and in the year, by their role. */
const parts: Record<Role, { department: string; job: string; story: SampleStory }> = {
  learner: {
    department: 'Engineering',
    job: 'Frontend Developer',
    story: {
      taken: [
        'Git for Teams',
        'Pages with HTML and CSS',
        'JavaScript from the Start',
        'Advanced JavaScript',
        'React Development',
      ],
      current: ['TypeScript in Practice', 45],
      untaken: 'React in Practice',
    },
  },
  trainer: {
    department: 'Engineering',
    job: 'Engineering Lead',
    story: {
      taken: ['Agile Project Management', 'Clear Communication', 'Feedback that Helps'],
      current: ['First-time Leaders', 70],
    },
  },
  hr_manager: {
    department: 'Operations',
    job: 'HR Specialist',
    story: {
      taken: ['Clear Communication', 'Fair Hiring', 'Feedback that Helps'],
      current: ['Meetings with a Result', 60],
    },
  },
  admin: {
    department: 'Operations',
    job: 'Project Manager',
    story: {
      taken: ['Project Management Fundamentals', 'Agile Project Management'],
      current: ['Presenting with a Message', 20],
    },
  },
};

/** The same people as part of the company, there for the whole year. */
export function castPeople(cast: readonly CastMember[], start: Date): SamplePerson[] {
  return cast.map((member) => {
    const { department, job: title, story } = parts[member.role];
    const job = sampleDepartments
      .find((each) => each.name === department)
      ?.roles.find((each) => each.title === title);
    if (job === undefined) throw new Error(`nobody is ${title} in ${department}`);
    return {
      ...member,
      department,
      job,
      ability: 0.8,
      diligence: 1,
      joined: start,
      pauseDays: 20,
      story,
    };
  });
}

function newName(random: Random, taken: Set<string>): string {
  for (;;) {
    const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}
