import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadConfig, startEnv, unknownSettings } from './config.ts';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const lines = [...example.matchAll(/^#([A-Z][A-Z_]+)=(.*)$/gm)];
const shown = new Map(lines.map(([, name = '', value = '']) => [name, value]));
/** Read by commands, not by services. */
const ofCommands = ['DOCENT_URL', 'DOCENT_KEY', 'EVAL_DIR'];

test('.env.example shows every setting, once, and no other', () => {
  const names = lines.map(([, name]) => name).sort();

  expect(names).toEqual([...Object.keys(startEnv), ...ofCommands].sort());
});

test.each(Object.entries(startEnv))('.env.example shows the default of %s', (name, setting) => {
  const value = shown.get(name);

  const byDefault = z.safeParse(setting, undefined);
  const byExample = z.safeParse(setting, value === '' ? undefined : value);

  expect(byExample).toEqual(byDefault);
  expect(byExample.success).toBe(true);
});

test('a terminal sees warnings, a log collector everything, unless LOG_LEVEL says otherwise', () => {
  expect(loadConfig({}, true).LOG_LEVEL).toBe('warn');
  expect(loadConfig({}, false).LOG_LEVEL).toBe('info');
  expect(loadConfig({ LOG_LEVEL: 'debug' }, true).LOG_LEVEL).toBe('debug');
});

test('names in .env that are no settings are told', () => {
  const file =
    'CHAT_MODLE=gpt\n# PORTT=1\nPORT=3000\nEVAL_DIR=sets\nHTTPS_PROXY=http://proxy\nport=1\n';

  expect(unknownSettings(file)).toEqual(['CHAT_MODLE', 'port']);
});

test('every setting of .env.example is known', () => {
  expect(unknownSettings(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''))).toEqual([]);
});
