import type { Role } from '@docent/core/principal';
import { workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { many, run, type Sql, sql } from '@docent/database/sql';
import { type TestApp, testApp } from '@docent/test/app';
import { fileDatabase } from '@docent/test/database';
import { believe, linkSubject, type TestIssuer, testIssuer } from '@docent/test/issuer';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { App } from './app.ts';

const database = fileDatabase();

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
  'a token signed with %s lets its person in',
  async (alg) => {
    const { who, issuer, principal, issuerId } = await signedUp('trainer', { alg });

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
  const { who, issuer } = await signedUp('learner');

  expect((await who(await issuer.token(claims, { header }))).statusCode).toBe(200);
});

test('role, organization and rights that a token claims count for nothing', async () => {
  const { who, issuer, principal, secondOrganization } = await signedUp('learner');
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

const attacks: [string, (issuer: TestIssuer) => Promise<string> | string][] = [
  ['no signature', async (i) => unsigned(await i.token(), { alg: 'none' })],
  ['no signature, in capitals', async (i) => unsigned(await i.token(), { alg: 'NONE' })],
  [
    'no signature but its dot',
    async (i) => `${(await i.token()).split('.').slice(0, 2).join('.')}.`,
  ],
  [
    'the public key as a shared secret',
    async (i) => {
      const secret = new TextEncoder().encode(JSON.stringify(await i.publicKey()));
      return i.token({}, { header: { alg: 'HS256' }, by: secret });
    },
  ],
  ['another algorithm of the list', async (i) => (await testIssuer('RS256')).token({ iss: i.url })],
  ['a key of somebody else', async (i) => (await testIssuer()).token({ iss: i.url })],
  [
    'a key in the header',
    async (i) => {
      const evil = await testIssuer();
      const jwk = await evil.publicKey();
      return evil.token({ iss: i.url }, { header: { jwk: { ...jwk, kty: 'EC' } } });
    },
  ],
  [
    'an address of keys in the header',
    async (i) => {
      const evil = await testIssuer();
      return evil.token({ iss: i.url }, { header: { jku: evil.jwksUri, x5u: evil.jwksUri } });
    },
  ],
  ['another audience', (i) => i.token({ aud: 'https://other.example' })],
  ['no audience', (i) => i.token({ aud: undefined })],
  ['another issuer', (i) => i.token({ iss: `${i.url}/` })],
  ['no issuer', (i) => i.token({ iss: undefined })],
  ['two issuers', (i) => i.token({ iss: [i.url] })],
  ['no subject', (i) => i.token({ sub: undefined })],
  ['an empty subject', (i) => i.token({ sub: '' })],
  ['a number for a subject', (i) => i.token({ sub: 1 })],
  ['a subject too long', (i) => i.token({ sub: 'x'.repeat(256) })],
  ['no end', (i) => i.token({ exp: undefined })],
  ['an end that is over', (i) => i.token({ exp: seconds(-61) })],
  ['an end in words', (i) => i.token({ exp: '2099-01-01' })],
  ['a beginning to come', (i) => i.token({ nbf: seconds(90) })],
  ['the type of a logout', (i) => i.token({}, { header: { typ: 'logout+jwt' } })],
  ['the type of a proof', (i) => i.token({}, { header: { typ: 'dpop+jwt' } })],
  [
    'the claim of a logout',
    (i) => i.token({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
  ],
  ['8,000 more characters', (i) => i.token({ more: 'x'.repeat(8_000) })],
  ['a name twice', async (i) => repeated(await i.token(), ',"sub":"somebody"')],
  [
    'a name twice, spelt differently',
    async (i) => repeated(await i.token(), ',"\\u0073ub":"root"'),
  ],
  ['a name twice, deeper', async (i) => repeated(await i.token(), ',"a":[{"b":1,"b":2}]')],
  ['a payload that is a list', async (i) => withPart(await i.token(), 1, '["sub"]')],
  ['a payload that is no JSON', async (i) => withPart(await i.token(), 1, '{"sub":')],
  ['a payload that is no UTF-8', async (i) => withBytes(await i.token(), 1, Buffer.of(0xff, 0xfe))],
  ['a header that is no JSON', async (i) => withPart(await i.token(), 0, 'ES256')],
  ['a changed payload', async (i) => withClaims(await i.token(), { sub: 'root' })],
  ['five parts, as encrypted ones have', async (i) => `${await i.token()}.x.y`],
  ['one part', () => 'eyJhbGciOiJub25lIn0'],
];

test('tokens that are wrong in any way are answered 401 and take no connection', async () => {
  const asked: string[] = [];
  const { who, issuer } = await signedUp('admin', { database: watched(asked) });
  expect((await who(await issuer.token())).statusCode).toBe(200);
  const answers = [];
  const lookUps = [];

  for (const [what, make] of attacks) {
    const token = await make(issuer);
    asked.length = 0;
    const answer = await who(token);
    const scheme = answer.headers['www-authenticate'];
    answers.push({ what, status: answer.statusCode, code: answer.json().code, scheme });
    // Security events and the use of keys are written beside the request.
    if (asked.some((call) => call !== 'writing')) lookUps.push(what);
  }

  const scheme = expect.stringMatching(/^Bearer/);
  expect(answers).toEqual(
    attacks.map(([what]) => ({ what, status: 401, code: 'unauthenticated', scheme })),
  );
  // A name that nobody knows is looked up, as far as its address may.
  expect(lookUps).toEqual(['another issuer']);
});

test('of 500 tokens with a character changed none is taken, and none breaks anything', async () => {
  const { who, issuer } = await signedUp('admin');
  const token = await issuer.token();
  await who(token);
  const statuses = new Set<number>();

  for (let n = 0; n < 500; n++) {
    const at = Math.floor((n * (token.length - 2)) / 500);
    const changed = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    statuses.add((await who(changed)).statusCode);
  }

  expect([...statuses]).toEqual([401]);
});

test('a token of another organization’s issuer opens that one, and a borrowed audience none', async () => {
  const { who, database: db, secondOrganization } = await signedUp('admin');
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
  const { who } = await signedUp('admin', { database: watched(asked) });
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
  const { who, issuer } = await signedUp('learner');
  issuer.answer({ status: 500, body: '' });
  const token = await issuer.token();
  const before = await who(token);
  const { who: whoElse, issuer: known } = await signedUp('learner');
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
    const { who, issuer, principal } = await signedUp('learner');
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
    const { who, issuer, principal } = await signedUp('learner');
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

test('who comes for the first time becomes a learner where the issuer may create people', async () => {
  const { who, issuer, principal } = await believing({ createPeople: true });
  const token = await issuer.token({ sub: 'new', name: 'Nora New', email: 'Nora@Example.com' });

  const answers = await Promise.all([who(token), who(token), who(token)]);

  const [first] = answers;
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  expect(first?.json()).toMatchObject({ orgId: principal.orgId, role: 'learner' });
  expect(await people(principal.orgId)).toContainEqual({
    id: first?.json().userId,
    name: 'Nora New',
    email: 'Nora@Example.com',
    role: 'learner',
  });
});

test.each([
  ['has no e-mail address', { email: undefined }],
  ['has an address that is not proven', { email_verified: false }],
  ['has no address but a word', { email: 'nora' }],
  ['has the address of somebody else', { email: 'admin@test.example' }],
])('nobody is created when the token %s', async (_, claims) => {
  const { who, issuer, principal } = await believing({ createPeople: true });

  const answer = await who(
    await issuer.token({ sub: 'new', email: 'nora@example.com', ...claims }),
  );

  expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
  expect(await people(principal.orgId)).toHaveLength(1);
});

test('nobody is created beyond the plan, in a suspended organization, or without being asked to', async () => {
  const full = await believing({ createPeople: true });
  const suspended = await believing({ createPeople: true });
  const unasked = await believing({});
  await as(
    full.principal.orgId,
    sql`update docent.organizations set max_users = 1 where org_id = ${full.principal.orgId}`,
  );
  await as(
    suspended.principal.orgId,
    sql`update docent.organizations set status = 'suspended' where org_id = ${suspended.principal.orgId}`,
  );

  for (const { who, issuer, principal } of [full, suspended, unasked]) {
    const answer = await who(await issuer.token({ email: 'nora@example.com' }));

    expect(answer.json()).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await people(principal.orgId)).toHaveLength(1);
  }
});

test('an e-mail address links a person once, where the issuer proves addresses', async () => {
  const { who, issuer, principal } = await believing({ linkByEmail: true });

  const unproven = await who(
    await issuer.token({ sub: 'a', email: 'ADMIN@test.example', email_verified: false }),
  );
  const first = await who(await issuer.token({ sub: 'b', email: 'ADMIN@test.example' }));
  const successor = await who(await issuer.token({ sub: 'c', email: 'ADMIN@test.example' }));

  expect(unproven.statusCode).toBe(403);
  expect(first.json()).toMatchObject({ userId: principal.userId, role: 'admin' });
  expect(successor.statusCode).toBe(403);
});

test('an e-mail address alone is nobody', async () => {
  const { who, issuer } = await believing({});

  const answer = await who(await issuer.token({ sub: 'x', email: 'admin@test.example' }));

  expect(answer.statusCode).toBe(403);
});

interface SignedUp extends TestApp {
  readonly issuer: TestIssuer;
  readonly issuerId: string;
  who(token: string, ip?: string): ReturnType<TestApp['request']>;
}

/** An organization that believes an issuer. */
async function believing(
  options: NonNullable<Parameters<typeof believe>[3]>,
  { alg = 'ES256', database: db = database() }: { alg?: string; database?: Database } = {},
): Promise<SignedUp> {
  const app = await testApp({ database: db, allowLocalIssuers: true, plugins: routes });
  const issuer = await testIssuer(alg);
  const { id } = await believe(db, app.principal.orgId, issuer, { algorithms: [alg], ...options });
  const who: SignedUp['who'] = (token, ip = '127.0.0.1') =>
    app.app.inject({
      url: '/who',
      headers: { authorization: `Bearer ${token}` },
      remoteAddress: ip,
    });
  return { ...app, issuer, issuerId: id, who };
}

/** The same, with a person who is the subject `somebody`: `principal` is theirs. */
async function signedUp(
  role: Role,
  options: { alg?: string; database?: Database } = {},
): Promise<SignedUp> {
  const org = await believing({}, options);
  const { principal } = await org.person(role);
  const { orgId, userId } = principal;
  await linkSubject(org.database, orgId, { issuerId: org.issuerId, subject: 'somebody', userId });
  return { ...org, principal };
}

function routes(app: App): void {
  const who = z.object({
    orgId: z.uuid(),
    userId: z.uuid(),
    role: z.string(),
    apiKeyId: z.string().optional(),
    issuerId: z.uuid().optional(),
    scopes: z.array(z.string()),
  });
  app.get(
    '/who',
    { config: { scope: 'any' }, schema: { response: { 200: who } } },
    async ({ principal }) => ({ ...principal, scopes: [...principal.scopes] }),
  );
}

/** The database, writing down what is asked of it. */
function watched(asked: string[]): Database {
  return {
    ...database(),
    withIssuer: (issuer, work) => {
      asked.push('withIssuer');
      return database().withIssuer(issuer, work);
    },
    withApiKey: (id, work) => {
      asked.push('withApiKey');
      return database().withApiKey(id, work);
    },
    withPrincipal: (principal, work, options) => {
      asked.push(options?.readOnly ? 'reading' : 'writing');
      return database().withPrincipal(principal, work, options);
    },
  };
}

function as(orgId: string, statement: Sql): Promise<number> {
  return database().withPrincipal(workerPrincipal(orgId), (tx) => run(tx, statement));
}

function people(orgId: string) {
  const row = z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.string() });
  return database().withPrincipal(workerPrincipal(orgId), (tx) =>
    many(tx, row, sql`select id, name, email, role from docent.users where org_id = ${orgId}`),
  );
}

function seconds(from: number): number {
  return Math.floor(Date.now() / 1000) + from;
}

function withBytes(token: string, part: number, bytes: Buffer): string {
  return token.split('.').with(part, bytes.toString('base64url')).join('.');
}

function withPart(token: string, part: number, text: string): string {
  return withBytes(token, part, Buffer.from(text));
}

function textOf(token: string, part: number): string {
  return Buffer.from(token.split('.')[part] ?? '', 'base64url').toString();
}

function withClaims(token: string, claims: object): string {
  return withPart(token, 1, JSON.stringify({ ...JSON.parse(textOf(token, 1)), ...claims }));
}

function repeated(token: string, more: string): string {
  return withPart(token, 1, textOf(token, 1).replace(/}$/, `${more}}`));
}

function unsigned(token: string, header: object): string {
  return withPart(token, 0, JSON.stringify({ typ: 'at+jwt', ...header }));
}
