import { AppError } from '@docent/core/errors';
import type { Embedder } from '@docent/models/interfaces';
import { fileDatabase } from '@docent/test/database';
import { scriptedChatModel } from '@docent/test/models';
import { describe, expect, test } from 'vitest';
import { foundAlways, testChat, vacation } from './testChat.ts';

const database = fileDatabase();
const QUESTION = 'How many vacation days do employees have?';
const TRUE = 'Every employee has 25 vacation days [1].';
const PARAPHRASE = 'Holidays left over in spring are lost for good [1].';
const SAID = 'Unused days expire on 31 March.';

/** Texts that have the same number here (1 to 9) mean the same, all others something else. */
function embedding(meanings: Record<string, number>, id = 'builtin:use-lite-en:test') {
  const batches: (readonly string[])[] = [];
  const embedder: Embedder = {
    id,
    dimensions: 64,
    maxBatch: 64,
    embed: async (texts) => {
      batches.push(texts);
      return texts.map((text, index) => {
        const vector = new Float32Array(64);
        const meaning = meanings[text] ?? 10 + index;
        // 1.75 means three quarters of what 1 does.
        vector[Math.floor(meaning)] = meaning % 1 || 1;
        vector[0] = Math.sqrt(1 - (meaning % 1 || 1) ** 2);
        return vector;
      });
    },
    close: async () => {},
  };
  return Object.assign(embedder, { batches });
}

async function answered(
  written: string,
  embedder: Embedder,
  {
    modelId = embedder.id,
    generative = true,
  }: { modelId?: string | null; generative?: boolean } = {},
) {
  const found = foundAlways([vacation]);
  const chat = await testChat({
    database: database(),
    embedder,
    search: async (...input) => ({ ...(await found(...input)), modelId }),
    chatModel: generative ? scriptedChatModel([written]) : null,
  });
  const answer = await chat.answer(QUESTION);
  const { citations } = answer;
  return { ...answer, ...chat, supported: citations.map(({ supported }) => supported) };
}

const MEANING = { [withoutMarker(PARAPHRASE)]: 1, [SAID]: 1 };

function withoutMarker(claim: string): string {
  return claim.replace(' [1].', '');
}

describe('the likeness of meaning', () => {
  test('supports what a model says in other words, and quotes the sentence that it means', async () => {
    const embedder = embedding(MEANING);

    const { supported, citations } = await answered(`${TRUE} ${PARAPHRASE}`, embedder);

    expect(supported).toEqual([true, true]);
    expect(citations[1]?.quote).toBe(SAID);
    expect(embedder.batches).toHaveLength(1);
  });

  test('is no support for a claim that means something else', async () => {
    const { supported } = await answered(`${TRUE} ${PARAPHRASE}`, embedding({}));

    expect(supported).toEqual([true, false]);
  });

  test.each([
    ['a number', 'Holidays left over after 40 weeks are lost [1].'],
    ['a name', 'Holidays left over are lost, says Peter Brown [1].'],
    ['a negation', 'Holidays left over are not lost in spring [1].'],
  ])('never stands for %s that the source does not have', async (_, claim) => {
    const meaning = { [withoutMarker(claim)]: 1, [SAID]: 1 };

    const { supported } = await answered(claim, embedding(meaning));

    expect(supported).toEqual([false]);
  });

  test.each([
    ['that also has a third of its words', 'Days that remain vanish [1].', [true, true]],
    ['without these', PARAPHRASE, [true, false]],
  ])('of three quarters is enough for a claim %s', async (_, claim, expected) => {
    const meaning = { [withoutMarker(claim)]: 1.75, [SAID]: 1 };

    const { supported } = await answered(`${TRUE} ${claim}`, embedding(meaning));

    expect(supported).toEqual(expected);
  });

  test('is not looked at when words decide, or no model wrote', async () => {
    const [words, quotes] = [embedding({}), embedding({})];

    await answered(TRUE, words);
    await answered('', quotes, { generative: false });

    expect(words.batches).toEqual([]);
    expect(quotes.batches).toEqual([]);
  });

  test('knows English only where the embedder does', async () => {
    const claim = 'A megőrzött szabadság tavasszal elvész [1].';
    const meaning = { [withoutMarker(claim)]: 1, [SAID]: 1 };

    const [english, any] = await Promise.all([
      answered(claim, embedding(meaning)),
      answered(claim, embedding(meaning, 'openai:all-languages')),
    ]);

    expect(english.supported).toEqual([false]);
    expect(any.supported).toEqual([true]);
  });

  test('is missing when the embedder fails: words alone decide, and the log says so', async () => {
    const broken = {
      ...embedding(MEANING),
      embed: async () => {
        throw new AppError('model_unavailable', 'gone');
      },
    };

    const { supported, problems, done } = await answered(`${TRUE} ${PARAPHRASE}`, broken);

    expect(supported).toEqual([true, false]);
    expect(done?.status).toBe('complete');
    expect(problems.map(({ message }) => message)).toEqual([
      'citations were compared by words alone',
    ]);
  });

  test('is missing when words alone were searched', async () => {
    const embedder = embedding(MEANING);

    const { supported } = await answered(PARAPHRASE, embedder, { modelId: null });

    expect(supported).toEqual([false]);
    expect(embedder.batches).toEqual([]);
  });
});
