import type { Operation } from './openapi.ts';

/** Where an operation may do what others may not, with the reason. */
export const exceptions = {
  /** They tell whether the process lives, and which versions of a standard it speaks. */
  publicOperations: ['live', 'ready', 'aboutXapi'],

  /** SCIM (RFC 7644 § 3.3) ignores what it does not know; what it knows it maps by name. */
  takesAnyField: ({ path }: Operation): boolean => path.startsWith('/scim/'),

  /** Lists of what belongs to something: of what is not there they are empty. */
  answersNothing: (_operation: Operation): boolean => false,

  /** Rows that the database hides from the caller and the operation speaks of nevertheless. */
  seenAnyway: (_operation: Operation, _place: readonly string[], _what: string): boolean => false,

  /** The administrators of an organization look after those below it. */
  changedAnyway: ({ id }: Operation, what: string): boolean =>
    id === 'updateOrganization' && what === 'child',
};
