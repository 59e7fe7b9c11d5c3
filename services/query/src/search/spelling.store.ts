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
 * Those of some words that nothing has what the caller finds, in each text configuration, and what they could have been
 * meant to be. A word that is known in one configuration, or a stop word there, is none.
 *
 * What the caller may not read neither makes a word known nor is looked at further than its lexemes: no correction tells
 * of it.
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
      -- Counted, because for the first one the planner would read all chunks until it comes.
      known as (
        select a.word
          from asked a
         where a.lexeme is null
            or (select count(*) from (${holding(orgId, sql`a`)}) held) > 0
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

/** Texts that have the lexemes, of those that the caller finds. */
export async function findTextsWith(
  tx: Tx,
  orgId: string,
  wanted: readonly Lexeme[],
): Promise<string[]> {
  const [configs, names] = [wanted.map(({ config }) => config), wanted.map(({ lexeme }) => lexeme)];
  const rows = await many(
    tx,
    Text,
    sql`
      select distinct held.text
        from unnest(${configs}::text[], ${names}::text[]) w (config, lexeme)
        cross join lateral (
          ${holding(orgId, sql`w`)}
           -- Not by an index: reading one in its order until three are found would be the whole of it for a rare word.
           order by s.chunk_id::text
           limit ${CHUNKS}
        ) held`,
  );
  return rows.map(({ text }) => text);
}

/** Chunks with a lexeme, also as parts joined by a hyphen, as far as the caller may read them and a search would find them. */
function holding(orgId: string, lexeme: Sql): Sql {
  return sql`
          select concat_ws(E'\n', t.title, array_to_string(k.heading_path, E'\n'), k.content) as text
            from docent.chunk_search s
            join docent.chunks k
              on k.org_id = ${orgId}
             and k.id = s.chunk_id
            join docent.content t
              on t.org_id = ${orgId}
             and t.id = k.content_id
             and t.current_version = k.version
             and t.status = 'published'
             and docent.validity(t.effective_from, t.expires_at) = 'effective'
           where s.org_id = ${orgId}
             and s.config = ${lexeme}.config
             and s.tsv @@ (docent.quote_lexeme(${lexeme}.lexeme) || ' | '
                   || docent.quote_lexeme('-' || ${lexeme}.lexeme))::tsquery`;
}
