import type { Progress, ProgressEventInput } from '@docent/contracts/learningProgress';
import type { Api } from '../api/client.ts';
import { mention } from './tell.ts';

/** Tells where the person stands in a course or skill. @throws ApiProblem */
export function report(
  api: Api,
  itemId: string,
  event: Pick<ProgressEventInput, 'status' | 'progress'>,
): Promise<Progress> {
  return api.send('PUT', `/v1/progress/me/${itemId}`, { ...event, source: 'portal' });
}

/**
 * Begins a course.
 *
 * @param recommendation what led to it, if something did.
 * @throws ApiProblem
 */
export async function start(api: Api, courseId: string, recommendation?: string) {
  const progress = await report(api, courseId, { status: 'in_progress' });
  if (recommendation !== undefined) mention(api, recommendation, { event: 'enrolled' });
  return progress;
}
