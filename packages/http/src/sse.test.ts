import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent } from './sse.ts';

test('any text comes out of an independent parser as it went in, one event for each', () => {
  const nasty = fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    '\0',
    '\ufeff',
    'data: x',
    '\n\ndata: x',
    'id: 1',
    ':',
    '',
  );
  const text = fc
    .array(fc.oneof(nasty, fc.string({ unit: 'binary' })))
    .map((parts) => parts.join(''));

  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
      const wire = texts
        .map((data, n) => encodeEvent({ id: `${n}`, event: 'delta', data }))
        .join('');

      const events = parse(wire);

      expect(events.map(({ data }) => JSON.parse(data))).toEqual(texts);
      expect(events.map(({ id }) => id)).toEqual(texts.map((_, n) => `${n}`));
      expect(events.every(({ event }) => event === 'delta')).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('any JSON value survives, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), (data, seed) => {
      const wire = encodeEvent({ data });
      const cut = seed % (wire.length + 1);

      const events = parse(wire.slice(0, cut), wire.slice(cut));

      expect(events).toHaveLength(1);
      expect(JSON.stringify(JSON.parse(events[0]?.data ?? ''))).toBe(JSON.stringify(data));
    }),
  );
});

test.each(['a\nb', 'a\rb', 'a\0b', '\n'])(
  'an id or a name with a line break or NUL is refused',
  (bad) => {
    expect(() => encodeEvent({ id: bad, data: 1 })).toThrow(RangeError);
    expect(() => encodeEvent({ event: bad, data: 1 })).toThrow(RangeError);
  },
);

test('data that JSON cannot carry is refused instead of sent as "undefined"', () => {
  expect(() => encodeEvent({ data: undefined })).toThrow(TypeError);
  expect(() => encodeEvent({ data: () => 1 })).toThrow(TypeError);
});

function parse(...pieces: string[]): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => void events.push(event) });
  for (const piece of pieces) parser.feed(piece);
  return events;
}
