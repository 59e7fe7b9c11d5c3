import { sampleId } from './catalogue.ts';
import type { SamplePerson } from './people.ts';

/** Rows of a person's year, times as ISO 8601. */
export interface SampleYear {
  readonly events: {
    id: string;
    user_id: string;
    course_id: string;
    event_id: string;
    status: string | null;
    progress: number | null;
    due_at: string | null;
    occurred_at: string;
  }[];
  readonly attempts: {
    id: string;
    user_id: string;
    assessment_id: string;
    question_ids: string[];
    started_at: string;
    completed_at: string;
    time_taken_seconds: number;
    score: number;
    passed: boolean;
  }[];
  readonly answers: {
    id: string;
    user_id: string;
    attempt_id: string;
    question_id: string;
    skill_id: string;
    score: number;
    answered_at: string;
  }[];
  readonly declarations: {
    id: string;
    user_id: string;
    skill_id: string;
    kind: 'self' | 'manager';
    level: number;
    declared_at: string;
  }[];
  readonly recommendations: {
    id: string;
    user_id: string;
    item_id: string;
    position: number;
    score: number;
    reason: string;
    reason_type: string;
    evidence: Readonly<Record<string, string | number | null>>;
    shown_at: string;
    clicked_at: string | null;
  }[];
}

export function newYear(): SampleYear {
  return { events: [], attempts: [], answers: [], declarations: [], recommendations: [] };
}

/** Adds a report of progress in a course; times in milliseconds. */
export function writeEvent(
  year: SampleYear,
  {
    orgId,
    person,
    title,
    status,
    progress,
    due,
    time,
  }: {
    orgId: string;
    person: SamplePerson;
    /** Of the course. */
    title: string;
    status: string | null;
    progress: number | null;
    due: number | undefined;
    time: number;
  },
): void {
  const course_id = sampleId(orgId, 'course', title);
  const number = 1 + year.events.filter((event) => event.course_id === course_id).length;
  const event_id = `${person.email}/${title}/${number}`;
  year.events.push({
    id: sampleId(orgId, 'event', event_id),
    user_id: person.id,
    course_id,
    event_id,
    status,
    progress,
    due_at: due === undefined ? null : new Date(due).toISOString(),
    occurred_at: new Date(time).toISOString(),
  });
}
