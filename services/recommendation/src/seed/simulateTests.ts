import { sampleAssessments } from './assessments.data.ts';
import type { Calendar } from './calendar.ts';
import { sampleId } from './catalogue.ts';
import type { SamplePerson } from './people.ts';
import type { Random } from './random.ts';
import type { SampleYear } from './year.ts';

/** How far below their general ability people are in a skill that they have not learned here, in logits. */
const UNLEARNED = 1.2;
/** What a finished course adds to the ability in its skills, in logits. */
const GAIN = 3.2;
/** Logits by which a question is harder than one of a level below; the same as mastery begins with. */
const LOGITS_PER_DIFFICULTY = 0.8;

/** What somebody can do, in truth. */
export interface Knowledge {
  /** Probability, 0 to 1, of a right answer to a question of this difficulty, 1 to 5. */
  chance(skill: string, difficulty: number): number;
  /** Level 1 to 5. */
  level(skill: string): number;
  /** @param share of what a course teaches at most, 0 to 1. */
  learn(skill: string, share: number): void;
}

export function knowledgeOf(person: SamplePerson, random: Random): Knowledge {
  const known = new Map<string, number>();
  const ability = (skill: string) => {
    const value = known.get(skill) ?? person.ability - UNLEARNED + random.normal(0, 0.7);
    known.set(skill, value);
    return value;
  };
  return {
    chance: (skill, difficulty) =>
      sigmoid(ability(skill) - (difficulty - 3) * LOGITS_PER_DIFFICULTY),
    level: (skill) => 1 + 4 * sigmoid(ability(skill)),
    learn: (skill, share) =>
      known.set(skill, ability(skill) + GAIN * share * Math.max(0.3, random.normal(1.2, 0.35))),
  };
}

/**
 * Takes the assessment of a course, again when it was not passed; each time helps a little.
 *
 * @returns when the last attempt was, and when it was passed; without an assessment both are as if there was none.
 */
export function takeAssessment({
  orgId,
  random,
  person,
  calendar,
  now,
  year,
  knowledge,
  title,
  after,
  attempts,
}: {
  orgId: string;
  random: Random;
  person: SamplePerson;
  calendar: Calendar;
  now: number;
  year: SampleYear;
  knowledge: Knowledge;
  /** Of the course. */
  title: string;
  after: number;
  /** At most. */
  attempts: number;
}): { at: number; passedAt: number | null } {
  const assessment = sampleAssessments.find(({ course }) => course === title);
  if (assessment === undefined || assessment.title === person.story?.untaken) {
    return { at: after, passedAt: null };
  }
  const taken = year.attempts.filter(
    ({ assessment_id }) => assessment_id === sampleId(orgId, 'assessment', assessment.title),
  ).length;
  // Whose year is told has one question wrong each time, and passes.
  const isRight = (skill: string, difficulty: number, position: number) =>
    person.story === undefined
      ? random.chance(knowledge.chance(skill, difficulty))
      : position !== 2;
  let at = after;
  for (let attempt = taken + 1; attempt <= taken + attempts; attempt += 1) {
    at = calendar.after(at, random.integer(0, 3));
    if (at > now) return { at, passedAt: null };
    const name = `${person.email}/${assessment.title}/${attempt}`;
    const id = sampleId(orgId, 'attempt', name);
    const seconds = Math.round(assessment.minutes * 60 * (0.3 + 0.6 * random.next()));
    const completedAt = new Date(at + seconds * 1000).toISOString();
    const answers = assessment.questions.map(([, difficulty, skill], position) => ({
      id: sampleId(orgId, 'answer', `${name}/${position}`),
      user_id: person.id,
      attempt_id: id,
      question_id: sampleId(orgId, 'question', `${assessment.title}/${position}`),
      skill_id: sampleId(orgId, 'skill', skill),
      score: isRight(skill, difficulty, position) ? 1 : 0,
      answered_at: completedAt,
    }));
    const right = answers.filter(({ score }) => score === 1).length;
    const score = Math.round((right / answers.length) * 1e6) / 1e4;
    const passed = score >= assessment.passingScore;
    year.answers.push(...answers);
    year.attempts.push({
      id,
      user_id: person.id,
      assessment_id: sampleId(orgId, 'assessment', assessment.title),
      question_ids: answers.map(({ question_id }) => question_id),
      started_at: new Date(at).toISOString(),
      completed_at: completedAt,
      time_taken_seconds: seconds,
      score,
      passed,
    });
    if (passed) return { at, passedAt: at + seconds * 1000 };
    if (random.chance(0.3)) break;
    const skills = new Set(assessment.questions.map(([, , skill]) => skill));
    for (const skill of skills) knowledge.learn(skill, 0.15);
  }
  return { at, passedAt: null };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
