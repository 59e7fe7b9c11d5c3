import { one, sql } from '@docent/database/sql';
import { fileDatabase, testOrganization } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';

const database = fileDatabase();

test('a read sees the rows of its own organization only', async () => {
  const mine = await testOrganization(database(), { name: 'Mine' });
  await testOrganization(database(), { name: 'Other' });

  const names = await database().withPrincipal(
    mine.principal,
    (tx) => one(tx, z.object({ name: z.string() }), sql`select name from docent.organizations`),
    { readOnly: true },
  );

  expect(names).toEqual({ name: 'Mine' });
});
