import { expect, test } from 'vitest';
import { passage } from './testPassages.ts';
import { findTwins } from './twins.ts';

const titled = (title: string, score = 1) => passage('Employees have vacation.', { title, score });
const titles = (found: ReturnType<typeof findTwins>) => found.passages.map(({ title }) => title);

test('documents of one kind that the question does not tell apart are options', () => {
  const passages = [titled('Vacation policy Hungary'), titled('Vacation policy Germany', 0.9)];

  const { options } = findTwins('How many vacation days do I have?', passages);

  expect(options.map(({ title }) => title)).toEqual([
    'Vacation policy Hungary',
    'Vacation policy Germany',
  ]);
});

test('a question that names one of them is not asked back', () => {
  const passages = [titled('Vacation policy Hungary'), titled('Vacation policy Germany', 0.9)];

  const { options } = findTwins('How many vacation days do I have in Germany?', passages);

  expect(options).toEqual([]);
});

test.each([
  ['by its own word', 'How many vacation days do employees have in Austria?', ['Austria']],
  ['by a word made of it', 'How many vacation days do Austrian employees have?', ['Austria']],
  ['of two that it names', 'Vacation in Austria and in Germany?', ['Austria', 'Germany']],
])('a question that names one %s leaves its siblings out', (_, question, left) => {
  const passages = ['Germany', 'Austria', 'Hungary'].map((country, index) =>
    titled(`Vacation policy ${country}`, 1 - index / 3),
  );

  const found = findTwins(question, passages);

  expect(titles(found).sort()).toEqual(left.map((country) => `Vacation policy ${country}`));
  expect(found).toMatchObject({ named: true, options: [] });
});

test('what is of no case of its own stays beside the one that is named', () => {
  const passages = [
    'Vacation policy',
    'Vacation policy Germany',
    'Vacation policy Austria',
    'Travel',
  ].map((title) => titled(title));

  const found = findTwins('How many vacation days do I have in Germany?', passages);

  expect(titles(found)).toEqual(['Vacation policy', 'Vacation policy Germany', 'Travel']);
});

test.each([
  ['IoT for beginners: Lesson 1', 'IoT for beginners: Lesson 2'],
  ['Forklift safety training, part I', 'Forklift safety training, part II'],
  ['Onboarding program Day 01', 'Onboarding program Day 02'],
  ['Munkavédelmi oktatás 1. lecke', 'Munkavédelmi oktatás 2. lecke'],
  ['Grundlagen Brandschutz Teil 1', 'Grundlagen Brandschutz Teil 2'],
])('parts of a series stay beside each other: %s, %s', (first, second) => {
  const passages = [titled(first), titled(second, 0.9)];

  const found = findTwins('Who is responsible?', passages);

  expect(found).toEqual({ passages, named: false, options: [] });
});

test('of editions of one part the newer one answers', () => {
  const passages = [
    titled('Safety training part 2 2023'),
    titled('Safety training part 2 2025', 0.9),
  ];

  const found = findTwins('Who is responsible?', passages);

  expect(titles(found)).toEqual(['Safety training part 2 2025']);
});

test('a question that compares needs the siblings of the one that it names', () => {
  const passages = [titled('Vacation policy Hungary'), titled('Vacation policy Germany')];

  const found = findTwins('What is different about vacation in Germany?', passages);

  expect(found.passages).toEqual(passages);
});

test('two documents of one title are one option', () => {
  const passages = ['Hungary', 'Hungary', 'Germany'].map((country) =>
    titled(`Vacation policy ${country}`),
  );

  const { options } = findTwins('How many vacation days do employees get?', passages);

  expect(options.map(({ title }) => title)).toEqual([
    'Vacation policy Hungary',
    'Vacation policy Germany',
  ]);
});

test.each([
  ['other subjects', ['Vacation policy', 'Travel policy']],
  ['one document', ['Vacation policy Hungary']],
  ['a general one beside a special one', ['Vacation policy', 'Vacation policy Germany']],
  ['chapters of a book', ['Understanding Ownership', 'References and Borrowing']],
])('%s are no options', (_, list) => {
  const passages = list.map((title) => titled(title));

  expect(findTwins('How many vacation days do I have?', passages).options).toEqual([]);
});

test('titles that only say what kind of text it is name no cases', () => {
  const found = [titled('Machine Learning Basics'), titled('Machine Learning Overview')];

  expect(findTwins('What is unsupervised learning?', found).options).toEqual([]);
});

test('one that matches far worse is none', () => {
  const passages = [titled('Vacation policy Hungary'), titled('Vacation policy Germany', 0.3)];

  expect(findTwins('How many vacation days do I have?', passages).options).toEqual([]);
});

test('of two editions the newer one answers', () => {
  const passages = [titled('Travel policy 2023'), titled('Travel policy 2025', 0.9)];

  const found = findTwins('Who approves travel?', passages);

  expect(titles(found)).toEqual(['Travel policy 2025']);
  expect(found.options).toEqual([]);
});

test('an edition that the question names stays', () => {
  const passages = [titled('Travel policy 2023'), titled('Travel policy 2025', 0.9)];

  const found = findTwins('Who approved travel in the 2023 policy?', passages);

  expect(titles(found)).toEqual(['Travel policy 2023']);
});

test('a number that the question counts with names no edition', () => {
  const passages = [titled('Machine learning lesson 2'), titled('Machine learning lesson 3')];

  const found = findTwins('Which 2 kinds of machine learning are there?', passages);

  expect(found.named).toBe(false);
});

test('versions count like years', () => {
  const found = findTwins('What does the security handbook say?', [
    titled('Security handbook v2'),
    titled('Security handbook v10'),
  ]);

  expect(titles(found)).toEqual(['Security handbook v10']);
});

test('nothing found has no twins', () => {
  expect(findTwins('Anything?', [])).toEqual({ passages: [], named: false, options: [] });
});

const dated = (title: string, effectiveFrom: string | null, uploadedAt = '2026-01-01T00:00:00Z') =>
  passage('Employees have vacation.', { title, effectiveFrom, uploadedAt });

test('the date from which an edition counts is worth more than its upload and its number', () => {
  const found = findTwins('Who approves travel?', [
    dated('Travel policy v1', '2026-05-01T00:00:00Z'),
    dated('Travel policy v2', '2025-05-01T00:00:00Z', '2026-06-01T00:00:00Z'),
  ]);

  expect(titles(found)).toEqual(['Travel policy v1']);
});

test('of equal titles the one that counts from later on answers, if both say from when', () => {
  const said = [
    dated('Travel policy', '2025-01-01T00:00:00Z'),
    dated('Travel policy', '2026-01-01T00:00:00Z'),
  ];
  const unsaid = [dated('Travel policy', null), dated('Travel policy', '2026-01-01T00:00:00Z')];

  const [newest, both] = [said, unsaid].map((each) => findTwins('Who approves travel?', each));

  expect(newest?.passages).toEqual([said[1]]);
  expect(both?.passages).toEqual(unsaid);
});

test('where neither date nor number tells, the later upload answers', () => {
  const found = findTwins('Who approves travel?', [
    dated('Travel policy draft', null, '2026-01-01T00:00:00Z'),
    dated('Travel policy final', null, '2026-02-01T00:00:00Z'),
  ]);

  expect(titles(found)).toEqual(['Travel policy final']);
});
