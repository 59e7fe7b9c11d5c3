import { createHash } from 'node:crypto';
import type { Agent, Statement } from '@docent/contracts/learningXapi';

/** The one identifier of an agent as text, for storing and searching; null for a group without one. */
export function agentKey(agent: Partial<Omit<Agent, 'objectType'>>): string | null {
  // The domain of an address knows no case; most senders take the whole for one.
  if (agent.mbox !== undefined) return `mbox:${agent.mbox.slice('mailto:'.length).toLowerCase()}`;
  if (agent.mbox_sha1sum !== undefined) return `mbox_sha1sum:${agent.mbox_sha1sum.toLowerCase()}`;
  if (agent.openid !== undefined) return `openid:${agent.openid}`;
  if (agent.account === undefined) return null;
  return `account:${agent.account.homePage}|${agent.account.name}`;
}

/**
 * SHA-256 of what must not change about a statement that is sent again: not its id, and not what the store
 * sets (stored, authority, version), nor a missing timestamp, nor how its words are written.
 */
export function fingerprintOf(statement: Statement): Buffer {
  const { id, stored, authority, version, timestamp, verb, ...rest } = statement;
  const said = {
    ...rest,
    verb: verb.id,
    object: withoutDefinition(rest.object),
    ...(timestamp === undefined ? {} : { timestamp: new Date(timestamp).toISOString() }),
  };
  return createHash('sha256').update(canonical(said)).digest();
}

function withoutDefinition(object: Statement['object']): unknown {
  if (!('definition' in object)) return object;
  const { definition, ...rest } = object;
  return rest;
}

/** JSON with its keys in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
