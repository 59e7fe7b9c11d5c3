import { LONGEST_MARKED, type MarkedText } from '@docent/contracts/contentText';
import type { Place } from '@docent/contracts/place';
import { AppError, notFound } from '@docent/core/errors';
import type { Principal } from '@docent/core/principal';
import { sentences } from '@docent/core/text';
import type { Database } from '@docent/database/database';
import type { Section } from '../extract/document.ts';
import { findMarkable } from './versions.store.ts';
import { isLowSurrogate, notReady, type VersionKey } from './versions.ts';

/** The place of a text from an offset (UTF-16 code units) to the next such place. */
export interface PlaceFrom {
  readonly start: number;
  readonly place: Place;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What a citation points at, with what stands around it.
 *
 * @param wanted.span `start-end`, UTF-16 code units of the version's text, end exclusive.
 * @param wanted.context most code units before and after.
 * @throws AppError `not_found`, `version_not_ready`, `invalid_request` for a span that the text does not have.
 */
export async function readMarked(
  database: Database,
  principal: Principal,
  key: VersionKey,
  wanted: {
    span: string;
    context: number;
    start?: number | undefined;
    end?: number | undefined;
  },
): Promise<MarkedText> {
  const row = await database.withPrincipal(
    principal,
    (tx) => findMarkable(tx, principal.orgId, key.id, key.version),
    { readOnly: true },
  );
  if (row === null) throw notFound('version', `${key.id}/${key.version}`);
  const { text, title, url, language, currentVersion, currentText } = row;
  if (text === null) throw notReady(row);
  const span = parseSpan(wanted, text);
  const places = row.places ?? [];
  const shown = surroundings(text, span, { places, language, context: wanted.context });
  const marked = text.slice(span.start, span.end);
  const current = currentVersion === key.version;
  return {
    contentId: key.id,
    version: key.version,
    title,
    url,
    language,
    length: text.length,
    span,
    shown,
    before: text.slice(shown.start, span.start),
    marked,
    after: text.slice(span.end, shown.end),
    place: placeAt(places, span.start)?.place ?? { headingPath: [] },
    current,
    currentVersion,
    inCurrent: current ? span : currentText === null ? null : findAgain(marked, currentText, span),
  };
}

function parseSpan(
  {
    span,
    start: from,
    end: to,
  }: { span: string; start?: number | undefined; end?: number | undefined },
  text: string,
): Span {
  if (from !== undefined || to !== undefined) {
    throw new AppError(
      'invalid_request',
      'Ask for a span or for a part from start to end, not for both.',
    );
  }
  const [start = 0, end = 0] = span.split('-').map(Number);
  if (start >= end || end > text.length || end - start > LONGEST_MARKED) {
    throw new AppError(
      'invalid_request',
      `A span has 1 to ${LONGEST_MARKED} characters of the text, which has ${text.length}.`,
      { details: { length: text.length } },
    );
  }
  return {
    start: isLowSurrogate(text, start) ? start - 1 : start,
    end: isLowSurrogate(text, end) ? end + 1 : end,
  };
}

/** Where the place of a text changes, in order. */
export function placesOf(sections: readonly Pick<Section, 'start' | 'place'>[]): PlaceFrom[] {
  const places: PlaceFrom[] = [];
  let last = '';
  for (const { start, place } of sections) {
    const shown = JSON.stringify(place);
    if (shown !== last) places.push({ start, place });
    last = shown;
  }
  return places;
}

function placeAt(places: readonly PlaceFrom[], offset: number): PlaceFrom | undefined {
  return places.findLast(({ start }) => start <= offset);
}

/**
 * The span with at most `context` code units on each side: no further than the sections that it begins and ends
 * in, and where that is too far, whole sentences; where one sentence is longer, whole words.
 */
export function surroundings(
  text: string,
  span: Span,
  about: { places: readonly PlaceFrom[]; language: string | null; context: number },
): Span {
  const { places, language, context } = about;
  const borders = places.filter(({ place }, index) => isBorder(place, places[index - 1]?.place));
  const sectionStart = placeAt(borders, span.start)?.start ?? 0;
  const sectionEnd = borders.find(({ start }) => start >= span.end)?.start ?? text.length;
  return { start: beginning(), end: ending() };

  function beginning(): number {
    const from = Math.max(sectionStart, span.start - context);
    const window = text.slice(from, span.start);
    if (from === sectionStart) return from + (window.length - window.trimStart().length);
    const [, second] = sentences(window, language);
    if (second) return from + second.start;
    const space = window.search(/\s/);
    return space === -1 ? span.start : from + space + 1;
  }

  function ending(): number {
    const to = Math.min(sectionEnd, span.end + context);
    const window = text.slice(span.end, to);
    if (to === sectionEnd) return span.end + window.trimEnd().length;
    const whole = sentences(window, language).at(-2);
    if (whole) return span.end + whole.end;
    return span.end + Math.max(0, window.search(/\s\S*$/));
  }
}

/** Another heading, slide or sheet begins; a page or a minute may end in the middle of a sentence. */
function isBorder(place: Place, before: Place | undefined): boolean {
  const partOf = ({ headingPath, slide, sheet }: Place) =>
    JSON.stringify([headingPath, slide, sheet]);
  return before === undefined || partOf(place) !== partOf(before);
}

/** Where a text stands in another one, nearest to where it stood; white space may differ. Null: nowhere. */
export function findAgain(marked: string, text: string, before: Span): Span | null {
  const words = marked.trim().split(/\s+/);
  if (words.join('') === '') return null;
  const pattern = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('\\s+');
  let nearest: Span | null = null;
  for (const { 0: found, index } of text.matchAll(new RegExp(pattern, 'gu'))) {
    const distance = (start: number) => Math.abs(start - before.start);
    if (nearest && distance(nearest.start) <= distance(index)) break;
    nearest = { start: index, end: index + found.length };
  }
  return nearest;
}
