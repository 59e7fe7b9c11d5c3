import type { Course, NodeRef } from '@docent/contracts/learning';
import type { Assessment } from '@docent/contracts/learningAssessments';
import type { Edge } from '@docent/contracts/learningEdges';
import type { Progress } from '@docent/contracts/learningProgress';
import type { Api, Page } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';

/** The most of each list that a page shows, which is the most that the API gives at once. */
const MOST = 100;

/** The contents that belong to a course or skill. @throws ApiProblem */
export async function contentsOf(
  api: Api,
  to: { kind: 'course' | 'skill'; id: string },
  signal: AbortSignal,
): Promise<NodeRef[]> {
  const lists = await Promise.all(
    ['covers', 'teaches'].map((type) =>
      api.get<Page<Edge>>('/v1/edges', {
        query: { type, fromKind: 'content', toKind: to.kind, toId: to.id, limit: MOST },
        signal,
      }),
    ),
  );
  return distinct(lists.flatMap(({ items }) => items.map(({ from }) => from)));
}

/** The assessments that belong to a course or skill, or test it. @throws ApiProblem */
export async function assessmentsOf(
  api: Api,
  of: { kind: 'course' | 'skill'; id: string },
  signal: AbortSignal,
): Promise<Pick<NodeRef, 'id' | 'title'>[]> {
  const [own, edges] = await Promise.all([
    api.get<Page<Assessment>>('/v1/assessments', {
      query: { [`${of.kind}Id`]: of.id, status: 'published', limit: MOST },
      signal,
    }),
    api.get<Page<Edge>>('/v1/edges', {
      query: { type: 'assesses', toKind: of.kind, toId: of.id, limit: MOST },
      signal,
    }),
  ]);
  return distinct([...own.items, ...edges.items.map(({ from }) => from)]);
}

/** @throws ApiProblem */
export async function coursesTeaching(
  api: Api,
  skillId: string,
  signal: AbortSignal,
): Promise<readonly Course[]> {
  const query = { skillId, status: 'published', limit: MOST };
  return (await api.get<Page<Course>>('/v1/courses', { query, signal })).items;
}

/** Where the person stands in a course or skill; null: nothing was reported. @throws ApiProblem */
export async function ownProgress(
  api: Api,
  itemId: string,
  signal: AbortSignal,
): Promise<Progress | null> {
  try {
    return await api.get<Progress>(`/v1/progress/me/${itemId}`, { signal });
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

function distinct<T extends { readonly id: string }>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
