import { many, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const TitleRow = z.object({ id: z.uuid(), title: z.string() });
const ExampleRow = z.object({ id: z.uuid(), example: z.string() });

/** Titles of the content that the caller may see, by id. */
export async function findContent(
  tx: Tx,
  orgId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await many(
    tx,
    TitleRow,
    sql`
      select id, title
        from docent.content
       where org_id = ${orgId}
         and id = any (${ids}::uuid[])`,
  );
  return new Map(rows.map(({ id, title }) => [id, title]));
}

/** Questions in words, of the groups that the caller may read, by the group’s id. */
export async function findExamples(
  tx: Tx,
  orgId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await many(
    tx,
    ExampleRow,
    sql`
      select id, example
        from docent.question_groups
       where org_id = ${orgId}
         and id = any (${ids}::uuid[])
         and example is not null`,
  );
  return new Map(rows.map(({ id, example }) => [id, example]));
}
