import { type Sql, sql } from '@docent/database/sql';

/**
 * The one definition of what is searched and embedded for a chunk `c` of a content `t`: title,
 * headings, header row of its table, text.
 */
export const searchedText: Sql = sql`
  concat_ws(E'\n', t.title, nullif(array_to_string(c.heading_path, ' › '), ''), c.table_header, c.content)`;

/** SHA-256 of it: a chunk whose hash did not change keeps its vectors. */
export const searchedHash: Sql = sql`sha256(convert_to(${searchedText}, 'UTF8'))`;

/** Its words, in the text configuration `config` of the content, each knowing which field it is of. */
export const searchedWords: Sql = sql`
  docent.field_words(docent.text_config(t.language), t.title,
    coalesce(array_to_string(c.heading_path, ' › '), ''), concat_ws(E'\n', c.table_header, c.content))`;
