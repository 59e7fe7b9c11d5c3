import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message } from '@docent/contracts/chat';
import { z } from 'zod';
import type { Instance } from './instance.ts';

const Question = z.object({
  _id: z.string(),
  text: z.string(),
  // Sets that are made for searching have no other questions.
  answerable: z.boolean().default(true),
  answers: z.array(z.string()).default([]),
  evidence: z.array(z.string()).optional(),
});
export type Question = z.infer<typeof Question>;

/** A question with its answer, and the milliseconds of the answer's stages as a reader of the stream sees them. */
export interface Answered {
  readonly question: Question;
  readonly message: Message;
  readonly times: { readonly before: number; readonly finding: number; readonly writing: number };
}

/** Every question of a set, also those without an answer. */
export function readQuestions(evalDir: string, name: string): Question[] {
  return readFileSync(join(evalDir, 'retrieval', name, 'queries.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => Question.parse(JSON.parse(line)));
}

/** Asks each question in a conversation of its own. */
export async function askAll(
  instance: Instance,
  questions: readonly Question[],
): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const question of questions) answered.push(await ask(instance, question));
  return answered;
}

/**
 * Asks through the API and follows the stream to its end.
 *
 * @throws Error when the answer was cut off: a figure without it would be wrong.
 */
async function ask({ client }: Instance, question: Question): Promise<Answered> {
  const startedAt = performance.now();
  const at = new Map<string, number>();
  const reached = (stage: string) => {
    if (!at.has(stage)) at.set(stage, performance.now() - startedAt);
  };
  for await (const event of client.chat.stream({ message: question.text.trim().slice(0, 4_000) })) {
    if (event.type === 'status') reached(event.step);
    // An abstention writes nothing: it is at the end of finding when it says so.
    if (event.type === 'sources') reached('writing');
    if (event.type === 'error') throw new Error(`No answer to “${question.text}”: ${event.detail}`);
    if (event.type !== 'done') continue;
    const end = performance.now() - startedAt;
    const before = at.get('searching') ?? end;
    const found = at.get('writing') ?? end;
    const times = { before, finding: found - before, writing: end - found };
    return { question, message: event.message, times };
  }
  throw new Error(`No answer to “${question.text}”: the stream ended.`);
}
