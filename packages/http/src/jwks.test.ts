import { type TestIssuer, testIssuer } from '@docent/test/issuer';
import { expect, test } from 'vitest';
import { verifyToken } from './accessToken.ts';
import { createKeySets, mayServeKeys } from './jwks.ts';

const MINUTE = 60_000;

test('a set is fetched once for many tokens, also when they come at once', async () => {
  const { issuer, verify } = await start();
  const tokens = await Promise.all(Array.from({ length: 50 }, () => issuer.token()));

  await Promise.all(tokens.map(verify));
  await Promise.all(tokens.map(verify));

  expect(issuer.fetches()).toBe(1);
});

test('a key that the issuer took in is accepted half a minute after the last look, the old one goes', async () => {
  const { issuer, verify, clock } = await start();
  const before = await issuer.token();
  await verify(before);
  await issuer.rotate('second');
  const after = await issuer.token();

  await expect(verify(after)).rejects.toMatchObject({ code: 'unauthenticated' });
  clock.now += MINUTE / 2;
  const accepted = await verify(after);

  expect(accepted.sub).toBe('somebody');
  await expect(verify(before)).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(issuer.fetches()).toBe(2);
});

test('a flood of tokens with unknown keys fetches the set twice a minute', async () => {
  const { issuer, verify, clock } = await start();
  await verify(await issuer.token());
  const flood = await Promise.all(
    Array.from({ length: 100 }, (_, n) => issuer.token({}, { header: { kid: `unknown-${n}` } })),
  );

  for (let second = 0; second < 60; second += 10) {
    clock.now += 10_000;
    const answers = await Promise.allSettled(flood.map(verify));
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
  }

  expect(issuer.fetches()).toBe(3);
});

test('the keys of an issuer that is down serve on for an hour, not for ever', async () => {
  const { issuer, verify, clock } = await start();
  const token = await issuer.token({ exp: Math.floor(Date.now() / 1000) + 100_000 });
  await verify(token);
  await issuer.stop();

  for (let minutes = 0; minutes < 55; minutes += 5) {
    clock.now += 5 * MINUTE;
    await verify(token);
  }
  clock.now += 10 * MINUTE;

  await expect(verify(token)).rejects.toMatchObject({ code: 'issuer_unavailable' });
});

test('an issuer that is down with unknown keys asked for keeps its known ones', async () => {
  const { issuer, verify, clock } = await start();
  const token = await issuer.token();
  await verify(token);
  issuer.answer({ status: 500, body: 'down' });
  const unknown = await issuer.token({}, { header: { kid: 'unknown' } });

  clock.now += MINUTE;
  await expect(verify(unknown)).rejects.toMatchObject({ code: 'unauthenticated' });

  expect((await verify(token)).sub).toBe('somebody');
});

test.each([
  ['an error', { status: 503, body: '{}' }],
  ['a redirect', { status: 302, body: '', location: 'http://127.0.0.1:1/' }],
  ['a page', { status: 200, body: '<html>' }],
  ['no set', { status: 200, body: '{"keys": "all"}' }],
  ['too much', { status: 200, body: `{"keys": [], "more": "${'x'.repeat(300_000)}"}` }],
])(
  'an issuer that answers %s cannot be checked by, and is asked again in 5 s',
  async (_, answer) => {
    const { issuer, verify, clock } = await start();
    issuer.answer(answer);
    const token = await issuer.token();

    await expect(verify(token)).rejects.toMatchObject({ code: 'issuer_unavailable' });
    await expect(verify(token)).rejects.toMatchObject({ code: 'issuer_unavailable' });
    const fetched = issuer.fetches();
    issuer.answer(null);
    clock.now += 6_000;

    expect(fetched).toBe(1);
    expect((await verify(token)).sub).toBe('somebody');
  },
);

test('an issuer that says nothing is given up', async () => {
  const { issuer, verify } = await start({ timeoutMs: 100 });
  issuer.answer('silence');

  await expect(verify(await issuer.token())).rejects.toMatchObject({ code: 'issuer_unavailable' });
});

test('a token that names no key is tried with each that would do', async () => {
  const { issuer, verify } = await start();
  const other = await testIssuer();
  issuer.answer({
    status: 200,
    body: JSON.stringify({
      keys: [{ ...(await other.publicKey()), kid: 'other' }, await issuer.publicKey()],
    }),
  });

  const own = await issuer.token({}, { header: { kid: undefined } });
  const foreign = await (await testIssuer()).token(
    { iss: issuer.url },
    { header: { kid: undefined } },
  );

  expect((await verify(own)).sub).toBe('somebody');
  await expect(verify(foreign)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test.each([
  ['https://login.example/keys', true, true],
  ['http://localhost:8080/keys', true, false],
  ['http://127.0.0.1/keys', true, false],
  ['http://login.example/keys', false, false],
  ['http://localhost.evil.example/keys', false, false],
  ['https://user:word@login.example/keys', false, false],
  ['file:///etc/passwd', false, false],
  ['data:application/json,{}', false, false],
  ['no address', false, false],
])('%s may serve keys in development: %s, in production: %s', (uri, development, production) => {
  expect(mayServeKeys(uri, true)).toBe(development);
  expect(mayServeKeys(uri, false)).toBe(production);
});

async function start(options: { timeoutMs?: number } = {}) {
  const issuer: TestIssuer = await testIssuer();
  const clock = { now: 1_000_000 };
  const keySets = createKeySets({ allowLocalHttp: true, now: () => clock.now, ...options });
  const row = { issuer: issuer.url, audience: issuer.audience, algorithms: ['ES256' as const] };
  const verify = (token: string) => verifyToken(token, row, keySets.keysAt(issuer.jwksUri));
  return { issuer, verify, clock };
}
