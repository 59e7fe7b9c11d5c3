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
  /** Titles of assessments that they have before them. */
  readonly untaken?: readonly string[];
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
          start.getTime() + (random.chance(0.25) ? random.integer(0, 300) : 0) * 86_400_000,
        ),
      };
    }),
  );
}

/** What those who were there already do for a living, by their role. */
const parts: Record<Role, { department: string; job: string; untaken?: readonly string[] }> = {
  learner: {
    department: 'Engineering',
    job: 'Frontend Developer',
    untaken: ['React in Practice'],
  },
  trainer: { department: 'Engineering', job: 'Engineering Lead' },
  hr_manager: { department: 'Operations', job: 'HR Specialist' },
  admin: { department: 'Operations', job: 'Project Manager' },
};

/** The same people as part of the company: diligent, and there for the whole year. */
export function castPeople(cast: readonly CastMember[], start: Date): SamplePerson[] {
  return cast.map(({ id, name, email, role }) => {
    const { department, job: title, untaken = [] } = parts[role];
    const job = sampleDepartments
      .find((each) => each.name === department)
      ?.roles.find((each) => each.title === title);
    if (job === undefined) throw new Error(`nobody is ${title} in ${department}`);
    return {
      id,
      name,
      email,
      role,
      department,
      job,
      ability: 0.5,
      diligence: 0.98,
      joined: start,
      untaken,
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
