import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const fixture = fileURLToPath(new URL('../fixtures/server.main.ts', import.meta.url));

test('SIGTERM ends an open stream with its last event, closes everything and exits with 0', async () => {
  const server = await start();
  const response = await fetch(`${server.address}/stream`);
  const body = response.text();

  server.process.kill('SIGTERM');

  expect(await body).toContain('event: error\ndata: {"code":"shutting_down"}\n\n');
  expect(await server.exit).toBe(0);
  expect(server.lines).toContain('closed');
});

test('a request that is being answered when SIGINT comes gets its answer', async () => {
  const server = await start();
  const answer = fetch(`${server.address}/slow/500`).then((response) => response.json());
  await server.line('working');

  server.process.kill('SIGINT');

  expect(await answer).toEqual({ done: true });
  expect(await server.exit).toBe(0);
});

test('the same holds for both addresses of localhost', async () => {
  const server = await start({ host: 'localhost' });
  const { port } = new URL(server.address);
  const addresses = [...new Set((await lookup('localhost', { all: true })).map((a) => a.address))];
  const answers = addresses.map(async (address) => {
    const host = address.includes(':') ? `[${address}]` : address;
    const response = await fetch(`http://${host}:${port}/slow/1000`);
    return response.json();
  });
  while (server.lines.filter((line) => line === 'working').length < addresses.length) {
    await server.next();
  }

  server.process.kill('SIGTERM');

  expect(await Promise.all(answers)).toEqual(addresses.map(() => ({ done: true })));
  expect(await server.exit).toBe(0);
});

test('what takes longer than the grace time is cut off', async () => {
  const server = await start({ graceMs: 200 });
  const answer = fetch(`${server.address}/slow/60000`).catch(() => 'cut off');
  await server.line('working');

  server.process.kill('SIGTERM');

  expect(await answer).toBe('cut off');
  expect(await server.exit).toBe(0);
});

test('the two signals of one Ctrl-C under npm are one', async () => {
  const server = await start();
  const answer = fetch(`${server.address}/slow/500`).then((response) => response.json());
  await server.line('working');

  server.process.kill('SIGINT');
  server.process.kill('SIGTERM');

  expect(await answer).toEqual({ done: true });
  expect(await server.exit).toBe(0);
});

test('a second signal ends the process at once', async () => {
  const server = await start({ graceMs: 60_000 });
  fetch(`${server.address}/slow/60000`).catch(() => undefined);
  await server.line('working');

  server.process.kill('SIGTERM');
  const again = setInterval(() => server.process.kill('SIGTERM'), 100);
  onTestFinished(() => clearInterval(again));

  expect(await server.exit).toBe(1);
});

test('a port in use is one sentence and exit code 1', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void holder.close());
  await once(holder, 'listening');
  const address = holder.address();
  const port = typeof address === 'object' ? address?.port : undefined;

  const child = spawn(process.execPath, [fixture, String(port)]);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

  expect(code).toBe(1);
  expect(stderr).toBe(
    `Port ${port} is in use on 127.0.0.1: stop what listens there, or set PORT to another one.\n`,
  );
});

async function start({ graceMs = 5_000, host = '127.0.0.1' } = {}) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [
    fixture,
    '0',
    String(graceMs),
    host,
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit').then(([code]) => code);
  const lines: string[] = [];
  const output = createInterface(child.stdout);
  output.on('line', (line) => lines.push(line));
  const next = () => once(output, 'line');
  const line = async (wanted: string) => {
    while (!lines.includes(wanted)) await next();
  };
  while (lines.length === 0) await next();
  return { process: child, address: lines[0] ?? '', exit, lines, line, next };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const piece of stream) all += piece;
  return all;
}
