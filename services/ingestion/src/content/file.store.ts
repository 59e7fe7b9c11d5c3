import { maybeOne, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';
import { mayRead } from './rows.ts';

const Original = z.object({
  sha256: z.string(),
  fileName: z.string(),
  mediaType: z.string(),
});
export type Original = z.output<typeof Original>;

/** The file of one version. @param version null: the one that searches see, else the newest. */
export function findOriginal(
  tx: Tx,
  orgId: string,
  contentId: string,
  version: number | null,
): Promise<Original | null> {
  return maybeOne(
    tx,
    Original,
    sql`
      select encode(v.sha256, 'hex') as sha256, v.file_name as "fileName",
             v.media_type as "mediaType"
        from docent.content c
        join docent.content_versions v on v.org_id = c.org_id and v.content_id = c.id
       where c.org_id = ${orgId}
         and c.id = ${contentId}
         ${mayRead(sql`c`)}
         and v.version = coalesce(${version}::int, c.current_version, c.latest_version)`,
  );
}
