import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKey, parseKey, tokenPattern } from './apiKey.ts';

test('a new key can be read back to its id and the hash of its secret', () => {
  const key = createKey('live');

  const parsed = parseKey(key.token);

  const [, env, id, secret] = key.token.split('_');
  expect(env).toBe('live');
  expect(id).toBe(key.id);
  expect(key.id).toMatch(/^[0-9A-Za-z]{12}$/);
  expect(secret).toMatch(/^[0-9A-Za-z]{43}$/);
  expect(secret?.endsWith(key.lastFour)).toBe(true);
  expect(parsed?.id).toBe(key.id);
  expect(parsed?.secretHash.equals(key.secretHash)).toBe(true);
  expect(
    key.secretHash.equals(
      createHash('sha256')
        .update(secret ?? '')
        .digest(),
    ),
  ).toBe(true);
});

test('one changed character makes it no key at all', () => {
  const { token } = createKey('test');

  fc.assert(
    fc.property(
      fc.nat({ max: token.length - 1 }),
      fc.string({ minLength: 1, maxLength: 1 }),
      (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(parseKey(token.slice(0, at) + letter + token.slice(at + 1))).toBeNull();
      },
    ),
  );
});

test('text that is no key is refused whatever it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(parseKey(text)).toBeNull();
    }),
  );
  expect(parseKey('')).toBeNull();
  expect(parseKey(`${createKey('test').token}x`)).toBeNull();
});

test('two keys have nothing in common', () => {
  const keys = Array.from({ length: 500 }, () => createKey('test'));

  expect(new Set(keys.map(({ id }) => id)).size).toBe(500);
  expect(new Set(keys.map(({ secretHash }) => secretHash.toString('hex'))).size).toBe(500);
});

test('a name of an environment that would break the format is refused', () => {
  expect(() => createKey('')).toThrow(RangeError);
  expect(() => createKey('a_b')).toThrow(RangeError);
  expect(() => createKey('LIVE')).toThrow(RangeError);
});

test('the log’s pattern finds a whole key in text', () => {
  const { token } = createKey('live');

  expect(`wrong key "${token}", really`.replaceAll(tokenPattern, '***')).toBe(
    'wrong key "***", really',
  );
});
