import { resolve } from 'node:path';
import type { Cache } from '@docent/cache/interfaces';
import { roles } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import { type Demo, demoPeople } from '@docent/directory/demo';
import type { Models } from '@docent/models/open';

/** What a person needs to know after the start, as text for the terminal. */
export function announcement(running: {
  readonly url: string;
  readonly dataDir: string;
  readonly database: Pick<Database, 'kind'>;
  readonly cache: Pick<Cache, 'kind'>;
  readonly models: Pick<Models, 'embedder' | 'chatModel'>;
  /** Null in production. */
  readonly demo: Demo | null;
  /** Whether the portal is served. */
  readonly pages: boolean;
  readonly seconds: number;
}): string {
  const { url, database, cache, models, demo } = running;
  const where = {
    embedded: 'embedded database',
    servers: 'PostgreSQL server',
  }[database.kind];
  const memory = cache.kind === 'redis' ? 'Redis' : 'cache in this process';
  const answerer = models.chatModel?.id ?? 'sentences of the material (no chat model is set)';
  const lines = [
    `Docent is running at ${url} (started in ${running.seconds.toFixed(1)} s)`,
    '',
    ...(running.pages ? [`  Pages          ${url}/app/`] : []),
    `  API and docs   ${url}/docs`,
    `  Mode           ${where}, ${memory}`,
    `  Embeddings     ${models.embedder.id}, ${models.embedder.dimensions} dimensions`,
    `  Answers        ${answerer}`,
    `  Data           ${resolve(running.dataDir)}`,
  ];
  if (demo === null) {
    lines.push('  Organization   no demo in production: make one with npm run create-organization');
  } else {
    lines.push(
      '  Organization   Demo company, one person per role; who sends a key is its person:',
      ...roles.map((role) => `    ${personOf(role)}  ${demo.keys[role]}`),
      '                 (kept in instance.json in the data folder; not in production)',
      '',
      'Try in another terminal, as the trainer:',
      '  npm run docent -- ingest DIR',
      '  npm run docent -- ask "…"',
      'As somebody else:',
      '  DOCENT_KEY=dct_demo_… npm run docent -- whoami',
      `  curl -H "Authorization: Bearer dct_demo_…" ${url}/v1/me`,
    );
  }
  return `\n${lines.join('\n')}\n\n`;
}

function personOf(role: keyof typeof demoPeople): string {
  const { name, department } = demoPeople[role];
  return `${role.padEnd(11)} ${name.padEnd(13)} ${department.padEnd(11)}`;
}
