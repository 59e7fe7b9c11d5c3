import { AppError } from '@docent/core/errors';
import { scriptedChatModel } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { dependsOnEarlier, type PastTurn, standAlone } from './followUp.ts';

const vacation: PastTurn[] = [
  { role: 'user', text: 'How many vacation days do employees get?' },
  { role: 'assistant', text: 'Employees get 25 days [1].' },
];
const withoutModel = { chatModel: null, timeoutMs: 1_000, signal: new AbortController().signal };

describe('a question that leans on the ones before', () => {
  test.each([
    'And for part-timers?',
    'for part-timers?',
    'What about contractors?',
    'How long does it take?',
    'Can they be carried over?',
    'Why?',
    'yes',
    'the second one',
    'Tell me more',
    'How does that work?',
    'És a részmunkaidősöknek?',
    'Mi a helyzet a diákokkal?',
    'Und für Teilzeitkräfte?',
    'Was ist mit Praktikanten?',
    'Wie beantrage ich sie?',
    'Hogyan kell ezt kérni?',
  ])('%s', (message) => {
    expect(dependsOnEarlier(message, vacation)).toBe(true);
  });

  test.each([
    'What is ownership?',
    'How do I connect a soil moisture sensor to the board?',
    'What is the rule that forbids two mutable borrows of a value?',
    'Mi az a kölcsönzés?',
    'Hogyan működik az öntözőrendszer szivattyúja?',
    'Was ist ein Aktor?',
    'Welche Regeln gelten für das Passwort eines Administrators?',
    'Explain lifetimes',
  ])('is not: %s', (message) => {
    expect(dependsOnEarlier(message, vacation)).toBe(false);
  });

  test('does not exist at the start of a conversation', () => {
    expect(dependsOnEarlier('And for part-timers?', [])).toBe(false);
  });
});

describe('without a chat model', () => {
  test('the words of the earlier questions are searched with it, the latest first', async () => {
    const history: PastTurn[] = [{ role: 'user', text: 'Who approves travel?' }, ...vacation];

    const alone = await standAlone('And for part-timers?', history, withoutModel);

    expect(alone).toEqual({
      question: 'And for part-timers? (vacation days employees approves travel)',
      query: 'And for part-timers?',
      carried: [],
      earlier: 'vacation days employees approves travel',
    });
  });

  test('small talk in between is skipped, with what was said to it', async () => {
    const cited = ['c1'];
    const said: PastTurn[] = [
      ...vacation.slice(0, 1),
      { role: 'assistant', text: 'Employees get 25 days [1].', cited },
      { role: 'user', text: 'Thanks, that helped a lot!' },
      { role: 'assistant', text: 'You’re welcome!', question: 'Thanks, that helped a lot!' },
    ];

    const partTimers = await standAlone('And for part-timers?', said, withoutModel);
    const more = await standAlone('tell me more', said, withoutModel);

    expect(partTimers).toMatchObject({ earlier: 'vacation days employees', carried: cited });
    expect(more).toMatchObject({
      query: 'How many vacation days do employees get?',
      carried: cited,
    });
    expect(dependsOnEarlier('And for part-timers?', said.slice(2))).toBe(false);
  });

  test('more about a follow-up asks it once more, its earlier words with their share', async () => {
    const said: PastTurn[] = [
      ...vacation,
      { role: 'user', text: 'And hotels?' },
      { role: 'assistant', text: 'Hotels …', question: 'And hotels? (vacation days employees)' },
    ];

    const more = await standAlone('tell me more', said, withoutModel);

    expect(more).toMatchObject({ query: 'And hotels?', earlier: 'vacation days employees' });
  });

  test('what was offered beside the chosen document is passed over until it is named', async () => {
    const offered = [
      { contentId: 'h', title: 'Vacation policy Hungary' },
      { contentId: 'g', title: 'Vacation policy Germany' },
    ];
    const said: PastTurn[] = [
      ...vacation.slice(0, 1),
      { role: 'assistant', text: 'Which one?', offered },
      { role: 'user', text: 'Hungary' },
      { role: 'assistant', text: 'Employees get 20 days [1].', cited: ['h'] },
    ];

    const partTimers = await standAlone('And for part-timers?', said, withoutModel);
    const germany = await standAlone('And in Germany?', said, withoutModel);

    expect(partTimers.passedOver).toEqual(['g']);
    expect(germany.passedOver).toBeUndefined();
  });

  test('a pronoun says that the subject is the earlier one', async () => {
    const pronoun = await standAlone('How long does it take?', vacation, withoutModel);
    const subject = await standAlone('And for part-timers?', vacation, withoutModel);

    expect(pronoun.pointsBack).toBe(true);
    expect(subject.pointsBack).toBeUndefined();
  });

  test('a question that stands alone stays as it is', async () => {
    const alone = await standAlone('What is ownership?', vacation, withoutModel);

    expect(alone).toEqual({
      question: 'What is ownership?',
      query: 'What is ownership?',
      earlier: null,
    });
  });
});

describe('with a chat model', () => {
  test('it is rewritten', async () => {
    const chatModel = scriptedChatModel(['"How many vacation days do part-timers get?"\n']);

    const alone = await standAlone('And for part-timers?', vacation, {
      ...withoutModel,
      chatModel,
    });

    expect(alone.question).toBe('How many vacation days do part-timers get?');
    expect(alone.query).toBe(alone.question);
    expect(alone.earlier).toBeNull();
  });

  test.each([
    ['fails', [new AppError('model_unavailable', 'gone')]],
    ['is silent', [{ waitMs: 60_000 }]],
    ['says nothing', ['']],
    ['rambles', ['word '.repeat(200)]],
    ['answers instead', ['Part-timers get 12 days.\n\nAnything else?']],
  ])('one that %s gives way to the earlier words', async (_, script) => {
    const chatModel = scriptedChatModel(script);

    const options = { ...withoutModel, chatModel, timeoutMs: 50 };
    const alone = await standAlone('And for part-timers?', vacation, options);

    expect(alone.earlier).toBe('vacation days employees');
  });

  test('an answer that is stopped meanwhile stops', async () => {
    const stop = new AbortController();
    const chatModel = scriptedChatModel(() => {
      stop.abort(new Error('stopped'));
      return ['x'];
    });

    const asking = standAlone('And for part-timers?', vacation, {
      chatModel,
      timeoutMs: 1_000,
      signal: stop.signal,
    });

    await expect(asking).rejects.toThrow('stopped');
  });
});
