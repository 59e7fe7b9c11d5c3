-- Up Migration

-- The chat model failed: 'earlier_answer' stands for one of the same person to the same question, 'quotes' for
-- sentences of the sources.
alter table docent.messages
  add column degraded text check (degraded in ('earlier_answer', 'quotes'));

-- A person's earlier answers to a question; most messages are none.
create index messages_question on docent.messages (org_id, user_id, md5(lower(question)))
  where outcome = 'answer' and status = 'complete' and answerer = 'generative';

-- Search ------------------------------------------------------------------------------------------

-- Title, headings and text of a chunk as one vector that remembers which is which. Chunks that were stored
-- before have no labels and count as text until their content is processed again.
create function docent.field_words(config text, title text, headings text, body text) returns tsvector
  language sql stable strict parallel safe as
$$
  select setweight(docent.words(config, title), 'A') || setweight(docent.words(config, headings), 'B')
    || docent.words(config, body)
$$;

-- As before, with fields: a word of the title counts twice, one of a heading one and a half times (BM25F,
-- Robertson, Zaragoza & Taylor, 2004). nDCG@10 by words with title 1 / 1.5 / 2 / 3: product documentation .810
-- / .811 / .815 / .815, ClapNQ .960 / .960 / .960 / .965, SQuAD 2 .887 throughout.
create or replace function docent.bm25_vec(config text, v tsvector) returns sparsevec
  language sql immutable strict parallel safe as
$$
  select coalesce('{' || string_agg(d || ':' || w::real, ',') || '}/1000000000', '{}/1000000000')::sparsevec
  from (
    select docent.lex_dim(config, u.lexeme) d, max(u.tf * 2.2::float8 / (u.tf + text.k)) w
    from (
      select lexeme, cardinality(positions)::float8 + cardinality(array_positions(weights, 'A'))
        + 0.5::float8 * cardinality(array_positions(weights, 'B')) tf
      from unnest(v)
    ) u
    cross join (
      select 1.2::float8 * (0.25::float8 + 0.75::float8
        * least(sum(cardinality(positions)), max(positions[cardinality(positions)])) / 104) k
      from unnest(v)
    ) text
    group by 1
  ) weights
$$;

create or replace function docent.refresh_search_statistics(org uuid) returns void
  language plpgsql set search_path = docent, public as $$
declare c text;
begin
  -- Two at once would insert the same counts: the second one waits and counts what the first one saw, too.
  perform pg_advisory_xact_lock(hashtextextended('docent.search_statistics:' || org, 0));
  delete from docent.term_df where org_id = org;
  delete from docent.search_stats where org_id = org;
  for c in select distinct config from docent.chunk_search where org_id = org loop
    insert into docent.term_df (org_id, config, lexeme, df)
      select org, c, word, ndoc
      from ts_stat(format('select tsv from docent.chunk_search where org_id = %L and config = %L', org, c))
      -- Also those of one chunk only: what a misspelt word was meant to be may stand in one place.
      where ndoc > 0;
    insert into docent.search_stats (org_id, config, chunk_count)
      select org, c, count(*) from docent.chunk_search where org_id = org and config = c;
  end loop;
end $$;

-- As before, with words that no chunk has replaced by the most similar one. Trigrams of all words of one first
-- letter are compared: 1 ms for 50,000 words, and only for a question with such a word.
create or replace function docent.bm25_query(org uuid, question text, budget int default 6000)
  returns table (config text, candidates tsquery, weights sparsevec, reach float8, terms jsonb)
  language plpgsql stable rows 2 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  with configs as (
    -- All that docent.text_config gives. Statistics follow the chunks by seconds: ask the chunks.
    select c.config, coalesce(s.chunk_count, 1)::float8 n
    from unnest(array['english', 'german', 'hungarian', 'french', 'spanish', 'simple']) c (config)
    left join docent.search_stats s on s.org_id = org and s.config = c.config
    where exists (select from docent.chunk_search k where k.org_id = org and k.config = c.config)
  ),
  asked as (
    select distinct c.config, c.n, docent.fold(u.lexeme) lexeme
    from configs c
    cross join lateral unnest(to_tsvector(c.config::regconfig, docent.plain_words(question))) u
  ),
  known as (
    select a.config, a.n, a.lexeme asked, 1::float8 alike, a.lexeme, d.df
    from asked a
    left join docent.term_df d on d.org_id = org and d.config = a.config and d.lexeme = a.lexeme
  ),
  -- A word that no chunk has is perhaps misspelt: the most similar one of the same first letter stands for it.
  meant as (
    select k.config, k.n, k.asked, coalesce(near.alike, 1) alike, coalesce(near.lexeme, k.lexeme) lexeme,
      coalesce(near.df, k.df) df
    from known k
    left join lateral (
      select t.lexeme, t.df, similarity(t.lexeme, k.lexeme)::float8 alike
      from docent.term_df t
      where k.df is null
        and length(k.lexeme) >= 5
        and k.lexeme !~ '[0-9]'
        and t.org_id = org
        and t.config = k.config
        and t.lexeme >= left(k.lexeme, 1)
        and t.lexeme < left(k.lexeme, 1) || chr(1114111)
        and length(t.lexeme) between length(k.lexeme) - 2 and length(k.lexeme) + 2
        and similarity(t.lexeme, k.lexeme) >= 0.35
        and not exists (
          select from docent.chunk_search c
          where c.org_id = org and c.config = k.config
            and c.tsv @@ docent.quote_lexeme(k.lexeme)::tsquery)
      order by alike desc, t.df desc, t.lexeme
      limit 1
    ) near on true
  ),
  counted as (
    select m.config, min(m.asked) asked, m.lexeme, docent.lex_dim(m.config, m.lexeme) dim,
      max(coalesce(m.df, 1)) df,
      max(m.alike * ln(1 + (greatest(m.n, m.df, 1) - coalesce(m.df, 1) + 0.5) / (coalesce(m.df, 1) + 0.5))) idf
    from meant m
    group by m.config, m.lexeme
  ),
  ranked as (
    select c.*,
      sum(c.df) over (partition by c.config order by c.df, c.lexeme) cumulated,
      row_number() over (partition by c.config order by c.df, c.lexeme) place,
      row_number() over (partition by c.config, c.dim) copy,
      min(c.df) over (partition by c.config) rarest
    from counted c
  )
  select r.config,
    case when max(r.rarest) > budget
      then string_agg(docent.quote_lexeme(r.lexeme), ' & ')::tsquery
      else (string_agg(docent.quote_lexeme(r.lexeme), ' | ')
        filter (where r.place = 1 or r.cumulated <= budget))::tsquery
    end,
    -- Two lexemes of one hash would be a syntax error: the first one stands for both.
    ('{' || string_agg(r.dim || ':' || r.idf::real, ',') filter (where r.copy = 1) || '}/1000000000')::sparsevec,
    2.2 * sum(r.idf),
    jsonb_agg(jsonb_build_object('lexeme', r.lexeme, 'asked', r.asked, 'idf', r.idf, 'df', r.df)
      order by r.place)
  from ranked r
  group by r.config;
end $$;

-- Down Migration

create or replace function docent.bm25_query(org uuid, question text, budget int default 6000)
  returns table (config text, candidates tsquery, weights sparsevec, reach float8, terms jsonb)
  language plpgsql stable rows 2 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  with configs as (
    -- All that docent.text_config gives. Statistics follow the chunks by seconds: ask the chunks.
    select c.config, coalesce(s.chunk_count, 1)::float8 n
    from unnest(array['english', 'german', 'hungarian', 'french', 'spanish', 'simple']) c (config)
    left join docent.search_stats s on s.org_id = org and s.config = c.config
    where exists (select from docent.chunk_search k where k.org_id = org and k.config = c.config)
  ),
  asked as (
    select distinct c.config, c.n, docent.fold(u.lexeme) lexeme
    from configs c
    cross join lateral unnest(to_tsvector(c.config::regconfig, docent.plain_words(question))) u
  ),
  counted as (
    select a.config, a.lexeme, docent.lex_dim(a.config, a.lexeme) dim, coalesce(d.df, 1) df,
      ln(1 + (greatest(a.n, d.df, 1) - coalesce(d.df, 1) + 0.5) / (coalesce(d.df, 1) + 0.5)) idf
    from asked a
    left join docent.term_df d on d.org_id = org and d.config = a.config and d.lexeme = a.lexeme
  ),
  ranked as (
    select c.*,
      sum(c.df) over (partition by c.config order by c.df, c.lexeme) cumulated,
      row_number() over (partition by c.config order by c.df, c.lexeme) place,
      row_number() over (partition by c.config, c.dim) copy,
      min(c.df) over (partition by c.config) rarest
    from counted c
  )
  select r.config,
    case when max(r.rarest) > budget
      then string_agg(docent.quote_lexeme(r.lexeme), ' & ')::tsquery
      else (string_agg(docent.quote_lexeme(r.lexeme), ' | ')
        filter (where r.place = 1 or r.cumulated <= budget))::tsquery
    end,
    -- Two lexemes of one hash would be a syntax error: the first one stands for both.
    ('{' || string_agg(r.dim || ':' || r.idf::real, ',') filter (where r.copy = 1) || '}/1000000000')::sparsevec,
    2.2 * sum(r.idf),
    jsonb_agg(jsonb_build_object('lexeme', r.lexeme, 'idf', r.idf, 'df', r.df) order by r.place)
  from ranked r
  group by r.config;
end $$;

create or replace function docent.refresh_search_statistics(org uuid) returns void
  language plpgsql set search_path = docent, public as $$
declare c text;
begin
  -- Two at once would insert the same counts: the second one waits and counts what the first one saw, too.
  perform pg_advisory_xact_lock(hashtextextended('docent.search_statistics:' || org, 0));
  delete from docent.term_df where org_id = org;
  delete from docent.search_stats where org_id = org;
  for c in select distinct config from docent.chunk_search where org_id = org loop
    insert into docent.term_df (org_id, config, lexeme, df)
      select org, c, word, ndoc
      from ts_stat(format('select tsv from docent.chunk_search where org_id = %L and config = %L', org, c))
      where ndoc > 1;
    insert into docent.search_stats (org_id, config, chunk_count)
      select org, c, count(*) from docent.chunk_search where org_id = org and config = c;
  end loop;
end $$;

create or replace function docent.bm25_vec(config text, v tsvector) returns sparsevec
  language sql immutable strict parallel safe as
$$
  select coalesce('{' || string_agg(d || ':' || w::real, ',') || '}/1000000000', '{}/1000000000')::sparsevec
  from (
    select docent.lex_dim(config, u.lexeme) d, max(u.tf * 2.2::float8 / (u.tf + text.k)) w
    from (select lexeme, cardinality(positions)::float8 tf from unnest(v)) u
    cross join (
      select 1.2::float8 * (0.25::float8 + 0.75::float8
        * least(sum(cardinality(positions)), max(positions[cardinality(positions)])) / 104) k
      from unnest(v)
    ) text
    group by 1
  ) weights
$$;

drop function docent.field_words(text, text, text, text);
drop index docent.messages_question;
alter table docent.messages drop column degraded;
