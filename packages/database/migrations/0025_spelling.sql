-- Up Migration

-- As before 0013, and telling which words no chunk has (df 0): what those were meant to be is looked for once, by the
-- search, in what the caller may read.
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
    select a.config, a.lexeme, docent.lex_dim(a.config, a.lexeme) dim, coalesce(d.df, 0) held, coalesce(d.df, 1) df,
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
    jsonb_agg(jsonb_build_object('lexeme', r.lexeme, 'idf', r.idf, 'df', r.held) order by r.place)
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
