import type { Jobs, Queue, QueueData } from '@docent/database/jobs';

/** Jobs that wait in a list until a test runs them: what happens when is for the test to say. */
export interface WaitingJobs extends Jobs {
  readonly waiting: { readonly [Q in Queue]: QueueData[Q][] };
}

export function waitingJobs(): WaitingJobs {
  const waiting: WaitingJobs['waiting'] = {
    'process-version': [],
    'embed-missing': [],
    'refresh-statistics': [],
    'refold-course': [],
    'propose-links': [],
    'replay-mastery': [],
    'withdraw-statement': [],
    'rebuild-recommendations': [],
    'refresh-analytics': [],
    'run-evaluation': [],
  };
  return {
    waiting,
    send: async (_tx, queue, data) => {
      waiting[queue].push(data);
    },
    work: async () => {},
    close: async () => {},
  };
}
