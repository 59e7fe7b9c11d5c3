import { setTimeout as delay } from 'node:timers/promises';
import { fileDatabase, type TestOrganization, testOrganization } from '@docent/test/database';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Job, type Jobs, openJobs, type Pace } from './jobs.ts';

const database = fileDatabase();
let organization: TestOrganization;

const fast: Partial<Pace> = { poll: 0.5, retryDelay: 0, grace: 0.05 };

beforeAll(async () => {
  organization = await testOrganization(database());
});

async function jobs(): Promise<Jobs> {
  const opened = await openJobs(database(), { pace: fast });
  onTestFinished(() => opened.close());
  return opened;
}

function send(opened: Jobs, modelId: string, options?: { singletonKey: string }): Promise<void> {
  const { orgId, principal } = organization;
  return database().withPrincipal(principal, (tx) =>
    opened.send(tx, 'embed-missing', { orgId, modelId }, options),
  );
}

/** Handles jobs of the queue and hands them out one by one. */
function listen(opened: Jobs) {
  const seen: Job<'embed-missing'>[] = [];
  const started = opened.work('embed-missing', { concurrency: 1 }, async (job) => {
    seen.push(job);
  });
  return { seen, started };
}

test('a job is done after its transaction commits', async () => {
  const opened = await jobs();
  const { seen } = listen(opened);

  await send(opened, 'committed');

  await expect.poll(() => seen, { timeout: 10_000 }).toHaveLength(1);
  expect(seen[0]).toMatchObject({
    data: { orgId: organization.orgId, modelId: 'committed' },
    attempt: 1,
    last: false,
  });
});

test('a job of a transaction that rolls back never is', async () => {
  const opened = await jobs();
  const { seen } = listen(opened);

  const failing = database().withPrincipal(organization.principal, async (tx) => {
    await opened.send(tx, 'embed-missing', { orgId: organization.orgId, modelId: 'rolled back' });
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  await send(opened, 'after it');

  await expect.poll(() => seen, { timeout: 10_000 }).toHaveLength(1);
  expect(seen[0]?.data.modelId).toBe('after it');
});
