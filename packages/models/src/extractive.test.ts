import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ExtractivePassage, pickSentences } from './extractive.ts';

const MQTT: ExtractivePassage = {
  score: 0.9,
  heading: 'Connect your plant > Communication protocols',
  text: [
    '## MQTT',
    '',
    'There are many protocols in use. MQTT is a **lightweight** [messaging](https://mqtt.org) protocol for',
    'devices. It was designed in 1999 to monitor oil pipelines.',
    '',
    'To connect a device:',
    '',
    '1. Create a client.',
    '2. Call `connect()` with the address of the broker.',
    '',
    '| Level | Meaning       |',
    '|-------|---------------|',
    '| QoS 0 | At most once  |',
    '| QoS 2 | Exactly once  |',
  ].join('\n'),
};
const PLANTS: ExtractivePassage = {
  score: 0.5,
  text: 'Plants need water. MQTT messages of the sensor tell when the soil is dry. What is MQTT?',
};

test('a definition answers what something is, with the sentence that goes on about it', () => {
  const { sentences, coverage } = pickSentences('What is MQTT?', [MQTT, PLANTS]);

  expect(sentences.map(({ text }) => text)).toEqual([
    'MQTT is a lightweight messaging protocol for devices.',
    'It was designed in 1999 to monitor oil pipelines.',
  ]);
  expect(coverage).toBe(1);
});

test('headings and pictures are not quoted as answers', () => {
  const passage = {
    score: 1,
    heading: 'Soil · Ways to measure soil moisture',
    text: 'Ways to measure soil moisture\n\n[Image: A soil moisture sensor]\n\nA resistive sensor measures soil moisture with two probes.',
  };

  const { sentences } = pickSentences('How do I measure soil moisture?', [passage]);

  expect(sentences.map(({ text }) => text)).toEqual([
    'A resistive sensor measures soil moisture with two probes.',
  ]);
});

test('a title right above the first heading is no sentence', () => {
  const passage = {
    score: 1,
    heading: 'Code Review Guide › What a review is for',
    text: 'Code Review Guide\nWhat a review is for\n\nA review spreads knowledge of the code.',
  };

  const { sentences } = pickSentences('What is a code review for?', [passage]);

  expect(sentences.map(({ text }) => text)).toEqual(['A review spreads knowledge of the code.']);
});

test('a label that only repeats the question is no answer beside a sentence', () => {
  const passage = {
    score: 1,
    text: '- Conflicts of interest\n- Speaking up\n\nTell your manager when your interest and that of the company differ.',
  };

  const { sentences } = pickSentences('What about conflicts of interest?', [passage]);

  expect(sentences.map(({ text }) => text)).not.toContain('Conflicts of interest');
});

test('a short sentence is preferred to a label that has the same words', () => {
  const page = {
    score: 1,
    heading: 'Feedback that Helps',
    text: [
      'Giving and taking feedback. The course takes 150 minutes; its difficulty is 2 of 5.',
      '## Skills',
      '- Giving Feedback',
    ].join('\n\n'),
  };

  const { sentences } = pickSentences('How do I give feedback that helps?', [page]);

  expect(sentences[0]?.text).toBe('Giving and taking feedback.');
  expect(sentences.map(({ text }) => text)).not.toContain('Giving Feedback');
});

test('every span is the exact source of what is read', () => {
  const { sentences } = pickSentences('What is MQTT?', [MQTT]);

  const [first] = sentences;

  expect(MQTT.text.slice(first?.start, first?.end)).toBe(
    'MQTT is a **lightweight** [messaging](https://mqtt.org) protocol for\ndevices.',
  );
});

test('steps come along with the sentence that announces them', () => {
  const { sentences } = pickSentences('How do I connect a device to the broker?', [PLANTS, MQTT], {
    maxSentences: 1,
  });

  expect(sentences.map(({ kind, text }) => [kind, text])).toEqual([
    ['sentence', 'To connect a device:'],
    ['item', 'Create a client.'],
    ['item', 'Call `connect()` with the address of the broker.'],
  ]);
});

test('a row of a table is read with its header', () => {
  const { sentences } = pickSentences('What does QoS 2 mean?', [MQTT], { maxSentences: 1 });

  expect(sentences.map(({ kind, text }) => [kind, text])).toEqual([
    ['row', 'Level: QoS 2; Meaning: Exactly once'],
  ]);
});

test('a sentence that starts with "It" brings the one before', () => {
  const { sentences } = pickSentences('When was it designed to monitor oil pipelines?', [MQTT]);

  expect(sentences.map(({ text }) => text)).toEqual([
    'MQTT is a lightweight messaging protocol for devices.',
    'It was designed in 1999 to monitor oil pipelines.',
  ]);
});

test('says the same thing once, and sentences in the order of the source', () => {
  const copy = { ...MQTT, score: 0.8 };
  const more = { text: 'A client of MQTT needs the address of a broker to connect.', score: 0.7 };

  const { sentences } = pickSentences('How does an MQTT client connect?', [MQTT, copy, more]);

  const texts = sentences.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts).toContain('A client of MQTT needs the address of a broker to connect.');
  const places = sentences.map(({ passage, start }) => passage * 1_000_000 + start);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test('rare words decide: weights of the corpus are used when given', () => {
  const passages = [
    { text: 'The course has a final exam in June. The refund takes ten days to arrive.', score: 1 },
  ];
  const weights = (term: string) => (term === 'refund' ? 5 : 0.1);

  const { sentences } = pickSentences('When does my course refund arrive?', passages, {
    weights,
    maxSentences: 1,
  });

  expect(sentences[0]?.text).toBe('The refund takes ten days to arrive.');
});

test('coverage tells how little the best sentence has of a question on another subject', () => {
  const { coverage } = pickSentences('Which restaurant near the office serves pizza?', [MQTT]);

  expect(coverage).toBeLessThan(0.2);
});

test('answers in Hungarian', () => {
  const passages = [
    {
      score: 1,
      text: 'A növényeknek víz kell. A talajnedvesség-érzékelő a talaj nedvességtartalmát méri. Ez fontos.',
    },
  ];

  const { sentences } = pickSentences('Mit mér a talajnedvesség-érzékelő?', passages, {
    language: 'hu',
    maxSentences: 1,
  });

  expect(sentences[0]?.text).toBe('A talajnedvesség-érzékelő a talaj nedvességtartalmát méri.');
});

test('no passages, no sentences', () => {
  expect(pickSentences('What is MQTT?', [])).toEqual({ sentences: [], coverage: 0 });
  expect(pickSentences('What is MQTT?', [{ text: '![](a.png)\n\n---', score: 1 }])).toEqual({
    sentences: [],
    coverage: 0,
  });
});

test('keeps to its limits on any text: exact spans in order, figures from 0 to 1, bounded length', () => {
  const word = fc.constantFrom(
    'MQTT',
    'is',
    'a',
    'broker.',
    'It',
    'connects:',
    '\n- step',
    '\n\n',
    '`x!`',
    '\n| a | b |',
    'ő?',
    '😀',
    '\n# H\n',
    '\n```\n',
  );
  const passage = fc.record({
    text: fc.array(word, { maxLength: 60 }).map((words) => words.join(' ')),
    score: fc.double({ min: 0, max: 20, noNaN: true }),
  });

  fc.assert(
    fc.property(fc.array(passage, { maxLength: 5 }), fc.string(), (passages, question) => {
      const { sentences, coverage } = pickSentences(`${question} MQTT broker?`, passages, {
        maxCharacters: 200,
      });

      expect(coverage).toBeGreaterThanOrEqual(0);
      expect(coverage).toBeLessThanOrEqual(1);
      const length = sentences.reduce((sum, { text }) => sum + text.length, 0);
      if (sentences.length > 1) expect(length).toBeLessThanOrEqual(200);
      let [last, end] = [-1, 0];
      for (const one of sentences) {
        if (one.passage !== last) end = 0;
        expect(one.passage).toBeGreaterThanOrEqual(last);
        expect(one.start).toBeGreaterThanOrEqual(end);
        expect(passages[one.passage]?.text.slice(one.start, one.end).trim()).not.toBe('');
        expect(one.support).toBeGreaterThanOrEqual(0);
        expect(one.support).toBeLessThanOrEqual(1);
        [last, end] = [one.passage, one.end];
      }
    }),
  );
});

test('a sentence must have one of the words that are needed, where any has one', () => {
  const passage = {
    score: 1,
    text: 'The car park opens at six. The car park closes at ten. Bicycles stand in the courtyard.',
  };
  const pick = (needs: string[]) =>
    pickSentences('When does the car park open?', [passage], { needs }).sentences;

  expect(pick(['bicycl']).map(({ text }) => text)).toEqual(['Bicycles stand in the courtyard.']);
  expect(pick(['hotel'])).toEqual(pick([]));
});
