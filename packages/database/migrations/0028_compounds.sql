-- Up Migration

-- `e-mail` and `email` are one word in two spellings. Its parts stand in the index; beside them now stands what they make
-- together, marked with a hyphen, which no other lexeme has: `e`, `mail` and `-email`. A question in one spelling finds the
-- other. Marked, so that a question for `boundary-layer`, whose parts are compared, does not prefer texts that write the
-- hyphen, too: with those, nDCG@10 of the reranked list was .443 instead of .447, of words .406 instead of .412 (Cranfield).

-- The hyphenated words of a text, with what they make when they are written together: whole, and of three or four parts
-- each two neighbours (`e-mail-address`: `emailaddress`, `email`, `mailaddress`). Without accents, of Latin letters only:
-- with digits they are codes.
create function docent.compounds(body text) returns table (written text, joined text)
  language plpgsql immutable strict parallel safe rows 3 as $$
begin
  if body !~ '[-\u2010\u2011]' then return; end if;
  return query
  select array_to_string(parts[s.first:s.last], '-'), array_to_string(parts[s.first:s.last], '')
  from (
    select string_to_array(m[1], '-') parts
    from regexp_matches(
      translate(lower(docent.fold(body)), U&'\2010\2011', '--'),
      '(?<![a-z0-9_-])([a-z]+(?:-[a-z]+){1,3})(?![a-z0-9_-])', 'g') m
  ) found
  cross join lateral (
    select 1 as first, cardinality(parts) as last
    union
    select i, i + 1 from generate_series(1, cardinality(parts) - 1) i
  ) s
  where length(array_to_string(parts[s.first:s.last], '')) between 4 and 40;
end $$;

-- The same as lexemes, in the text form of a tsvector. They stand at the first places, so that none is behind the last.
create function docent.compound_words(config text, body text) returns text
  language sql stable strict parallel safe as
$$
  select string_agg(docent.quote_lexeme('-' || docent.fold(u.lexeme)) || ':' || array_to_string(u.positions, ','), ' ')
  from unnest(to_tsvector(config::regconfig, (select string_agg(joined, ' ') from docent.compounds(body)))) u
$$;

-- As before, and with them.
create or replace function docent.words(config text, body text) returns tsvector
  language plpgsql stable strict parallel safe as $$
declare
  plain text := docent.plain_words(body);
  folded text := docent.fold(plain);
  found tsvector := to_tsvector(config::regconfig, plain);
  joined text := docent.compound_words(config, body);
begin
  if folded = plain and joined is null then return found; end if;
  return concat_ws(' ', docent.fold(found::text),
    case when folded <> plain then to_tsvector(config::regconfig, folded)::text end, joined);
end $$;

-- As before 0028, and what stands for something that is counted already makes no text longer.
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
      where lexeme not like '-%'
    ) text
    group by 1
  ) weights
$$;

-- As before 0028, and in both spellings.
create or replace function docent.bm25_query(org uuid, question text, budget int default 6000)
  returns table (config text, candidates tsquery, weights sparsevec, reach float8, terms jsonb)
  language plpgsql stable rows 2 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  joined text := (select string_agg(c.joined, ' ') from docent.compounds(question) c);
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
    select c.config, c.n, docent.fold(u.lexeme) lexeme, '-' || docent.fold(u.lexeme) marked, bool_or(u.wanted) wanted
    from configs c
    cross join lateral (
      select w.lexeme, true wanted
      from unnest(to_tsvector(c.config::regconfig, docent.plain_words(question))) w
      union all
      -- What hyphenated words are when they are written together is good to have, and is not missed.
      select w.lexeme, false
      from unnest(to_tsvector(c.config::regconfig, joined)) w
    ) u
    group by c.config, c.n, docent.fold(u.lexeme)
  ),
  -- A word is one in both spellings: as rare as both together. Joined by what is there already: an expression in the
  -- condition is not leakproof, so that under row-level security all words of the organization would be read.
  known as (
    select a.*, d.df plain, h.df hyphenated, coalesce(d.df, 0) + coalesce(h.df, 0) held
    from asked a
    left join docent.term_df d on d.org_id = org and d.config = a.config and d.lexeme = a.lexeme
    left join docent.term_df h on a.wanted and h.org_id = org and h.config = a.config and h.lexeme = a.marked
    where a.wanted or d.df is not null
  ),
  counted as (
    select k.*, greatest(k.held, 1) df,
      ln(1 + (greatest(k.n, k.held, 1) - greatest(k.held, 1) + 0.5) / (greatest(k.held, 1) + 0.5)) idf
    from known k
  ),
  forms as (
    select c.config, c.lexeme, c.wanted, c.held, c.df, c.idf, f.hyphen || c.lexeme form,
      docent.lex_dim(c.config, f.hyphen || c.lexeme) dim, f.df own
    from counted c
    cross join lateral (
      -- Counts follow the chunks by seconds: what is asked for is looked for in any case.
      values ('', case when c.wanted then greatest(c.plain, 1) else c.plain end), ('-', c.hyphenated)) f (hyphen, df)
    where f.df is not null
  ),
  ranked as (
    select f.*,
      sum(f.own) over (partition by f.config order by f.df, f.lexeme, f.form) cumulated,
      row_number() over (partition by f.config order by f.df, f.lexeme, f.form) place,
      row_number() over (partition by f.config, f.dim) copy,
      row_number() over (partition by f.config, f.lexeme order by f.form) nth,
      min(f.df) filter (where f.wanted) over (partition by f.config) rarest,
      max(f.idf) filter (where f.wanted) over (partition by f.config) most
    from forms f
  ),
  weighed as (
    -- A joined word stands for two parts or more: it weighs more than one of them, as far as they are rare.
    select r.*, case when r.wanted then r.idf else 1.5 * least(r.idf, r.most) end weight
    from ranked r
  )
  select r.config,
    case when max(r.rarest) > budget
      then (string_agg('(' || docent.quote_lexeme(r.lexeme) || ' | ' || docent.quote_lexeme('-' || r.lexeme) || ')', ' & ')
        filter (where r.nth = 1 and r.wanted))::tsquery
      else (string_agg(docent.quote_lexeme(r.form), ' | ')
        filter (where r.place = 1 or r.cumulated <= budget))::tsquery
    end,
    -- Two lexemes of one hash would be a syntax error: the first one stands for both.
    ('{' || string_agg(r.dim || ':' || r.weight::real, ',') filter (where r.copy = 1) || '}/1000000000')::sparsevec,
    2.2 * sum(r.idf) filter (where r.nth = 1 and r.wanted),
    jsonb_agg(jsonb_build_object('lexeme', r.lexeme, 'idf', r.idf, 'df', r.held) order by r.place)
      filter (where r.nth = 1 and r.wanted)
  from weighed r
  group by r.config
  having bool_or(r.wanted);
end $$;

-- What is there already is indexed anew where it has such a word.
alter table docent.chunk_search no force row level security;
alter table docent.chunks no force row level security;
alter table docent.content no force row level security;
update docent.chunk_search s
set tsv = n.tsv
from docent.chunks k
join docent.content t on t.org_id = k.org_id and t.id = k.content_id
cross join lateral (
  select docent.field_words(docent.text_config(t.language), t.title, coalesce(array_to_string(k.heading_path, ' › '), ''),
    concat_ws(E'\n', k.table_header, k.content)) tsv
) n
where k.org_id = s.org_id
  and k.id = s.chunk_id
  and s.config = docent.text_config(t.language)
  and exists (
    select from docent.compounds(concat_ws(E'\n', t.title, array_to_string(k.heading_path, E'\n'), k.table_header, k.content)));
alter table docent.content force row level security;
alter table docent.chunks force row level security;
alter table docent.chunk_search force row level security;
-- Counted as the recount does it that follows each change of content.
alter table docent.term_df no force row level security;
insert into docent.term_df (org_id, config, lexeme, df)
  select s.org_id, s.config, u.lexeme, count(*)
  from docent.chunk_search s
  cross join lateral unnest(s.tsv) u
  where u.lexeme like '-%'
  group by s.org_id, s.config, u.lexeme
on conflict (org_id, config, lexeme) do update set df = excluded.df;
alter table docent.term_df force row level security;

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

create or replace function docent.words(config text, body text) returns tsvector
  language plpgsql stable strict parallel safe as $$
declare
  plain text := docent.plain_words(body);
  folded text := docent.fold(plain);
  found tsvector := to_tsvector(config::regconfig, plain);
begin
  if folded = plain then return found; end if;
  return docent.fold(found::text) || ' ' || to_tsvector(config::regconfig, folded)::text;
end $$;

alter table docent.chunk_search no force row level security;
alter table docent.chunks no force row level security;
alter table docent.content no force row level security;
update docent.chunk_search s
set tsv = n.tsv
from docent.chunks k
join docent.content t on t.org_id = k.org_id and t.id = k.content_id
cross join lateral (
  select docent.field_words(docent.text_config(t.language), t.title, coalesce(array_to_string(k.heading_path, ' › '), ''),
    concat_ws(E'\n', k.table_header, k.content)) tsv
) n
where k.org_id = s.org_id
  and k.id = s.chunk_id
  and s.config = docent.text_config(t.language)
  and exists (
    select from docent.compounds(concat_ws(E'\n', t.title, array_to_string(k.heading_path, E'\n'), k.table_header, k.content)));
alter table docent.content force row level security;
alter table docent.chunks force row level security;
alter table docent.chunk_search force row level security;
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

alter table docent.term_df no force row level security;
delete from docent.term_df where lexeme like '-%';
alter table docent.term_df force row level security;
drop function docent.compound_words(text, text);
drop function docent.compounds(text);
