import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { etagOf } from './etag.ts';
import {
  type IdempotentRequest,
  type OutcomeReply,
  sendOutcome,
  withIdempotency,
} from './idempotency.ts';

/**
 * Makes a thing in a transaction, once for each `Idempotency-Key`, and answers 201 with it, its address and its ETag.
 *
 * @param path of the collection: `/v1/skills`.
 * @throws as `withIdempotency`.
 */
export async function sendCreated<R extends OutcomeReply, Item extends { readonly id: string }>(
  database: Database,
  request: IdempotentRequest & { readonly body: unknown },
  reply: R,
  path: string,
  create: (tx: Tx) => Promise<Item>,
): Promise<R> {
  const print = JSON.stringify(request.body);
  const outcome = await withIdempotency(database, request, print, async (tx) => {
    const made = await create(tx);
    const headers = { location: `${path}/${made.id}`, etag: etagOf(made) };
    return { status: 201, headers, body: made };
  });
  return sendOutcome(reply, outcome);
}
