-- Up Migration

create schema docent;

create function docent.touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- Search ------------------------------------------------------------------------------------------

-- BM25 is an inner product: the document side is stored per chunk, the query side is the IDF.
-- A lexeme's dimension is a hash of it and of its text configuration, so that languages never mix.
-- The hash is the one that hash partitions stand on: the same in every version of PostgreSQL. md5 took 4 times
-- as long.
create function docent.lex_dim(config text, lexeme text) returns int
  language sql immutable strict parallel safe as
$$ select abs(hashtextextended(config || ':' || lexeme, 0) % 999999937)::int + 1 $$;

-- Lower and upper case letters without accents and compatibility forms: `Größe` is `Grosse`, `ﬁ` is `fi`.
-- The three signs that would become an apostrophe or a backslash become a space: a lexeme holds neither.
create function docent.fold(t text) returns text
  language sql immutable strict parallel safe as
$$
  select case when octet_length(t) = length(t) then t
    else replace(replace(replace(
      translate(regexp_replace(normalize(translate(t, '﹨＇＼', '   '), nfkd), '[\u0300-\u036f]', '', 'g'),
        'øØłŁđĐ', 'oOlLdD'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') end
$$;

-- What the parser is given: it would take `and/or` for one file name, the 17 of `GDPR-17` for minus 17, and
-- count both `boundary-layer` and its parts. Split at these, nDCG@10 went from .376 to .385 (Cranfield).
-- `replace` four times: `translate` takes 15 times as long, normalising ASCII longer still.
create function docent.plain_words(t text) returns text
  language sql immutable strict parallel safe as
$$
  select replace(replace(replace(replace(
    case when octet_length(t) = length(t) then t else normalize(t, nfc) end,
    '/', ' '), '\', ' '), '-', ' '), '_', ' ')
$$;

-- The lexemes of a text, without accents. They are stemmed before the accents go, because stemmers need
-- them (`témák` is `téma`). A word that has accents is also indexed the way it comes out when they are not
-- typed, at the same place; a question therefore needs only the first of the two forms. Reading the text
-- form of a tsvector joins equal lexemes and places.
create function docent.words(config text, body text) returns tsvector
  language plpgsql stable strict parallel safe as $$
declare
  plain text := docent.plain_words(body);
  folded text := docent.fold(plain);
  found tsvector := to_tsvector(config::regconfig, plain);
begin
  if folded = plain then return found; end if;
  return docent.fold(found::text) || ' ' || to_tsvector(config::regconfig, folded)::text;
end $$;

-- A lexeme as the text form of a tsquery takes it, whatever is in it.
create function docent.quote_lexeme(l text) returns text
  language sql immutable strict parallel safe as
$$ select '''' || replace(replace(l, '\', '\\'), '''', '''''') || '''' $$;

-- tf · (k1 + 1) / (tf + k1 · (1 − b + b · dl / avgdl)); k1 = 1.2, b = 0.75, avgdl = 104 lexemes (the
-- chunker's target length; 60 to 150 changed nDCG@10 by less than .01 on four collections). A length is
-- never more than the last place: two forms of a word stand at one. Floating point throughout: in numeric
-- it took 2.5 times as long. Robertson & Zaragoza, "The Probabilistic Relevance Framework", 2009.
create function docent.bm25_vec(config text, v tsvector) returns sparsevec
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

-- The text configuration of a language, 'simple' for those that PostgreSQL has none for.
create function docent.text_config(language text) returns text
  language sql immutable parallel safe as
$$
  select case language
    when 'en' then 'english' when 'hu' then 'hungarian' when 'de' then 'german'
    when 'fr' then 'french' when 'es' then 'spanish' else 'simple' end
$$;

-- Directory ---------------------------------------------------------------------------------------

create table docent.organizations (
  org_id uuid not null,
  name text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id)
);

create table docent.departments (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  parent_id uuid,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, parent_id) references docent.departments (org_id, id),
  unique nulls not distinct (org_id, parent_id, name)
);

create table docent.users (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('learner', 'trainer', 'hr_manager', 'admin')),
  department_id uuid,
  learning_profile jsonb not null default '{}',
  preferences jsonb not null default '{}',
  status text not null default 'active' check (status in ('active', 'deactivated')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, department_id) references docent.departments (org_id, id)
    on delete set null (department_id)
);
create unique index users_email on docent.users (org_id, lower(email));
create index users_department on docent.users (org_id, department_id);

create table docent.api_keys (
  org_id uuid not null,
  id text not null,
  user_id uuid not null,
  name text not null,
  secret_hash bytea not null,
  last_four text not null,
  scopes text[] not null default '{*}',
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade
);
create index api_keys_id on docent.api_keys (id);

-- Requests that must not take effect twice; the row is written with the effect.
create table docent.idempotency_keys (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  user_id uuid not null,
  route text not null,
  key text not null,
  fingerprint bytea not null,
  status int not null,
  headers jsonb not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  primary key (org_id, user_id, route, key)
);
create index idempotency_keys_age on docent.idempotency_keys (created_at);

-- Content -----------------------------------------------------------------------------------------

create table docent.content (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  title text not null,
  -- Said by the caller; otherwise a new version's file may say it better.
  title_given boolean not null default false,
  content_type text not null
    check (content_type in ('course', 'lesson', 'skill', 'assessment', 'tutorial', 'reference')),
  language text,
  language_given boolean not null default false,
  tags text[] not null default '{}',
  metadata jsonb not null default '{}',
  url text,
  source_service text not null default 'upload',
  external_id text,
  created_by uuid,
  current_version int,
  latest_version int not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, created_by) references docent.users (org_id, id)
    on delete set null (created_by),
  unique (org_id, source_service, external_id)
);
create index content_created on docent.content (org_id, created_at desc, id desc);
create index content_type on docent.content (org_id, content_type);
create index content_tags on docent.content using gin (org_id, tags);
-- Few rows: content whose newest version is not the one that searches see.
create index content_pending on docent.content (org_id, id)
  where current_version is distinct from latest_version;

create table docent.content_versions (
  org_id uuid not null,
  content_id uuid not null,
  version int not null check (version > 0),
  state text not null default 'queued' check (state in ('queued', 'extracting', 'embedding', 'ready',
    'no_text', 'password', 'corrupt', 'unsupported', 'too_large', 'timeout', 'failed')),
  step text not null default 'queued'
    check (step in ('queued', 'extracting', 'chunking', 'storing', 'embedding', 'done')),
  percent int not null default 0 check (percent between 0 and 100),
  chunk_count int not null default 0,
  embedded_count int not null default 0,
  error text,
  warning text,
  file_name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 bytea not null,
  -- What was extracted: citations point into it (UTF-16 code units), also after a newer version came.
  text text,
  -- Times a worker took it up, and the token of the one that has it: a write with another token is void.
  attempts int not null default 0,
  lease_token uuid,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (org_id, content_id, version),
  foreign key (org_id, content_id) references docent.content (org_id, id) on delete cascade
);
create index content_versions_file on docent.content_versions (org_id, sha256);

create table docent.chunks (
  org_id uuid not null,
  id uuid not null,
  content_id uuid not null,
  version int not null,
  ordinal int not null,
  content text not null,
  start_offset int not null,
  end_offset int not null,
  heading_path text[] not null default '{}',
  place jsonb not null default '{}',
  table_header text,
  token_count int not null,
  -- SHA-256 of what is embedded: title, headings, table header and text.
  hash bytea not null,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, content_id, version, ordinal),
  foreign key (org_id, content_id, version)
    references docent.content_versions (org_id, content_id, version) on delete cascade
);

create table docent.chunk_search (
  org_id uuid not null,
  chunk_id uuid not null,
  content_id uuid not null,
  config text not null,
  tsv tsvector not null,
  bm25 sparsevec not null generated always as (docent.bm25_vec(config, tsv)) stored,
  primary key (org_id, chunk_id),
  foreign key (org_id, chunk_id) references docent.chunks (org_id, id) on delete cascade
);
-- The weights are read for every candidate: inline. The lexemes are not: out of line.
alter table docent.chunk_search alter bm25 set storage plain, alter tsv set storage external;
alter table docent.chunk_search set (toast_tuple_target = 256);
create index chunk_search_words on docent.chunk_search using gin (org_id, tsv);
create index chunk_search_content on docent.chunk_search (org_id, content_id);
create index chunk_search_config on docent.chunk_search (org_id, config);

-- Document frequencies; a lexeme of one chunk only is not stored (missing = 1).
create table docent.term_df (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  config text not null,
  lexeme text not null,
  df int not null,
  primary key (org_id, config, lexeme) include (df)
);
create table docent.search_stats (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  config text not null,
  chunk_count int not null,
  refreshed_at timestamptz not null default now(),
  primary key (org_id, config)
);

create table docent.embedding_models (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id text not null,
  dimensions int not null check (dimensions between 1 and 4000),
  status text not null check (status in ('building', 'active', 'retired')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  activated_at timestamptz,
  primary key (org_id, id)
);
create unique index embedding_models_active on docent.embedding_models (org_id) where status = 'active';

-- One row per chunk and model, so that two models can live side by side. The column has no fixed
-- dimension; each model gets a partial HNSW index of its own (docent.ensure_embedding_index).
create table docent.chunk_embeddings (
  org_id uuid not null,
  model_id text not null,
  chunk_id uuid not null,
  content_id uuid not null,
  hash bytea not null,
  embedding halfvec not null,
  primary key (org_id, model_id, chunk_id),
  foreign key (org_id, model_id) references docent.embedding_models (org_id, id) on delete cascade,
  foreign key (org_id, chunk_id) references docent.chunks (org_id, id) on delete cascade
);
-- Never TOAST: an exact scan is 3 to 5 times faster.
alter table docent.chunk_embeddings alter embedding set storage plain;
create index chunk_embeddings_chunk on docent.chunk_embeddings (org_id, chunk_id);
create index chunk_embeddings_content on docent.chunk_embeddings (org_id, content_id);

-- Conversations -----------------------------------------------------------------------------------

create table docent.conversations (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  title text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade
);
create index conversations_recent on docent.conversations (org_id, user_id, updated_at desc, id desc);

create table docent.messages (
  org_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('user', 'assistant')),
  text text not null default '',
  status text not null check (status in ('streaming', 'complete', 'stopped', 'incomplete')),
  outcome text check (outcome in ('answer', 'abstain', 'clarify')),
  confidence jsonb,
  sources jsonb not null default '[]',
  citations jsonb not null default '[]',
  nearest jsonb not null default '[]',
  question text,
  model text,
  answerer text check (answerer in ('extractive', 'generative')),
  prompt_tokens int,
  completion_tokens int,
  processing_ms int,
  error jsonb,
  stream_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, conversation_id) references docent.conversations (org_id, id) on delete cascade
);
create index messages_conversation on docent.messages (org_id, conversation_id, created_at, id);
create index messages_stream on docent.messages (org_id, stream_id) where stream_id is not null;

create table docent.feedback (
  org_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  user_id uuid not null,
  rating text not null check (rating in ('up', 'down')),
  reason text,
  comment text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  foreign key (org_id, message_id) references docent.messages (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade,
  unique (org_id, message_id, user_id)
);

create table docent.analytics_events (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  event_type text not null,
  user_id uuid,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (org_id, id)
);
create index analytics_events_type on docent.analytics_events (org_id, event_type, created_at);

-- Rights ------------------------------------------------------------------------------------------

-- The wall between organizations: restrictive, so that no later policy can widen it. The setting is
-- read plainly (not in a sub-select), so that the planner sees which organization it plans for.
do $$
declare
  t record;
  own_org constant text := $p$org_id = nullif(current_setting('app.org_id', true), '')::uuid$p$;
  own_row constant text := $p$user_id = nullif(current_setting('app.user_id', true), '')::uuid$p$;
begin
  for t in select relname from pg_class where relnamespace = 'docent'::regnamespace and relkind = 'r' loop
    execute format('alter table docent.%I enable row level security', t.relname);
    execute format('alter table docent.%I force row level security', t.relname);
    if t.relname in ('conversations', 'messages', 'feedback', 'idempotency_keys') then
      execute format('create policy own on docent.%I using (%s) with check (%s)', t.relname, own_row, own_row);
    else
      execute format('create policy member on docent.%I using (true) with check (true)', t.relname);
    end if;
    if t.relname <> 'api_keys' then
      execute format('create policy organization on docent.%I as restrictive using (%s) with check (%s)',
        t.relname, own_org, own_org);
    end if;
    if exists (select from pg_attribute where attrelid = format('docent.%I', t.relname)::regclass
               and attname = 'updated_at') then
      execute format('create trigger touch_updated_at before update on docent.%I
        for each row execute function docent.touch_updated_at()', t.relname);
    end if;
    execute format('grant select, insert, update, delete on docent.%I to docent_app', t.relname);
  end loop;
end $$;

-- A key is looked up before it is known whose it is: by its id alone, to read that one row.
create policy organization_write on docent.api_keys as restrictive for insert
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy organization_update on docent.api_keys as restrictive for update
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy organization_delete on docent.api_keys as restrictive for delete
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy organization_or_key on docent.api_keys as restrictive for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid
    or id = nullif(current_setting('app.api_key_id', true), ''));

-- Functions ---------------------------------------------------------------------------------------

-- Refreshed after ingestion: 0.02 ms a chunk, where keeping the counts current costs 2 ms a chunk.
create function docent.refresh_search_statistics(org uuid) returns void
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

-- The query side of BM25, one row per text configuration that the organization's content uses.
-- Candidates: the rarest terms OR-ed until their summed document frequency passes the budget; when
-- even the rarest passes it, all of them AND-ed. `reach`: the most that any chunk could score.
-- Frequencies are those of the configuration's own chunks: a stop word of English is common among the
-- few chunks that are indexed without a language, and must not be rare among all. Only look-ups by key, so
-- one plan serves every organization: planned anew with each search, it took 2 ms of CPU more.
create function docent.bm25_query(org uuid, question text, budget int default 6000)
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

-- Called by the application for the model it is configured with. Only the owner may make an index.
create function docent.ensure_embedding_index(model text, dims int) returns void
  language plpgsql security definer set search_path = docent, public, pg_temp as $$
declare
  index_name text := 'chunk_embeddings_' || substr(md5(model || ':' || dims), 1, 16);
begin
  if dims not between 1 and 4000 then
    raise exception 'dimensions must be 1 to 4000, got %', dims using errcode = '22023';
  end if;
  -- Embedded (PGlite): 19 s to build for 3,000 vectors of 384 dimensions; the exact scan takes 4 ms.
  if version() like '%PGlite%' then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('docent.' || index_name, 0));
  if to_regclass('docent.' || index_name) is not null then return; end if;
  -- pgvector before 0.8.2: a parallel HNSW build can overflow a buffer (CVE-2026-3172).
  set local max_parallel_maintenance_workers = 0;
  execute format('create index if not exists %I on docent.chunk_embeddings
    using hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops) with (m = 16, ef_construction = 128)
    where model_id = %L', index_name, dims, model);
end $$;
revoke all on function docent.ensure_embedding_index(text, int) from public;

-- For people who query the database: the names, arguments and columns that they know -------------

create view docent.learning_content with (security_invoker = true) as
  select c.id::text id, c.title, v.text content, c.content_type,
    (select avg(e.embedding)::vector from docent.chunk_embeddings e
      join docent.embedding_models m on m.org_id = e.org_id and m.id = e.model_id and m.status = 'active'
      where e.org_id = c.org_id and e.content_id = c.id) embedding,
    c.metadata, c.source_service, c.created_at, c.updated_at
  from docent.content c
  join docent.content_versions v
    on v.org_id = c.org_id and v.content_id = c.id and v.version = c.current_version;

-- The best chunk of each content nearest to the vector; similarity: cosine, higher is nearer.
create function docent.match_documents(
  query_embedding vector, match_threshold float default 0.7, match_count int default 5,
  content_types text[] default null)
  returns table (id text, title text, content text, content_type text, similarity float, metadata jsonb)
  language sql stable as $$
  select best.content_id::text, c.title, k.content, c.content_type, best.similarity, c.metadata
  from (
    select distinct on (e.content_id) e.org_id, e.content_id, e.chunk_id,
      1 - (e.embedding <=> query_embedding::halfvec) similarity
    from docent.chunk_embeddings e
    join docent.embedding_models m on m.org_id = e.org_id and m.id = e.model_id and m.status = 'active'
    where e.org_id = nullif(current_setting('app.org_id', true), '')::uuid
      and m.dimensions = vector_dims(query_embedding)
    order by e.content_id, e.embedding <=> query_embedding::halfvec
  ) best
  join docent.content c on c.org_id = best.org_id and c.id = best.content_id
  join docent.chunks k on k.org_id = best.org_id and k.id = best.chunk_id
  where best.similarity > match_threshold
    and (content_types is null or c.content_type = any (content_types))
  order by best.similarity desc, c.id
  limit match_count
$$;

-- The best chunk of each content by BM25, with OR semantics: any word of the question may match.
create function docent.search_learning_content(
  search_query text, content_types text[] default null, limit_count int default 20)
  returns table (id text, title text, content text, content_type text, relevance_score float, metadata jsonb)
  language sql stable as $$
  with scored as (
    select distinct on (s.content_id) s.org_id, s.content_id, s.chunk_id, -(s.bm25 <#> q.weights) score
    from docent.bm25_query(nullif(current_setting('app.org_id', true), '')::uuid, search_query) q
    join docent.chunk_search s
      on s.org_id = nullif(current_setting('app.org_id', true), '')::uuid
      and s.config = q.config and s.tsv @@ q.candidates
    order by s.content_id, s.bm25 <#> q.weights
  )
  select c.id::text, c.title, k.content, c.content_type, scored.score, c.metadata
  from scored
  join docent.content c on c.org_id = scored.org_id and c.id = scored.content_id
  join docent.chunks k on k.org_id = scored.org_id and k.id = scored.chunk_id
  where content_types is null or c.content_type = any (content_types)
  order by scored.score desc, c.id
  limit limit_count
$$;

grant usage on schema docent to docent_app;
grant select on docent.learning_content to docent_app;
grant execute on all functions in schema docent to docent_app;

-- Down Migration

drop schema docent cascade;
