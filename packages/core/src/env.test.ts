import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseEnv } from './env.ts';

const shape = {
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  SHARE: z.coerce.number().min(0).max(1).default(0.4),
  MODE: z.enum(['on', 'off']).default('on'),
  ADDRESS: z.url().optional(),
  KEY: z.string().optional(),
};

test('what is empty or blank is not set', () => {
  const config = parseEnv(shape, { PORT: '', SHARE: '  ', MODE: '\t', KEY: ' ' });

  expect(config).toEqual({ PORT: 3000, SHARE: 0.4, MODE: 'on' });
});

test('every wrong setting is named with what it must be, and never with its value', () => {
  const wrong = { PORT: '70000', SHARE: 'half', MODE: 'perhaps', ADDRESS: 's3cret' };

  expect(() => parseEnv(shape, wrong)).toThrow(
    [
      'Wrong or missing settings:',
      '  PORT: must be 65535 or less',
      '  SHARE: must be a number',
      '  MODE: must be one of on, off',
      '  ADDRESS: must be an address such as https://host',
    ].join('\n'),
  );
  expect(() => parseEnv(shape, { PORT: '1.5' })).toThrow('PORT: must be a whole number');
  expect(() => parseEnv(shape, { PORT: '-1' })).toThrow('PORT: must be 1 or more');
});
