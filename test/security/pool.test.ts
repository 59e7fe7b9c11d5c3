import { setTimeout as pause } from 'node:timers/promises';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import { many, run, sql, type Tx } from '@docent/database/sql';
import { fileDatabase, type TestOrganization, testOrganization } from '@docent/test/database';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { note, thorough } from './report.ts';

const database = fileDatabase();
const ORGANIZATIONS = 20;

const Seen = z.object({ org: z.string(), person: z.string() });

/** Everything that a transaction can see, and whom its settings say that it acts for. */
function look(tx: Tx) {
  return many(
    tx,
    Seen,
    sql`
      select org_id as org, coalesce(nullif(current_setting('app.user_id', true), ''), 'nobody') as person
        from docent.organizations
       union all
      select org_id, current_setting('app.user_id', true)
        from docent.users`,
  );
}

test('requests of many organizations on few connections never see each other, whatever is cut off', {
  timeout: 300_000,
}, async () => {
  const isServer = database().kind === 'servers';
  // Embedded there is one connection; what could leak from one request to the next shows with fewer.
  const requests = isServer ? (thorough ? 10_000 : 3_000) : thorough ? 3_000 : 500;
  const organizations: TestOrganization[] = [];
  for (let index = 0; index < ORGANIZATIONS; index += 1) {
    organizations.push(await testOrganization(database(), { name: `Organization ${index}` }));
  }
  const leaks: string[] = [];
  const ends = { done: 0, cut: 0, failed: 0 };
  const random = randomOf(1);

  await Promise.all(Array.from({ length: 40 }, (_, lane) => runLane(lane)));

  note('requests interleaved', requests);
  expect(leaks).toEqual([]);
  expect(ends.done + ends.cut + ends.failed).toBe(requests);
  expect(Math.min(ends.done, ends.cut, ends.failed)).toBeGreaterThan(requests / 50);
  expect(await rowsAfter()).toEqual({ organizations: ORGANIZATIONS, touched: 0 });

  async function runLane(lane: number): Promise<void> {
    for (let turn = lane; turn < requests; turn += 40) {
      const organization = organizations[Math.floor(random() * ORGANIZATIONS)];
      if (organization) await request(organization.principal, random());
    }
  }

  async function request(principal: Principal, fate: number): Promise<void> {
    const controller = new AbortController();
    const check = async (tx: Tx) => {
      for (const { org, person } of await look(tx)) {
        if (org !== principal.orgId || person !== principal.userId) {
          leaks.push(`${principal.orgId} saw ${org} as ${person}`);
        }
      }
    };
    if (fate < 0.2) setTimeout(() => controller.abort(new Error('cut off')), fate * 20);
    if (fate < 0.03) controller.abort(new Error('cut off'));
    const asked = database().withPrincipal(
      principal,
      async (tx) => {
        await check(tx);
        if (fate > 0.9) throw new Error('on purpose');
        if (fate > 0.85) await run(tx, sql`select 1 / 0`);
        // What a leak would write under another name; it is taken back below.
        if (fate > 0.8) {
          await run(
            tx,
            sql`update docent.users set name = 'touched' where org_id = ${principal.orgId}`,
          );
          throw new Error('taken back');
        }
        if (fate < 0.2) await run(tx, sql`select pg_sleep(0.002)`);
        await Promise.all([check(tx), check(tx)]);
        if (fate > 0.6 && fate < 0.65) await pause(1);
        await check(tx);
      },
      { readOnly: fate > 0.3 && fate < 0.5, signal: controller.signal },
    );
    await asked.then(
      () => {
        ends.done += 1;
      },
      () => {
        ends[controller.signal.aborted ? 'cut' : 'failed'] += 1;
      },
    );
  }

  async function rowsAfter() {
    let touched = 0;
    const seen = new Set<string>();
    for (const { orgId } of organizations) {
      const rows = await database().withPrincipal(workerPrincipal(orgId), (tx) =>
        many(
          tx,
          z.object({ name: z.string() }),
          sql`select name from docent.users where org_id = ${orgId} and name = 'touched'`,
        ),
      );
      touched += rows.length;
      seen.add(orgId);
    }
    return { organizations: seen.size, touched };
  }
});

/** Numbers from 0 to 1, the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
