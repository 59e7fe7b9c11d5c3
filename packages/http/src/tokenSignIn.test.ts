import { workerPrincipal } from '@docent/core/principal';
import { run, type Sql, sql } from '@docent/database/sql';
import { fileDatabase } from '@docent/test/database';
import { believe, linkSubject, testIssuer } from '@docent/test/issuer';
import { expect, test } from 'vitest';
import { signedUp, watched } from '../fixtures/signedUp.ts';

const database = fileDatabase();

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
  'a token signed with %s lets its person in',
  async (alg) => {
    const { who, issuer, principal, issuerId } = await signedUp(database(), 'trainer', { alg });

    const answer = await who(await issuer.token());

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      orgId: principal.orgId,
      userId: principal.userId,
      role: 'trainer',
      scopes: ['*'],
      issuerId,
    });
    expect(answer.json().apiKeyId).toBeUndefined();
  },
);

test.each([
  ['typ JWT', {}, { typ: 'JWT' }],
  ['no typ', {}, { typ: undefined }],
  ['several audiences', { aud: ['https://other.example', 'https://docent.example'] }, {}],
  ['clocks 30 s apart, early', { nbf: seconds(30) }, {}],
  ['clocks 30 s apart, late', { exp: seconds(-30) }, {}],
])('a token with %s is good', async (_, claims, header) => {
  const { who, issuer } = await signedUp(database(), 'learner');

  expect((await who(await issuer.token(claims, { header }))).statusCode).toBe(200);
});

test('role, organization and rights that a token claims count for nothing', async () => {
  const { who, issuer, principal, secondOrganization } = await signedUp(database(), 'learner');
  const foreign = await secondOrganization();
  const token = await issuer.token({
    role: 'admin',
    roles: ['admin'],
    scope: '*',
    org_id: foreign.principal.orgId,
    tenant: foreign.principal.orgId,
  });

  const answer = await who(token);

  expect(answer.json()).toMatchObject({ orgId: principal.orgId, role: 'learner' });
});

test('a token of another organization’s issuer opens that one, and a borrowed audience none', async () => {
  const { who, database: db, secondOrganization } = await signedUp(database(), 'admin');
  const foreign = await secondOrganization();
  const other = await testIssuer();
  const { id } = await believe(db, foreign.principal.orgId, {
    ...other,
    audience: 'https://other.example',
  });
  const { orgId, userId } = foreign.principal;
  await linkSubject(db, orgId, { issuerId: id, subject: 'somebody', userId });

  const own = await who(await other.token({ aud: 'https://other.example' }));
  const borrowed = await who(await other.token());

  expect(own.json()).toMatchObject({ orgId, userId });
  expect(borrowed.statusCode).toBe(401);
});

test('tokens of unknown issuers are looked up ten times a minute for an address, and no more', async () => {
  const asked: string[] = [];
  const { who } = await signedUp(watched(database(), asked), 'admin');
  const evil = await testIssuer();
  asked.length = 0;

  const answers = [];
  for (let n = 0; n < 40; n++) {
    answers.push(
      await who(await evil.token({ iss: `https://unknown-${n}.example` }), '203.0.113.66'),
    );
  }

  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(40).fill(401));
  expect(asked.filter((call) => call === 'withIssuer')).toHaveLength(10);
});

test('an issuer that is down when its keys are needed first is 503; with known keys nobody notices', async () => {
  const { who, issuer } = await signedUp(database(), 'learner');
  issuer.answer({ status: 500, body: '' });
  const token = await issuer.token();
  const before = await who(token);
  const { who: whoElse, issuer: known } = await signedUp(database(), 'learner');
  await whoElse(await known.token());
  await known.stop();

  const after = await whoElse(await known.token());

  expect(before.statusCode).toBe(503);
  expect(before.json()).toMatchObject({ code: 'issuer_unavailable' });
  expect(before.headers['retry-after']).toBe('5');
  expect(after.statusCode).toBe(200);
});

test.each([
  [
    'the person is deactivated',
    (org: string, user: string) =>
      sql`update docent.users set status = 'deactivated' where org_id = ${org} and id = ${user}`,
  ],
  [
    'the person is deleted',
    (org: string, user: string) =>
      sql`update docent.users set status = 'deactivated', deleted_at = now() where org_id = ${org} and id = ${user}`,
  ],
  [
    'the organization is suspended',
    (org: string) =>
      sql`update docent.organizations set status = 'suspended' where org_id = ${org}`,
  ],
  [
    'the identity is unlinked',
    (org: string) => sql`delete from docent.identities where org_id = ${org}`,
  ],
])(
  'a good token is answered 403 when %s',
  async (_, change: (org: string, user: string) => Sql) => {
    const { who, issuer, principal } = await signedUp(database(), 'learner');
    await as(principal.orgId, change(principal.orgId, principal.userId));

    const answer = await who(await issuer.token());

    expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
  },
);

test.each([
  ['disabled', sql`status = 'disabled'`],
  ['of another audience', sql`audience = 'https://new.example'`],
  ['of other algorithms', sql`algorithms = '{RS256}'`],
  ['of other keys', sql`jwks_uri = 'https://keys.invalid/'`],
])(
  'a token of an issuer that is now %s is refused although its old keys are known',
  async (_, set) => {
    const { who, issuer, principal } = await signedUp(database(), 'learner');
    const other = await testIssuer();
    await who(await issuer.token());
    await as(
      principal.orgId,
      sql`update docent.issuers set ${set} where org_id = ${principal.orgId}`,
    );

    // Another subject: the first one is remembered for 5 s.
    const answer = await who(await issuer.token({ sub: 'another' }));

    expect(other.fetches()).toBe(0);
    expect([401, 503]).toContain(answer.statusCode);
  },
);

function as(orgId: string, statement: Sql): Promise<number> {
  return database().withPrincipal(workerPrincipal(orgId), (tx) => run(tx, statement));
}

function seconds(from: number): number {
  return Math.floor(Date.now() / 1000) + from;
}
