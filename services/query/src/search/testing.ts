import { createHash } from 'node:crypto';
import type { ContentType } from '@docent/contracts/content';
import { newId } from '@docent/core/ids';
import { type Principal, workerPrincipal } from '@docent/core/principal';
import type { Database } from '@docent/database/database';
import type { Jobs, Queue, QueueData } from '@docent/database/jobs';
import { run, sql } from '@docent/database/sql';
import { halfvec } from '@docent/database/vectors';
import type { Embedder } from '@docent/models/interfaces';

/** Content of a test, as ingestion would have stored it. */
export interface TestContent {
  readonly title: string;
  /** Texts of its chunks, in order. */
  readonly chunks: readonly string[];
  /** Headings right above them, in order, as far as they have one. */
  readonly headings?: readonly string[];
  readonly language?: string | null;
  readonly contentType?: ContentType;
  readonly tags?: readonly string[];
  readonly sourceService?: string;
  /** `staged`: the version is stored, and searches do not see it yet. */
  readonly state?: 'current' | 'staged';
  readonly status?: 'draft' | 'published' | 'archived';
  /** Absent: the whole organization sees it. */
  readonly visibleTo?: { readonly departments?: string[]; readonly users?: string[] };
  /** ISO 8601; absent: always. */
  readonly effectiveFrom?: string;
  readonly expiresAt?: string;
  /** Absent: no vectors. */
  readonly embedder?: Embedder | undefined;
}

/** Stores contents and counts their words. Returns the ids of the contents, in order. */
export async function storeContent(
  database: Database,
  principal: Principal,
  contents: readonly TestContent[],
): Promise<string[]> {
  const { orgId } = principal;
  const worker = workerPrincipal(orgId);
  const ids: string[] = [];
  for (const content of contents) ids.push(await storeOne(database, worker, content));
  await database.withPrincipal(worker, (tx) =>
    run(tx, sql`select docent.refresh_search_statistics(${orgId})`),
  );
  return ids;
}

async function storeOne(
  database: Database,
  principal: Principal,
  content: TestContent,
): Promise<string> {
  const { orgId } = principal;
  const { title, chunks, embedder, language = 'en', state = 'current' } = content;
  const id = newId();
  const vectors = embedder ? await embedder.embed(chunks.map((text) => `${title}\n${text}`)) : [];
  await database.withPrincipal(principal, async (tx) => {
    await run(
      tx,
      sql`
        insert into docent.content (org_id, id, title, content_type, language, tags, source_service,
               current_version, latest_version, status, visibility, visible_to_departments,
               visible_to_users, effective_from, expires_at)
        values (${orgId}, ${id}, ${title}, ${content.contentType ?? 'reference'}, ${language},
               ${content.tags ?? []}, ${content.sourceService ?? 'upload'},
               ${state === 'current' ? 1 : null}, 1, ${content.status ?? 'published'},
               ${content.visibleTo ? 'restricted' : 'organization'},
               ${content.visibleTo?.departments ?? []}, ${content.visibleTo?.users ?? []}, ${content.effectiveFrom ?? null},
               ${content.expiresAt ?? null})`,
    );
    await run(
      tx,
      sql`
        insert into docent.content_versions (org_id, content_id, version, state, file_name, media_type,
               size_bytes, sha256)
        values (${orgId}, ${id}, 1, 'ready', 'test.md', 'text/markdown', 1, ${Buffer.alloc(32)})`,
    );
    if (embedder) {
      await run(
        tx,
        sql`
          insert into docent.embedding_models (org_id, id, dimensions, status)
          values (${orgId}, ${embedder.id}, ${embedder.dimensions}, 'active')
          on conflict do nothing`,
      );
    }
    for (const [ordinal, text] of chunks.entries()) {
      const chunkId = newId();
      const hash = createHash('sha256').update(`${title}\n${text}`).digest();
      await run(
        tx,
        sql`
          insert into docent.chunks (org_id, id, content_id, version, ordinal, content, start_offset,
                 end_offset, heading_path, place, token_count, hash)
          values (${orgId}, ${chunkId}, ${id}, 1, ${ordinal}, ${text}, ${ordinal * 1_000},
                 ${ordinal * 1_000 + text.length}, ${['Part', content.headings?.[ordinal] ?? `${ordinal + 1}`]},
                 ${JSON.stringify({ page: ordinal + 1 })}, 10, ${hash})`,
      );
      await run(
        tx,
        sql`
          insert into docent.chunk_search (org_id, chunk_id, content_id, config, tsv)
          select ${orgId}, ${chunkId}, ${id}, c, docent.field_words(c, ${title}, ${content.headings?.[ordinal] ?? ''}, ${text})
            from docent.text_config(${language}) c`,
      );
      const vector = vectors[ordinal];
      if (embedder && vector) {
        await run(
          tx,
          sql`
            insert into docent.chunk_embeddings (org_id, model_id, chunk_id, content_id, hash, embedding)
            values (${orgId}, ${embedder.id}, ${chunkId}, ${id}, ${hash}, ${halfvec(vector)}::halfvec)`,
        );
      }
    }
  });
  return id;
}

/** Jobs that are noted and never run. */
export function notedJobs(): Jobs & { readonly sent: { queue: Queue; data: QueueData[Queue] }[] } {
  const sent: { queue: Queue; data: QueueData[Queue] }[] = [];
  return {
    sent,
    send: async (_tx, queue, data) => {
      sent.push({ queue, data });
    },
    work: async () => {},
    close: async () => {},
  };
}
