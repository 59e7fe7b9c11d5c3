import { run, sql, type Tx } from '@docent/database/sql';
import { searchedHash, searchedWords } from './embedded.ts';

/** Brings the hashes of a content's chunks up to its title. Returns how many changed. */
export function rehashChunks(tx: Tx, orgId: string, contentId: string): Promise<number> {
  return run(
    tx,
    sql`
      update docent.chunks c
         set hash = ${searchedHash}
        from docent.content t
       where t.org_id = ${orgId}
         and t.id = ${contentId}
         and c.org_id = t.org_id
         and c.content_id = t.id
         and c.hash <> ${searchedHash}`,
  );
}

/** Brings the searched words of a content's chunks up to its title and language. */
export function rewordChunks(tx: Tx, orgId: string, contentId: string): Promise<number> {
  return run(
    tx,
    sql`
      update docent.chunk_search s
         set config = docent.text_config(t.language),
             tsv = ${searchedWords}
        from docent.content t
        join docent.chunks c on c.org_id = t.org_id and c.content_id = t.id
       where t.org_id = ${orgId}
         and t.id = ${contentId}
         and s.org_id = t.org_id
         and s.chunk_id = c.id`,
  );
}
