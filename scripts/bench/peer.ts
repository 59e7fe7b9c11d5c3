import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { openPeer as OpenPeer, Peer } from './peer/pgVectorStore.d.mts';

const folder = fileURLToPath(new URL('./peer', import.meta.url));

/** Opens the peer; its packages (180 MB) are installed on first use, by its own lockfile. */
export async function openPeer(options: Parameters<typeof OpenPeer>[0]): Promise<Peer> {
  if (!existsSync(`${folder}/node_modules`)) {
    console.log('  installing the peer …');
    execFileSync('npx', ['-y', 'pnpm@12.21.0', 'install', '--frozen-lockfile', '--silent'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const peer: { openPeer: typeof OpenPeer } = await import('./peer/pgVectorStore.mjs');
  return peer.openPeer(options);
}
