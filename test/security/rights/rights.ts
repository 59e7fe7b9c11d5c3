import type { Role, Scope } from '@docent/core/principal';

/*
 * Who may do what with the rows of which table: the one place where it is written down for people. The matrix
 * (../matrix.test.ts) compares it with what the database does; what is not written here is denied.
 *
 * How to add a table
 * 1. Write it into the file of its area in this folder (a new area: a new file, and a line in all.ts).
 * 2. Name each column with what it holds. `owner` is the column with the person a row belongs to, `department`
 *    the one with the department; leave out what the table does not have.
 * 3. For each verb that has a permissive policy, say how far each role reaches. A role that is not named reaches
 *    nothing. Rows are made from the catalog, as the worker; where a check constraint wants something special,
 *    give it in `row`.
 * 4. A rule that depends on more than owner and department (a status, a list of readers) gets a row of its own
 *    in `variants`, and is named in the reaches of those who get to it.
 *
 *   notes: {
 *     owner: 'user_id',
 *     columns: { org_id: 'id', id: 'id', user_id: 'id', text: 'personal', shared: 'plain', created_at: 'plain' },
 *     variants: { shared: { shared: true } },
 *     select: { learner: ['own', 'shared'], trainer: ['own', 'shared'], admin: 'organization', worker: 'organization' },
 *     insert: { learner: 'own', trainer: 'own', admin: 'own' },
 *   },
 *
 * Then: vitest run test/security/matrix.test.ts. Every difference is named with its table, verb and caller.
 */

/**
 * What a column holds, for export and erasure. `id`: who or what a row is or belongs to; `personal`: about a
 * person or written by one; `content`: learning material; `secret`: never leaves the database; `plain`: the rest.
 */
export type Holds = 'id' | 'personal' | 'content' | 'secret' | 'plain';

/** Every kind of caller whose rights are written down. */
export type Actor =
  | Role
  | 'worker'
  /** Nobody yet, looking up whose a key (of the person `learner`) or a token is. Reads only. */
  | 'key_look_up'
  | 'issuer_look_up';

/**
 * A row as its caller sees it. With an owner: `own`; with a department: the others by theirs (`below_department`:
 * the one below the caller's, which an HR manager has, too; `no_department`: of a person without one); with
 * an owner only: `other_owner`; with neither: `shared`. The name of a variant is a row of its own.
 */
export type RowClass = string;
export const ownedClasses = [
  'own',
  'same_department',
  'below_department',
  'other_department',
  'no_department',
  'other_owner',
  'shared',
] as const;

/**
 * `own`; `departments`: those of the caller's own departments, own rows among them; `organization`: every row
 * of the organization, variants too; or the classes by name. No reach ever contains another organization.
 */
export type Reach = 'own' | 'departments' | 'organization' | readonly RowClass[];

export interface Verb extends Partial<Readonly<Record<Actor, Reach>>> {
  /** A key needs one of these for it; without, it reaches `unscoped`. Not given: the scope makes no difference. */
  readonly scope?: Scope | readonly Scope[];
  readonly unscoped?: Reach;
  /** What a key with just that scope reaches; what its owner does, when missing. */
  readonly scoped?: Reach;
  /**
   * A grant of this scope opens it, too: to the organization, to the own departments or to what is one's own, or
   * as written for each extent.
   */
  readonly granted?: Readonly<
    Partial<
      Record<
        Scope,
        true | { readonly organization: Reach; readonly department: Reach; readonly own: Reach }
      >
    >
  >;
}

export interface RowContext {
  /** Whose row it is. */
  readonly person: {
    readonly id: string;
    readonly orgId: string;
    readonly departmentId: string | null;
    readonly role: Role;
  };
  /** `mate`, `below`, … or the name of a variant. */
  readonly key: string;
  /** The departments of home: the one that the callers are in, the one below it, another one. */
  readonly departments: { readonly own: string; readonly below: string; readonly other: string };
  /** The person behind each role at home. */
  readonly people: Readonly<Record<Role, string>>;
  /** `b` is only tried to be inserted. */
  readonly copy: 'a' | 'b';
  /** A column of the row of the same person in another table. */
  of(table: string, column: string): unknown;
}

/** Column values that differ from what the catalog suggests; `undefined` leaves the column out. */
export type Values = Readonly<Record<string, Value>>;
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly string[]
  | ((context: RowContext) => unknown);

export interface Variant {
  /** Whose row it is like; `mate`, a learner of the callers' department, when missing. */
  readonly like?: 'mate' | 'below' | 'other' | 'loose';
  readonly values: Values;
  /** False: no other row is made of it (what came of it would be yet another class). */
  readonly moves?: false;
}

/** Columns that cannot be changed although the row can. */
export interface Lock {
  readonly columns: readonly string[];
  /** Whom it does not bind (their keys only with the scope of `update`). */
  readonly unless?: readonly Actor[];
  /** Rows that it holds for, also as what a row would become; all when missing. */
  readonly of?: readonly RowClass[];
  /** It binds keys that are narrowed to one scope, and nobody else. */
  readonly ofKeys?: true;
}

export interface TableRights {
  readonly owner?: string;
  readonly department?: string;
  readonly columns: Readonly<Record<string, Holds>>;
  readonly row?: Values;
  readonly variants?: Readonly<Record<string, Variant>>;
  /** The worker may not insert every row that is needed. */
  readonly madeBy?: 'administrator';
  readonly select?: Verb;
  readonly insert?: Verb;
  readonly update?: Verb;
  readonly delete?: Verb;
  readonly locked?: readonly Lock[];
  /** Columns that the application cannot read at all. */
  readonly unreadable?: readonly string[];
  /**
   * Whose rows a statement that names none updates and deletes, where that is more than what `update` says:
   * such a statement needs no right to read.
   */
  readonly unseen?: Verb;
  /** Where an updated row may end up; where it could have been updated, when missing. */
  readonly moves?: Verb;
}

export type AreaRights = Readonly<Record<string, TableRights>>;

/** Every person alike. */
export function everybody(reach: Reach): Partial<Record<Role, Reach>> {
  return { learner: reach, trainer: reach, hr_manager: reach, admin: reach };
}
