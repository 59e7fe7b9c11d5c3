import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@docent/core/ids';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { run, sql } from '@docent/database/sql';
import {
  CompactSign,
  type CryptoKey,
  exportJWK,
  type GenerateKeyPairResult,
  generateKeyPair,
  SignJWT,
} from 'jose';
import { onTestFinished } from 'vitest';

const AUDIENCE = 'https://docent.example';

/** Members of a token's header; undefined: without it. */
export interface TokenHeader {
  readonly alg?: string;
  readonly kid?: string | undefined;
  readonly typ?: string | undefined;
  readonly [name: string]: unknown;
}

export interface TestIssuer {
  /** `iss` of its tokens. */
  readonly url: string;
  readonly audience: string;
  readonly jwksUri: string;
  /** How often its keys were fetched. */
  readonly fetches: () => number;
  /** What it answers instead of its keys: nothing at all for `silence`; null: its keys again. */
  answer(instead: { status: number; body: string; location?: string } | 'silence' | null): void;
  /** From now on another key, named `kid`, signs; it is in the set, the one before is not. */
  rotate(kid: string): Promise<void>;
  /** Takes no connection from now on. */
  stop(): Promise<void>;
  /**
   * A token as it should be, but for `claims` and `header` (undefined: without it).
   * @param by who signs instead; default: this issuer's key.
   */
  token(
    claims?: Readonly<Record<string, unknown>>,
    options?: { header?: TokenHeader; by?: CryptoKey | Uint8Array },
  ): Promise<string>;
  /** Any bytes under this issuer's own signature, with the header of its tokens. */
  sign(payload: string | Uint8Array): Promise<string>;
  /** Its public key, in the form of a set's member. */
  publicKey(): Promise<Record<string, unknown>>;
}

/** An issuer of access tokens on this machine, with keys made by jose. Gone when the test ends. */
export async function testIssuer(alg = 'ES256'): Promise<TestIssuer> {
  let kid = 'first';
  let pair: GenerateKeyPairResult = await generateKeyPair(alg, { extractable: true });
  let fetches = 0;
  let instead: Parameters<TestIssuer['answer']>[0] = null;
  const publicKey = async () => ({ ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' });
  const server = createServer(async (_request, response) => {
    fetches += 1;
    if (instead === null) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [await publicKey()] }));
      return;
    }
    if (instead === 'silence') return;
    if (instead.location) response.setHeader('location', instead.location);
    response.statusCode = instead.status;
    response.end(instead.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    audience: AUDIENCE,
    jwksUri: `${url}/keys`,
    fetches: () => fetches,
    answer: (given) => {
      instead = given;
    },
    async rotate(next) {
      kid = next;
      pair = await generateKeyPair(alg, { extractable: true });
    },
    stop,
    publicKey,
    sign: (payload) =>
      new CompactSign(typeof payload === 'string' ? new TextEncoder().encode(payload) : payload)
        .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
        .sign(pair.privateKey),
    token: (claims = {}, { header = {}, by } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const all = { iss: url, aud: AUDIENCE, sub: 'somebody', iat: now, exp: now + 300, ...claims };
      return new SignJWT(all)
        .setProtectedHeader({ alg, ...withoutMissing({ kid, typ: 'at+jwt', ...header }) })
        .sign(by ?? pair.privateKey);
    },
  };
}

function withoutMissing(header: TokenHeader): Record<string, unknown> {
  return Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined));
}

export interface BelievedIssuer {
  readonly id: string;
}

/** An organization believes an issuer from now on; `options` are columns. */
export async function believe(
  database: Database,
  orgId: string,
  issuer: Pick<TestIssuer, 'url' | 'audience' | 'jwksUri'>,
  options: {
    algorithms?: string[];
    createPeople?: boolean;
    linkByEmail?: boolean;
    departmentId?: string;
  } = {},
): Promise<BelievedIssuer> {
  const id = newId();
  const { algorithms = ['ES256'], createPeople = false, linkByEmail = false } = options;
  await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`
        insert into docent.issuers (org_id, id, name, issuer, audience, jwks_uri, algorithms, create_people,
          link_by_email, department_id, name_claim, email_claim)
        values (${orgId}, ${id}, 'Test issuer', ${issuer.url}, ${issuer.audience}, ${issuer.jwksUri},
          ${algorithms}::text[], ${createPeople}, ${linkByEmail}, ${options.departmentId ?? null},
          '{name}', '{email}')`,
    ),
  );
  return { id };
}

/** The subject of an issuer is this person from now on. */
export async function linkSubject(
  database: Database,
  orgId: string,
  identity: { issuerId: string; subject: string; userId: string },
): Promise<void> {
  await database.withPrincipal(workerPrincipal(orgId), (tx) =>
    run(
      tx,
      sql`
        insert into docent.identities (org_id, id, issuer_id, subject, user_id, linked_by)
        values (${orgId}, ${newId()}, ${identity.issuerId}, ${identity.subject}, ${identity.userId},
          'administrator')`,
    ),
  );
}
