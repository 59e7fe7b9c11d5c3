import type { Response } from '@docent/contracts/learningAssessments';

/** Answers by the id of their question. */
export type Answers = Readonly<Record<string, Response>>;

const keyOf = (attemptId: string) => `docent.attempt.${attemptId}`;

/** What was answered and not handed in yet: kept by the browser, so that a reload or a crash loses nothing. */
export function readDraft(attemptId: string): Answers {
  try {
    return JSON.parse(localStorage.getItem(keyOf(attemptId)) ?? '{}');
  } catch {
    return {};
  }
}

export function writeDraft(attemptId: string, answers: Answers): void {
  try {
    localStorage.setItem(keyOf(attemptId), JSON.stringify(answers));
  } catch {
    // A browser that keeps nothing: the answers live as long as the page.
  }
}

export function dropDraft(attemptId: string): void {
  localStorage.removeItem(keyOf(attemptId));
}

/** Whether somebody has said something. */
export function isAnswered(response: Response | undefined): boolean {
  if (response === undefined) return false;
  if (typeof response === 'number') return true;
  return typeof response === 'string' ? response.trim() !== '' : response.length > 0;
}
