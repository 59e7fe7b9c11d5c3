import { newId } from '@docent/core/ids';
import type { FoundPassage } from '../search/interfaces.ts';

/** A passage for tests of pure functions; its text starts at offset 100 of its version. */
export function passage(text: string, fields: Partial<FoundPassage> = {}): FoundPassage {
  return {
    id: newId(),
    contentId: newId(),
    version: 1,
    title: 'Handbook',
    url: null,
    contentType: 'reference',
    language: 'en',
    effectiveFrom: null,
    expiresAt: null,
    context: 0,
    uploadedAt: '2026-01-01T00:00:00.000Z',
    text,
    tableHeader: null,
    span: { start: 100, end: 100 + text.length },
    place: { headingPath: [] },
    highlights: [],
    score: 1,
    parts: { words: 5, wordsNormalised: 0.8, vector: null },
    ordinal: 0,
    config: 'english',
    ...fields,
  };
}
