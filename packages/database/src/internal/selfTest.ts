import { randomUUID } from 'node:crypto';
import { workerPrincipal } from '@docent/core/principal';
import type pg from 'pg';
import { z } from 'zod';
import { beginAs, identityOf, keyOf, type SessionKey } from './principal.ts';

const MOST_CONNECTIONS = 5;

/**
 * Shows that the walls stand, by trying them through the very connections that the application uses: two
 * organizations are made in a transaction that is rolled back, and each must see itself alone, nobody
 * without a principal sees either, and a setting that is changed afterwards opens nothing.
 *
 * @param key of the one session that all clients share (embedded).
 * @throws Error with a sentence that names the wall that fell.
 */
export async function testWalls(pool: pg.Pool, key?: SessionKey): Promise<void> {
  const { client, sessionKey } = await connect(pool, key);
  const [mine, other] = [randomUUID(), randomUUID()];
  const become = async (orgId: string) => {
    const { text, values } = beginAs(identityOf(workerPrincipal(orgId)), sessionKey, {
      prepared: false,
    });
    await client.query(text, values);
  };
  try {
    await client.query('begin read write');
    for (const orgId of [mine, other]) {
      await become(orgId);
      await client.query('insert into docent.organizations (org_id, name) values ($1, $2)', [
        orgId,
        'A canary of the start-up test',
      ]);
    }
    if ((await canaries(client, [mine, other])).join() !== other) {
      throw unsafe('an organization sees another one’s rows');
    }
    await client.query('savepoint before');
    await client.query("select set_config('app.org_id', $1, true)", [mine]);
    const forged = await canaries(client, [mine, other]).catch((error: unknown) => {
      if (error instanceof Error && Reflect.get(error, 'code') === '42501') return [];
      throw error;
    });
    if (forged.length > 0) throw unsafe('a principal can be forged');
    await client.query('rollback to savepoint before');
    await client.query(
      "select set_config('app.org_id', '', true), set_config('app.seal', '', true)",
    );
    if ((await canaries(client, [mine, other])).length > 0) {
      throw unsafe('rows are shown to nobody in particular');
    }
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
}

async function connect(pool: pg.Pool, key: SessionKey | undefined) {
  for (let tried = 0; tried < MOST_CONNECTIONS; tried++) {
    const client = await pool.connect();
    try {
      const sessionKey = key ?? (await keyOf(client));
      if (sessionKey !== null) return { client, sessionKey };
      client.release(true);
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
  throw new Error(
    'No connection gives its key: something between Docent and PostgreSQL hands out connections that others have used. Connect to PostgreSQL directly.',
  );
}

async function canaries(client: pg.ClientBase, ids: readonly string[]): Promise<string[]> {
  const { rows } = await client.query(
    'select org_id from docent.organizations where org_id = any ($1::uuid[])',
    [ids],
  );
  return z
    .array(z.object({ org_id: z.uuid() }))
    .parse(rows)
    .map((row) => row.org_id);
}

function unsafe(what: string): Error {
  return new Error(
    `Row-level security does not hold: ${what}. Docent does not start. Run npm run migrate, and see that nobody has changed policies.`,
  );
}
