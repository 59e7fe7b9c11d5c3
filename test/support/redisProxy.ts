import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RedisProxy {
  /** Where Redis is reached through it. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  readonly cut: () => void;
  readonly restore: () => void;
}

/** A way to the Redis of `target` that can be cut; gone when the test ends. */
export async function redisProxy(target: string): Promise<RedisProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let open = true;
  const server = createServer((inbound) => {
    if (!open) return void inbound.destroy();
    const outbound = connect(Number(port || 6379), hostname);
    for (const [from, to] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    open = false;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  const url = new URL(target);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.href,
    cut,
    restore: () => {
      open = true;
    },
  };
}
