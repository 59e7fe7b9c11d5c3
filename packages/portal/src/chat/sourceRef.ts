import type { Citation, Source } from '@docent/contracts/chat';
import type { Turn } from './answer.ts';

/** A source of an answer, at one of the places that cite it. */
export interface SourceRef {
  readonly messageId: string;
  readonly number: number;
  /** Which of the markers with this number, from 0. */
  readonly occurrence: number;
  /** One of the nearest material of an answer that has no sources. */
  readonly nearest: boolean;
}

/** As it stands in an address: `<message>.2` or `<message>.2.1`, nearest material `<message>.n2`. */
export function writeSourceRef({ messageId, number, occurrence, nearest }: SourceRef): string {
  return `${messageId}.${nearest ? 'n' : ''}${number}${occurrence > 0 ? `.${occurrence}` : ''}`;
}

/** Null for what is none. */
export function readSourceRef(text: string | null | undefined): SourceRef | null {
  const match = /^([\da-f-]{36})\.(n?)(\d{1,3})(?:\.(\d{1,3}))?$/.exec(text ?? '');
  if (match === null) return null;
  const [, messageId = '', nearest, number, occurrence = '0'] = match;
  return {
    messageId,
    number: Number(number),
    occurrence: Number(occurrence),
    nearest: nearest === 'n',
  };
}

/** The source that is meant, with the citation at that place; null: the conversation has none such. */
export function findSource(
  turns: readonly Turn[],
  { messageId, number, occurrence, nearest }: SourceRef,
): { readonly source: Source; readonly citation: Citation | null } | null {
  const answer = turns.find((turn) => turn.answer.id === messageId)?.answer;
  if (answer === undefined) return null;
  const source = (nearest ? answer.nearest : answer.sources).find((one) => one.number === number);
  if (source === undefined) return null;
  return { source, citation: nearest ? null : citationAt(answer.citations, number, occurrence) };
}

/** The citation that a marker stands for. Those that the source did not bear out may be missing. */
export function citationAt(
  citations: readonly Citation[],
  number: number,
  occurrence: number,
): Citation | null {
  const same = citations.filter((one) => one.number === number);
  return same[occurrence] ?? same.at(-1) ?? null;
}
