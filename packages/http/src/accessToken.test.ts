import { fileDatabase } from '@docent/test/database';
import { type TestIssuer, testIssuer } from '@docent/test/issuer';
import { expect, test } from 'vitest';
import { signedUp, watched } from '../fixtures/signedUp.ts';

const database = fileDatabase();

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
  ['a name twice', async (i) => repeated(i, ',"sub":"somebody"')],
  ['a name twice, spelt differently', async (i) => repeated(i, ',"\\u0073ub":"root"')],
  ['a name twice, deeper', async (i) => repeated(i, ',"a":[{"b":1,"b":2}]')],
  ['a payload that is a list', (i) => i.sign('["sub"]')],
  ['a payload that is no JSON', (i) => i.sign('{"sub":')],
  ['a payload that is no UTF-8', (i) => i.sign(Uint8Array.of(0xff, 0xfe))],
  ['a header that is no JSON', async (i) => withPart(await i.token(), 0, 'ES256')],
  ['a changed payload', async (i) => withClaims(await i.token(), { sub: 'root' })],
  ['five parts, as encrypted ones have', async (i) => `${await i.token()}.x.y`],
  ['one part', () => 'eyJhbGciOiJub25lIn0'],
];

test('tokens that are wrong in any way are answered 401 and take no connection', async () => {
  const asked: string[] = [];
  const { who, issuer } = await signedUp(watched(database(), asked), 'admin');
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
  const { who, issuer } = await signedUp(database(), 'admin');
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

/** A token with its issuer's signature, to whose claims `more` was added as text. */
async function repeated(issuer: TestIssuer, more: string): Promise<string> {
  return issuer.sign(textOf(await issuer.token(), 1).replace(/}$/, `${more}}`));
}

function unsigned(token: string, header: object): string {
  return withPart(token, 0, JSON.stringify({ typ: 'at+jwt', ...header }));
}
