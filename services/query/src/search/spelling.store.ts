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
        select w.word, c.config, docent.fold(u.lexeme) as lexeme, ${eitherSpelling(sql`docent.fold(u.lexeme)`)} as query
          from unnest(${words}::text[]) w (word)
          cross join unnest(${configs}::text[]) c (config)
          left join lateral unnest(to_tsvector(c.config::regconfig, docent.plain_words(w.word))) u
            on true
      ),
      known as (
        select a.word
          from asked a
         where a.lexeme is null
            or exists (${holding(orgId, sql`a`)})
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
      with wanted as materialized (
        select w.config, ${eitherSpelling(sql`w.lexeme`)} as query
          from unnest(${configs}::text[], ${names}::text[]) w (config, lexeme)
      )
      select distinct held.text
        from wanted w
        cross join lateral (
          ${holding(orgId, sql`w`)}
           limit ${CHUNKS}
        ) held`,
  );
  return rows.map(({ text }) => text);
}

/** A lexeme, also as parts joined by a hyphen. */
function eitherSpelling(lexeme: Sql): Sql {
  return sql`
          (docent.quote_lexeme(${lexeme}) || ' | ' || docent.quote_lexeme('-' || ${lexeme}))::tsquery`;
}

/**
 * Chunks with a lexeme, as far as the caller may read them and a search would find them.
 *
 * @param asked a row with `config` and the lexeme's `query`, which is there already: made in the condition it would not be
 *   leakproof, and under row-level security every chunk of the organization would be read.
 */
function holding(orgId: string, asked: Sql): Sql {
  // One after the other, from the index of words on: the planner takes a word that it does not know yet for a frequent one.
  return sql`
          select concat_ws(E'\n', t.title, array_to_string(k.heading_path, E'\n'), k.content) as text
            from (
              select c.chunk_id
                from docent.chunk_search c
               where c.org_id = ${orgId}
                 and c.config = ${asked}.config
                 and c.tsv @@ ${asked}.query
              offset 0
            ) s
           cross join lateral (
             select c.content_id, c.version, c.heading_path, c.content
               from docent.chunks c
              where c.org_id = ${orgId}
                and c.id = s.chunk_id
             offset 0
           ) k
           cross join lateral (
             select c.title
               from docent.content c
              where c.org_id = ${orgId}
                and c.id = k.content_id
                and c.current_version = k.version
                and c.status = 'published'
                and docent.validity(c.effective_from, c.expires_at) = 'effective'
             offset 0
           ) t`;
}
