import type { NodeRef } from '@docent/contracts/learning';
import {
  type Edge,
  type EdgeFilters,
  EdgeStatus,
  EdgeType,
  type NewEdge,
  type NodeKind,
} from '@docent/contracts/learningEdges';
import type { Principal } from '@docent/core/principal';
import type { Position } from '@docent/database/resource';
import { emptySql, many, maybeOne, run, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { Prerequisite } from './cycle.ts';
import { At, timePosition } from './rows.ts';

const kind = z.enum(['skill', 'course', 'assessment', 'content']);

const EdgeRow = z
  .object({
    id: z.uuid(),
    type: EdgeType,
    fromKind: kind,
    fromId: z.uuid(),
    fromTitle: z.string(),
    toKind: kind,
    toId: z.uuid(),
    toTitle: z.string(),
    weight: z.number(),
    origin: z.enum(['manual', 'inferred']),
    score: z.number().nullable(),
    evidence: z.record(z.string(), z.json()),
    status: EdgeStatus,
    createdAt: At,
    updatedAt: At,
    position: z.string(),
  })
  .transform(({ fromKind, fromId, fromTitle, toKind, toId, toTitle, position, ...edge }) => {
    const from = { kind: fromKind, id: fromId, title: fromTitle };
    const to = { kind: toKind, id: toId, title: toTitle };
    return { position, id: edge.id, item: { ...edge, from, to } satisfies Edge };
  });

/** An edge is shown with the titles of both ends, so only when the caller sees both. */
const selected = sql`
  select e.id, e.type, e.from_kind as "fromKind", e.from_id as "fromId",
         coalesce(fs.name, fc.title, fa.title, ft.title) as "fromTitle",
         e.to_kind as "toKind", e.to_id as "toId", coalesce(ts.name, tc.title) as "toTitle",
         e.weight, e.origin, e.score, e.evidence, e.status, e.created_at as "createdAt",
         e.updated_at as "updatedAt", ${timePosition(sql`e.created_at`)} as position
    from docent.learning_edges e
    left join docent.skills fs on fs.org_id = e.org_id and fs.id = e.from_skill_id
    left join docent.courses fc on fc.org_id = e.org_id and fc.id = e.from_course_id
    left join docent.assessments fa on fa.org_id = e.org_id and fa.id = e.from_assessment_id
    left join docent.content ft on ft.org_id = e.org_id and ft.id = e.from_content_id
    left join docent.skills ts on ts.org_id = e.org_id and ts.id = e.to_skill_id
    left join docent.courses tc on tc.org_id = e.org_id and tc.id = e.to_course_id`;
const seen = sql`
  coalesce(fs.id, fc.id, fa.id, ft.id) is not null and coalesce(ts.id, tc.id) is not null`;

export function findEdge(tx: Tx, orgId: string, id: string): Promise<Edge | null> {
  return readEdge(tx, orgId, id, emptySql);
}

/** The same, its row locked until the transaction ends. */
export function lockEdge(tx: Tx, orgId: string, id: string): Promise<Edge | null> {
  return readEdge(tx, orgId, id, sql`for no key update of e`);
}

async function readEdge(tx: Tx, orgId: string, id: string, lock: Sql): Promise<Edge | null> {
  const query = sql`
    ${selected}
     where e.org_id = ${orgId}
       and e.id = ${id}
       and ${seen}
       ${lock}`;
  return (await maybeOne(tx, EdgeRow, query))?.item ?? null;
}

/** Oldest first. Proposals have a list of their own, best first. */
export function listEdges(
  tx: Tx,
  orgId: string,
  filters: EdgeFilters,
  after: Position | null,
  limit: number,
) {
  const { type = null, fromKind = null, fromId = null, toKind = null, toId = null } = filters;
  const { origin = null, status = 'confirmed' } = filters;
  return many(
    tx,
    EdgeRow,
    sql`
      ${selected}
       where e.org_id = ${orgId}
         and e.status = ${status}
         and (${type}::text is null or e.type = ${type})
         and (${fromKind}::text is null or e.from_kind = ${fromKind})
         and (${fromId}::uuid is null or e.from_id = ${fromId})
         and (${toKind}::text is null or e.to_kind = ${toKind})
         and (${toId}::uuid is null or e.to_id = ${toId})
         and (${origin}::text is null or e.origin = ${origin})
         and ${seen}
         and (${after?.position ?? null}::timestamptz is null
              or (e.created_at, e.id) > (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by e.created_at, e.id
       limit ${limit}`,
  );
}

/** Writes an edge by hand; one that was proposed or rejected becomes this one. Null: it is there already. */
export function insertEdge(
  tx: Tx,
  { orgId, userId }: Principal,
  id: string,
  { type, from, to, weight }: NewEdge,
): Promise<{ id: string } | null> {
  return maybeOne(
    tx,
    z.object({ id: z.uuid() }),
    sql`
      insert into docent.learning_edges as e (org_id, id, type, from_kind, from_id, to_kind, to_id, weight,
        decided_by, decided_at)
      values (${orgId}, ${id}, ${type}, ${from.kind}, ${from.id}, ${to.kind}, ${to.id}, ${weight}, ${userId}, now())
      on conflict (org_id, type, from_kind, from_id, to_kind, to_id) do update
        set weight = excluded.weight,
            status = 'confirmed',
            decided_by = excluded.decided_by,
            decided_at = now()
        where e.status <> 'confirmed'
      returning e.id`,
  );
}

/** Weight and decision of an edge. */
export async function updateEdge(
  tx: Tx,
  { orgId, userId }: Principal,
  { id, weight, status }: Pick<Edge, 'id' | 'weight' | 'status'>,
): Promise<void> {
  await run(
    tx,
    sql`
      update docent.learning_edges
         set weight = ${weight},
             decided_by = case when status = ${status} then decided_by else ${userId}::uuid end,
             decided_at = case when status = ${status} then decided_at else now() end,
             status = ${status}
       where org_id = ${orgId}
         and id = ${id}`,
  );
}

export function deleteEdge(tx: Tx, orgId: string, id: string): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.learning_edges
       where org_id = ${orgId}
         and id = ${id}`,
  );
}

/** Two writers of prerequisites, or of what courses teach, wait for each other: together they could close a cycle that neither sees. */
export async function lockPrerequisites(tx: Tx, orgId: string): Promise<void> {
  await run(
    tx,
    sql`
      select pg_advisory_xact_lock(hashtextextended('docent.prerequisites:' || ${orgId}::text, 0))`,
  );
}

/** What comes before what in the organization, by confirmed prerequisites and by courses that teach a skill. */
export function confirmedOrder(tx: Tx, orgId: string): Promise<Prerequisite[]> {
  return many(
    tx,
    z.object({ from: z.string(), to: z.string() }),
    sql`
      select e.from_kind || ':' || e.from_id as "from", e.to_kind || ':' || e.to_id as "to"
        from docent.learning_edges e
       where e.org_id = ${orgId}
         and e.type in ('prerequisite', 'teaches')
         and e.status = 'confirmed'`,
  );
}

/** Titles of nodes, of those that the caller sees. */
export function findNodes(
  tx: Tx,
  orgId: string,
  nodes: readonly { readonly kind: NodeKind; readonly id: string }[],
): Promise<NodeRef[]> {
  const idsOf = (wanted: NodeKind) => nodes.filter((n) => n.kind === wanted).map(({ id }) => id);
  return many(
    tx,
    z.object({ kind, id: z.uuid(), title: z.string() }),
    sql`
      select 'skill' as kind, id, name as title
        from docent.skills
       where org_id = ${orgId}
         and id = any (${idsOf('skill')}::uuid[])
      union all
      select 'course', id, title
        from docent.courses
       where org_id = ${orgId}
         and id = any (${idsOf('course')}::uuid[])
      union all
      select 'assessment', id, title
        from docent.assessments
       where org_id = ${orgId}
         and id = any (${idsOf('assessment')}::uuid[])
      union all
      select 'content', id, title
        from docent.content
       where org_id = ${orgId}
         and id = any (${idsOf('content')}::uuid[])`,
  );
}
