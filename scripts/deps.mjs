// Installs the dependencies when the lockfile says that they are not current. Plain JavaScript on
// purpose: it runs on any Node >= 18, before the dependencies (and with them Node 24) exist.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('..', import.meta.url);
const read = (path) => {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return null;
  }
};

// pnpm leaves a byte-for-byte copy of the lockfile it installed from: one string compare tells
// whether anything is to be done, and works without a network.
const lock = read('pnpm-lock.yaml');
const current =
  lock === read('node_modules/.pnpm/lock.yaml') && existsSync(new URL('node_modules/.bin', root));

if (!current) {
  const argv = ['install', '--frozen-lockfile', '--prefer-offline'];
  const byPnpm = (process.env.npm_config_user_agent ?? '').startsWith('pnpm/');
  const [command, args] = byPnpm ? ['pnpm', argv] : ['npx', ['-y', 'pnpm@12.21.0', ...argv]];
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['inherit', process.stderr.fd, process.stderr.fd],
    shell: process.platform === 'win32',
  });
  process.exit(status ?? 1);
}
