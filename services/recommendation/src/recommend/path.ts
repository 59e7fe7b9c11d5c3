import type { LearningPath, PathStep } from '@docent/contracts/recommend';
import { notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { ENOUGH_ANSWERS, shownLevel } from '../mastery/elo.ts';
import { catchUpLearner } from '../mastery/mastery.ts';
import {
  findPathEdges,
  findPathNodes,
  findRoleTargets,
  findSkillTarget,
  type PathEdge,
  type PathNode,
} from './path.store.ts';
import { FORGOTTEN_BELOW } from './refresh.ts';
import { asLearner, findSubject } from './subject.store.ts';

/** What stands before a goal is known well enough at this level. */
const ENOUGH_LEVEL = 4;

/**
 * The way to a goal: everything that must come before it, in an order in which nothing comes before what it needs, with
 * a course for each skill where there is one.
 *
 * @param goal `skill:<id>` or `role:<job title>`
 * @throws AppError `not_found`: no such person for the caller, no such skill, or nothing is asked of such a job.
 */
export async function learningPath(
  database: Database,
  principal: Principal,
  userId: string,
  goal: string,
): Promise<LearningPath> {
  const { orgId } = principal;
  const subject = await database.withPrincipal(principal, (tx) => findSubject(tx, orgId, userId), {
    readOnly: true,
  });
  if (subject === null) throw notFound('user', userId);
  if (subject.masteryStale) await catchUpLearner(database, orgId, userId);
  const type = goal.toLowerCase().startsWith('skill:') ? 'skill' : 'role';
  const id = goal.slice(goal.indexOf(':') + 1).trim();
  return database.withPrincipal(
    asLearner(subject, principal),
    async (tx) => {
      const skill = type === 'skill' ? await findSkillTarget(tx, orgId, userId, id) : null;
      const targets =
        type === 'role' ? await findRoleTargets(tx, orgId, userId, id) : skill ? [skill] : [];
      const [first] = targets;
      if (first === undefined) throw notFound(type === 'skill' ? 'skill' : 'role', id);
      const levels = new Map(targets.map(({ skillId, level }) => [skillId, level]));
      const nodes = await findPathNodes(tx, orgId, userId, [...levels.keys()]);
      const edges = await findPathEdges(
        tx,
        orgId,
        nodes.map((node) => node.id),
      );
      const steps = stepsOf(nodes, edges, levels);
      const open = steps.filter(({ state, type: kind }) => state !== 'done' && kind === 'course');
      return {
        goal: { type, id, title: first.title },
        steps,
        minutesLeft: open.reduce((sum, { minutes }) => sum + (minutes ?? 0), 0),
        stepsWithoutTime: open.filter(({ minutes }) => minutes === null).length,
        stepsDone: steps.filter(({ state }) => state === 'done').length,
      };
    },
    { readOnly: true },
  );
}

/**
 * Steps in order, each waiting for nothing but steps before it. In a circle, which only old data can have, what should
 * come before its first step is left out, so that there is always a step to begin with.
 */
export function stepsOf(
  nodes: readonly PathNode[],
  given: readonly PathEdge[],
  levels: ReadonlyMap<string, number>,
): PathStep[] {
  const ordered = inOrder(nodes, given);
  const place = new Map(ordered.map(({ id }, index) => [id, index]));
  const edges = given.filter(
    ({ fromId, toId }) => (place.get(fromId) ?? Infinity) < (place.get(toId) ?? -1),
  );
  const isDone = (node: PathNode) => {
    if (node.kind === 'course') return node.status === 'completed';
    const level = shownLevel(node);
    return level !== null && level >= (levels.get(node.id) ?? ENOUGH_LEVEL);
  };
  const done = new Set(nodes.filter(isDone).map(({ id }) => id));
  return ordered.map((node, index) => {
    const waitsFor = edges
      .filter(({ fromId, toId }) => toId === node.id && !done.has(fromId))
      .map(({ fromId }) => fromId);
    const begun = node.status === 'in_progress';
    return {
      position: index + 1,
      type: node.kind,
      itemId: node.id,
      title: node.title,
      state: done.has(node.id)
        ? 'done'
        : begun
          ? 'in_progress'
          : waitsFor.length > 0
            ? 'blocked'
            : 'ready',
      targetLevel: node.kind === 'skill' ? (levels.get(node.id) ?? ENOUGH_LEVEL) : null,
      level: node.kind === 'skill' ? shownLevel(node) : null,
      refresher: done.has(node.id) && isFading(node),
      minutes: done.has(node.id)
        ? 0
        : node.minutes === null
          ? null
          : Math.ceil(node.minutes * (1 - node.progress / 100)),
      teaches: node.teaches,
      needs: edges.filter(({ toId }) => toId === node.id).map(({ fromId }) => fromId),
      waitsFor,
    };
  });
}

/** Reached on enough answers, and less likely than it should be to be remembered. */
function isFading({ kind, answers, retention }: PathNode): boolean {
  const known = kind === 'skill' && answers >= ENOUGH_ANSWERS && retention !== null;
  return known && retention < FORGOTTEN_BELOW;
}

/**
 * Nothing before what it needs (Kahn 1962); among equals what is easier first. Where only a circle is left, it begins
 * with what was begun or completed, or else with its easiest course.
 */
function inOrder(nodes: readonly PathNode[], edges: readonly PathEdge[]): PathNode[] {
  const left = new Map(nodes.map((node) => [node.id, node]));
  const ordered: PathNode[] = [];
  while (left.size > 0) {
    const waiting = [...left.values()];
    const free = waiting.filter(
      ({ id }) => !edges.some(({ fromId, toId }) => toId === id && left.has(fromId)),
    );
    const next = free.length > 0 ? free.sort(easierFirst)[0] : firstOfCircle(waiting, edges);
    if (next === undefined) break;
    ordered.push(next);
    left.delete(next.id);
  }
  return ordered;
}

function easierFirst(a: PathNode, b: PathNode): number {
  return a.difficulty - b.difficulty || a.title.localeCompare(b.title);
}

/** A step of a circle that nothing outside of it stands before: what the fewest come before is in such a one. */
function firstOfCircle(
  waiting: readonly PathNode[],
  edges: readonly PathEdge[],
): PathNode | undefined {
  const ids = new Set(waiting.map(({ id }) => id));
  const before = (id: string) => {
    const found = new Set([id]);
    const queue = [id];
    for (const at of queue) {
      for (const { fromId, toId } of edges) {
        if (toId !== at || !ids.has(fromId) || found.has(fromId)) continue;
        found.add(fromId);
        queue.push(fromId);
      }
    }
    return found.size;
  };
  const counted = waiting.map((node) => ({ node, count: before(node.id) }));
  const fewest = Math.min(...counted.map(({ count }) => count));
  const rank = ({ kind, status }: PathNode) =>
    ['completed', 'in_progress'].includes(status ?? '') ? 0 : kind === 'course' ? 1 : 2;
  return counted
    .filter(({ count }) => count === fewest)
    .map(({ node }) => node)
    .sort((a, b) => rank(a) - rank(b) || easierFirst(a, b))[0];
}
