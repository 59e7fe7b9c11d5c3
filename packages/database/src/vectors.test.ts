import { fileDatabase, testOrganization } from '@docent/test/database';
import { toSql } from 'pgvector';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { many, one, sql } from './sql.ts';
import { HALFVEC_MAX, halfvec, halfvecArray } from './vectors.ts';

const database = fileDatabase();
const Row = z.object({ v: z.array(z.number()) });

async function roundTrip(vector: Float32Array): Promise<number[]> {
  const { principal } = await testOrganization(database());
  const { v } = await database().withPrincipal(principal, (tx) =>
    one(tx, Row, sql`select ${halfvec(vector)}::halfvec::real[] as v`),
  );
  return v;
}

test('a vector comes back as it was sent, also at the ends of the range', async () => {
  const vector = Float32Array.of(HALFVEC_MAX, -HALFVEC_MAX, 1, -0.5, 0, 2 ** -14, 2 ** -24);

  expect(Float32Array.from(await roundTrip(vector))).toEqual(vector);
});

test('what is sent in binary is what pgvector’s own text form says', async () => {
  const { principal } = await testOrganization(database());
  const vector = Float32Array.of(0.25, -3, 65_504, 0);

  const { same } = await database().withPrincipal(principal, (tx) =>
    one(
      tx,
      z.object({ same: z.boolean() }),
      sql`select ${halfvec(vector)}::halfvec = ${toSql([...vector])}::halfvec as same`,
    ),
  );

  expect(same).toBe(true);
});

test('a number between two halves goes to the nearer one', async () => {
  expect(await roundTrip(Float32Array.of(0.1, 65_519))).toEqual([
    expect.closeTo(0.1, 4),
    HALFVEC_MAX,
  ]);
});

test.each([65_520, Number.POSITIVE_INFINITY, Number.NaN])('refuses %d', (value) => {
  expect(() => halfvec(Float32Array.of(value))).toThrow(RangeError);
});

test.each([0, 16_001])('refuses a vector of %d dimensions', (dimensions) => {
  expect(() => halfvec(new Float32Array(dimensions))).toThrow(/1 to 16000 dimensions/);
});

test.each([
  [[]],
  [[[1, 2]]],
  [
    [
      [1, 2],
      [0.5, -3, 4],
    ],
  ],
])('an array of vectors keeps their order: %j', async (vectors) => {
  const { principal } = await testOrganization(database());

  const rows = await database().withPrincipal(principal, (tx) => {
    const parameter = halfvecArray(
      tx,
      vectors.map((v) => Float32Array.from(v)),
    );
    return many(
      tx,
      Row,
      sql`
      select t.v::real[] as v
      from unnest(${parameter}::halfvec[]) with ordinality t (v, place)
      order by t.place`,
    );
  });

  expect(rows.map(({ v }) => v)).toEqual(vectors);
});
