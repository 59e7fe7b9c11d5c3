import { many, type Sql, sql, type Tx } from '@docent/database/sql';
import { z } from 'zod';

const Unknown = z.object({
  word: z.string(),
  config: z.string(),
  lexeme: z.string(),
  /** Lexemes of the material that begin with the same letter and are about as long, those of most chunks first. */
  vocabulary: z.string().transform((list) => (list === '' ? [] : list.split(' '))),
});
export type Unknown = z.infer<typeof Unknown>;

/**
 * Those of some words that no chunk of the organization has, in each text configuration, and what they could have been
 * meant to be. Whether the caller may read that is not asked here. A word that is known in one configuration, or a stop
 * word there, is none.
 */
export function findUnknown(
  tx: Tx,
  orgId: string,
  words: readonly string[],
  configs: readonly string[],
): Promise<Unknown[]> {
  return many(
    tx,
    Unknown,
    sql`
      with asked as materialized (
        select w.word, c.config, docent.fold(u.lexeme) as lexeme
          from unnest(${words}::text[]) w (word)
          cross join unnest(${configs}::text[]) c (config)
          left join lateral unnest(to_tsvector(c.config::regconfig, docent.plain_words(w.word))) u
            on true
      ),
      -- Statistics follow the chunks by seconds: the chunks are asked as well. Counted, because for the first one of them
      -- the planner would read all chunks until it comes.
      known as (
        select a.word
          from asked a
         where a.lexeme is null
            or exists (
                 select
                   from docent.term_df t
                  where t.org_id = ${orgId}
                    and t.config = a.config
                    and t.lexeme = a.lexeme)
            or (select count(*)
                  from docent.chunk_search s
                 where s.org_id = ${orgId}
                   and s.config = a.config
                   and s.tsv @@ docent.quote_lexeme(a.lexeme)::tsquery) > 0
      )
      select a.word, a.config, a.lexeme,
             coalesce((
               select string_agg(t.lexeme, ' ' order by t.df desc, t.lexeme)
                 from docent.term_df t
                where t.org_id = ${orgId}
                  and t.config = a.config
                  and t.lexeme >= left(a.lexeme, 1)
                  and t.lexeme < left(a.lexeme, 1) || chr(1114111)
                  and length(t.lexeme) between length(a.lexeme) - 6 and length(a.lexeme) + 2), '') as vocabulary
        from asked a
       where a.word not in (select word from known)`,
  );
}

/** A lexeme of a text configuration. */
export interface Lexeme {
  readonly config: string;
  readonly lexeme: string;
}

/** Chunks in which the way of writing a lexeme is looked up. */
const CHUNKS = 3;

const Text = z.object({ text: z.string() });

/** Texts that have the lexemes, of those that the caller may read. */
export async function findTextsWith(
  tx: Tx,
  orgId: string,
  wanted: readonly Lexeme[],
): Promise<string[]> {
  const rows = await many(
    tx,
    Text,
    sql`
      with held as materialized (
        select distinct found.chunk_id
          from ${lexemes(wanted)} w (config, lexeme)
          cross join lateral (
            select s.chunk_id
              from docent.chunk_search s
             where s.org_id = ${orgId}
               and s.config = w.config
               and s.tsv @@ docent.quote_lexeme(w.lexeme)::tsquery
             -- Not by an index: reading one in its order until three are found would be the whole of it for a rare word.
             order by s.chunk_id::text
             limit ${CHUNKS}
          ) found
      )
      select concat_ws(E'\n', t.title, array_to_string(k.heading_path, E'\n'), k.content) as text
        from held
        join docent.chunks k
          on k.org_id = ${orgId}
         and k.id = held.chunk_id
        join docent.content t
          on t.org_id = ${orgId}
         and t.id = k.content_id`,
  );
  return rows.map(({ text }) => text);
}

function lexemes(list: readonly Lexeme[]): Sql {
  const [configs, names] = [list.map(({ config }) => config), list.map(({ lexeme }) => lexeme)];
  return sql`unnest(${configs}::text[], ${names}::text[])`;
}
