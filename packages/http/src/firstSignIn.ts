import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { violationOf } from '@docent/database/violation';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import {
  findIdentity,
  findPersonToLink,
  insertIdentity,
  insertLearner,
  lockSubject,
} from './identities.store.ts';
import type { IssuerRow } from './issuers.store.ts';

/** Who a token speaks for. */
export interface Identity {
  readonly identityId: string;
  readonly userId: string;
}

/**
 * The person of a subject that came for the first time: one whose e-mail address the issuer has proven, or
 * a new learner, as far as the organization allows either.
 *
 * @returns null when an administrator has to link them first.
 * @throws AppError `forbidden` when somebody could be created but for their address or the plan's limit.
 */
export async function linkPerson(
  database: Database,
  worker: Principal,
  issuer: IssuerRow,
  token: JWTPayload & { readonly sub: string },
): Promise<Identity | null> {
  const email = addressIn(token, issuer);
  if (email === null || !(issuer.linkByEmail || issuer.createPeople)) return null;
  try {
    return await database.withPrincipal(worker, async (tx) => {
      await lockSubject(tx, issuer, token.sub);
      const meanwhile = await findIdentity(tx, issuer, token.sub);
      if (meanwhile?.identityId && meanwhile.userId) {
        return { identityId: meanwhile.identityId, userId: meanwhile.userId };
      }
      const person = issuer.linkByEmail ? await findPersonToLink(tx, issuer, email) : null;
      if (person !== null) return link(tx, person.id, 'email');
      if (!issuer.createPeople) return null;
      const id = newId();
      const name = nameIn(token, issuer) ?? email;
      if (!(await insertLearner(tx, issuer, { id, email, name }))) return null;
      return link(tx, id, 'creation');
    });
  } catch (error) {
    throw sentenceFor(violationOf(error)?.constraint) ?? error;
  }

  async function link(tx: Tx, userId: string, linkedBy: 'email' | 'creation'): Promise<Identity> {
    const identityId = newId();
    await insertIdentity(tx, issuer, { id: identityId, subject: token.sub, userId, linkedBy });
    return { identityId, userId };
  }
}

function sentenceFor(constraint: string | undefined): AppError | null {
  const sentences: Record<string, string | undefined> = {
    users_email:
      'Somebody else has the e-mail address of this token: an administrator has to link it.',
    users_user_name:
      'Somebody else has the user name of this token: an administrator has to link it.',
    users_limit:
      'The organization has as many people as it may: an administrator has to make room.',
  };
  const sentence = constraint === undefined ? undefined : sentences[constraint];
  return sentence === undefined ? null : new AppError('forbidden', sentence);
}

/** The e-mail address, unless the issuer says that it is not proven. */
function addressIn(token: JWTPayload, { emailClaim }: IssuerRow): string | null {
  if (token.email_verified === false || token.email_verified === 'false') return null;
  const address = z.email().max(320).safeParse(claimAt(token, emailClaim));
  return address.success ? address.data : null;
}

function nameIn(token: JWTPayload, { nameClaim }: IssuerRow): string | null {
  const name = z.string().trim().min(1).max(200).safeParse(claimAt(token, nameClaim));
  return name.success ? name.data : null;
}

/** What is at a path of names, outermost first. */
function claimAt(token: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return token;
  if (typeof token !== 'object' || token === null || !Object.hasOwn(token, name)) return undefined;
  return claimAt(Reflect.get(token, name), rest);
}
