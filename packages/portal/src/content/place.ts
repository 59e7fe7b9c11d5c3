import type { Place } from '@docent/contracts/place';

/** A place in words, `page 3 · Setup › Wiring`; empty when the source knows none. */
export function placeInWords(place: Place): string {
  const parts = [
    place.page === undefined ? '' : `page ${place.page}`,
    place.slide === undefined ? '' : `slide ${place.slide}`,
    place.sheet === undefined ? '' : `sheet ${place.sheet}`,
    place.row === undefined ? '' : `from row ${place.row}`,
    place.startMs === undefined ? '' : `at ${clock(place.startMs)}`,
    place.headingPath.join(' › '),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}
