import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestServer {
  readonly url: string;
  readonly seen: SeenRequest[];
}

/** A server on a free port that answers the nth request with the nth handler, then with the last. */
export async function serveInTurn(
  ...handlers: ((request: SeenRequest, response: ServerResponse) => void | Promise<void>)[]
): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = '', url = '', headers } = request;
    const entry = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
    const handler = handlers[Math.min(seen.length, handlers.length - 1)];
    seen.push(entry);
    await handler?.(entry, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen };
}

/** An address that nobody listens on. */
export async function unusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return (_: SeenRequest, response: ServerResponse) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function problem(status: number, code: string, headers: Record<string, string> = {}) {
  const body = { title: code, status, detail: `${code}!`, code, requestId: 'r-1' };
  return answer(status, { type: `/docs/errors#${code}`, instance: '/v1', ...body }, headers);
}

/** Sends events, then ends the stream or (`cut`) breaks the connection. */
export function stream(events: readonly { id: string; data: { type: string } }[], cut = false) {
  return (_: SeenRequest, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    for (const { id, data } of events) {
      response.write(`id: ${id}\nevent: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
    }
    // A pause, so that what was written has left before the connection breaks.
    if (cut) setTimeout(() => response.destroy(), 50);
    else response.end();
  };
}
