import type { RecommendationType } from '@docent/contracts/recommend';
import type { Tab } from '../ui/page.tsx';

/** The parts of “My learning”. */
export const parts: readonly Tab[] = [
  { href: '/app/learning', label: 'For you' },
  { href: '/app/learning/path', label: 'Path' },
  { href: '/app/learning/skills', label: 'Skills' },
  { href: '/app/learning/privacy', label: 'My data' },
];

const folders: Record<RecommendationType | 'assessment', string> = {
  course: 'courses',
  skill: 'skills',
  content: 'content',
  assessment: 'assessments',
};

/**
 * Where something of the learning graph has its page.
 *
 * @param recommendation id of the recommendation that leads there: what follows is told of it.
 */
export function pageOf(kind: keyof typeof folders, id: string, recommendation?: string): string {
  const from = recommendation === undefined ? '' : `?recommendation=${recommendation}`;
  return `/app/learning/${folders[kind]}/${id}${from}`;
}

export function pathTo(goal: { type: 'skill' | 'role'; id: string }): string {
  return `/app/learning/path?goal=${encodeURIComponent(`${goal.type}:${goal.id}`)}`;
}

export function attemptPage(assessmentId: string, attemptId: string): string {
  return `${pageOf('assessment', assessmentId)}/attempts/${attemptId}`;
}
