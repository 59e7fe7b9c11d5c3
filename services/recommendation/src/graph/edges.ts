import type {
  Edge,
  EdgeFilters,
  EdgeUpdate,
  NewEdge,
  NodeKind,
} from '@docent/contracts/learningEdges';
import { AppError, notFound } from '@docent/core/errors';
import { newId } from '@docent/core/ids';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Tx } from '@docent/database/sql';
import { checkIfMatch } from '@docent/http/etag';
import { type PageRequest, readPage } from '@docent/http/paging';
import { prerequisiteCycle } from './cycle.ts';
import {
  confirmedOrder,
  deleteEdge,
  findEdge,
  findNodes,
  insertEdge,
  listEdges,
  lockEdge,
  lockPrerequisites,
  updateEdge,
} from './edges.store.ts';

export type Edges = ReturnType<typeof makeEdges>;

/** Edges that say what comes first: before a skill also the course that teaches it. */
export const ORDERING: readonly string[] = ['prerequisite', 'teaches'];

/**
 * The edges of the learning graph. What must be learned before what never forms a cycle: an edge that would close one
 * is refused, a prerequisite as well as a course that teaches what it needs.
 */
export function makeEdges(database: Database) {
  return {
    /** Oldest first; those whose ends the caller sees. */
    list(principal: Principal, filters: EdgeFilters, page: PageRequest) {
      return readPage('time', page, (after, limit) =>
        database.withPrincipal(
          principal,
          (tx) => listEdges(tx, principal.orgId, filters, after, limit),
          { readOnly: true },
        ),
      );
    },

    /** @throws AppError `not_found` */
    async get(principal: Principal, id: string): Promise<Edge> {
      const found = await database.withPrincipal(
        principal,
        (tx) => findEdge(tx, principal.orgId, id),
        { readOnly: true },
      );
      if (found === null) throw notFound('edge', id);
      return found;
    },

    /**
     * In the caller's transaction. An edge that was proposed or rejected becomes the given one.
     * @throws AppError `not_found` (an end), `conflict` (it is there, or it closes a cycle)
     */
    async create(tx: Tx, principal: Principal, edge: NewEdge): Promise<Edge> {
      const { orgId } = principal;
      const nodes = await findNodes(tx, orgId, [edge.from, edge.to]);
      for (const end of [edge.from, edge.to]) {
        if (!nodes.some(({ kind, id }) => kind === end.kind && id === end.id)) {
          throw notFound(end.kind, end.id);
        }
      }
      await refuseCycle(tx, orgId, edge);
      const made = await insertEdge(tx, principal, newId(), edge);
      if (made === null) throw new AppError('conflict', 'This edge is there already.');
      const found = await findEdge(tx, orgId, made.id);
      if (found === null) throw new Error('a new edge is not there');
      return found;
    },

    /**
     * Changes the weight, confirms or rejects.
     * @throws AppError `not_found`, `precondition_failed`, `conflict` (confirmed, it would close a cycle)
     */
    change(
      principal: Principal,
      id: string,
      { weight, status }: EdgeUpdate,
      ifMatch: string | undefined,
    ): Promise<Edge> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        const before = await lockEdge(tx, orgId, id);
        if (before === null) throw notFound('edge', id);
        checkIfMatch(ifMatch, before);
        if (status === 'confirmed' && before.status !== 'confirmed') {
          await refuseCycle(tx, orgId, before);
        }
        await updateEdge(tx, principal, {
          id,
          weight: weight ?? before.weight,
          status: status ?? before.status,
        });
        const found = await findEdge(tx, orgId, id);
        if (found === null) throw new Error('a locked edge is gone');
        return found;
      });
    },

    /** @throws AppError `not_found`, `precondition_failed` */
    remove(principal: Principal, id: string, ifMatch: string | undefined): Promise<void> {
      const { orgId } = principal;
      return database.withPrincipal(principal, async (tx) => {
        const before = await lockEdge(tx, orgId, id);
        if (before === null) throw notFound('edge', id);
        checkIfMatch(ifMatch, before);
        await deleteEdge(tx, orgId, id);
      });
    },
  };
}

interface Ends {
  readonly type: string;
  readonly from: { readonly kind: NodeKind; readonly id: string };
  readonly to: { readonly kind: NodeKind; readonly id: string };
}

async function refuseCycle(tx: Tx, orgId: string, { type, from, to }: Ends): Promise<void> {
  if (!ORDERING.includes(type)) return;
  await lockPrerequisites(tx, orgId);
  const cycle = prerequisiteCycle(await confirmedOrder(tx, orgId), [
    { from: `${from.kind}:${from.id}`, to: `${to.kind}:${to.id}` },
  ]);
  if (cycle !== null) throw await cycleRefusal(tx, orgId, cycle);
}

/**
 * The refusal of a cycle, its nodes named by their titles.
 * @param cycle nodes as `kind:id`, the first one again at the end.
 */
export async function cycleRefusal(tx: Tx, orgId: string, cycle: string[]): Promise<AppError> {
  const nodes = cycle.map((node) => {
    const [kind, id = ''] = node.split(':');
    return { kind: kind === 'course' ? ('course' as const) : ('skill' as const), id };
  });
  const named = await findNodes(tx, orgId, nodes);
  const titles = nodes.map(
    (node) => named.find(({ kind, id }) => kind === node.kind && id === node.id)?.title ?? node.id,
  );
  const way = titles.map((title) => `“${title}”`).join(' → ');
  return new AppError('conflict', `These would be prerequisites of each other: ${way}.`, {
    details: { cycle },
  });
}
