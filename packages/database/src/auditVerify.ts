import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { z } from 'zod';

/** Where the log of an organization stood at a time: kept outside of the database, it proves what was there. */
export const Checkpoint = z
  .object({
    orgId: z.uuid(),
    seq: z.int().positive(),
    /** SHA-256 in hex. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    at: z.iso.datetime(),
  })
  .strict();
export type Checkpoint = z.infer<typeof Checkpoint>;

export interface Verification {
  readonly organizations: number;
  readonly entries: number;
  /** A sentence for each thing that is wrong. */
  readonly findings: readonly string[];
}

type Client = Pick<ClientBase, 'query'>;

/**
 * Recomputes the hash chains of the audit log, here and not by functions of the database, whose owner could have
 * changed them too. A chain shows changed, removed, inserted and reordered entries; that its end is missing, or
 * that somebody rewrote all of it, only earlier checkpoints show.
 *
 * @param client of a superuser, or of a role with BYPASSRLS: others do not see every entry.
 * @param options.orgId this organization only.
 */
export async function verifyAudit(
  client: Client,
  {
    orgId = null,
    checkpoints = [],
  }: { orgId?: string | null; checkpoints?: readonly Checkpoint[] } = {},
): Promise<Verification> {
  await requireFullSight(client);
  // One moment: entries that are written meanwhile are in neither the log nor the heads.
  await client.query('begin isolation level repeatable read read only');
  try {
    return await verifyNow(client, orgId, checkpoints);
  } finally {
    await client.query('rollback');
  }
}

async function verifyNow(
  client: Client,
  orgId: string | null,
  checkpoints: readonly Checkpoint[],
): Promise<Verification> {
  const findings = await openDoors(client);
  const heads = await readHeads(client, orgId);
  const known = checkpoints.filter((point) => orgId === null || point.orgId === orgId);
  const organizations = new Set([
    ...heads.keys(),
    ...known.map((point) => point.orgId),
    ...(await organizationsInLog(client, orgId)),
  ]);
  let entries = 0;
  for (const organization of organizations) {
    const points = known.filter((point) => point.orgId === organization);
    const chain = await walkChain(client, organization, points);
    entries += chain.entries;
    const wrong = [...chain.findings, ...compareHead(chain, heads.get(organization))];
    findings.push(...wrong.map((sentence) => `Organization ${organization}: ${sentence}`));
  }
  return { organizations: organizations.size, entries, findings };
}

/** Where every organization's log (or one's) stands now. */
export async function auditCheckpoints(
  client: Client,
  orgId: string | null = null,
): Promise<Checkpoint[]> {
  await requireFullSight(client);
  const at = new Date().toISOString();
  const heads = await readHeads(client, orgId);
  return [...heads].map(([org, { seq, hash }]) => ({ orgId: org, seq, hash, at }));
}

async function requireFullSight(client: Client): Promise<void> {
  const { rows } = await client.query(
    'select rolsuper or rolbypassrls as sees from pg_roles where rolname = current_user',
  );
  const [{ sees }] = z.tuple([z.object({ sees: z.boolean() })]).parse(rows);
  if (sees) return;
  throw new Error(
    'The audit log can only be verified by a role that sees all of it: connect as a superuser or a role with BYPASSRLS.',
  );
}

const Row = z.object({
  seq: z.string(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  target_kind: z.string(),
  target_id: z.string(),
  changes: z.string(),
  details: z.string(),
  request_id: z.string().nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  hash: z.string(),
});
type Row = z.infer<typeof Row>;

interface Chain {
  readonly entries: number;
  readonly lastSeq: number;
  readonly lastHash: string;
  readonly findings: readonly string[];
}

/** Findings that are told one by one; a log that was replaced would have millions. */
const MAX_FINDINGS = 100;

async function walkChain(
  client: Client,
  orgId: string,
  points: readonly Checkpoint[],
): Promise<Chain> {
  const findings: string[] = [];
  const expected = new Map(points.map((point) => [point.seq, point]));
  let entries = 0;
  let lastSeq = 0;
  let lastHash = '';
  for await (const row of readLog(client, orgId)) {
    entries += 1;
    const seq = Number(row.seq);
    if (seq === lastSeq) {
      findings.push(`entry ${seq} is there twice: one of them was inserted.`);
    } else if (seq > lastSeq + 1) {
      findings.push(`${named(lastSeq + 1, seq - 1)} removed.`);
    }
    if (row.hash !== hashOf(orgId, row, lastHash)) {
      findings.push(
        seq === lastSeq + 1
          ? `entry ${seq} was changed, inserted or moved: its hash does not follow from it and the entry before.`
          : `entry ${seq} does not follow the entry before it.`,
      );
    }
    const point = expected.get(seq);
    if (point !== undefined && point.hash !== row.hash) {
      findings.push(`entry ${seq} is not the one that was there at the checkpoint of ${point.at}.`);
    }
    expected.delete(seq);
    lastSeq = seq;
    lastHash = row.hash;
    if (findings.length >= MAX_FINDINGS) {
      findings.push('and more; the rest was not read.');
      return { entries, lastSeq, lastHash, findings };
    }
  }
  for (const { seq, at } of expected.values()) {
    const reached = `the log had reached entry ${seq} at the checkpoint of ${at}`;
    findings.push(
      seq > lastSeq
        ? `${reached} and ends at ${lastSeq} now: its end was cut off.`
        : `${reached}, which is not there now.`,
    );
  }
  return { entries, lastSeq, lastHash, findings };
}

function compareHead({ lastSeq, lastHash }: Chain, head: Head | undefined): string[] {
  if (head === undefined) {
    return lastSeq === 0 ? [] : ['the row of audit_heads was removed.'];
  }
  if (head.seq > lastSeq) {
    return [`${named(lastSeq + 1, head.seq)} removed from the end.`];
  }
  if (head.seq < lastSeq || head.hash !== lastHash) {
    return [
      `the last entry, ${lastSeq}, is not the one that was written last (audit_heads: ${head.seq}).`,
    ];
  }
  return [];
}

function named(from: number, to: number): string {
  return from === to ? `entry ${from} was` : `entries ${from} to ${to} were`;
}

/** As `docent.audit_chain` computes it: fields with their length in bytes before them, after the hash before. */
function hashOf(orgId: string, row: Row, before: string): string {
  const text = [
    orgId,
    row.seq,
    row.at,
    row.actor,
    row.action,
    row.target_kind,
    row.target_id,
    row.changes,
    row.details,
    row.request_id,
    row.ip,
    row.user_agent,
  ]
    .map((value) => (value === null ? '-,' : `${Buffer.byteLength(value)}:${value},`))
    .join('');
  return createHash('sha256').update(Buffer.from(before, 'hex')).update(text).digest('hex');
}

const BATCH = 5_000;

/** Every entry in the order of its number, read in pieces. */
async function* readLog(client: Client, orgId: string): AsyncGenerator<Row> {
  let after: [string, string] = ['-9223372036854775808', '-infinity'];
  for (;;) {
    const { rows } = await client.query(
      `select seq::text, to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor, action,
              target_kind, target_id, changes::text, details::text, request_id, ip, user_agent,
              encode(hash, 'hex') as hash
         from docent.audit_log l
        where org_id = $1
          and (seq, at) > ($2::bigint, $3::timestamptz)
        order by l.seq, l.at
        limit ${BATCH}`,
      [orgId, ...after],
    );
    const parsed = z.array(Row).parse(rows);
    yield* parsed;
    const last = parsed.at(-1);
    if (last === undefined || parsed.length < BATCH) return;
    after = [last.seq, last.at];
  }
}

interface Head {
  readonly seq: number;
  readonly hash: string;
}

async function readHeads(client: Client, orgId: string | null): Promise<Map<string, Head>> {
  const { rows } = await client.query(
    `select org_id, seq::text, encode(hash, 'hex') as hash
       from docent.audit_heads
      where ($1::uuid is null or org_id = $1)
      order by org_id`,
    [orgId],
  );
  const heads = z
    .array(z.object({ org_id: z.string(), seq: z.coerce.number(), hash: z.string() }))
    .parse(rows);
  return new Map(heads.map(({ org_id, seq, hash }) => [org_id, { seq, hash }]));
}

async function organizationsInLog(client: Client, orgId: string | null): Promise<string[]> {
  const { rows } = await client.query(
    `select distinct org_id
       from docent.audit_log
      where ($1::uuid is null or org_id = $1)`,
    [orgId],
  );
  return z
    .array(z.object({ org_id: z.string() }))
    .parse(rows)
    .map(({ org_id }) => org_id);
}

/** What would let changes pass unrecorded: triggers that are switched off, entries that were never chained. */
async function openDoors(client: Client): Promise<string[]> {
  const { rows } = await client.query(
    `select c.oid::regclass || ': the trigger ' || t.tgname || ' is switched off.' as sentence
       from pg_trigger t
       join pg_class c on c.oid = t.tgrelid
      where c.relnamespace in ('docent'::regnamespace, 'docent_audit'::regnamespace)
        and t.tgenabled <> 'O'
        and (t.tgname like 'audit\\_%' or c.relname like 'audit\\_%'
          or c.relnamespace = 'docent_audit'::regnamespace)
     union all
     select 'audit_pending: ' || count(*) || ' changes of organization ' || org_id || ' were not put on record.'
       from docent.audit_pending
      group by org_id
      order by 1`,
  );
  return z
    .array(z.object({ sentence: z.string() }))
    .parse(rows)
    .map(({ sentence }) => sentence);
}
