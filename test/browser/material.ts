import { setTimeout as pause } from 'node:timers/promises';
import type { Portal } from '@docent/test/browser';

const PATIENCE_MS = 30_000;

/** A text that answers one question, searchable for everybody of the demo company when it resolves. */
export async function addVacationPolicy({ app, demo }: Portal): Promise<void> {
  const headers = { authorization: `Bearer ${demo.keys.trainer}` };
  const text =
    '# Leave\n\nEvery employee has 25 vacation days a year. Unused vacation days expire on 31 March. Part-time employees get a share of them.';
  const made = await app.inject({
    method: 'POST',
    url: '/v1/content',
    headers,
    payload: { title: 'Vacation policy', text },
  });
  const { id } = made.json();
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const content = await app.inject({ method: 'GET', url: `/v1/content/${id}`, headers });
    const { state } = content.json().latest;
    if (state === 'ready') return;
    if (Date.now() > until) throw new Error(`the material is ${state}: ${made.body}`);
    await pause(100);
  }
}
