import type { Declaration, DeclarationInput } from '@docent/contracts/learningProgress';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { findItems, findPeople } from '../progress/progress.store.ts';
import { seePerson } from '../progress/progress.ts';
import { oversees } from '../progress/rights.ts';
import { deleteDeclaration, listDeclarations, upsertDeclaration } from './declarations.store.ts';

export type Declarations = ReturnType<typeof makeDeclarations>;

/** Levels that people declare of themselves, and that their managers confirm. Both stand side by side. */
export function makeDeclarations(database: Database) {
  return {
    /** @throws AppError `not_found` */
    list(principal: Principal, userId: string): Promise<Declaration[]> {
      return database.withPrincipal(
        principal,
        async (tx) => {
          await seePerson(tx, principal, userId);
          return listDeclarations(tx, principal.orgId, userId);
        },
        { readOnly: true },
      );
    },

    /**
     * About oneself it is `self`, about somebody else `manager`.
     * @throws AppError `not_found`, `forbidden`
     */
    put(
      principal: Principal,
      { userId, skillId }: { userId: string; skillId: string },
      input: DeclarationInput,
    ): Promise<Declaration> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        const [person] = await findPeople(tx, orgId, [userId]);
        if (person === undefined) throw notFound('person', userId);
        const kind = userId === principal.userId ? 'self' : 'manager';
        if (kind === 'manager' && !oversees(principal, person)) {
          throw new AppError('forbidden', 'You may not confirm the skills of this person.');
        }
        const [skill] = await findItems(tx, orgId, [skillId]);
        if (skill?.kind !== 'skill') throw notFound('skill', skillId);
        await upsertDeclaration(tx, principal, { id: newId(), userId, skillId, kind }, input);
        const all = await listDeclarations(tx, orgId, userId);
        const made = all.find((each) => each.skillId === skillId && each.kind === kind);
        if (made === undefined) throw new Error('a new declaration is not there');
        return made;
      });
    },

    /** @throws AppError `not_found` */
    async remove(
      principal: Principal,
      { userId, skillId }: { userId: string; skillId: string },
    ): Promise<void> {
      const kind = userId === principal.userId ? 'self' : 'manager';
      const removed = await database.withPrincipal(principal, (tx) =>
        deleteDeclaration(tx, principal.orgId, { userId, skillId, kind }),
      );
      if (removed === 0) throw notFound('declaration', `${userId}/${skillId}`);
    },
  };
}
