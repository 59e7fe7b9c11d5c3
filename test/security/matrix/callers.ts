import { newId } from '@docent/core/ids';
import {
  extents,
  type Grant,
  type Principal,
  roles,
  type Scope,
  scopes,
  workerPrincipal,
} from '@docent/core/principal';
import type { Actor } from '../rights/rights.ts';
import { personOf, principalOf, type World } from './world.ts';

/** Who tries the cells of the matrix. */
export interface Caller {
  readonly name: string;
  /** Null: no context at all. */
  readonly principal: Principal | null;
  /** Whose rights these are; null: nobody's, everything is denied. */
  readonly actor: Actor | null;
  /** The key of the person in the world; workers are nobody. */
  readonly person: string | null;
  /** Settings that an injected statement makes after the transaction began. */
  readonly forges?: Readonly<Record<string, string>>;
  /** A key with this scope only. */
  readonly scope?: Scope;
  readonly grants?: readonly Grant[];
  /** The scope that a key or a grant is about. */
  readonly about?: Scope;
}

/** The roles and the worker, with all rights of theirs, and those who are asked before anybody is known. */
export function actors(world: World): Caller[] {
  return [
    ...roles.map((role) => ({
      name: role,
      principal: principalOf(world, role),
      actor: role,
      person: role,
    })),
    { name: 'worker', principal: workerPrincipal(world.home), actor: 'worker', person: null },
    { name: 'key look-up', principal: null, actor: 'key_look_up', person: 'learner' },
    { name: 'issuer look-up', principal: null, actor: 'issuer_look_up', person: null },
  ];
}

/** Callers that have no right to anything. */
export function strangers(world: World): Caller[] {
  const nobody = { actor: null, person: null };
  const worker = workerPrincipal(world.home);
  const [admin, learner] = [principalOf(world, 'admin'), principalOf(world, 'learner')];
  return [
    { ...nobody, name: 'no context', principal: null },
    { ...nobody, name: 'empty context', principal: { ...admin, orgId: '', userId: '' } },
    { ...nobody, name: 'garbage organization', principal: { ...admin, orgId: "' or true --" } },
    { ...nobody, name: 'unknown organization', principal: { ...worker, orgId: newId() } },
    // What is not a role has no right that a role has, and is nobody in particular.
    { ...nobody, name: 'garbage role', principal: asRole({ ...admin, userId: newId() }, 'root') },
    { ...nobody, name: 'forged role', principal: learner, forges: { 'app.role': 'admin' } },
    {
      ...nobody,
      name: 'forged organization',
      principal: worker,
      forges: { 'app.org_id': world.abroad },
    },
    {
      ...nobody,
      name: 'forged person',
      principal: learner,
      forges: { 'app.user_id': personOf(world, 'mate').id },
    },
  ];
}

/** Keys of the administrator, each narrowed to one scope. */
export function scopedKeys(world: World): Caller[] {
  const admin = principalOf(world, 'admin');
  return scopes.map((scope) => ({
    name: `key ${scope}`,
    principal: { ...admin, scopes: [scope] },
    actor: 'admin',
    person: 'admin',
    scope,
    about: scope,
  }));
}

/**
 * A learner to whom somebody granted one scope to one extent; with a right to write also the right to read,
 * because nobody changes what they cannot see.
 */
export function grantees(world: World): Caller[] {
  const learner = principalOf(world, 'learner');
  return scopes.flatMap((scope) =>
    extents.map((extent) => {
      const reading = scopes.find((other) => other === scope.replace(/:write$/, ':read'));
      const wanted = reading === undefined || reading === scope ? [scope] : [scope, reading];
      const grants = wanted.map((each) => ({ scope: each, extent }));
      return {
        name: `grant ${scope} ${extent}`,
        principal: { ...learner, grants },
        actor: 'learner' as const,
        person: 'learner',
        grants,
        about: scope,
      };
    }),
  );
}

function asRole(principal: Principal, role: string): Principal {
  return Object.assign({ ...principal }, { role });
}
