import { createHash } from 'node:crypto';
import { chunkId } from '@docent/core/ids';
import { maybeOne, run, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import type { Chunk } from '../chunk/chunk.ts';
import { searchedHash, searchedWords } from '../content/embedded.ts';
import { holdLease, type Lease, LeaseLost } from './lease.store.ts';
import type { PlaceFrom } from './markedText.ts';

const Locked = z.object({ currentVersion: z.number().nullable() });

/**
 * Locks the content and the version until the transaction ends, in the order in which a delete does.
 * @throws LeaseLost when the content is gone or another worker has the version.
 */
export async function lockForStoring(tx: Tx, lease: Lease): Promise<z.output<typeof Locked>> {
  const content = await maybeOne(
    tx,
    Locked,
    sql`
      select current_version as "currentVersion"
        from docent.content
       where org_id = ${lease.orgId}
         and id = ${lease.contentId}
         for no key update`,
  );
  if (content === null) throw new LeaseLost();
  await holdLease(tx, lease);
  return content;
}

/** What the file says about itself becomes the content's, where its uploader said nothing. */
export function adoptTitleAndLanguage(
  tx: Tx,
  lease: Lease,
  { title, language }: { title: string | null; language: string | null },
): Promise<number> {
  return run(
    tx,
    sql`
      update docent.content
         set title = case when title_given then title else coalesce(${title}, title) end,
             language = case when language_given then language else ${language} end
       where org_id = ${lease.orgId}
         and id = ${lease.contentId}`,
  );
}

/** Rows of one statement: enough to make round trips cheap, few enough for any statement timeout. */
const ROWS = 500;

/** Writes the chunks of a version. Their ids follow from version, position and text. */
export async function insertChunks(tx: Tx, lease: Lease, chunks: readonly Chunk[]): Promise<void> {
  for (let from = 0; from < chunks.length; from += ROWS) {
    const part = chunks.slice(from, from + ROWS);
    await run(
      tx,
      sql`
        insert into docent.chunks
          (org_id, id, content_id, version, ordinal, content, start_offset, end_offset,
           heading_path, place, table_header, token_count, hash)
        select t.org_id, c.id, t.id, ${lease.version}::int, c.ordinal, c.content, c.start_offset,
               c.end_offset, c.heading_path, c.place, c.table_header, c.token_count, ${searchedHash}
          from docent.content t
          cross join (
            select u.id, u.ordinal, u.content, u.start_offset, u.end_offset,
                   array(select jsonb_array_elements_text(u.headings::jsonb)) as heading_path,
                   u.place::jsonb, u.table_header, u.token_count
              from unnest(
                ${part.map((chunk) => idOf(lease, chunk))}::uuid[],
                ${part.map((chunk) => chunk.ordinal)}::int[],
                ${part.map((chunk) => chunk.text)}::text[],
                ${part.map((chunk) => chunk.start)}::int[],
                ${part.map((chunk) => chunk.end)}::int[],
                ${part.map((chunk) => JSON.stringify(chunk.headingPath))}::text[],
                ${part.map(placeOf)}::text[],
                ${part.map((chunk) => chunk.tableHeader)}::text[],
                ${part.map((chunk) => chunk.tokenCount)}::int[]
              ) u (id, ordinal, content, start_offset, end_offset, headings, place, table_header,
                   token_count)
          ) c
         where t.org_id = ${lease.orgId}
           and t.id = ${lease.contentId}`,
    );
  }
}

/** Writes the searched words of a version's chunks, in the text configuration of its language. */
export async function insertWords(tx: Tx, lease: Lease, count: number): Promise<void> {
  for (let from = 0; from < count; from += ROWS) {
    await run(
      tx,
      sql`
        insert into docent.chunk_search (org_id, chunk_id, content_id, config, tsv)
        select c.org_id, c.id, c.content_id, docent.text_config(t.language),
               ${searchedWords}
          from docent.chunks c
          join docent.content t on t.org_id = c.org_id and t.id = c.content_id
         where c.org_id = ${lease.orgId}
           and c.content_id = ${lease.contentId}
           and c.version = ${lease.version}
           and c.ordinal >= ${from}
           and c.ordinal < ${from + ROWS}`,
    );
  }
}

/** Gives the new chunks the vectors, of every model, that older chunks of the same hash have. */
export async function carryVectorsOver(tx: Tx, lease: Lease, count: number): Promise<void> {
  for (let from = 0; from < count; from += ROWS) {
    await run(
      tx,
      sql`
        insert into docent.chunk_embeddings (org_id, model_id, chunk_id, content_id, hash, embedding)
        select distinct on (e.model_id, c.id)
               c.org_id, e.model_id, c.id, c.content_id, e.hash, e.embedding
          from docent.chunks c
          join docent.chunk_embeddings e
            on e.org_id = c.org_id and e.content_id = c.content_id and e.hash = c.hash
         where c.org_id = ${lease.orgId}
           and c.content_id = ${lease.contentId}
           and c.version = ${lease.version}
           and c.ordinal >= ${from}
           and c.ordinal < ${from + ROWS}
           and e.chunk_id <> c.id
         order by e.model_id, c.id, e.chunk_id
        on conflict do nothing`,
    );
  }
}

/** Takes what older versions were searched by away, with their words and vectors. */
export function deleteOlderChunks(tx: Tx, lease: Lease): Promise<number> {
  return run(
    tx,
    sql`
      delete from docent.chunks
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version < ${lease.version}`,
  );
}

/** Searches see this version from the commit on. */
export async function makeCurrent(
  tx: Tx,
  lease: Lease,
  stored: {
    text: string;
    places: readonly PlaceFrom[];
    chunkCount: number;
    warning: string | null;
  },
): Promise<void> {
  await run(
    tx,
    sql`
      update docent.content
         set current_version = ${lease.version}
       where org_id = ${lease.orgId}
         and id = ${lease.contentId}`,
  );
  await run(
    tx,
    sql`
      update docent.content_versions
         set state = 'embedding',
             step = 'embedding',
             percent = 55,
             text = ${stored.text},
             places = ${JSON.stringify(stored.places)}::jsonb,
             chunk_count = ${stored.chunkCount},
             warning = ${stored.warning}
       where org_id = ${lease.orgId}
         and content_id = ${lease.contentId}
         and version = ${lease.version}
         and lease_token = ${lease.token}`,
  );
}

/** The title is not part of it: a chunk keeps its id when the content is renamed. */
export function idOf(
  lease: Pick<Lease, 'contentId' | 'version'>,
  { ordinal, text, tableHeader, headingPath }: Chunk,
): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([headingPath, tableHeader, text]))
    .digest('hex');
  return chunkId(lease.contentId, lease.version, ordinal, hash);
}

function placeOf({ place: { headingPath: _, ...place } }: Chunk): string {
  return JSON.stringify(place);
}
