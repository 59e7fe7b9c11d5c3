import {
  type Answer,
  ELO,
  type EloParameters,
  type Estimate,
  masteryOf,
  moved,
  nothingKnown,
  rate,
  startingDifficulty,
} from './elo.ts';
import { type Memory, practised } from './forgetting.ts';

/** What is known about a learner's one skill. */
export interface SkillRating extends Estimate {
  /** Sum of the scores of its answers. */
  readonly points: number;
  readonly memory: Memory;
  readonly lastAnsweredAt: Date;
}

/** What is known about one learner. */
export interface LearnerRating {
  readonly overall: Estimate;
  readonly skills: ReadonlyMap<string, SkillRating>;
}

export const newLearner: LearnerRating = { overall: nothingKnown, skills: new Map() };

/** What one answer added to the difficulty of its question and of its skill: kept to be able to take it back. */
export interface Contribution {
  readonly answerId: string;
  /** Probability of a right answer before it was given. */
  readonly predicted: number;
  readonly question: number;
  readonly skill: number;
  /** Of the learner in the skill after the answer, 0 to 1; null without a skill. */
  readonly mastery: number | null;
  /** How many answers that rests on. */
  readonly skillAnswers: number | null;
}

/** Difficulties that all learners share: read before a batch of answers, changed by it. */
export interface Difficulties {
  readonly questions: Map<string, Estimate>;
  readonly skills: Map<string, Estimate>;
}

/**
 * The learner after more answers, in the order they were given; `difficulties` are moved along.
 *
 * @param answers of this learner, oldest first, none of them counted in `learner`.
 */
export function rateAnswers(
  learner: LearnerRating,
  answers: readonly (Answer & { readonly answeredAt: Date })[],
  difficulties: Difficulties,
  parameters: EloParameters = ELO,
): { learner: LearnerRating; contributions: Contribution[] } {
  let { overall } = learner;
  const skills = new Map(learner.skills);
  const contributions: Contribution[] = [];
  for (const answer of answers) {
    const { questionId, skillId, score, answeredAt } = answer;
    const question = difficulties.questions.get(questionId) ?? {
      value: startingDifficulty(answer.difficulty),
      answers: 0,
    };
    const skill = skillId === null ? undefined : difficulties.skills.get(skillId);
    const own = skillId === null ? undefined : skills.get(skillId);
    const before = {
      user: overall,
      userSkill: own ?? nothingKnown,
      question,
      skill: skill ?? nothingKnown,
    };
    const update = rate(before, answer, parameters);

    overall = moved(overall, update.user);
    difficulties.questions.set(questionId, moved(question, update.question));
    let mastery: number | null = null;
    if (skillId !== null) {
      const hardness = moved(before.skill, update.skill);
      const last = own ? { memory: own.memory, at: own.lastAnsweredAt } : null;
      const rating = {
        ...moved(before.userSkill, update.userSkill),
        points: (own?.points ?? 0) + score,
        memory: practised(last, score, answeredAt),
        lastAnsweredAt: answeredAt,
      };
      difficulties.skills.set(skillId, hardness);
      skills.set(skillId, rating);
      mastery = masteryOf(
        { user: overall.value, userSkill: rating.value, skill: hardness.value },
        parameters,
      );
    }
    contributions.push({
      answerId: answer.id,
      predicted: update.predicted,
      question: update.question,
      skill: update.skill,
      mastery,
      skillAnswers: skillId === null ? null : (skills.get(skillId)?.answers ?? null),
    });
  }
  return { learner: { overall, skills }, contributions };
}
