import { KeyedQuestion, QuestionInput } from '@docent/contracts/learningAssessments';
import { describe, expect, test } from 'vitest';
import { draftOf, emptyOption, emptyQuestion, problemOf, questionOf } from './draft.ts';

const shared = {
  id: '01938c4e-7a00-7d0c-8e47-000000000001',
  prompt: 'What holds?',
  skillId: null,
  difficulty: 2,
  weight: 1.5,
  externalUri: null,
  explanation: 'See above.',
  retired: false,
};
const options = [
  { id: 'a', text: 'Bowline' },
  { id: 'b', text: 'Granny' },
];

test.each([
  { ...shared, type: 'single', options, answer: { options: ['b'] } },
  { ...shared, type: 'multiple', options, answer: { options: ['a', 'b'] } },
  { ...shared, type: 'text', answer: { accepted: ['bowline', 'the bowline'] } },
  { ...shared, type: 'numeric', answer: { value: -2.5, tolerance: 0.1 } },
])('a $type question comes back from its form as it was', (question) => {
  const { retired, ...given } = question;

  const draft = draftOf(KeyedQuestion.parse(question));

  expect(problemOf(draft)).toBeNull();
  expect(QuestionInput.parse(questionOf(draft))).toEqual(given);
});

test('options without words are left out, and a new one has an id of its own', () => {
  const draft = {
    ...emptyQuestion(''),
    prompt: ' Which? ',
    options: [...options.map((one) => ({ ...one, right: one.id === 'b' })), emptyOption(options)],
  };

  expect(draft.options[2]?.id).toBe('c');
  expect(questionOf(draft)).toMatchObject({
    prompt: 'Which?',
    options,
    answer: { options: ['b'] },
  });
});

describe('what is missing is said:', () => {
  const draft = { ...emptyQuestion(''), prompt: 'Which?' };
  const two = options.map((one) => ({ ...one, right: false }));
  test.each([
    ['The question has no words yet.', { prompt: '  ' }],
    ['Give at least two options.', { options: two.slice(0, 1) }],
    ['Mark what is right.', { options: two }],
    ['Give at least one right answer.', { type: 'text', accepted: ' \n ' }],
    ['The right answer must be a number.', { type: 'numeric', value: 'two' }],
    ['The right answer must be a number.', { type: 'numeric', value: '' }],
    ['Its weight must be more than 0.', { weight: '0' }],
  ] as const)('%s', (sentence, part) => {
    expect(problemOf({ ...draft, ...part })).toBe(sentence);
  });
});
