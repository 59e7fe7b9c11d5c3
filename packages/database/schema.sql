schema docent
grant usage on schema docent to docent_app
schema docent_meta
grant usage on schema docent_meta to docent_app
table docent.analytics_events row level security forced
  org_id uuid not null
  id uuid not null
  event_type text not null
  user_id uuid
  metadata jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  constraint analytics_events_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint analytics_events_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX analytics_events_type ON docent.analytics_events USING btree (org_id, event_type, created_at)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  grant delete, insert, select, update to docent_app
table docent.api_keys row level security forced
  org_id uuid not null
  id text not null
  user_id uuid not null
  name text not null
  secret_hash bytea not null
  last_four text not null
  scopes text[] not null default '{*}'::text[]
  expires_at timestamp with time zone
  revoked_at timestamp with time zone
  last_used_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint api_keys_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint api_keys_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX api_keys_id ON docent.api_keys USING btree (id)
  policy member for all using true with check true
  policy organization_delete as restrictive for delete using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_or_key as restrictive for select using ((org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) OR (id = NULLIF(current_setting('app.api_key_id'::text, true), ''::text)))
  policy organization_update as restrictive for update using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_write as restrictive for insert with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.api_keys FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.chunk_embeddings row level security forced
  org_id uuid not null
  model_id text not null
  chunk_id uuid not null
  content_id uuid not null
  hash bytea not null
  embedding public.halfvec not null storage plain
  constraint chunk_embeddings_org_id_chunk_id_fkey FOREIGN KEY (org_id, chunk_id) REFERENCES docent.chunks(org_id, id) ON DELETE CASCADE
  constraint chunk_embeddings_org_id_model_id_fkey FOREIGN KEY (org_id, model_id) REFERENCES docent.embedding_models(org_id, id) ON DELETE CASCADE
  constraint chunk_embeddings_pkey PRIMARY KEY (org_id, model_id, chunk_id)
  CREATE INDEX chunk_embeddings_chunk ON docent.chunk_embeddings USING btree (org_id, chunk_id)
  CREATE INDEX chunk_embeddings_content ON docent.chunk_embeddings USING btree (org_id, content_id)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  grant delete, insert, select, update to docent_app
table docent.chunk_search with (toast_tuple_target=256) row level security forced
  org_id uuid not null
  chunk_id uuid not null
  content_id uuid not null
  config text not null
  tsv tsvector not null storage external
  bm25 public.sparsevec not null generated always as (docent.bm25_vec(config, tsv)) stored storage plain
  constraint chunk_search_org_id_chunk_id_fkey FOREIGN KEY (org_id, chunk_id) REFERENCES docent.chunks(org_id, id) ON DELETE CASCADE
  constraint chunk_search_pkey PRIMARY KEY (org_id, chunk_id)
  CREATE INDEX chunk_search_config ON docent.chunk_search USING btree (org_id, config)
  CREATE INDEX chunk_search_content ON docent.chunk_search USING btree (org_id, content_id)
  CREATE INDEX chunk_search_words ON docent.chunk_search USING gin (org_id, tsv)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  grant delete, insert, select, update to docent_app
table docent.chunks row level security forced
  org_id uuid not null
  id uuid not null
  content_id uuid not null
  version integer not null
  ordinal integer not null
  content text not null
  start_offset integer not null
  end_offset integer not null
  heading_path text[] not null default '{}'::text[]
  place jsonb not null default '{}'::jsonb
  table_header text
  token_count integer not null
  hash bytea not null
  created_at timestamp with time zone not null default now()
  constraint chunks_org_id_content_id_version_fkey FOREIGN KEY (org_id, content_id, version) REFERENCES docent.content_versions(org_id, content_id, version) ON DELETE CASCADE
  constraint chunks_org_id_content_id_version_ordinal_key UNIQUE (org_id, content_id, version, ordinal)
  constraint chunks_pkey PRIMARY KEY (org_id, id)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  grant delete, insert, select, update to docent_app
table docent.content row level security forced
  org_id uuid not null
  id uuid not null
  title text not null
  title_given boolean not null default false
  content_type text not null
  language text
  language_given boolean not null default false
  tags text[] not null default '{}'::text[]
  metadata jsonb not null default '{}'::jsonb
  url text
  source_service text not null default 'upload'::text
  external_id text
  created_by uuid
  current_version integer
  latest_version integer not null default 0
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint content_content_type_check CHECK ((content_type = ANY (ARRAY['course'::text, 'lesson'::text, 'skill'::text, 'assessment'::text, 'tutorial'::text, 'reference'::text])))
  constraint content_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint content_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint content_org_id_source_service_external_id_key UNIQUE (org_id, source_service, external_id)
  constraint content_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX content_created ON docent.content USING btree (org_id, created_at DESC, id DESC)
  CREATE INDEX content_pending ON docent.content USING btree (org_id, id) WHERE (current_version IS DISTINCT FROM latest_version)
  CREATE INDEX content_tags ON docent.content USING gin (org_id, tags)
  CREATE INDEX content_type ON docent.content USING btree (org_id, content_type)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.content FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.content_versions row level security forced
  org_id uuid not null
  content_id uuid not null
  version integer not null
  state text not null default 'queued'::text
  step text not null default 'queued'::text
  percent integer not null default 0
  chunk_count integer not null default 0
  embedded_count integer not null default 0
  error text
  warning text
  file_name text not null
  media_type text not null
  size_bytes bigint not null
  sha256 bytea not null
  text text
  attempts integer not null default 0
  lease_token uuid
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  started_at timestamp with time zone
  finished_at timestamp with time zone
  constraint content_versions_org_id_content_id_fkey FOREIGN KEY (org_id, content_id) REFERENCES docent.content(org_id, id) ON DELETE CASCADE
  constraint content_versions_percent_check CHECK (((percent >= 0) AND (percent <= 100)))
  constraint content_versions_pkey PRIMARY KEY (org_id, content_id, version)
  constraint content_versions_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'extracting'::text, 'embedding'::text, 'ready'::text, 'no_text'::text, 'password'::text, 'corrupt'::text, 'unsupported'::text, 'too_large'::text, 'timeout'::text, 'failed'::text])))
  constraint content_versions_step_check CHECK ((step = ANY (ARRAY['queued'::text, 'extracting'::text, 'chunking'::text, 'storing'::text, 'embedding'::text, 'done'::text])))
  constraint content_versions_version_check CHECK ((version > 0))
  CREATE INDEX content_versions_file ON docent.content_versions USING btree (org_id, sha256)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.content_versions FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.conversations row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  title text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint conversations_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint conversations_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX conversations_recent ON docent.conversations USING btree (org_id, user_id, updated_at DESC, id DESC)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy own for all using (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid) with check (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.conversations FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.departments row level security forced
  org_id uuid not null
  id uuid not null
  parent_id uuid
  name text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint departments_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint departments_org_id_parent_id_fkey FOREIGN KEY (org_id, parent_id) REFERENCES docent.departments(org_id, id)
  constraint departments_org_id_parent_id_name_key UNIQUE NULLS NOT DISTINCT (org_id, parent_id, name)
  constraint departments_pkey PRIMARY KEY (org_id, id)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.departments FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.embedding_models row level security forced
  org_id uuid not null
  id text not null
  dimensions integer not null
  status text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  activated_at timestamp with time zone
  constraint embedding_models_dimensions_check CHECK (((dimensions >= 1) AND (dimensions <= 4000)))
  constraint embedding_models_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint embedding_models_pkey PRIMARY KEY (org_id, id)
  constraint embedding_models_status_check CHECK ((status = ANY (ARRAY['building'::text, 'active'::text, 'retired'::text])))
  CREATE UNIQUE INDEX embedding_models_active ON docent.embedding_models USING btree (org_id) WHERE (status = 'active'::text)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.embedding_models FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.feedback row level security forced
  org_id uuid not null
  id uuid not null
  message_id uuid not null
  user_id uuid not null
  rating text not null
  reason text
  comment text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint feedback_org_id_message_id_fkey FOREIGN KEY (org_id, message_id) REFERENCES docent.messages(org_id, id) ON DELETE CASCADE
  constraint feedback_org_id_message_id_user_id_key UNIQUE (org_id, message_id, user_id)
  constraint feedback_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint feedback_pkey PRIMARY KEY (org_id, id)
  constraint feedback_rating_check CHECK ((rating = ANY (ARRAY['up'::text, 'down'::text])))
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy own for all using (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid) with check (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.feedback FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.idempotency_keys row level security forced
  org_id uuid not null
  user_id uuid not null
  route text not null
  key text not null
  fingerprint bytea not null
  status integer not null
  headers jsonb not null
  body jsonb not null
  created_at timestamp with time zone not null default now()
  constraint idempotency_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint idempotency_keys_pkey PRIMARY KEY (org_id, user_id, route, key)
  CREATE INDEX idempotency_keys_age ON docent.idempotency_keys USING btree (created_at)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy own for all using (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid) with check (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)
  grant delete, insert, select, update to docent_app
view docent.learning_content with (security_invoker=true)
  id text
  title text
  content text
  content_type text
  embedding public.vector
  metadata jsonb
  source_service text
  created_at timestamp with time zone
  updated_at timestamp with time zone
 SELECT c.id::text AS id,
    c.title,
    v.text AS content,
    c.content_type,
    ( SELECT public.avg(e.embedding)::public.vector AS avg
           FROM docent.chunk_embeddings e
             JOIN docent.embedding_models m ON m.org_id = e.org_id AND m.id = e.model_id AND m.status = 'active'::text
          WHERE e.org_id = c.org_id AND e.content_id = c.id) AS embedding,
    c.metadata,
    c.source_service,
    c.created_at,
    c.updated_at
   FROM docent.content c
     JOIN docent.content_versions v ON v.org_id = c.org_id AND v.content_id = c.id AND v.version = c.current_version;
  grant select to docent_app
table docent.messages row level security forced
  org_id uuid not null
  id uuid not null
  conversation_id uuid not null
  user_id uuid not null
  role text not null
  text text not null default ''::text
  status text not null
  outcome text
  confidence jsonb
  sources jsonb not null default '[]'::jsonb
  citations jsonb not null default '[]'::jsonb
  nearest jsonb not null default '[]'::jsonb
  question text
  model text
  answerer text
  prompt_tokens integer
  completion_tokens integer
  processing_ms integer
  error jsonb
  stream_id uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint messages_answerer_check CHECK ((answerer = ANY (ARRAY['extractive'::text, 'generative'::text])))
  constraint messages_org_id_conversation_id_fkey FOREIGN KEY (org_id, conversation_id) REFERENCES docent.conversations(org_id, id) ON DELETE CASCADE
  constraint messages_outcome_check CHECK ((outcome = ANY (ARRAY['answer'::text, 'abstain'::text, 'clarify'::text])))
  constraint messages_pkey PRIMARY KEY (org_id, id)
  constraint messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text])))
  constraint messages_status_check CHECK ((status = ANY (ARRAY['streaming'::text, 'complete'::text, 'stopped'::text, 'incomplete'::text])))
  CREATE INDEX messages_conversation ON docent.messages USING btree (org_id, conversation_id, created_at, id)
  CREATE INDEX messages_stream ON docent.messages USING btree (org_id, stream_id) WHERE (stream_id IS NOT NULL)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy own for all using (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid) with check (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.messages FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.organizations row level security forced
  org_id uuid not null
  name text not null
  settings jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint organizations_pkey PRIMARY KEY (org_id)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.organizations FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.search_stats row level security forced
  org_id uuid not null
  config text not null
  chunk_count integer not null
  refreshed_at timestamp with time zone not null default now()
  constraint search_stats_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint search_stats_pkey PRIMARY KEY (org_id, config)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  grant delete, insert, select, update to docent_app
table docent.term_df row level security forced
  org_id uuid not null
  config text not null
  lexeme text not null
  df integer not null
  constraint term_df_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint term_df_pkey PRIMARY KEY (org_id, config, lexeme) INCLUDE (df)
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  grant delete, insert, select, update to docent_app
table docent.users row level security forced
  org_id uuid not null
  id uuid not null
  email text not null
  name text not null
  role text not null
  department_id uuid
  learning_profile jsonb not null default '{}'::jsonb
  preferences jsonb not null default '{}'::jsonb
  status text not null default 'active'::text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint users_org_id_department_id_fkey FOREIGN KEY (org_id, department_id) REFERENCES docent.departments(org_id, id) ON DELETE SET NULL (department_id)
  constraint users_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint users_pkey PRIMARY KEY (org_id, id)
  constraint users_role_check CHECK ((role = ANY (ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])))
  constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'deactivated'::text])))
  CREATE INDEX users_department ON docent.users USING btree (org_id, department_id)
  CREATE UNIQUE INDEX users_email ON docent.users USING btree (org_id, lower(email))
  policy member for all using true with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.users FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent_meta.checksums
  name text not null
  sha256 text not null
  applied_at timestamp with time zone not null default now()
  constraint checksums_pkey PRIMARY KEY (name)
  grant select to docent_app
table docent_meta.migrations
  id integer not null default nextval('docent_meta.migrations_id_seq'::regclass)
  name character varying(255) not null
  run_on timestamp without time zone not null
  constraint migrations_pkey PRIMARY KEY (id)
sequence docent_meta.migrations_id_seq
CREATE OR REPLACE FUNCTION docent.acts_as(VARIADIC allowed text[])
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(current_setting('app.role', true) = any (array['worker'] || allowed), false) $function$

grant execute on function docent.acts_as(VARIADIC allowed text[]) to docent_app
grant execute on function docent.acts_as(VARIADIC allowed text[]) to public
CREATE OR REPLACE PROCEDURE docent.audit(IN t regclass, IN kind text, IN masked text[] DEFAULT '{}'::text[])
 LANGUAGE plpgsql
AS $procedure$
begin
end $procedure$

grant execute on function docent.audit(IN t regclass, IN kind text, IN masked text[]) to public
CREATE OR REPLACE FUNCTION docent.bm25_query(org uuid, question text, budget integer DEFAULT 6000)
 RETURNS TABLE(config text, candidates tsquery, weights public.sparsevec, reach double precision, terms jsonb)
 LANGUAGE plpgsql
 STABLE ROWS 2
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
end $function$

grant execute on function docent.bm25_query(org uuid, question text, budget integer) to docent_app
grant execute on function docent.bm25_query(org uuid, question text, budget integer) to public
CREATE OR REPLACE FUNCTION docent.bm25_vec(config text, v tsvector)
 RETURNS public.sparsevec
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
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
$function$

grant execute on function docent.bm25_vec(config text, v tsvector) to docent_app
grant execute on function docent.bm25_vec(config text, v tsvector) to public
CREATE OR REPLACE FUNCTION docent.caller_departments()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(nullif(current_setting('app.department_ids', true), ''), '{}')::uuid[] $function$

grant execute on function docent.caller_departments() to docent_app
grant execute on function docent.caller_departments() to public
CREATE OR REPLACE FUNCTION docent.caller_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.user_id', true), '')::uuid $function$

grant execute on function docent.caller_id() to docent_app
grant execute on function docent.caller_id() to public
CREATE OR REPLACE FUNCTION docent.caller_org()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('app.org_id', true), '')::uuid $function$

grant execute on function docent.caller_org() to docent_app
grant execute on function docent.caller_org() to public
CREATE OR REPLACE FUNCTION docent.ensure_embedding_index(model text, dims integer)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
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
end $function$

grant execute on function docent.ensure_embedding_index(model text, dims integer) to docent_app
CREATE OR REPLACE PROCEDURE docent.fence(IN t regclass)
 LANGUAGE plpgsql
AS $procedure$
declare own_org constant text := $p$org_id = nullif(current_setting('app.org_id', true), '')::uuid$p$;
begin
  execute format('alter table %s enable row level security', t);
  execute format('alter table %s force row level security', t);
  execute format('create policy organization on %s as restrictive using (%s) with check (%s)', t, own_org, own_org);
  execute format('grant select, insert, update, delete on %s to docent_app', t);
  if exists (select from pg_attribute where attrelid = t and attname = 'updated_at' and not attisdropped) then
    execute format('create trigger touch_updated_at before update on %s
      for each row execute function docent.touch_updated_at()', t);
  end if;
end $procedure$

CREATE OR REPLACE FUNCTION docent.fold(t text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select case when octet_length(t) = length(t) then t
    else replace(replace(replace(
      translate(regexp_replace(normalize(translate(t, '﹨＇＼', '   '), nfkd), '[\u0300-\u036f]', '', 'g'),
        'øØłŁđĐ', 'oOlLdD'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') end
$function$

grant execute on function docent.fold(t text) to docent_app
grant execute on function docent.fold(t text) to public
CREATE OR REPLACE FUNCTION docent.granted(wanted text, extent text)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(string_to_array(current_setting('app.grants', true), ' ') && case extent
    when 'own' then array[wanted || '=own', wanted || '=department', wanted || '=organization']
    when 'department' then array[wanted || '=department', wanted || '=organization']
    else array[wanted || '=organization'] end, false)
$function$

grant execute on function docent.granted(wanted text, extent text) to docent_app
grant execute on function docent.granted(wanted text, extent text) to public
CREATE OR REPLACE FUNCTION docent.has_scope(wanted text)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select coalesce(string_to_array(current_setting('app.scopes', true), ' ') && array['*', wanted], false)
$function$

grant execute on function docent.has_scope(wanted text) to docent_app
grant execute on function docent.has_scope(wanted text) to public
CREATE OR REPLACE FUNCTION docent.lex_dim(config text, lexeme text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select abs(hashtextextended(config || ':' || lexeme, 0) % 999999937)::int + 1 $function$

grant execute on function docent.lex_dim(config text, lexeme text) to docent_app
grant execute on function docent.lex_dim(config text, lexeme text) to public
CREATE OR REPLACE FUNCTION docent.match_documents(query_embedding public.vector, match_threshold double precision DEFAULT 0.7, match_count integer DEFAULT 5, content_types text[] DEFAULT NULL::text[])
 RETURNS TABLE(id text, title text, content text, content_type text, similarity double precision, metadata jsonb)
 LANGUAGE sql
 STABLE
AS $function$
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
$function$

grant execute on function docent.match_documents(query_embedding public.vector, match_threshold double precision, match_count integer, content_types text[]) to docent_app
grant execute on function docent.match_documents(query_embedding public.vector, match_threshold double precision, match_count integer, content_types text[]) to public
CREATE OR REPLACE FUNCTION docent.plain_words(t text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select replace(replace(replace(replace(
    case when octet_length(t) = length(t) then t else normalize(t, nfc) end,
    '/', ' '), '\', ' '), '-', ' '), '_', ' ')
$function$

grant execute on function docent.plain_words(t text) to docent_app
grant execute on function docent.plain_words(t text) to public
CREATE OR REPLACE FUNCTION docent.quote_lexeme(l text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select '''' || replace(replace(l, '\', '\\'), '''', '''''') || '''' $function$

grant execute on function docent.quote_lexeme(l text) to docent_app
grant execute on function docent.quote_lexeme(l text) to public
CREATE OR REPLACE FUNCTION docent.refresh_search_statistics(org uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'docent', 'public'
AS $function$
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
end $function$

grant execute on function docent.refresh_search_statistics(org uuid) to docent_app
grant execute on function docent.refresh_search_statistics(org uuid) to public
CREATE OR REPLACE FUNCTION docent.search_learning_content(search_query text, content_types text[] DEFAULT NULL::text[], limit_count integer DEFAULT 20)
 RETURNS TABLE(id text, title text, content text, content_type text, relevance_score double precision, metadata jsonb)
 LANGUAGE sql
 STABLE
AS $function$
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
$function$

grant execute on function docent.search_learning_content(search_query text, content_types text[], limit_count integer) to docent_app
grant execute on function docent.search_learning_content(search_query text, content_types text[], limit_count integer) to public
CREATE OR REPLACE FUNCTION docent.text_config(language text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case language
    when 'en' then 'english' when 'hu' then 'hungarian' when 'de' then 'german'
    when 'fr' then 'french' when 'es' then 'spanish' else 'simple' end
$function$

grant execute on function docent.text_config(language text) to docent_app
grant execute on function docent.text_config(language text) to public
CREATE OR REPLACE FUNCTION docent.touch_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.updated_at := now();
  return new;
end $function$

grant execute on function docent.touch_updated_at() to docent_app
grant execute on function docent.touch_updated_at() to public
CREATE OR REPLACE FUNCTION docent.words(config text, body text)
 RETURNS tsvector
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
AS $function$
declare
  plain text := docent.plain_words(body);
  folded text := docent.fold(plain);
  found tsvector := to_tsvector(config::regconfig, plain);
begin
  if folded = plain then return found; end if;
  return docent.fold(found::text) || ' ' || to_tsvector(config::regconfig, folded)::text;
end $function$

grant execute on function docent.words(config text, body text) to docent_app
grant execute on function docent.words(config text, body text) to public
