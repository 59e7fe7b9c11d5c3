import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ELO, levelOf, masteryOf, moved, nothingKnown, rate, startingDifficulty } from './elo.ts';

const unknown = {
  user: nothingKnown,
  userSkill: nothingKnown,
  question: nothingKnown,
  skill: nothingKnown,
};
const right = { score: 1, skillId: 'a skill' };
const wrong = { score: 0, skillId: 'a skill' };

test('a right answer raises the learner and lowers question and skill, a wrong one the other way', () => {
  const up = rate(unknown, right);
  const down = rate(unknown, wrong);

  expect(up.predicted).toBe(0.5);
  expect(up).toMatchObject({ user: 0.5, userSkill: 0.25, question: -0.5, skill: -0.25 });
  expect(down).toMatchObject({ user: -0.5, userSkill: -0.25, question: 0.5, skill: 0.25 });
});

test('the same answer moves an estimate less the more answers it rests on', () => {
  const seasoned = { ...unknown, user: { value: 0, answers: 40 } };

  const first = rate(unknown, right).user;
  const later = rate(seasoned, right).user;

  expect(later / first).toBeCloseTo(1 / (1 + ELO.b * 40), 12);
});

test('an answer without a skill says nothing about skills', () => {
  const before = {
    ...unknown,
    userSkill: { value: 5, answers: 1 },
    skill: { value: 5, answers: 1 },
  };

  const update = rate(before, { score: 1, skillId: null });

  expect(update).toMatchObject({ predicted: 0.5, user: 0.5, question: -0.5 });
  expect(Math.abs(update.userSkill) + Math.abs(update.skill)).toBe(0);
});

test('a partly right answer as likely as expected moves nothing', () => {
  const update = rate(unknown, { score: 0.5, skillId: 'a skill' });

  expect(Math.abs(update.user) + Math.abs(update.question)).toBe(0);
});

test('mastery is between 0 and 1, the level between 1 and 5, whatever was answered', () => {
  const answers = fc.array(fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    maxLength: 200,
  });

  const staysInside = fc.property(answers, (given) => {
    let state: {
      user: typeof nothingKnown;
      userSkill: typeof nothingKnown;
      question: typeof nothingKnown;
      skill: typeof nothingKnown;
    } = unknown;
    for (const { score } of given) {
      const update = rate(state, { score, skillId: 'a skill' });
      state = {
        user: moved(state.user, update.user),
        userSkill: moved(state.userSkill, update.userSkill),
        question: moved(state.question, update.question),
        skill: moved(state.skill, update.skill),
      };
    }
    const { user, userSkill, skill } = state;
    const mastery = masteryOf({
      user: user.value,
      userSkill: userSkill.value,
      skill: skill.value,
    });
    const level = levelOf(mastery);
    return mastery >= 0 && mastery <= 1 && level >= 1 && level <= 5;
  });

  expect(() => fc.assert(staysInside)).not.toThrow();
});

test('an author’s difficulty of 1 to 5 begins at -1.6 to 1.6 logits', () => {
  expect([1, 3, 5].map(startingDifficulty)).toEqual([-1.6, 0, 1.6]);
});
