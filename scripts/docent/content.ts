import type { DocentClient } from '@docent/client/client';
import type { Content, VersionState } from '@docent/contracts/content';
import { excerpt, formatBytes, print, style, table } from './terminal.ts';

/** Prints the content, newest first. */
export async function list(
  client: DocentClient,
  options: { limit: number; state?: VersionState; sourceService?: string; json?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { limit, state, sourceService, json = false } = options;
  const filters = {
    ...(state === undefined ? {} : { state }),
    ...(sourceService === undefined ? {} : { sourceService }),
  };
  const found: Content[] = [];
  for await (const content of client.content.all(filters, { signal })) {
    if (found.length === limit) {
      print(style('dim', `The newest ${limit}; more with --limit.`));
      break;
    }
    found.push(content);
  }
  if (json) print(JSON.stringify(found, null, 2));
  else if (found.length === 0) print('No content yet. Upload some: npm run docent -- ingest DIR');
  else print(table(['Id', 'State', 'Chunks', 'Size', 'Title'], found.map(row)));
}

function row({ id, title, latest }: Content): string[] {
  const { state, progress, sizeBytes } = latest;
  return [id, state, String(progress.chunks), formatBytes(sizeBytes), excerpt(title, 60)];
}

/** Prints how many contents are in which state, and those that failed with their sentence. */
export async function status(client: DocentClient, signal: AbortSignal): Promise<void> {
  const counts = new Map<VersionState, number>();
  const failed: Content[] = [];
  for await (const content of client.content.all({}, { signal })) {
    const { state, error } = content.latest;
    counts.set(state, (counts.get(state) ?? 0) + 1);
    if (error !== null) failed.push(content);
  }
  if (counts.size === 0) {
    print('No content yet. Upload some: npm run docent -- ingest DIR');
    return;
  }
  print(
    table(
      ['State', 'Contents'],
      [...counts].map(([state, count]) => [state, String(count)]),
    ),
  );
  for (const { id, title, latest } of failed) {
    print(`\n${style('red', latest.state)}  ${excerpt(title, 60)}  ${style('dim', id)}`);
    print(`    ${latest.error}`);
  }
}

/** Prints one content with the state of its latest version. */
export async function statusOf(
  client: DocentClient,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const content = await client.content.get(id, { signal });
  const { latest, currentVersion } = content;
  const earlier = currentVersion === null ? '' : `; version ${currentVersion} is searchable`;
  const rows: [string, string][] = [
    ['Title', content.title],
    ['Type', content.contentType],
    ['Language', content.language ?? 'not known'],
    ['Tags', content.tags.join(', ') || '–'],
    ['From', [content.sourceService, content.externalId ?? ''].filter(Boolean).join(' · ')],
    ['File', `${latest.fileName} (${latest.mediaType}, ${formatBytes(latest.sizeBytes)})`],
    ['Version', `${latest.version}${currentVersion === latest.version ? ', searchable' : earlier}`],
    ['State', `${latest.state}, ${latest.progress.percent} %`],
    ['Chunks', `${latest.progress.chunks}, ${latest.progress.embedded} with a vector`],
  ];
  if (latest.error !== null) rows.push(['Error', latest.error]);
  if (latest.warning !== null) rows.push(['Warning', latest.warning]);
  for (const [name, value] of rows) print(`${style('bold', name.padEnd(9))} ${value}`);
}

/** Deletes contents; the first that is not there ends it. */
export async function remove(
  client: DocentClient,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const id of ids) {
    await client.content.delete(id, { signal });
    print(`Deleted ${id}.`);
  }
}
