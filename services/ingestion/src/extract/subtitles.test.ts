import { expect, test } from 'vitest';
import { parseCues, writeSubtitles } from './subtitles.ts';
import { TextWriter } from './writer.ts';

test('SRT is read with its byte order mark, numbers, Windows line ends and tags', () => {
  const source =
    '\ufeff1\r\n00:00:01,500 --> 00:00:04,000\r\n<i>Open</i> the\r\n{\\an8}valve.\r\n\r\n2\r\n00:00:05,000 --> 00:00:06,250\r\nSlowly.\r\n';

  const cues = parseCues(source);

  expect(cues).toEqual([
    { startMs: 1_500, endMs: 4_000, text: 'Open the valve.' },
    { startMs: 5_000, endMs: 6_250, text: 'Slowly.' },
  ]);
});

test('WebVTT is read with cue names, settings, speakers, notes and entities', () => {
  const source = `WEBVTT - Lesson

NOTE made by hand

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start position:0%
<v Anna>Rock &amp; <c.loud>roll</c>

1:00:00.000 --> 1:00:01.000
The end`;

  const cues = parseCues(source);

  expect(cues).toEqual([
    { startMs: 1_000, endMs: 2_500, text: 'Anna: Rock & roll' },
    { startMs: 3_600_000, endMs: 3_601_000, text: 'The end' },
  ]);
});

test('cues are joined to passages that end with a sentence or a silence', () => {
  const cue = (second: number, text: string) =>
    `00:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}.000 --> 00:${String(Math.floor((second + 1) / 60)).padStart(2, '0')}:${String((second + 1) % 60).padStart(2, '0')}.000\n${text}`;
  const spoken = Array.from({ length: 60 }, (_, i) => cue(i, `Step ${i} of the valve goes here.`));
  const writer = new TextWriter(100_000);

  writeSubtitles(writer, `WEBVTT\n\n${[...spoken, cue(90, 'After a pause.')].join('\n\n')}`);

  const { text, sections } = writer.finish();
  const passages = sections.map(({ start, end }) => text.slice(start, end));
  expect(passages.length).toBeGreaterThan(2);
  for (const passage of passages) expect(passage).toMatch(/\.$/);
  expect(passages.at(-1)).toBe('After a pause.');
  expect(sections.at(-1)?.place).toEqual({ startMs: 90_000, endMs: 91_000, headingPath: [] });
  expect(sections[0]?.place.startMs).toBe(0);
  expect(sections.every(({ boundary }) => boundary)).toBe(true);
});

test('captions that roll up are not repeated', () => {
  const writer = new TextWriter(1_000);

  writeSubtitles(
    writer,
    '00:01.000 --> 00:02.000\nOpen the valve\n\n00:02.000 --> 00:03.000\nthe valve\n\n00:03.000 --> 00:04.000\nslowly',
  );

  expect(writer.finish().text).toBe('Open the valve slowly');
});
