import type { DemoPerson, DemoToken } from '@docent/contracts/directory';
import { AppError } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Database } from '@docent/database/database';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { founder } from '../bootstrap.ts';
import { DEMO_ORG_ID, demoEmails } from '../demo.ts';
import { believeDemoIssuer, findDemoPerson, listDemoPeople } from './demoSignIn.store.ts';

const AUDIENCE = 'docent-demo';
const ALGORITHM = 'ES256';
const NAME = 'Demo sign-in';
/** A working day. */
const LIFETIME_SECONDS = 12 * 60 * 60;
const EACH_ROLE = 4;

export interface DemoSignIn {
  /** People to choose from: a few of each role, those of the demo itself first. */
  people(): Promise<DemoPerson[]>;
  /** The public key that tokens are signed with, as a set (RFC 7517). */
  keys(): Promise<{ keys: JWK[] }>;
  /**
   * An access token of this person.
   *
   * @param url address of this process, `http://localhost:3000`: the issuer's name.
   * @throws AppError `not_found`: the demo company has nobody of this id.
   */
  signIn(userId: string, url: string): Promise<DemoToken>;
}

/**
 * Sign-in of the demo company: whoever is at this machine may be any of its people. It is a token issuer like
 * any other, that the demo company alone believes; its key lives as long as the process.
 */
export function makeDemoSignIn(database: Database): DemoSignIn {
  const pair = generateKeyPair(ALGORITHM);
  const kid = newId();
  const admin = founder(DEMO_ORG_ID, newId());

  return {
    people: () =>
      database.withPrincipal(
        admin,
        (tx) => listDemoPeople(tx, DEMO_ORG_ID, { emails: demoEmails, each: EACH_ROLE }),
        { readOnly: true },
      ),

    async keys() {
      const key = await exportJWK((await pair).publicKey);
      return { keys: [{ ...key, kid, alg: ALGORITHM, use: 'sig' }] };
    },

    async signIn(userId, url) {
      const issuer = `${url}/v1/demo`;
      const person = await database.withPrincipal(admin, async (tx) => {
        const jwksUri = `${issuer}/keys`;
        const row = { id: newId(), name: NAME, url: issuer, audience: AUDIENCE, jwksUri };
        await believeDemoIssuer(tx, DEMO_ORG_ID, row);
        return findDemoPerson(tx, DEMO_ORG_ID, userId);
      });
      if (person === null) {
        throw new AppError('not_found', 'The demo company has nobody of this id.');
      }
      const accessToken = await new SignJWT({ name: person.name, email: person.email })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_SECONDS}s`)
        .sign((await pair).privateKey);
      return { accessToken, expiresIn: LIFETIME_SECONDS };
    },
  };
}
