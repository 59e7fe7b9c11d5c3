import { z } from 'zod';
import { Timestamp } from './common.ts';

/** How an installation is set up and how it is doing, for administrators. */
export const Status = z.object({
  version: z.string(),
  startedAt: Timestamp.describe('Of the process that answers'),
  database: z.object({
    kind: z.enum(['embedded', 'servers']),
    answersInMs: z.number().nonnegative().describe('Of the smallest question, just now'),
  }),
  cache: z.enum(['memory', 'redis']).nullable().describe('Null: this process has none'),
  models: z
    .object({
      embedder: z.string(),
      dimensions: z.int().positive(),
      chatModel: z.string().nullable().describe('Null: answers are sentences of the material'),
      reranker: z.string().nullable().describe('Null: the built-in one'),
    })
    .nullable()
    .describe('Null: this process has none'),
  content: z
    .array(z.object({ state: z.string(), versions: z.int().nonnegative() }))
    .describe('Versions of the organization’s content by state'),
});
export type Status = z.infer<typeof Status>;
