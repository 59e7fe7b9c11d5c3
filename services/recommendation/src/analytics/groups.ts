import type { AnalyticsGroup } from '@docent/contracts/analytics';
import type { GroupNode } from './privacy/suppress.ts';

export interface Department {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
}

/** Where a person is counted: the department (null: none) and the job title in lower case ('': none). */
export interface Place {
  readonly departmentId: string | null;
  readonly job: string;
}

/** A group that analytics tell about, with what it is called. */
export interface Group extends GroupNode {
  readonly shown: AnalyticsGroup;
  readonly children: readonly Group[];
}

/**
 * The groups of an organization as a tree in which every person belongs to exactly one leaf: departments, in those
 * that have others below them the people of their own, and in these their job titles.
 *
 * @param jobs every place where people are, with the job title as it is written.
 */
export function groupTree(
  orgId: string,
  departments: readonly Department[],
  jobs: readonly (Place & { readonly title: string | null })[],
): Group {
  const below = Map.groupBy(departments, ({ parentId }) => parentId);
  const placed = Map.groupBy(jobs, ({ departmentId }) => departmentId);

  const build = (id: string, shown: AnalyticsGroup): Group => {
    const { departmentId } = shown;
    const titles = (placed.get(departmentId) ?? []).map(
      (job): Group => ({
        id: leafId(job),
        shown: { kind: 'job_title', departmentId, name: job.title },
        children: [],
      }),
    );
    const parts = (below.get(departmentId) ?? []).map((department) =>
      build(department.id, {
        kind: 'department',
        departmentId: department.id,
        name: department.name,
      }),
    );
    if (parts.length === 0) return { id, shown, children: titles };
    if (titles.length === 0) return { id, shown, children: parts };
    const own: Group = {
      id: `${id} own`,
      shown: { kind: 'own', departmentId, name: shown.name },
      children: titles,
    };
    return { id, shown, children: [...parts, own] };
  };
  return build(orgId, { kind: 'organization', departmentId: null, name: null });
}

/** The leaf that people of a place are counted in. */
export function leafId({ departmentId, job }: Place): string {
  return `${departmentId ?? 'none'} job ${job}`;
}

/**
 * What the report of a group tells about: itself, the groups right below it, and its own job titles. A job title that
 * everybody of the group has would say the same again.
 */
export function reported(group: Group): Group[] {
  const below = (of: Group): readonly Group[] => (of.children.length > 1 ? of.children : []);
  return [
    group,
    ...group.children.flatMap((child) => {
      if (child.shown.kind === 'job_title') return below(group).includes(child) ? [child] : [];
      return child.shown.kind === 'own' ? [child, ...below(child)] : [child];
    }),
  ];
}

/** Whose reports there are: the organization and every department. */
export function reporting(group: Group): Group[] {
  return [group, ...group.children.filter(isReported).flatMap(reporting)];
}

function isReported({ shown }: Group): boolean {
  return shown.kind === 'department';
}
