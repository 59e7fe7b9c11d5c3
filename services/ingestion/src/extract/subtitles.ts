import { oneLine } from './clean.ts';
import type { TextWriter } from './writer.ts';

export interface Cue {
  startMs: number;
  endMs: number;
  text: string;
}

/** Cues are joined until a passage is this long: about a minute of speech. */
const PASSAGE_CHARACTERS = 900;
/** A longer silence ends a passage. */
const SILENCE_MS = 4_000;

const TIMES = /^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})/;

/**
 * The cues of an SRT or WebVTT file in order of time. Cue numbers and names, settings, notes, styles and
 * tags are left out; a speaker (`<v Anna>`) becomes `Anna: `.
 */
export function parseCues(source: string): Cue[] {
  const cues: Cue[] = [];
  for (const block of source.replace(/\r\n?/g, '\n').split(/\n[^\S\n]*\n+/)) {
    const lines = block.split('\n');
    const at = lines.findIndex((line) => TIMES.test(line));
    const times = TIMES.exec(lines[at] ?? '');
    if (times === null) continue;
    const text = lines
      .slice(at + 1)
      .join(' ')
      .replace(/<v(?:\.[^\s>]*)?\s+([^>]+)>/g, '$1: ')
      .replace(/<[^>]*>|\{\\[^}]*\}/g, '');
    const clean = oneLine(decodeEntities(text));
    const [startMs, endMs] = [milliseconds(times[1]), milliseconds(times[2])];
    if (clean !== '') cues.push({ startMs, endMs: Math.max(startMs, endMs), text: clean });
  }
  return cues.sort((a, b) => a.startMs - b.startMs);
}

/** Write cues as passages of speech, each with its start and end in the recording. */
export function writeSubtitles(writer: TextWriter, source: string): void {
  let passage: Cue | undefined;
  for (const cue of parseCues(source)) {
    // Roll-up captions repeat the line before.
    if (passage?.text.endsWith(cue.text)) {
      passage.endMs = Math.max(passage.endMs, cue.endMs);
      continue;
    }
    const full =
      passage !== undefined &&
      (cue.startMs - passage.endMs > SILENCE_MS ||
        passage.text.length + cue.text.length > 1.3 * PASSAGE_CHARACTERS ||
        (passage.text.length > PASSAGE_CHARACTERS && /[.!?…。？！]["”»)]*$/.test(passage.text)));
    if (passage === undefined || full) {
      if (passage) writePassage(writer, passage);
      passage = { ...cue };
    } else {
      passage.text += ` ${cue.text}`;
      passage.endMs = Math.max(passage.endMs, cue.endMs);
    }
  }
  if (passage) writePassage(writer, passage);
}

function writePassage(writer: TextWriter, { startMs, endMs, text }: Cue): void {
  writer.begin({ startMs, endMs });
  writer.paragraph(text);
}

function milliseconds(clock = ''): number {
  const [fraction = '0', seconds = '0', minutes = '0', hours = '0'] = clock
    .split(/[:.,]/)
    .reverse();
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number(fraction.padEnd(3, '0'));
}

/** WebVTT knows these six and no others. */
function decodeEntities(text: string): string {
  const known: Record<string, string> = { amp: '&', lt: '<', gt: '>', nbsp: ' ', lrm: '', rlm: '' };
  return text.replace(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (_, name: string) => known[name] ?? '');
}
