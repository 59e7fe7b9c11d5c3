import type { Source } from '@docent/contracts/chat';
import type { Answer } from './answer.ts';
import { safeAddress } from './links.ts';
import type { Texts } from './texts/texts.ts';

/** A place in words: `page 3 · Setup › Wiring`; empty when the source knows none. */
export function placeText(place: Source['place'], texts: Texts): string {
  const parts: string[] = [];
  if (place.page !== undefined) parts.push(texts.page(place.page));
  if (place.slide !== undefined) parts.push(texts.slide(place.slide));
  if (place.sheet !== undefined) parts.push(texts.sheet(place.sheet));
  if (place.row !== undefined) parts.push(texts.row(place.row));
  if (place.startMs !== undefined) parts.push(texts.time(clock(place.startMs)));
  if (place.headingPath.length > 0) parts.push(place.headingPath.join(' › '));
  return parts.join(' · ');
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${minutes}` : minutes;
}

/** An answer to be pasted elsewhere, with the list of its sources. */
export function textWithSources({ text, sources }: Answer, texts: Texts): string {
  if (sources.length === 0) return text;
  const list = sources.map((source) => {
    const address = source.url === null ? null : safeAddress(source.url);
    const place = placeText(source.place, texts);
    return `[${source.number}] ${[source.title, place, address].filter(Boolean).join(' · ')}`;
  });
  return `${text}\n\n${texts.sources}:\n${list.join('\n')}`;
}

/** An answer as it is read out: without markers and the marks of Markdown. */
export function spokenText({ text }: Answer): string {
  return text
    .replace(/\s?\[\d{1,3}\]/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>|]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
