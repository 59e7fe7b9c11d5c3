import { newId } from '@docent/core/ids';
import { type Principal, type Role, roles } from '@docent/core/principal';

/** A person whose rows there are. */
export interface Person {
  readonly id: string;
  readonly orgId: string;
  readonly departmentId: string | null;
  readonly role: Role;
}

/**
 * Two organizations. At home: a person of each role and a `mate` in one department, one person below it, one in
 * another, one in none (`loose`). Abroad: people, named with an @, and a department with the *same ids*, so that
 * nothing but the wall between organizations keeps them apart.
 */
export interface World {
  readonly home: string;
  readonly abroad: string;
  readonly departments: { readonly own: string; readonly below: string; readonly other: string };
  readonly people: Readonly<Record<string, Person>>;
}

export function makeWorld(): World {
  const [home, abroad] = [newId(), newId()];
  const departments = { own: newId(), below: newId(), other: newId() };
  const people: Record<string, Person> = {};
  const add = (key: string, role: Role, departmentId: string | null) => {
    people[key] = { id: newId(), orgId: home, departmentId, role };
  };
  // The first ones: others' rows may refer to theirs.
  add('mate', 'learner', departments.own);
  for (const role of roles) add(role, role, departments.own);
  add('below', 'learner', departments.below);
  add('other', 'learner', departments.other);
  add('loose', 'learner', null);
  for (const key of ['mate', ...roles]) {
    const twin = people[key];
    if (twin) people[`${key}@`] = { ...twin, orgId: abroad };
  }
  // Somebody abroad who shares nothing with anybody at home.
  people['stranger@'] = { id: newId(), orgId: abroad, departmentId: newId(), role: 'learner' };
  return { home, abroad, departments, people };
}

export function personOf(world: World, key: string): Person {
  const person = world.people[key];
  if (person === undefined) throw new Error(`There is nobody called ${key}.`);
  return person;
}

/** A person as who calls, with all rights of the role. */
export function principalOf(world: World, role: Role): Principal {
  const { id, orgId } = personOf(world, role);
  const { own, below } = world.departments;
  const departmentIds = role === 'hr_manager' ? [own, below] : [own];
  return { orgId, userId: id, role, departmentIds, scopes: ['*'] };
}
