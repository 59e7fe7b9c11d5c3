schema docent
grant usage on schema docent to docent_app
schema docent_meta
grant usage on schema docent_meta to docent_app
schema docent_private
table docent.analytics_events row level security forced
  org_id uuid not null
  id uuid not null
  event_type text not null
  user_id uuid
  metadata jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  department_id uuid
  constraint analytics_events_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint analytics_events_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX analytics_events_department ON docent.analytics_events USING btree (org_id, department_id, created_at)
  CREATE INDEX analytics_events_type ON docent.analytics_events USING btree (org_id, event_type, created_at)
  policy add for insert with check ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text]))
  policy change for update using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy completions for insert with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('analytics:read'::text, 'organization'::text)))
  policy read_own for select using (user_id = ( SELECT docent.caller_id() AS caller_id))
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('analytics:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER note_department BEFORE INSERT ON docent.analytics_events FOR EACH ROW EXECUTE FUNCTION docent.note_department()
  grant delete, insert, select, update to docent_app
table docent.analytics_reports row level security forced
  org_id uuid not null
  node_id uuid not null
  part text not null
  department_id uuid
  min_group integer not null
  body jsonb not null
  computed_at timestamp with time zone not null
  constraint analytics_reports_check CHECK ((node_id = COALESCE(department_id, org_id)))
  constraint analytics_reports_org_id_department_id_fkey FOREIGN KEY (org_id, department_id) REFERENCES docent.departments(org_id, id) ON DELETE CASCADE
  constraint analytics_reports_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint analytics_reports_part_check CHECK ((part = ANY (ARRAY['skillGaps'::text, 'completion'::text, 'timeToCompetency'::text, 'activity'::text, 'atRisk'::text, 'content'::text, 'questions'::text, 'recommendations'::text, 'knowledgeGaps'::text])))
  constraint analytics_reports_pkey PRIMARY KEY (org_id, node_id, part)
  CREATE INDEX analytics_reports_department ON docent.analytics_reports USING btree (org_id, department_id) WHERE (department_id IS NOT NULL)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('analytics:read'::text, 'organization'::text)))
  policy read_for_trainers for select using ((department_id IS NULL) AND (part = ANY (ARRAY['skillGaps'::text, 'content'::text, 'questions'::text, 'knowledgeGaps'::text])) AND ( SELECT docent.acts_as(VARIADIC ARRAY['trainer'::text]) AS acts_as))
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('analytics:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  grant delete, insert, select, update to docent_app
table docent.analytics_settings row level security forced
  org_id uuid not null
  min_group integer not null default 5
  at_risk_list boolean not null default false
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint analytics_settings_min_group_check CHECK (((min_group >= 5) AND (min_group <= 1000)))
  constraint analytics_settings_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint analytics_settings_pkey PRIMARY KEY (org_id)
  policy add for insert with check docent.acts_as(VARIADIC ARRAY['admin'::text])
  policy change for update using docent.acts_as(VARIADIC ARRAY['admin'::text]) with check docent.acts_as(VARIADIC ARRAY['admin'::text])
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.analytics_settings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('analytics_settings', '{org_id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.analytics_settings REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('analytics_settings', '{org_id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.analytics_settings REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('analytics_settings', '{org_id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.analytics_settings FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
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
  env text not null default 'live'::text
  description text
  created_by uuid
  rate_limit_per_minute integer
  last_used_ip text
  revoked_by uuid
  revoke_reason text
  rotated_from text
  constraint api_keys_created_by FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint api_keys_env_check CHECK ((env ~ '^[a-z]{1,10}$'::text))
  constraint api_keys_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint api_keys_pkey PRIMARY KEY (org_id, id)
  constraint api_keys_rate_limit_per_minute_check CHECK (((rate_limit_per_minute >= 1) AND (rate_limit_per_minute <= 1000000)))
  constraint api_keys_revoked_by FOREIGN KEY (org_id, revoked_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (revoked_by)
  constraint api_keys_rotated_from FOREIGN KEY (org_id, rotated_from) REFERENCES docent.api_keys(org_id, id) ON DELETE SET NULL (rotated_from)
  CREATE INDEX api_keys_id ON docent.api_keys USING btree (id)
  CREATE INDEX api_keys_maker ON docent.api_keys USING btree (org_id, created_by) WHERE (created_by IS NOT NULL)
  CREATE INDEX api_keys_owner ON docent.api_keys USING btree (org_id, user_id, created_at DESC)
  CREATE INDEX api_keys_revoker ON docent.api_keys USING btree (org_id, revoked_by) WHERE (revoked_by IS NOT NULL)
  CREATE UNIQUE INDEX api_keys_successor ON docent.api_keys USING btree (org_id, rotated_from) WHERE (rotated_from IS NOT NULL)
  policy add for insert with check (((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text])) AND docent.has_scope('keys:write'::text) AND docent.has_scopes(scopes))
  policy change for update using (((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text])) AND docent.has_scope('keys:write'::text)) with check (((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text])) AND docent.has_scope('keys:write'::text) AND docent.has_scopes(scopes))
  policy look_up for select using (id = NULLIF(current_setting('app.api_key_id'::text, true), ''::text))
  policy organization_delete as restrictive for delete using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_or_key as restrictive for select using ((org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) OR (id = NULLIF(current_setting('app.api_key_id'::text, true), ''::text)))
  policy organization_update as restrictive for update using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_write as restrictive for insert with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((user_id = ( SELECT docent.caller_id() AS caller_id)) OR ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as))
  policy remove for delete using (((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text])) AND docent.has_scope('keys:write'::text))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.api_keys REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('api_key', '{id}', '{secret_hash}', '{last_used_ip,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.api_keys REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('api_key', '{id}', '{secret_hash}', '{last_used_ip,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.api_keys REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('api_key', '{id}', '{secret_hash}', '{last_used_ip,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.api_keys FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.assessment_attempts row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  department_id uuid
  assessment_id uuid not null
  assessment_owner_id uuid
  status text not null default 'open'::text
  question_ids uuid[] not null default '{}'::uuid[]
  started_at timestamp with time zone not null
  deadline_at timestamp with time zone
  completed_at timestamp with time zone
  time_taken_seconds integer
  score double precision
  passed boolean
  source text not null default 'docent'::text
  registration text
  statement_id uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint assessment_attempts_org_id_assessment_id_fkey FOREIGN KEY (org_id, assessment_id) REFERENCES docent.assessments(org_id, id)
  constraint assessment_attempts_org_id_assessment_owner_id_fkey FOREIGN KEY (org_id, assessment_owner_id) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (assessment_owner_id)
  constraint assessment_attempts_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint assessment_attempts_pkey PRIMARY KEY (org_id, id)
  constraint assessment_attempts_score_check CHECK (((score >= (0)::double precision) AND (score <= (100)::double precision)))
  constraint assessment_attempts_status_check CHECK ((status = ANY (ARRAY['open'::text, 'submitted'::text, 'expired'::text])))
  CREATE INDEX assessment_attempts_assessment ON docent.assessment_attempts USING btree (org_id, assessment_id, user_id)
  CREATE UNIQUE INDEX assessment_attempts_open ON docent.assessment_attempts USING btree (org_id, user_id, assessment_id) WHERE (status = 'open'::text)
  CREATE INDEX assessment_attempts_statement ON docent.assessment_attempts USING btree (org_id, statement_id) WHERE (statement_id IS NOT NULL)
  CREATE INDEX assessment_attempts_user ON docent.assessment_attempts USING btree (org_id, user_id, started_at DESC, id DESC)
  policy add for insert with check docent.writes_progress_of(user_id, department_id)
  policy change for update using docent.writes_progress_of(user_id, department_id) with check docent.writes_progress_of(user_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text)))
  policy read_on_own_assessments for select using (( SELECT docent.acts_as(VARIADIC ARRAY['trainer'::text]) AS acts_as) AND (assessment_owner_id = ( SELECT docent.caller_id() AS caller_id)))
  policy read_own for select using (user_id = ( SELECT docent.caller_id() AS caller_id))
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy remove for delete using docent.writes_progress_of(user_id, department_id)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.assessment_attempts FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.assessment_attempts FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.assessment_keys row level security forced
  org_id uuid not null
  id uuid not null
  answer jsonb not null
  explanation text not null default ''::text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint assessment_keys_org_id_id_fkey FOREIGN KEY (org_id, id) REFERENCES docent.assessment_questions(org_id, id) ON DELETE CASCADE
  constraint assessment_keys_pkey PRIMARY KEY (org_id, id)
  policy add for insert with check ( SELECT docent.edits_learning() AS edits_learning)
  policy change for update using ( SELECT docent.edits_learning() AS edits_learning) with check ( SELECT docent.edits_learning() AS edits_learning)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.edits_learning() AS edits_learning)
  policy remove for delete using ( SELECT docent.edits_learning() AS edits_learning)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.assessment_keys REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment_key', '{id}', '{answer,explanation}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.assessment_keys REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment_key', '{id}', '{answer,explanation}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.assessment_keys REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment_key', '{id}', '{answer,explanation}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.assessment_keys FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.assessment_questions row level security forced
  org_id uuid not null
  id uuid not null
  assessment_id uuid not null
  position integer not null
  type text not null
  prompt text not null
  options jsonb not null default '[]'::jsonb
  skill_id uuid
  difficulty integer not null default 3
  weight double precision not null default 1
  external_uri text
  retired boolean not null default false
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  draft boolean not null
  constraint assessment_questions_difficulty_check CHECK (((difficulty >= 1) AND (difficulty <= 5)))
  constraint assessment_questions_org_id_assessment_id_fkey FOREIGN KEY (org_id, assessment_id) REFERENCES docent.assessments(org_id, id) ON DELETE CASCADE
  constraint assessment_questions_org_id_external_uri_key UNIQUE (org_id, external_uri)
  constraint assessment_questions_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id) ON DELETE SET NULL (skill_id)
  constraint assessment_questions_pkey PRIMARY KEY (org_id, id)
  constraint assessment_questions_type_check CHECK ((type = ANY (ARRAY['single'::text, 'multiple'::text, 'text'::text, 'numeric'::text])))
  constraint assessment_questions_weight_check CHECK ((weight > (0)::double precision))
  CREATE INDEX assessment_questions_assessment ON docent.assessment_questions USING btree (org_id, assessment_id, "position")
  CREATE INDEX assessment_questions_skill ON docent.assessment_questions USING btree (org_id, skill_id) WHERE (skill_id IS NOT NULL)
  policy add for insert with check ( SELECT docent.edits_learning() AS edits_learning)
  policy change for update using ( SELECT docent.edits_learning() AS edits_learning) with check ( SELECT docent.edits_learning() AS edits_learning)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for select using true
  policy read for select using ((( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as) AND (NOT draft)) OR ( SELECT docent.edits_learning() AS edits_learning))
  policy remove for delete using ( SELECT docent.edits_learning() AS edits_learning)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.assessment_questions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment_question', '{id}', '{}', '{draft,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.assessment_questions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment_question', '{id}', '{}', '{draft,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.assessment_questions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment_question', '{id}', '{}', '{draft,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER fill_draft BEFORE INSERT ON docent.assessment_questions FOR EACH ROW WHEN ((new.draft IS NULL)) EXECUTE FUNCTION docent.fill_draft()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.assessment_questions FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.assessments row level security forced
  org_id uuid not null
  id uuid not null
  title text not null
  description text not null default ''::text
  course_id uuid
  skill_id uuid
  difficulty integer not null default 3
  time_limit_minutes integer
  passing_score double precision not null default 70
  max_attempts integer
  feedback text not null default 'questions'::text
  external_uri text
  status text not null default 'published'::text
  metadata jsonb not null default '{}'::jsonb
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint assessments_difficulty_check CHECK (((difficulty >= 1) AND (difficulty <= 5)))
  constraint assessments_feedback_check CHECK ((feedback = ANY (ARRAY['score'::text, 'questions'::text, 'answers'::text])))
  constraint assessments_max_attempts_check CHECK ((max_attempts > 0))
  constraint assessments_org_id_course_id_fkey FOREIGN KEY (org_id, course_id) REFERENCES docent.courses(org_id, id) ON DELETE SET NULL (course_id)
  constraint assessments_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint assessments_org_id_external_uri_key UNIQUE (org_id, external_uri)
  constraint assessments_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint assessments_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id) ON DELETE SET NULL (skill_id)
  constraint assessments_passing_score_check CHECK (((passing_score >= (0)::double precision) AND (passing_score <= (100)::double precision)))
  constraint assessments_pkey PRIMARY KEY (org_id, id)
  constraint assessments_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text])))
  constraint assessments_time_limit_minutes_check CHECK ((time_limit_minutes > 0))
  CREATE INDEX assessments_course ON docent.assessments USING btree (org_id, course_id) WHERE (course_id IS NOT NULL)
  CREATE INDEX assessments_skill ON docent.assessments USING btree (org_id, skill_id) WHERE (skill_id IS NOT NULL)
  policy add for insert with check ( SELECT docent.edits_learning() AS edits_learning)
  policy change for update using ( SELECT docent.edits_learning() AS edits_learning) with check ( SELECT docent.edits_learning() AS edits_learning)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as) AND (status <> 'draft'::text)) OR ( SELECT docent.edits_learning() AS edits_learning))
  policy remove for delete using ( SELECT docent.edits_learning() AS edits_learning)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.assessments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.assessments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.assessments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('assessment', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER pass_on_draft AFTER UPDATE OF status ON docent.assessments FOR EACH ROW WHEN (((old.status = 'draft'::text) IS DISTINCT FROM (new.status = 'draft'::text))) EXECUTE FUNCTION docent.pass_on_draft()
  CREATE TRIGGER touch_catalogue_delete AFTER DELETE ON docent.assessments REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_insert AFTER INSERT ON docent.assessments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_update AFTER UPDATE ON docent.assessments REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.assessments FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.at_risk_models row level security forced
  org_id uuid not null
  model jsonb not null
  trained_at timestamp with time zone not null default now()
  constraint at_risk_models_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint at_risk_models_pkey PRIMARY KEY (org_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
table docent.attempt_answers row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  department_id uuid
  attempt_id uuid
  question_id uuid not null
  skill_id uuid
  assessment_owner_id uuid
  score double precision not null
  response jsonb
  answered_at timestamp with time zone not null
  source text not null default 'docent'::text
  statement_id uuid
  created_at timestamp with time zone not null default now()
  constraint attempt_answers_org_id_assessment_owner_id_fkey FOREIGN KEY (org_id, assessment_owner_id) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (assessment_owner_id)
  constraint attempt_answers_org_id_attempt_id_fkey FOREIGN KEY (org_id, attempt_id) REFERENCES docent.assessment_attempts(org_id, id) ON DELETE CASCADE
  constraint attempt_answers_org_id_attempt_id_question_id_key UNIQUE (org_id, attempt_id, question_id)
  constraint attempt_answers_org_id_question_id_fkey FOREIGN KEY (org_id, question_id) REFERENCES docent.assessment_questions(org_id, id)
  constraint attempt_answers_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id)
  constraint attempt_answers_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint attempt_answers_pkey PRIMARY KEY (org_id, id)
  constraint attempt_answers_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
  CREATE INDEX attempt_answers_question ON docent.attempt_answers USING btree (org_id, question_id)
  CREATE INDEX attempt_answers_skill ON docent.attempt_answers USING btree (org_id, skill_id) WHERE (skill_id IS NOT NULL)
  CREATE INDEX attempt_answers_statement ON docent.attempt_answers USING btree (org_id, statement_id) WHERE (statement_id IS NOT NULL)
  CREATE INDEX attempt_answers_time ON docent.attempt_answers USING btree (org_id, answered_at)
  CREATE INDEX attempt_answers_user ON docent.attempt_answers USING btree (org_id, user_id, answered_at, id)
  policy add for insert with check docent.writes_progress_of(user_id, department_id)
  policy change for update using docent.writes_progress_of(user_id, department_id) with check docent.writes_progress_of(user_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as)
  policy read_on_own_assessments for select using (( SELECT docent.acts_as(VARIADIC ARRAY['trainer'::text]) AS acts_as) AND (assessment_owner_id = ( SELECT docent.caller_id() AS caller_id)))
  policy read_own for select using (user_id = ( SELECT docent.caller_id() AS caller_id))
  policy remove for delete using docent.writes_progress_of(user_id, department_id)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.attempt_answers FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER mastery_after_delete AFTER DELETE ON docent.attempt_answers REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.request_mastery_replay()
  CREATE TRIGGER mastery_after_insert AFTER INSERT ON docent.attempt_answers REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.request_mastery_replay()
  grant delete, insert, select, update to docent_app
table docent.audit_heads row level security forced
  org_id uuid not null
  seq bigint not null
  hash bytea not null
  constraint audit_heads_pkey PRIMARY KEY (org_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER append_only BEFORE DELETE ON docent.audit_heads FOR EACH ROW EXECUTE FUNCTION docent.refuse_change()
  CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON docent.audit_heads FOR EACH STATEMENT EXECUTE FUNCTION docent.refuse_change()
  CREATE TRIGGER forward_only BEFORE UPDATE ON docent.audit_heads FOR EACH ROW WHEN (((new.seq <= old.seq) OR (new.org_id <> old.org_id))) EXECUTE FUNCTION docent.refuse_change()
table docent.audit_log row level security forced
  org_id uuid not null
  seq bigint not null
  at timestamp with time zone not null
  actor text not null
  action text not null
  target_kind text not null
  target_id text not null
  changes jsonb not null
  details jsonb not null
  request_id text
  ip text
  user_agent text
  hash bytea not null
  constraint audit_log_pkey PRIMARY KEY (org_id, seq, at)
  CREATE INDEX audit_log_actor ON ONLY docent.audit_log USING btree (org_id, actor, seq DESC)
  CREATE INDEX audit_log_target ON ONLY docent.audit_log USING btree (org_id, target_kind, target_id, seq DESC)
  policy append for insert with check true
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('audit:read'::text)) OR docent.granted('audit:read'::text, 'organization'::text))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON docent.audit_log FOR EACH ROW EXECUTE FUNCTION docent.refuse_change()
  CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON docent.audit_log FOR EACH STATEMENT EXECUTE FUNCTION docent.refuse_change()
  grant select to docent_app
table docent.audit_pending row level security forced
  org_id uuid not null
  transaction xid8 not null
  statement bigint not null
  position bigint not null
  actor text not null
  action text not null
  target_kind text not null
  target_id text not null
  changes jsonb not null
  details jsonb not null
  request_id text
  ip text
  user_agent text
  constraint audit_pending_pkey PRIMARY KEY (org_id, transaction, statement, "position")
  constraint chain TRIGGER DEFERRABLE INITIALLY DEFERRED
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON docent.audit_pending DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new."position" = 1)) EXECUTE FUNCTION docent.audit_chain()
sequence docent.audit_statements
table docent.chunk_embeddings row level security forced
  org_id uuid not null
  model_id text not null
  chunk_id uuid not null
  content_id uuid not null
  hash bytea not null
  embedding public.halfvec not null storage plain
  readers text[]
  owner_id uuid
  department_id uuid
  constraint chunk_embeddings_org_id_chunk_id_fkey FOREIGN KEY (org_id, chunk_id) REFERENCES docent.chunks(org_id, id) ON DELETE CASCADE
  constraint chunk_embeddings_org_id_model_id_fkey FOREIGN KEY (org_id, model_id) REFERENCES docent.embedding_models(org_id, id) ON DELETE CASCADE
  constraint chunk_embeddings_pkey PRIMARY KEY (org_id, model_id, chunk_id)
  CREATE INDEX chunk_embeddings_chunk ON docent.chunk_embeddings USING btree (org_id, chunk_id)
  CREATE INDEX chunk_embeddings_content ON docent.chunk_embeddings USING btree (org_id, content_id)
  policy add for insert with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy change for update using docent.may_change_content(owner_id, department_id) with check docent.may_change_content(owner_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using (((readers IS NULL) OR (readers && ( SELECT docent.caller_tokens() AS caller_tokens))) AND ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as))
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER inherit_rights BEFORE INSERT ON docent.chunk_embeddings FOR EACH ROW EXECUTE FUNCTION docent.inherit_rights()
  grant delete, insert, select, update to docent_app
table docent.chunk_search with (toast_tuple_target=256) row level security forced
  org_id uuid not null
  chunk_id uuid not null
  content_id uuid not null
  config text not null
  tsv tsvector not null storage external
  bm25 public.sparsevec not null generated always as (docent.bm25_vec(config, tsv)) stored storage plain
  readers text[] storage main
  owner_id uuid
  department_id uuid
  constraint chunk_search_org_id_chunk_id_fkey FOREIGN KEY (org_id, chunk_id) REFERENCES docent.chunks(org_id, id) ON DELETE CASCADE
  constraint chunk_search_pkey PRIMARY KEY (org_id, chunk_id)
  CREATE INDEX chunk_search_config ON docent.chunk_search USING btree (org_id, config)
  CREATE INDEX chunk_search_content ON docent.chunk_search USING btree (org_id, content_id)
  CREATE INDEX chunk_search_words ON docent.chunk_search USING gin (org_id, tsv)
  policy add for insert with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy change for update using docent.may_change_content(owner_id, department_id) with check docent.may_change_content(owner_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using (((readers IS NULL) OR (readers && ( SELECT docent.caller_tokens() AS caller_tokens))) AND ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as))
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER inherit_rights BEFORE INSERT ON docent.chunk_search FOR EACH ROW EXECUTE FUNCTION docent.inherit_rights()
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
  readers text[]
  owner_id uuid
  department_id uuid
  constraint chunks_org_id_content_id_version_fkey FOREIGN KEY (org_id, content_id, version) REFERENCES docent.content_versions(org_id, content_id, version) ON DELETE CASCADE
  constraint chunks_org_id_content_id_version_ordinal_key UNIQUE (org_id, content_id, version, ordinal)
  constraint chunks_pkey PRIMARY KEY (org_id, id)
  policy add for insert with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy change for update using docent.may_change_content(owner_id, department_id) with check docent.may_change_content(owner_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using (((readers IS NULL) OR (readers && ( SELECT docent.caller_tokens() AS caller_tokens))) AND docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]))
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER inherit_rights BEFORE INSERT ON docent.chunks FOR EACH ROW EXECUTE FUNCTION docent.inherit_rights()
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
  status text not null default 'published'::text
  visibility text not null default 'organization'::text
  visible_to_departments uuid[] not null default '{}'::uuid[]
  visible_to_roles text[] not null default '{}'::text[]
  visible_to_users uuid[] not null default '{}'::uuid[]
  department_id uuid
  readers text[] generated always as (docent.readers_of(status, visibility, visible_to_departments, visible_to_roles, visible_to_users, created_by, department_id)) stored
  effective_from timestamp with time zone
  expires_at timestamp with time zone
  upload_batch uuid
  constraint content_content_type_check CHECK ((content_type = ANY (ARRAY['course'::text, 'lesson'::text, 'skill'::text, 'assessment'::text, 'tutorial'::text, 'reference'::text])))
  constraint content_in_effect CHECK ((expires_at > effective_from))
  constraint content_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint content_org_id_department_id_fkey FOREIGN KEY (org_id, department_id) REFERENCES docent.departments(org_id, id) ON DELETE SET NULL (department_id)
  constraint content_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint content_org_id_source_service_external_id_key UNIQUE (org_id, source_service, external_id)
  constraint content_pkey PRIMARY KEY (org_id, id)
  constraint content_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text])))
  constraint content_visibility_check CHECK ((visibility = ANY (ARRAY['organization'::text, 'restricted'::text])))
  constraint content_visible_to_roles_check CHECK ((visible_to_roles <@ ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]))
  CREATE INDEX content_created ON docent.content USING btree (org_id, created_at DESC, id DESC)
  CREATE INDEX content_effective_from ON docent.content USING btree (org_id, effective_from) WHERE (effective_from IS NOT NULL)
  CREATE INDEX content_expires_at ON docent.content USING btree (org_id, expires_at) WHERE (expires_at IS NOT NULL)
  CREATE INDEX content_owner ON docent.content USING btree (org_id, created_by)
  CREATE INDEX content_pending ON docent.content USING btree (org_id, id) WHERE (current_version IS DISTINCT FROM latest_version)
  CREATE INDEX content_tags ON docent.content USING gin (org_id, tags)
  CREATE INDEX content_type ON docent.content USING btree (org_id, content_type)
  CREATE INDEX content_upload_batch ON docent.content USING btree (org_id, upload_batch) WHERE (upload_batch IS NOT NULL)
  policy add for insert with check docent.may_change_content(created_by, department_id)
  policy change for update using docent.may_change_content(created_by, department_id) with check docent.may_change_content(created_by, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using (((readers IS NULL) OR (readers && ( SELECT docent.caller_tokens() AS caller_tokens))) AND docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]))
  policy remove for delete using docent.may_change_content(created_by, department_id)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.content REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('content', '{id}', '{}', '{title_given,language_given,current_version,readers,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.content REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('content', '{id}', '{}', '{title_given,language_given,current_version,readers,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.content REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('content', '{id}', '{}', '{title_given,language_given,current_version,readers,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER pass_rights_on AFTER UPDATE ON docent.content FOR EACH ROW WHEN (((old.readers IS DISTINCT FROM new.readers) OR (old.created_by IS DISTINCT FROM new.created_by) OR (old.department_id IS DISTINCT FROM new.department_id))) EXECUTE FUNCTION docent.pass_rights_on()
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
  readers text[]
  owner_id uuid
  department_id uuid
  places jsonb
  constraint content_versions_org_id_content_id_fkey FOREIGN KEY (org_id, content_id) REFERENCES docent.content(org_id, id) ON DELETE CASCADE
  constraint content_versions_percent_check CHECK (((percent >= 0) AND (percent <= 100)))
  constraint content_versions_pkey PRIMARY KEY (org_id, content_id, version)
  constraint content_versions_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'extracting'::text, 'embedding'::text, 'ready'::text, 'no_text'::text, 'password'::text, 'corrupt'::text, 'unsupported'::text, 'too_large'::text, 'timeout'::text, 'failed'::text])))
  constraint content_versions_step_check CHECK ((step = ANY (ARRAY['queued'::text, 'extracting'::text, 'chunking'::text, 'storing'::text, 'embedding'::text, 'done'::text])))
  constraint content_versions_version_check CHECK ((version > 0))
  CREATE INDEX content_versions_file ON docent.content_versions USING btree (org_id, sha256)
  policy add for insert with check docent.may_change_content(owner_id, department_id)
  policy change for update using docent.may_change_content(owner_id, department_id) with check docent.may_change_content(owner_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for select using true
  policy read for select using (((readers IS NULL) OR (readers && ( SELECT docent.caller_tokens() AS caller_tokens))) AND docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]))
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER inherit_rights BEFORE INSERT ON docent.content_versions FOR EACH ROW EXECUTE FUNCTION docent.inherit_rights()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.content_versions FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.conversations row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  title text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  client_id text
  constraint conversations_client_id_check CHECK (((char_length(client_id) >= 1) AND (char_length(client_id) <= 200)))
  constraint conversations_org_id_user_id_client_id_key UNIQUE (org_id, user_id, client_id)
  constraint conversations_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint conversations_org_id_user_id_id_key UNIQUE (org_id, user_id, id)
  constraint conversations_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX conversations_recent ON docent.conversations USING btree (org_id, user_id, updated_at DESC, id DESC)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy own for all using ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text])) with check ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text]))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.conversations FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.courses row level security forced
  org_id uuid not null
  id uuid not null
  title text not null
  description text not null default ''::text
  duration_minutes integer
  difficulty integer not null default 3
  objectives text[] not null default '{}'::text[]
  move_on text not null default 'completed_or_passed'::text
  external_uri text
  status text not null default 'published'::text
  metadata jsonb not null default '{}'::jsonb
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint courses_difficulty_check CHECK (((difficulty >= 1) AND (difficulty <= 5)))
  constraint courses_duration_minutes_check CHECK ((duration_minutes > 0))
  constraint courses_move_on_check CHECK ((move_on = ANY (ARRAY['completed'::text, 'passed'::text, 'completed_or_passed'::text, 'completed_and_passed'::text])))
  constraint courses_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint courses_org_id_external_uri_key UNIQUE (org_id, external_uri)
  constraint courses_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint courses_pkey PRIMARY KEY (org_id, id)
  constraint courses_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text])))
  CREATE INDEX courses_title ON docent.courses USING btree (org_id, lower(title))
  policy add for insert with check ( SELECT docent.edits_learning() AS edits_learning)
  policy change for update using ( SELECT docent.edits_learning() AS edits_learning) with check ( SELECT docent.edits_learning() AS edits_learning)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as) AND (status <> 'draft'::text)) OR ( SELECT docent.edits_learning() AS edits_learning))
  policy remove for delete using ( SELECT docent.edits_learning() AS edits_learning)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.courses REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('course', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.courses REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('course', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.courses REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('course', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_catalogue_delete AFTER DELETE ON docent.courses REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_insert AFTER INSERT ON docent.courses REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_update AFTER UPDATE ON docent.courses REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.courses FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.departments row level security forced
  org_id uuid not null
  id uuid not null
  parent_id uuid
  name text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  external_id text
  description text
  path uuid[] not null default '{}'::uuid[]
  depth integer not null generated always as (cardinality(path)) stored
  constraint departments_depth CHECK ((cardinality(path) < 20))
  constraint departments_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint departments_org_id_parent_id_fkey FOREIGN KEY (org_id, parent_id) REFERENCES docent.departments(org_id, id)
  constraint departments_org_id_parent_id_name_key UNIQUE NULLS NOT DISTINCT (org_id, parent_id, name)
  constraint departments_pkey PRIMARY KEY (org_id, id)
  CREATE UNIQUE INDEX departments_external_id ON docent.departments USING btree (org_id, external_id) WHERE (external_id IS NOT NULL)
  CREATE INDEX departments_path ON docent.departments USING gin (org_id, path)
  policy add for insert with check docent.may_change_people()
  policy change for update using docent.may_change_people() with check docent.may_change_people()
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for select using true
  policy read for select using docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])
  policy remove for delete using docent.may_change_people()
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.departments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('department', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.departments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('department', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.departments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('department', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER place BEFORE INSERT OR UPDATE ON docent.departments FOR EACH ROW EXECUTE FUNCTION docent.place_department()
  CREATE TRIGGER place_below AFTER UPDATE OF parent_id ON docent.departments FOR EACH ROW WHEN ((old.path IS DISTINCT FROM new.path)) EXECUTE FUNCTION docent.place_departments_below()
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
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy write for all using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.embedding_models REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('embedding_model', '{id}', '{}', '{activated_at,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.embedding_models REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('embedding_model', '{id}', '{}', '{activated_at,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.embedding_models REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('embedding_model', '{id}', '{}', '{activated_at,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.embedding_models FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.evaluation_questions row level security forced
  org_id uuid not null
  id uuid not null
  set_id uuid not null
  question text not null
  answerable boolean not null default true
  expected_contents jsonb not null default '[]'::jsonb
  expected_answers text[] not null default '{}'::text[]
  language text
  note text not null default ''::text
  origin text not null default 'manual'::text
  origin_id uuid
  status text not null default 'confirmed'::text
  created_by uuid
  decided_by uuid
  decided_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint evaluation_questions_check CHECK ((answerable OR ((expected_contents = '[]'::jsonb) AND (expected_answers = '{}'::text[]))))
  constraint evaluation_questions_expected_contents_check CHECK ((jsonb_typeof(expected_contents) = 'array'::text))
  constraint evaluation_questions_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint evaluation_questions_org_id_decided_by_fkey FOREIGN KEY (org_id, decided_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (decided_by)
  constraint evaluation_questions_org_id_set_id_fkey FOREIGN KEY (org_id, set_id) REFERENCES docent.evaluation_sets(org_id, id) ON DELETE CASCADE
  constraint evaluation_questions_origin_check CHECK ((origin = ANY (ARRAY['manual'::text, 'upload'::text, 'thumbs_up'::text, 'thumbs_down'::text, 'quiz'::text])))
  constraint evaluation_questions_pkey PRIMARY KEY (org_id, id)
  constraint evaluation_questions_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'rejected'::text])))
  CREATE INDEX evaluation_questions_created_by ON docent.evaluation_questions USING btree (org_id, created_by) WHERE (created_by IS NOT NULL)
  CREATE INDEX evaluation_questions_decided_by ON docent.evaluation_questions USING btree (org_id, decided_by) WHERE (decided_by IS NOT NULL)
  CREATE INDEX evaluation_questions_oldest ON docent.evaluation_questions USING btree (org_id, set_id, created_at, id)
  CREATE UNIQUE INDEX evaluation_questions_origin ON docent.evaluation_questions USING btree (org_id, set_id, origin, origin_id) WHERE (origin_id IS NOT NULL)
  CREATE UNIQUE INDEX evaluation_questions_text ON docent.evaluation_questions USING btree (org_id, set_id, md5(lower(question)))
  policy add for insert with check ( SELECT docent.edits_evaluations() AS edits_evaluations)
  policy change for update using ( SELECT docent.edits_evaluations() AS edits_evaluations) with check ( SELECT docent.edits_evaluations() AS edits_evaluations)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.reads_evaluations() AS reads_evaluations)
  policy remove for delete using ( SELECT docent.edits_evaluations() AS edits_evaluations)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.evaluation_questions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation_question', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.evaluation_questions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation_question', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.evaluation_questions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation_question', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.evaluation_questions FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.evaluation_results row level security forced
  org_id uuid not null
  evaluation_id uuid not null
  position integer not null
  owner_id uuid not null
  question_id uuid not null
  question text not null
  answerable boolean not null
  expected_contents jsonb not null
  expected_answers text[] not null
  language text
  status text not null default 'waiting'::text
  outcome text
  answer text
  citations jsonb not null default '[]'::jsonb
  confidence double precision
  probability double precision
  first_rank integer
  ndcg double precision
  recall double precision
  reciprocal_rank double precision
  contained boolean
  cited_expected boolean
  abstention_right boolean
  support double precision
  passed boolean
  ms jsonb not null default '{}'::jsonb
  embedding_model text
  tokens integer
  error jsonb
  finished_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  constraint evaluation_results_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision)))
  constraint evaluation_results_first_rank_check CHECK ((first_rank > 0))
  constraint evaluation_results_ndcg_check CHECK (((ndcg >= (0)::double precision) AND (ndcg <= (1)::double precision)))
  constraint evaluation_results_org_id_owner_id_evaluation_id_fkey FOREIGN KEY (org_id, owner_id, evaluation_id) REFERENCES docent.evaluations(org_id, owner_id, id) ON DELETE CASCADE
  constraint evaluation_results_outcome_check CHECK ((outcome = ANY (ARRAY['answer'::text, 'abstain'::text, 'clarify'::text])))
  constraint evaluation_results_pkey PRIMARY KEY (org_id, evaluation_id, "position")
  constraint evaluation_results_position_check CHECK (("position" > 0))
  constraint evaluation_results_probability_check CHECK (((probability >= (0)::double precision) AND (probability <= (1)::double precision)))
  constraint evaluation_results_recall_check CHECK (((recall >= (0)::double precision) AND (recall <= (1)::double precision)))
  constraint evaluation_results_reciprocal_rank_check CHECK (((reciprocal_rank >= (0)::double precision) AND (reciprocal_rank <= (1)::double precision)))
  constraint evaluation_results_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'done'::text, 'failed'::text])))
  constraint evaluation_results_support_check CHECK (((support >= (0)::double precision) AND (support <= (1)::double precision)))
  CREATE INDEX evaluation_results_owner ON docent.evaluation_results USING btree (org_id, owner_id, evaluation_id)
  CREATE INDEX evaluation_results_waiting ON docent.evaluation_results USING btree (org_id, evaluation_id, "position") WHERE (status = 'waiting'::text)
  policy add for insert with check (((owner_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text])) AND docent.edits_evaluations())
  policy change for update using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((owner_id = ( SELECT docent.caller_id() AS caller_id)) OR ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as))
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  grant delete, insert, select, update to docent_app
table docent.evaluation_sets row level security forced
  org_id uuid not null
  id uuid not null
  name text not null
  description text not null default ''::text
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint evaluation_sets_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint evaluation_sets_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint evaluation_sets_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX evaluation_sets_created_by ON docent.evaluation_sets USING btree (org_id, created_by) WHERE (created_by IS NOT NULL)
  CREATE UNIQUE INDEX evaluation_sets_name ON docent.evaluation_sets USING btree (org_id, lower(name))
  policy add for insert with check ( SELECT docent.edits_evaluations() AS edits_evaluations)
  policy change for update using ( SELECT docent.edits_evaluations() AS edits_evaluations) with check ( SELECT docent.edits_evaluations() AS edits_evaluations)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.reads_evaluations() AS reads_evaluations)
  policy remove for delete using ( SELECT docent.edits_evaluations() AS edits_evaluations)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.evaluation_sets REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation_set', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.evaluation_sets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation_set', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.evaluation_sets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation_set', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.evaluation_sets FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.evaluations row level security forced
  org_id uuid not null
  id uuid not null
  owner_id uuid not null
  set_id uuid
  set_name text not null
  label text not null default ''::text
  status text not null default 'queued'::text
  candidate jsonb not null default '{}'::jsonb
  settings jsonb not null
  algorithm text not null
  chat_model text
  reranker text
  questions integer not null
  asked integer not null default 0
  figures jsonb
  error jsonb
  started_at timestamp with time zone
  finished_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint evaluations_check CHECK (((asked >= 0) AND (asked <= questions)))
  constraint evaluations_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint evaluations_org_id_owner_id_fkey FOREIGN KEY (org_id, owner_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint evaluations_org_id_owner_id_id_key UNIQUE (org_id, owner_id, id)
  constraint evaluations_org_id_set_id_fkey FOREIGN KEY (org_id, set_id) REFERENCES docent.evaluation_sets(org_id, id) ON DELETE SET NULL (set_id)
  constraint evaluations_pkey PRIMARY KEY (org_id, id)
  constraint evaluations_questions_check CHECK ((questions > 0))
  constraint evaluations_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'cancelled'::text, 'failed'::text])))
  CREATE INDEX evaluations_newest ON docent.evaluations USING btree (org_id, created_at DESC, id DESC)
  CREATE INDEX evaluations_set ON docent.evaluations USING btree (org_id, set_id) WHERE (set_id IS NOT NULL)
  policy add for insert with check (((owner_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text])) AND docent.edits_evaluations())
  policy change for update using (((owner_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text])) AND docent.edits_evaluations()) with check (((owner_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text])) AND docent.edits_evaluations())
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((owner_id = ( SELECT docent.caller_id() AS caller_id)) OR ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as))
  policy remove for delete using (((owner_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text])) AND docent.edits_evaluations())
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.evaluations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation', '{id}', '{}', '{status,asked,figures,error,started_at,finished_at,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.evaluations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation', '{id}', '{}', '{status,asked,figures,error,started_at,finished_at,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.evaluations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('evaluation', '{id}', '{}', '{status,asked,figures,error,started_at,finished_at,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.evaluations FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
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
  constraint feedback_org_id_message_id_user_id_key UNIQUE (org_id, message_id, user_id)
  constraint feedback_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint feedback_org_id_user_id_message_id_fkey FOREIGN KEY (org_id, user_id, message_id) REFERENCES docent.messages(org_id, user_id, id) ON DELETE CASCADE
  constraint feedback_pkey PRIMARY KEY (org_id, id)
  constraint feedback_rating_check CHECK ((rating = ANY (ARRAY['up'::text, 'down'::text])))
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy own for all using ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text])) with check ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text]))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.feedback FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.grants row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  scope text not null
  extent text not null
  reason text
  granted_by uuid
  expires_at timestamp with time zone
  revoked_at timestamp with time zone
  revoked_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint grants_extent_check CHECK ((extent = ANY (ARRAY['organization'::text, 'department'::text, 'own'::text])))
  constraint grants_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint grants_org_id_granted_by_fkey FOREIGN KEY (org_id, granted_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (granted_by)
  constraint grants_org_id_revoked_by_fkey FOREIGN KEY (org_id, revoked_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (revoked_by)
  constraint grants_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint grants_pkey PRIMARY KEY (org_id, id)
  constraint grants_scope_check CHECK ((scope ~ '^[a-z]+(:[a-z]+)?$'::text))
  CREATE INDEX grants_granted_by ON docent.grants USING btree (org_id, granted_by) WHERE (granted_by IS NOT NULL)
  CREATE INDEX grants_revoked_by ON docent.grants USING btree (org_id, revoked_by) WHERE (revoked_by IS NOT NULL)
  CREATE UNIQUE INDEX grants_standing ON docent.grants USING btree (org_id, user_id, scope, extent) WHERE (revoked_at IS NULL)
  policy add for insert with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text))
  policy change for update using (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text)) with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text))
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for select using true
  policy read for select using ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text]))
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.grants REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('grant', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.grants REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('grant', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.grants REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('grant', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.grants FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
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
  policy own for all using ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text])) with check ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text]))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  grant delete, insert, select, update to docent_app
table docent.identities row level security forced
  org_id uuid not null
  id uuid not null
  issuer_id uuid not null
  subject text not null
  user_id uuid not null
  linked_by text not null
  last_used_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  constraint identities_linked_by_check CHECK ((linked_by = ANY (ARRAY['administrator'::text, 'email'::text, 'creation'::text])))
  constraint identities_org_id_issuer_id_fkey FOREIGN KEY (org_id, issuer_id) REFERENCES docent.issuers(org_id, id) ON DELETE CASCADE
  constraint identities_org_id_issuer_id_subject_key UNIQUE (org_id, issuer_id, subject)
  constraint identities_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint identities_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX identities_person ON docent.identities USING btree (org_id, user_id)
  policy add for insert with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('*'::text))
  policy change for update using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((user_id = ( SELECT docent.caller_id() AS caller_id)) OR ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:read'::text))))
  policy remove for delete using (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('*'::text))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.identities REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('identity', '{id}', '{subject}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.identities REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('identity', '{id}', '{subject}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.identities REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('identity', '{id}', '{subject}', '{org_id,created_at,updated_at,last_used_at}')
  grant delete, insert, select, update to docent_app
table docent.issuers row level security forced
  org_id uuid not null
  id uuid not null
  name text not null
  issuer text not null
  audience text not null
  jwks_uri text not null
  algorithms text[] not null
  create_people boolean not null
  link_by_email boolean not null
  department_id uuid
  name_claim text[] not null
  email_claim text[] not null
  status text not null default 'active'::text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint issuers_algorithms_check CHECK (((cardinality(algorithms) > 0) AND (algorithms <@ ARRAY['RS256'::text, 'PS256'::text, 'ES256'::text, 'EdDSA'::text])))
  constraint issuers_bound_once UNIQUE (issuer, audience)
  constraint issuers_org_id_department_id_fkey FOREIGN KEY (org_id, department_id) REFERENCES docent.departments(org_id, id) ON DELETE SET NULL (department_id)
  constraint issuers_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint issuers_pkey PRIMARY KEY (org_id, id)
  constraint issuers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
  CREATE INDEX issuers_department ON docent.issuers USING btree (org_id, department_id) WHERE (department_id IS NOT NULL)
  policy add for insert with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('*'::text))
  policy change for update using (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('*'::text)) with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('*'::text))
  policy look_up for select using (issuer = NULLIF(current_setting('app.issuer'::text, true), ''::text))
  policy organization_delete as restrictive for delete using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_insert as restrictive for insert with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_or_issuer as restrictive for select using ((org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) OR (issuer = NULLIF(current_setting('app.issuer'::text, true), ''::text)))
  policy organization_update as restrictive for update using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:read'::text)))
  policy remove for delete using (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('*'::text))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.issuers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('issuer', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.issuers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('issuer', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.issuers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('issuer', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.issuers FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.item_difficulty row level security forced
  org_id uuid not null
  question_id uuid not null
  value double precision not null
  answers integer not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint item_difficulty_org_id_question_id_fkey FOREIGN KEY (org_id, question_id) REFERENCES docent.assessment_questions(org_id, id) ON DELETE CASCADE
  constraint item_difficulty_pkey PRIMARY KEY (org_id, question_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.item_difficulty FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.item_embeddings row level security forced
  org_id uuid not null
  item_id uuid not null
  kind text not null
  model_id text not null
  hash bytea not null
  embedding public.halfvec not null storage plain
  constraint item_embeddings_kind_check CHECK ((kind = ANY (ARRAY['skill'::text, 'course'::text])))
  constraint item_embeddings_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint item_embeddings_pkey PRIMARY KEY (org_id, item_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
table docent.learner_states row level security forced
  org_id uuid not null
  user_id uuid not null
  department_id uuid
  version bigint not null default 1
  mastery_stale boolean not null default false
  profiling boolean not null default true
  goal_model text
  goal_hash bytea
  goal_embedding public.halfvec
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint learner_states_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint learner_states_pkey PRIMARY KEY (org_id, user_id)
  policy add_own for insert with check (user_id = docent.caller_id())
  policy change_own for update using (user_id = docent.caller_id()) with check (user_id = docent.caller_id())
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text) OR docent.granted('recommendations'::text, 'organization'::text)))
  policy read_own for select using (user_id = docent.caller_id())
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text) OR docent.granted('recommendations'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.learner_states FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.learner_states FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
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
view docent.learning_content_search with (security_invoker=true)
  id text
  title text
  content text
  content_type text
  source_service text
  metadata jsonb
  created_at timestamp with time zone
  updated_at timestamp with time zone
  difficulty_level text
  duration integer
  learning_objectives text[]
 SELECT l.id,
    l.title,
    l.content,
    l.content_type,
    l.source_service,
    l.metadata,
    l.created_at,
    l.updated_at,
    COALESCE(c.difficulty, s.level)::text AS difficulty_level,
    c.duration_minutes AS duration,
    c.objectives AS learning_objectives
   FROM docent.learning_content l
     LEFT JOIN LATERAL ( SELECT c_1.difficulty,
            c_1.duration_minutes,
            c_1.objectives
           FROM docent.courses c_1
          WHERE c_1.org_id = docent.caller_org() AND l.content_type = 'course'::text AND (c_1.id::text = (l.metadata ->> 'course_id'::text) OR (c_1.id IN ( SELECT e.to_course_id
                   FROM docent.learning_edges e
                  WHERE e.org_id = docent.caller_org() AND e.from_content_id = l.id::uuid AND e.type = 'covers'::text AND e.status = 'confirmed'::text)))
          ORDER BY (c_1.id::text = (l.metadata ->> 'course_id'::text)) DESC, c_1.id
         LIMIT 1) c ON true
     LEFT JOIN LATERAL ( SELECT s_1.level
           FROM docent.skills s_1
          WHERE s_1.org_id = docent.caller_org() AND l.content_type = 'skill'::text AND (s_1.id::text = (l.metadata ->> 'skill_id'::text) OR (s_1.id IN ( SELECT e.to_skill_id
                   FROM docent.learning_edges e
                  WHERE e.org_id = docent.caller_org() AND e.from_content_id = l.id::uuid AND (e.type = ANY (ARRAY['covers'::text, 'teaches'::text])) AND e.status = 'confirmed'::text)))
          ORDER BY (s_1.id::text = (l.metadata ->> 'skill_id'::text)) DESC, s_1.id
         LIMIT 1) s ON true;
  grant select to docent_app
table docent.learning_edges row level security forced
  org_id uuid not null
  id uuid not null
  type text not null
  from_kind text not null
  from_id uuid not null
  to_kind text not null
  to_id uuid not null
  weight double precision not null default 1
  origin text not null default 'manual'::text
  score double precision
  evidence jsonb not null default '{}'::jsonb
  status text not null default 'confirmed'::text
  decided_by uuid
  decided_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  from_skill_id uuid generated always as (
CASE
    WHEN (from_kind = 'skill'::text) THEN from_id
    ELSE NULL::uuid
END) stored
  from_course_id uuid generated always as (
CASE
    WHEN (from_kind = 'course'::text) THEN from_id
    ELSE NULL::uuid
END) stored
  from_assessment_id uuid generated always as (
CASE
    WHEN (from_kind = 'assessment'::text) THEN from_id
    ELSE NULL::uuid
END) stored
  from_content_id uuid generated always as (
CASE
    WHEN (from_kind = 'content'::text) THEN from_id
    ELSE NULL::uuid
END) stored
  to_skill_id uuid generated always as (
CASE
    WHEN (to_kind = 'skill'::text) THEN to_id
    ELSE NULL::uuid
END) stored
  to_course_id uuid generated always as (
CASE
    WHEN (to_kind = 'course'::text) THEN to_id
    ELSE NULL::uuid
END) stored
  constraint learning_edges_check CHECK (((from_kind <> to_kind) OR (from_id <> to_id)))
  constraint learning_edges_check1 CHECK (
CASE type
    WHEN 'prerequisite'::text THEN (from_kind = ANY (ARRAY['skill'::text, 'course'::text]))
    WHEN 'teaches'::text THEN ((from_kind = ANY (ARRAY['course'::text, 'content'::text])) AND (to_kind = 'skill'::text))
    WHEN 'assesses'::text THEN (from_kind = 'assessment'::text)
    ELSE (from_kind = 'content'::text)
END)
  constraint learning_edges_from_kind_check CHECK ((from_kind = ANY (ARRAY['skill'::text, 'course'::text, 'assessment'::text, 'content'::text])))
  constraint learning_edges_org_id_decided_by_fkey FOREIGN KEY (org_id, decided_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (decided_by)
  constraint learning_edges_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint learning_edges_org_id_from_assessment_id_fkey FOREIGN KEY (org_id, from_assessment_id) REFERENCES docent.assessments(org_id, id) ON DELETE CASCADE
  constraint learning_edges_org_id_from_content_id_fkey FOREIGN KEY (org_id, from_content_id) REFERENCES docent.content(org_id, id) ON DELETE CASCADE
  constraint learning_edges_org_id_from_course_id_fkey FOREIGN KEY (org_id, from_course_id) REFERENCES docent.courses(org_id, id) ON DELETE CASCADE
  constraint learning_edges_org_id_from_skill_id_fkey FOREIGN KEY (org_id, from_skill_id) REFERENCES docent.skills(org_id, id) ON DELETE CASCADE
  constraint learning_edges_org_id_to_course_id_fkey FOREIGN KEY (org_id, to_course_id) REFERENCES docent.courses(org_id, id) ON DELETE CASCADE
  constraint learning_edges_org_id_to_skill_id_fkey FOREIGN KEY (org_id, to_skill_id) REFERENCES docent.skills(org_id, id) ON DELETE CASCADE
  constraint learning_edges_org_id_type_from_kind_from_id_to_kind_to_id_key UNIQUE (org_id, type, from_kind, from_id, to_kind, to_id)
  constraint learning_edges_origin_check CHECK ((origin = ANY (ARRAY['manual'::text, 'inferred'::text])))
  constraint learning_edges_pkey PRIMARY KEY (org_id, id)
  constraint learning_edges_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
  constraint learning_edges_status_check CHECK ((status = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'rejected'::text])))
  constraint learning_edges_to_kind_check CHECK ((to_kind = ANY (ARRAY['skill'::text, 'course'::text])))
  constraint learning_edges_type_check CHECK ((type = ANY (ARRAY['prerequisite'::text, 'teaches'::text, 'assesses'::text, 'covers'::text])))
  constraint learning_edges_weight_check CHECK (((weight > (0)::double precision) AND (weight <= (1)::double precision)))
  CREATE INDEX learning_edges_from_assessment ON docent.learning_edges USING btree (org_id, from_assessment_id) WHERE (from_assessment_id IS NOT NULL)
  CREATE INDEX learning_edges_from_content ON docent.learning_edges USING btree (org_id, from_content_id) WHERE (from_content_id IS NOT NULL)
  CREATE INDEX learning_edges_from_course ON docent.learning_edges USING btree (org_id, from_course_id) WHERE (from_course_id IS NOT NULL)
  CREATE INDEX learning_edges_from_skill ON docent.learning_edges USING btree (org_id, from_skill_id) WHERE (from_skill_id IS NOT NULL)
  CREATE INDEX learning_edges_status ON docent.learning_edges USING btree (org_id, status, score DESC, id)
  CREATE INDEX learning_edges_to ON docent.learning_edges USING btree (org_id, to_kind, to_id, type)
  CREATE INDEX learning_edges_to_course ON docent.learning_edges USING btree (org_id, to_course_id) WHERE (to_course_id IS NOT NULL)
  CREATE INDEX learning_edges_to_skill ON docent.learning_edges USING btree (org_id, to_skill_id) WHERE (to_skill_id IS NOT NULL)
  policy add for insert with check ( SELECT docent.edits_learning() AS edits_learning)
  policy change for update using ( SELECT docent.edits_learning() AS edits_learning) with check ( SELECT docent.edits_learning() AS edits_learning)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as) AND (status = 'confirmed'::text)) OR ( SELECT docent.edits_learning() AS edits_learning))
  policy remove for delete using ( SELECT docent.edits_learning() AS edits_learning)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.learning_edges REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('learning_edge', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.learning_edges REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('learning_edge', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.learning_edges REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('learning_edge', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_catalogue_delete AFTER DELETE ON docent.learning_edges REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_insert AFTER INSERT ON docent.learning_edges REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_update AFTER UPDATE ON docent.learning_edges REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.learning_edges FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.learning_progress row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  department_id uuid
  course_id uuid
  skill_id uuid
  status text not null
  progress double precision not null default 0
  assigned_at timestamp with time zone
  due_at timestamp with time zone
  started_at timestamp with time zone
  completed_at timestamp with time zone
  occurred_at timestamp with time zone not null
  source text not null
  registration text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint learning_progress_check CHECK ((num_nonnulls(course_id, skill_id) = 1))
  constraint learning_progress_check1 CHECK (((status = 'completed'::text) = (completed_at IS NOT NULL)))
  constraint learning_progress_org_id_course_id_fkey FOREIGN KEY (org_id, course_id) REFERENCES docent.courses(org_id, id)
  constraint learning_progress_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id)
  constraint learning_progress_org_id_user_id_course_id_key UNIQUE (org_id, user_id, course_id)
  constraint learning_progress_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint learning_progress_org_id_user_id_skill_id_key UNIQUE (org_id, user_id, skill_id)
  constraint learning_progress_pkey PRIMARY KEY (org_id, id)
  constraint learning_progress_progress_check CHECK (((progress >= (0)::double precision) AND (progress <= (100)::double precision)))
  constraint learning_progress_status_check CHECK ((status = ANY (ARRAY['assigned'::text, 'in_progress'::text, 'completed'::text, 'dropped'::text])))
  CREATE INDEX learning_progress_course ON docent.learning_progress USING btree (org_id, course_id) WHERE (course_id IS NOT NULL)
  CREATE INDEX learning_progress_department ON docent.learning_progress USING btree (org_id, department_id)
  CREATE INDEX learning_progress_skill ON docent.learning_progress USING btree (org_id, skill_id) WHERE (skill_id IS NOT NULL)
  CREATE INDEX learning_progress_user ON docent.learning_progress USING btree (org_id, user_id, occurred_at DESC, id DESC)
  policy add for insert with check docent.writes_progress_of(user_id, department_id)
  policy change for update using docent.writes_progress_of(user_id, department_id) with check docent.writes_progress_of(user_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text)))
  policy read_own for select using (user_id = ( SELECT docent.caller_id() AS caller_id))
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy remove for delete using docent.writes_progress_of(user_id, department_id)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_completion AFTER UPDATE OF completed_at ON docent.learning_progress FOR EACH ROW WHEN (((old.completed_at IS NULL) <> (new.completed_at IS NULL))) EXECUTE FUNCTION docent.audit_completion()
  CREATE TRIGGER audit_completion_at_once AFTER INSERT ON docent.learning_progress FOR EACH ROW WHEN ((new.completed_at IS NOT NULL)) EXECUTE FUNCTION docent.audit_completion()
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.learning_progress FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER note_completion AFTER UPDATE OF completed_at ON docent.learning_progress FOR EACH ROW WHEN (((old.completed_at IS NULL) <> (new.completed_at IS NULL))) EXECUTE FUNCTION docent.note_completion()
  CREATE TRIGGER note_completion_at_once AFTER INSERT ON docent.learning_progress FOR EACH ROW WHEN ((new.completed_at IS NOT NULL)) EXECUTE FUNCTION docent.note_completion()
  CREATE TRIGGER note_uptake_insert AFTER INSERT ON docent.learning_progress REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.note_uptake()
  CREATE TRIGGER note_uptake_update AFTER UPDATE ON docent.learning_progress REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.note_uptake()
  CREATE TRIGGER touch_learners_delete AFTER DELETE ON docent.learning_progress REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_learners()
  CREATE TRIGGER touch_learners_insert AFTER INSERT ON docent.learning_progress REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_learners()
  CREATE TRIGGER touch_learners_update AFTER UPDATE ON docent.learning_progress REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_learners()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.learning_progress FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.learning_versions row level security forced
  org_id uuid not null
  version bigint not null default 1
  constraint learning_versions_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint learning_versions_pkey PRIMARY KEY (org_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
table docent.mastery_answers row level security forced
  org_id uuid not null
  answer_id uuid not null
  user_id uuid not null
  department_id uuid
  question_id uuid not null
  skill_id uuid
  answered_at timestamp with time zone not null
  score double precision not null
  predicted double precision not null
  question_change double precision not null
  skill_change double precision not null
  mastery double precision
  skill_answers integer
  constraint mastery_answers_org_id_question_id_fkey FOREIGN KEY (org_id, question_id) REFERENCES docent.assessment_questions(org_id, id) ON DELETE CASCADE
  constraint mastery_answers_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id) ON DELETE CASCADE
  constraint mastery_answers_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint mastery_answers_pkey PRIMARY KEY (org_id, answer_id)
  CREATE INDEX mastery_answers_question ON docent.mastery_answers USING btree (org_id, question_id)
  CREATE INDEX mastery_answers_skill ON docent.mastery_answers USING btree (org_id, skill_id) WHERE (skill_id IS NOT NULL)
  CREATE INDEX mastery_answers_user ON docent.mastery_answers USING btree (org_id, user_id, skill_id, answered_at)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text)))
  policy read_own for select using (user_id = docent.caller_id())
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.mastery_answers FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  grant delete, insert, select, update to docent_app
table docent.mastery_replays row level security forced
  org_id uuid not null
  user_id uuid not null
  from_time timestamp with time zone not null
  requested_at timestamp with time zone not null default now()
  constraint mastery_replays_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint mastery_replays_pkey PRIMARY KEY (org_id, user_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  CREATE TRIGGER mark_mastery_stale_insert AFTER INSERT ON docent.mastery_replays REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.mark_mastery_stale()
  CREATE TRIGGER mark_mastery_stale_update AFTER UPDATE ON docent.mastery_replays REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.mark_mastery_stale()
  grant delete, insert, select, update to docent_app
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
  degraded text
  constraint messages_answerer_check CHECK ((answerer = ANY (ARRAY['extractive'::text, 'generative'::text])))
  constraint messages_degraded_check CHECK ((degraded = ANY (ARRAY['earlier_answer'::text, 'quotes'::text])))
  constraint messages_org_id_user_id_conversation_id_fkey FOREIGN KEY (org_id, user_id, conversation_id) REFERENCES docent.conversations(org_id, user_id, id) ON DELETE CASCADE
  constraint messages_org_id_user_id_id_key UNIQUE (org_id, user_id, id)
  constraint messages_outcome_check CHECK ((outcome = ANY (ARRAY['answer'::text, 'abstain'::text, 'clarify'::text])))
  constraint messages_pkey PRIMARY KEY (org_id, id)
  constraint messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text])))
  constraint messages_status_check CHECK ((status = ANY (ARRAY['streaming'::text, 'complete'::text, 'stopped'::text, 'incomplete'::text])))
  CREATE INDEX messages_answered ON docent.messages USING btree (org_id, created_at) WHERE ((role = 'assistant'::text) AND (outcome IS NOT NULL))
  CREATE INDEX messages_conversation ON docent.messages USING btree (org_id, conversation_id, created_at, id)
  CREATE INDEX messages_question ON docent.messages USING btree (org_id, user_id, md5(lower(question))) WHERE ((outcome = 'answer'::text) AND (status = 'complete'::text) AND (answerer = 'generative'::text))
  CREATE INDEX messages_stream ON docent.messages USING btree (org_id, stream_id) WHERE (stream_id IS NOT NULL)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy own for all using ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text])) with check ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['worker'::text]))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.messages FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.organizations row level security forced
  org_id uuid not null
  name text not null
  settings jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  parent_id uuid
  path uuid[] not null default '{}'::uuid[]
  depth integer not null generated always as (cardinality(path)) stored
  parent_path uuid[] generated always as (
CASE
    WHEN (parent_id IS NOT NULL) THEN trim_array(path, 1)
    ELSE NULL::uuid[]
END) stored
  status text not null default 'active'::text
  branding jsonb not null default '{}'::jsonb
  max_users integer
  max_storage_bytes bigint
  max_tokens_per_month bigint
  constraint organizations_max_storage_bytes_check CHECK ((max_storage_bytes >= 0))
  constraint organizations_max_tokens_per_month_check CHECK ((max_tokens_per_month >= 0))
  constraint organizations_max_users_check CHECK ((max_users >= 1))
  constraint organizations_parent FOREIGN KEY (parent_id, parent_path) REFERENCES docent.organizations(org_id, path)
  constraint organizations_path UNIQUE (org_id, path)
  constraint organizations_pkey PRIMARY KEY (org_id)
  constraint organizations_place CHECK (
CASE
    WHEN (parent_id IS NULL) THEN (path = '{}'::uuid[])
    ELSE (((cardinality(path) >= 1) AND (cardinality(path) <= 10)) AND (path[cardinality(path)] = parent_id) AND (NOT (org_id = ANY (path))))
END)
  constraint organizations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'trial'::text, 'suspended'::text, 'inactive'::text])))
  CREATE INDEX organizations_children ON docent.organizations USING gin (path)
  policy add for insert with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text))
  policy change for update using (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text)) with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text))
  policy organization as restrictive for select using ((org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) OR (((NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid = ANY (path)) AND docent.acts_as(VARIADIC ARRAY['admin'::text])))
  policy organization_delete as restrictive for delete using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_insert as restrictive for insert with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy organization_update as restrictive for update using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for select using true
  policy read for select using docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.organizations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('organization', '{org_id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.organizations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('organization', '{org_id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.organizations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('organization', '{org_id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER guard BEFORE UPDATE ON docent.organizations FOR EACH ROW EXECUTE FUNCTION docent.guard_organization()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.organizations FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.passage_labels row level security forced
  org_id uuid not null
  id uuid not null
  content_id uuid not null
  version integer not null
  chunk_id uuid
  label text not null
  reason text not null
  start_offset integer
  end_offset integer
  excerpt text not null
  fingerprint bytea not null
  dismissed_at timestamp with time zone
  dismissed_by uuid
  note text
  owner_id uuid
  department_id uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint passage_labels_check CHECK (((start_offset IS NULL) = (end_offset IS NULL)))
  constraint passage_labels_check1 CHECK (((chunk_id IS NULL) OR (start_offset < end_offset)))
  constraint passage_labels_label_check CHECK ((label = 'suspicious'::text))
  constraint passage_labels_org_id_chunk_id_fkey FOREIGN KEY (org_id, chunk_id) REFERENCES docent.chunks(org_id, id) ON DELETE CASCADE
  constraint passage_labels_org_id_content_id_version_fkey FOREIGN KEY (org_id, content_id, version) REFERENCES docent.content_versions(org_id, content_id, version) ON DELETE CASCADE
  constraint passage_labels_org_id_dismissed_by_fkey FOREIGN KEY (org_id, dismissed_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (dismissed_by)
  constraint passage_labels_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint passage_labels_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX passage_labels_chunk ON docent.passage_labels USING btree (org_id, chunk_id) WHERE (chunk_id IS NOT NULL)
  CREATE INDEX passage_labels_content ON docent.passage_labels USING btree (org_id, content_id, version, start_offset, id)
  CREATE INDEX passage_labels_dismissed_by ON docent.passage_labels USING btree (org_id, dismissed_by) WHERE (dismissed_by IS NOT NULL)
  policy add for insert with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy change for update using docent.may_change_content(owner_id, department_id) with check docent.may_change_content(owner_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using docent.may_change_content(owner_id, department_id)
  policy remove for delete using docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.passage_labels REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('passage_label', '{id}', '{}', '{owner_id,department_id,excerpt,fingerprint,org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER inherit_owner BEFORE INSERT ON docent.passage_labels FOR EACH ROW EXECUTE FUNCTION docent.inherit_owner()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.passage_labels FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.progress_events row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  department_id uuid
  course_id uuid
  skill_id uuid
  source text not null
  event_id text not null
  status text
  progress double precision
  due_at timestamp with time zone
  registration text
  statement_id uuid
  occurred_at timestamp with time zone not null
  created_by uuid
  created_at timestamp with time zone not null default now()
  constraint progress_events_check CHECK ((num_nonnulls(course_id, skill_id) = 1))
  constraint progress_events_org_id_course_id_fkey FOREIGN KEY (org_id, course_id) REFERENCES docent.courses(org_id, id)
  constraint progress_events_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id)
  constraint progress_events_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint progress_events_org_id_user_id_source_event_id_key UNIQUE (org_id, user_id, source, event_id)
  constraint progress_events_pkey PRIMARY KEY (org_id, id)
  constraint progress_events_progress_check CHECK (((progress >= (0)::double precision) AND (progress <= (100)::double precision)))
  constraint progress_events_status_check CHECK ((status = ANY (ARRAY['assigned'::text, 'in_progress'::text, 'completed'::text, 'passed'::text, 'failed'::text, 'waived'::text, 'dropped'::text])))
  CREATE INDEX progress_events_course ON docent.progress_events USING btree (org_id, course_id, user_id) WHERE (course_id IS NOT NULL)
  CREATE INDEX progress_events_skill ON docent.progress_events USING btree (org_id, skill_id, user_id) WHERE (skill_id IS NOT NULL)
  CREATE INDEX progress_events_statement ON docent.progress_events USING btree (org_id, statement_id) WHERE (statement_id IS NOT NULL)
  CREATE INDEX progress_events_time ON docent.progress_events USING btree (org_id, occurred_at)
  CREATE INDEX progress_events_user ON docent.progress_events USING btree (org_id, user_id, occurred_at DESC, id DESC)
  policy add for insert with check docent.writes_progress_of(user_id, department_id)
  policy change for update using docent.writes_progress_of(user_id, department_id) with check docent.writes_progress_of(user_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text)))
  policy read_own for select using (user_id = ( SELECT docent.caller_id() AS caller_id))
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy remove for delete using docent.writes_progress_of(user_id, department_id)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.progress_events FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  grant delete, insert, select, update to docent_app
table docent.question_group_members row level security forced
  org_id uuid not null
  message_id uuid not null
  group_id uuid not null
  user_id uuid not null
  asked_at timestamp with time zone not null
  constraint question_group_members_org_id_group_id_fkey FOREIGN KEY (org_id, group_id) REFERENCES docent.question_groups(org_id, id) ON DELETE CASCADE
  constraint question_group_members_org_id_user_id_message_id_fkey FOREIGN KEY (org_id, user_id, message_id) REFERENCES docent.messages(org_id, user_id, id) ON DELETE CASCADE
  constraint question_group_members_pkey PRIMARY KEY (org_id, message_id)
  CREATE INDEX question_group_members_group ON docent.question_group_members USING btree (org_id, group_id, user_id)
  CREATE INDEX question_group_members_user ON docent.question_group_members USING btree (org_id, user_id, message_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  grant delete, insert, select, update to docent_app
table docent.question_groups row level security forced
  org_id uuid not null
  id uuid not null
  model_id text not null
  centroid public.halfvec not null storage plain
  example text
  content_id uuid
  owner_id uuid
  similarity double precision
  published boolean not null default false
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint question_groups_org_id_content_id_fkey FOREIGN KEY (org_id, content_id) REFERENCES docent.content(org_id, id) ON DELETE SET NULL (content_id)
  constraint question_groups_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint question_groups_org_id_owner_id_fkey FOREIGN KEY (org_id, owner_id) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (owner_id)
  constraint question_groups_pkey PRIMARY KEY (org_id, id)
  constraint question_groups_similarity_check CHECK (((similarity >= ('-1'::integer)::double precision) AND (similarity <= (1)::double precision)))
  CREATE INDEX question_groups_content ON docent.question_groups USING btree (org_id, content_id) WHERE (content_id IS NOT NULL)
  CREATE INDEX question_groups_model ON docent.question_groups USING btree (org_id, model_id)
  CREATE INDEX question_groups_owner ON docent.question_groups USING btree (org_id, owner_id) WHERE (owner_id IS NOT NULL)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using (published AND (docent.acts_as(VARIADIC ARRAY['trainer'::text, 'admin'::text]) OR (owner_id = docent.caller_id())))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.question_groups FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.recommend_exposures row level security forced
  org_id uuid not null
  item_id uuid not null
  shown integer not null default 0
  enrolled integer not null default 0
  constraint recommend_exposures_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint recommend_exposures_pkey PRIMARY KEY (org_id, item_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
table docent.recommend_links row level security forced
  org_id uuid not null
  generation bigint not null
  from_id uuid not null
  signal text not null
  to_id uuid not null
  score real not null
  learners integer
  constraint recommend_links_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint recommend_links_pkey PRIMARY KEY (org_id, generation, from_id, signal, to_id)
  constraint recommend_links_signal_check CHECK ((signal = ANY (ARRAY['next'::text, 'together'::text, 'similar'::text, 'linear'::text])))
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
table docent.recommend_models row level security forced
  org_id uuid not null
  generation bigint not null
  settings jsonb not null
  learners integer not null
  items integer not null
  events integer not null
  built_at timestamp with time zone not null default now()
  constraint recommend_models_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint recommend_models_pkey PRIMARY KEY (org_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
table docent.recommend_popularity row level security forced
  org_id uuid not null
  generation bigint not null
  department_id uuid not null
  item_id uuid not null
  kind text not null
  score real not null
  learners integer not null
  constraint recommend_popularity_kind_check CHECK ((kind = ANY (ARRAY['skill'::text, 'course'::text])))
  constraint recommend_popularity_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint recommend_popularity_pkey PRIMARY KEY (org_id, generation, department_id, item_id)
  CREATE INDEX recommend_popularity_best ON docent.recommend_popularity USING btree (org_id, generation, department_id, kind, score DESC, item_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
table docent.recommend_rebuilds row level security forced
  org_id uuid not null
  id uuid not null
  started_at timestamp with time zone not null
  finished_at timestamp with time zone
  generation bigint
  learners integer
  items integer
  events integer
  build_ms integer
  settings jsonb
  replay jsonb not null default '[]'::jsonb
  error text
  constraint recommend_rebuilds_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint recommend_rebuilds_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX recommend_rebuilds_started ON docent.recommend_rebuilds USING btree (org_id, started_at DESC, id DESC)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  grant delete, insert, select, update to docent_app
view docent.recommendation_analytics with (security_invoker=true)
  type text
  item_id text
  total_recommendations bigint
  clicks bigint
  click_rate double precision
  avg_score double precision
  unique_users bigint
 SELECT type,
    item_id::text AS item_id,
    count(*) AS total_recommendations,
    count(clicked_at) AS clicks,
    round(100.0 * count(clicked_at)::numeric / count(*)::numeric, 2)::double precision AS click_rate,
    avg(score) AS avg_score,
    count(DISTINCT user_id) AS unique_users
   FROM docent.recommendations r
  WHERE org_id = docent.caller_org() AND created_at > (now() - '30 days'::interval)
  GROUP BY type, item_id
 HAVING count(DISTINCT user_id) >= 5
  ORDER BY (round(100.0 * count(clicked_at)::numeric / count(*)::numeric, 2)::double precision) DESC, (count(*)) DESC;
  grant select to docent_app
table docent.recommendations row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  department_id uuid
  type text not null
  item_id uuid not null
  score double precision not null
  reason text not null
  clicked boolean not null default false
  reason_type text not null
  evidence jsonb not null default '{}'::jsonb
  position integer not null
  algo_version text not null
  propensity double precision not null default 1
  created_at timestamp with time zone not null default now()
  shown_at timestamp with time zone
  clicked_at timestamp with time zone
  dismissed_at timestamp with time zone
  dismiss_reason text
  enrolled_at timestamp with time zone
  completed_at timestamp with time zone
  constraint recommendations_check CHECK (((dismissed_at IS NULL) = (dismiss_reason IS NULL)))
  constraint recommendations_check1 CHECK ((clicked = (clicked_at IS NOT NULL)))
  constraint recommendations_dismiss_reason_check CHECK ((dismiss_reason = ANY (ARRAY['not_relevant'::text, 'already_know'::text])))
  constraint recommendations_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint recommendations_pkey PRIMARY KEY (org_id, id)
  constraint recommendations_position_check CHECK (("position" > 0))
  constraint recommendations_propensity_check CHECK (((propensity > (0)::double precision) AND (propensity <= (1)::double precision)))
  constraint recommendations_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
  constraint recommendations_type_check CHECK ((type = ANY (ARRAY['skill'::text, 'course'::text, 'content'::text])))
  CREATE INDEX recommendations_created ON docent.recommendations USING btree (org_id, created_at DESC, id DESC)
  CREATE INDEX recommendations_item ON docent.recommendations USING btree (org_id, user_id, item_id)
  policy add_own for insert with check (user_id = docent.caller_id())
  policy change_all for update using ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as)
  policy change_own for update using (user_id = docent.caller_id()) with check (user_id = docent.caller_id())
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as)
  policy read_own for select using (user_id = docent.caller_id())
  policy remove_own for delete using (user_id = docent.caller_id())
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.recommendations FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER note_feedback AFTER UPDATE ON docent.recommendations REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change FOR EACH STATEMENT EXECUTE FUNCTION docent.note_feedback()
  grant delete, insert, select, update to docent_app
table docent.search_stats row level security forced
  org_id uuid not null
  config text not null
  chunk_count integer not null
  refreshed_at timestamp with time zone not null default now()
  constraint search_stats_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint search_stats_pkey PRIMARY KEY (org_id, config)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy write for all using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  grant delete, insert, select, update to docent_app
table docent.security_events row level security forced
  org_id uuid not null
  id uuid not null
  at timestamp with time zone not null default now()
  kind text not null
  count integer not null
  user_id uuid
  api_key_id text
  issuer_id uuid
  identity_hash text
  ip text not null
  user_agent text not null
  request_id text not null
  details jsonb not null
  constraint security_events_count_check CHECK ((count > 0))
  constraint security_events_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint security_events_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX security_events_kind ON docent.security_events USING btree (org_id, kind, at DESC, id DESC)
  CREATE INDEX security_events_time ON docent.security_events USING btree (org_id, at DESC, id DESC)
  policy add for insert with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT ((docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('audit:read'::text)) OR docent.granted('audit:read'::text, 'organization'::text)))
  policy remove for delete using (docent.acts_as(VARIADIC ARRAY['worker'::text]) AND (at < (now() - '365 days'::interval)))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  grant delete, insert, select to docent_app
table docent.skill_declarations row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid not null
  department_id uuid
  skill_id uuid not null
  kind text not null
  level integer not null
  note text not null default ''::text
  declared_by uuid
  declared_at timestamp with time zone not null default now()
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint skill_declarations_kind_check CHECK ((kind = ANY (ARRAY['self'::text, 'manager'::text])))
  constraint skill_declarations_level_check CHECK (((level >= 1) AND (level <= 5)))
  constraint skill_declarations_org_id_declared_by_fkey FOREIGN KEY (org_id, declared_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (declared_by)
  constraint skill_declarations_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id) ON DELETE CASCADE
  constraint skill_declarations_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint skill_declarations_org_id_user_id_skill_id_kind_key UNIQUE (org_id, user_id, skill_id, kind)
  constraint skill_declarations_pkey PRIMARY KEY (org_id, id)
  policy add for insert with check (docent.writes_progress_of(user_id, department_id) AND ((kind = 'self'::text) = (NOT (user_id IS DISTINCT FROM docent.caller_id()))))
  policy change for update using (docent.writes_progress_of(user_id, department_id) AND (docent.acts_as(VARIADIC ARRAY['worker'::text]) OR ((kind = 'self'::text) = (NOT (user_id IS DISTINCT FROM docent.caller_id()))))) with check (docent.writes_progress_of(user_id, department_id) AND (docent.acts_as(VARIADIC ARRAY['worker'::text]) OR ((kind = 'self'::text) = (NOT (user_id IS DISTINCT FROM docent.caller_id())))))
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text)))
  policy read_own for select using (user_id = ( SELECT docent.caller_id() AS caller_id))
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy remove for delete using (docent.writes_progress_of(user_id, department_id) AND (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR ((kind = 'self'::text) = (NOT (user_id IS DISTINCT FROM docent.caller_id())))))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.skill_declarations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill_declaration', '{id}', '{note}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.skill_declarations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill_declaration', '{id}', '{note}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.skill_declarations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill_declaration', '{id}', '{note}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.skill_declarations FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER touch_learners_delete AFTER DELETE ON docent.skill_declarations REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_learners()
  CREATE TRIGGER touch_learners_insert AFTER INSERT ON docent.skill_declarations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_learners()
  CREATE TRIGGER touch_learners_update AFTER UPDATE ON docent.skill_declarations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_learners()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.skill_declarations FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.skill_difficulty row level security forced
  org_id uuid not null
  skill_id uuid not null
  value double precision not null
  answers integer not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint skill_difficulty_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id) ON DELETE CASCADE
  constraint skill_difficulty_pkey PRIMARY KEY (org_id, skill_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.skill_difficulty FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
view docent.skill_levels with (security_invoker=true)
  org_id uuid
  user_id uuid
  department_id uuid
  skill_id uuid
  answers integer
  points double precision
  enough boolean
  mastery double precision
  retention double precision
  effective_mastery double precision
  level double precision
  last_answered_at timestamp with time zone
 SELECT m.org_id,
    m.user_id,
    m.department_id,
    m.skill_id,
    m.answers,
    m.points,
    m.answers >= 5 AS enough,
    e.mastery,
    e.retention,
    e.mastery * e.retention AS effective_mastery,
    1::double precision + 4::double precision * e.mastery AS level,
    m.last_answered_at
   FROM docent.skill_mastery m
     JOIN docent.user_mastery u ON u.org_id = m.org_id AND u.user_id = m.user_id
     LEFT JOIN docent.skill_difficulty d ON d.org_id = m.org_id AND d.skill_id = m.skill_id
     CROSS JOIN LATERAL ( SELECT docent.mastery(u.theta, m.theta, COALESCE(d.value, 0::double precision)) AS mastery,
            docent.retention(m.stability, m.last_answered_at, now()) AS retention) e;
  grant select to docent_app
table docent.skill_mastery row level security forced
  org_id uuid not null
  user_id uuid not null
  skill_id uuid not null
  department_id uuid
  theta double precision not null
  answers integer not null
  points double precision not null
  stability double precision not null
  difficulty double precision not null
  last_answered_at timestamp with time zone not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint skill_mastery_answers_check CHECK ((answers >= 0))
  constraint skill_mastery_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id) ON DELETE CASCADE
  constraint skill_mastery_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint skill_mastery_pkey PRIMARY KEY (org_id, user_id, skill_id)
  constraint skill_mastery_stability_check CHECK ((stability > (0)::double precision))
  CREATE INDEX skill_mastery_department ON docent.skill_mastery USING btree (org_id, department_id, skill_id)
  CREATE INDEX skill_mastery_skill ON docent.skill_mastery USING btree (org_id, skill_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text)))
  policy read_own for select using (user_id = docent.caller_id())
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.skill_mastery FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.skill_mastery FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.skill_targets row level security forced
  org_id uuid not null
  id uuid not null
  job_role text
  department_id uuid
  skill_id uuid not null
  level integer not null
  importance double precision not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint skill_targets_check CHECK ((num_nonnulls(job_role, department_id) >= 1))
  constraint skill_targets_importance_check CHECK (((importance > (0)::double precision) AND (importance <= (1)::double precision)))
  constraint skill_targets_level_check CHECK (((level >= 1) AND (level <= 5)))
  constraint skill_targets_org_id_department_id_fkey FOREIGN KEY (org_id, department_id) REFERENCES docent.departments(org_id, id) ON DELETE CASCADE
  constraint skill_targets_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint skill_targets_org_id_skill_id_fkey FOREIGN KEY (org_id, skill_id) REFERENCES docent.skills(org_id, id) ON DELETE CASCADE
  constraint skill_targets_pkey PRIMARY KEY (org_id, id)
  CREATE UNIQUE INDEX skill_targets_once ON docent.skill_targets USING btree (org_id, skill_id, department_id, lower(job_role)) NULLS NOT DISTINCT
  policy add for insert with check ( SELECT docent.edits_learning() AS edits_learning)
  policy change for update using ( SELECT docent.edits_learning() AS edits_learning) with check ( SELECT docent.edits_learning() AS edits_learning)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as)
  policy remove for delete using ( SELECT docent.edits_learning() AS edits_learning)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.skill_targets REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill_target', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.skill_targets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill_target', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.skill_targets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill_target', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_catalogue_delete AFTER DELETE ON docent.skill_targets REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_insert AFTER INSERT ON docent.skill_targets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_update AFTER UPDATE ON docent.skill_targets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.skill_targets FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.skills row level security forced
  org_id uuid not null
  id uuid not null
  name text not null
  description text not null default ''::text
  category text not null default ''::text
  level integer not null default 1
  scheme text not null default 'custom'::text
  external_uri text
  status text not null default 'published'::text
  metadata jsonb not null default '{}'::jsonb
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint skills_level_check CHECK (((level >= 1) AND (level <= 5)))
  constraint skills_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint skills_org_id_external_uri_key UNIQUE (org_id, external_uri)
  constraint skills_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint skills_pkey PRIMARY KEY (org_id, id)
  constraint skills_scheme_check CHECK ((scheme = ANY (ARRAY['esco'::text, 'onet'::text, 'lightcast'::text, 'custom'::text])))
  constraint skills_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text])))
  CREATE UNIQUE INDEX skills_name ON docent.skills USING btree (org_id, lower(name))
  policy add for insert with check ( SELECT docent.edits_learning() AS edits_learning)
  policy change for update using ( SELECT docent.edits_learning() AS edits_learning) with check ( SELECT docent.edits_learning() AS edits_learning)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((( SELECT docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]) AS acts_as) AND (status <> 'draft'::text)) OR ( SELECT docent.edits_learning() AS edits_learning))
  policy remove for delete using ( SELECT docent.edits_learning() AS edits_learning)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.skills REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.skills REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.skills REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('skill', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_catalogue_delete AFTER DELETE ON docent.skills REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_insert AFTER INSERT ON docent.skills REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_catalogue_update AFTER UPDATE ON docent.skills REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION docent.touch_catalogue()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.skills FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.term_df row level security forced
  org_id uuid not null
  config text not null
  lexeme text not null
  df integer not null
  constraint term_df_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint term_df_pkey PRIMARY KEY (org_id, config, lexeme) INCLUDE (df)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy write for all using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  grant delete, insert, select, update to docent_app
table docent.token_budgets row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid
  department_id uuid
  max_tokens_per_month bigint not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint token_budgets_check CHECK ((num_nonnulls(user_id, department_id) = 1))
  constraint token_budgets_max_tokens_per_month_check CHECK ((max_tokens_per_month >= 0))
  constraint token_budgets_org_id_department_id_fkey FOREIGN KEY (org_id, department_id) REFERENCES docent.departments(org_id, id) ON DELETE CASCADE
  constraint token_budgets_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint token_budgets_org_id_user_id_department_id_key UNIQUE NULLS NOT DISTINCT (org_id, user_id, department_id)
  constraint token_budgets_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint token_budgets_pkey PRIMARY KEY (org_id, id)
  policy add for insert with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text))
  policy change for update using (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text)) with check (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text))
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using docent.acts_as(VARIADIC ARRAY['admin'::text])
  policy remove for delete using (docent.acts_as(VARIADIC ARRAY['admin'::text]) AND docent.has_scope('directory:write'::text))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.token_budgets REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('budget', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.token_budgets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('budget', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.token_budgets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('budget', '{id}', '{}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.token_budgets FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.token_usage row level security forced
  org_id uuid not null
  month date not null
  user_id uuid not null
  purpose text not null
  department_id uuid
  tokens bigint not null default 0
  calls integer not null default 0
  updated_at timestamp with time zone not null default now()
  constraint token_usage_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
  constraint token_usage_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint token_usage_pkey PRIMARY KEY (org_id, month, user_id, purpose)
  constraint token_usage_purpose_check CHECK ((purpose = ANY (ARRAY['chat'::text, 'embedding'::text])))
  constraint token_usage_tokens_check CHECK ((tokens >= 0))
  CREATE INDEX token_usage_department ON docent.token_usage USING btree (org_id, month, department_id) INCLUDE (tokens)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy read for select using ((user_id = docent.caller_id()) OR docent.acts_as(VARIADIC ARRAY['admin'::text]))
  policy read_own_departments for select using (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) AND (department_id = ANY (docent.caller_departments())))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy write for all using docent.acts_as(VARIADIC ARRAY['worker'::text]) with check docent.acts_as(VARIADIC ARRAY['worker'::text])
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.token_usage FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
view docent.user_learning_dashboard with (security_invoker=true)
  id text
  name text
  email text
  department text
  role text
  total_skills integer
  completed_skills integer
  total_courses integer
  completed_courses integer
  overall_progress double precision
  recent_messages bigint
  recent_progress_updates bigint
  learning_velocity double precision
 SELECT u.id::text AS id,
    u.name,
    u.email,
    d.name AS department,
    u.role,
    a.total_skills,
    a.completed_skills,
    a.total_courses,
    a.completed_courses,
    a.total_progress AS overall_progress,
    (a.recent_activity ->> 'recent_messages'::text)::bigint AS recent_messages,
    (a.recent_activity ->> 'recent_progress'::text)::bigint AS recent_progress_updates,
    COALESCE(a.learning_velocity, 0::double precision) AS learning_velocity
   FROM docent.users u
     LEFT JOIN docent.departments d ON d.org_id = u.org_id AND d.id = u.department_id
     CROSS JOIN LATERAL docent.get_user_learning_analytics(u.id::text) a(total_skills, completed_skills, total_courses, completed_courses, total_progress, recent_activity, skill_distribution, learning_velocity)
  WHERE u.org_id = docent.caller_org() AND (u.id = docent.caller_id() OR docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('analytics:read'::text, 'organization'::text) OR (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('analytics:read'::text, 'department'::text)) AND (u.department_id = ANY (docent.caller_departments())));
  grant select to docent_app
table docent.user_mastery row level security forced
  org_id uuid not null
  user_id uuid not null
  department_id uuid
  theta double precision not null
  answers integer not null
  last_answered_at timestamp with time zone not null
  last_answer_id uuid not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint user_mastery_answers_check CHECK ((answers >= 0))
  constraint user_mastery_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint user_mastery_pkey PRIMARY KEY (org_id, user_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('progress:read'::text, 'organization'::text)))
  policy read_own for select using (user_id = docent.caller_id())
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('progress:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  policy work for all using ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as) with check ( SELECT docent.acts_as(VARIADIC ARRAY['worker'::text]) AS acts_as)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.user_mastery FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.user_mastery FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
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
  visibility text not null default 'organization'::text
  job_title text
  external_id text
  user_name text
  given_name text
  family_name text
  manager_id uuid
  manager_ref text
  deleted_at timestamp with time zone
  email_key text not null generated always as (lower(email)) stored
  user_name_key text not null generated always as (lower(COALESCE(user_name, email))) stored
  constraint users_deleted CHECK (((deleted_at IS NULL) OR (status = 'deactivated'::text)))
  constraint users_manager FOREIGN KEY (org_id, manager_id) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (manager_id)
  constraint users_not_own_manager CHECK ((manager_id <> id))
  constraint users_org_id_department_id_fkey FOREIGN KEY (org_id, department_id) REFERENCES docent.departments(org_id, id) ON DELETE SET NULL (department_id)
  constraint users_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint users_pkey PRIMARY KEY (org_id, id)
  constraint users_role_check CHECK ((role = ANY (ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text])))
  constraint users_status_check CHECK ((status = ANY (ARRAY['active'::text, 'deactivated'::text])))
  constraint users_visibility_check CHECK ((visibility = ANY (ARRAY['organization'::text, 'department'::text, 'hidden'::text])))
  CREATE INDEX users_below ON docent.users USING btree (org_id, manager_id) WHERE (manager_id IS NOT NULL)
  CREATE INDEX users_by_name ON docent.users USING btree (org_id, lower(name), id) WHERE (deleted_at IS NULL)
  CREATE INDEX users_department ON docent.users USING btree (org_id, department_id)
  CREATE UNIQUE INDEX users_email ON docent.users USING btree (org_id, email_key) WHERE (deleted_at IS NULL)
  CREATE UNIQUE INDEX users_external_id ON docent.users USING btree (org_id, external_id) WHERE ((deleted_at IS NULL) AND (external_id IS NOT NULL))
  CREATE INDEX users_manager_ref ON docent.users USING btree (org_id, manager_ref) WHERE (manager_ref IS NOT NULL)
  CREATE UNIQUE INDEX users_user_name ON docent.users USING btree (org_id, user_name_key) WHERE (deleted_at IS NULL)
  policy add for insert with check docent.may_change_people()
  policy add_granted for insert with check ((role = 'learner'::text) AND docent.may_change_people_of(department_id))
  policy change for update using docent.may_change_people() with check docent.may_change_people()
  policy change_granted for update using ((role <> 'admin'::text) AND docent.may_change_people_of(department_id)) with check ((role <> 'admin'::text) AND docent.may_change_people_of(department_id))
  policy change_self for update using (id = ( SELECT docent.caller_id() AS caller_id)) with check (id = ( SELECT docent.caller_id() AS caller_id))
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for select using true
  policy read_all for select using ( SELECT (docent.acts_as(VARIADIC ARRAY['admin'::text]) OR docent.granted('directory:read'::text, 'organization'::text)))
  policy read_colleagues for select using ((status = 'active'::text) AND ((visibility = 'organization'::text) OR ((visibility = 'department'::text) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))) AND docent.acts_as(VARIADIC ARRAY['learner'::text, 'trainer'::text, 'hr_manager'::text, 'admin'::text]))
  policy read_own_departments for select using (( SELECT (docent.acts_as(VARIADIC ARRAY['hr_manager'::text]) OR docent.granted('directory:read'::text, 'department'::text))) AND (department_id = ANY (( SELECT docent.caller_departments() AS caller_departments)::uuid[])))
  policy read_self for select using (id = ( SELECT docent.caller_id() AS caller_id))
  policy remove for delete using docent.may_change_people()
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER audit_delete AFTER DELETE ON docent.users REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('user', '{id}', '{email,email_key,name,given_name,family_name,user_name,user_name_key,external_id,manager_ref,learning_profile,preferences}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_insert AFTER INSERT ON docent.users REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('user', '{id}', '{email,email_key,name,given_name,family_name,user_name,user_name_key,external_id,manager_ref,learning_profile,preferences}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER audit_update AFTER UPDATE ON docent.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION docent.audit_changes('user', '{id}', '{email,email_key,name,given_name,family_name,user_name,user_name_key,external_id,manager_ref,learning_profile,preferences}', '{org_id,created_at,updated_at,last_used_at}')
  CREATE TRIGGER guard_users BEFORE UPDATE ON docent.users FOR EACH ROW EXECUTE FUNCTION docent.guard_users()
  CREATE TRIGGER keep_administrator BEFORE UPDATE OF role, status, deleted_at ON docent.users FOR EACH ROW EXECUTE FUNCTION docent.keep_administrator()
  CREATE TRIGGER limit_activated AFTER UPDATE ON docent.users REFERENCING OLD TABLE AS were_people NEW TABLE AS now_people FOR EACH STATEMENT EXECUTE FUNCTION docent.limit_people()
  CREATE TRIGGER limit_added AFTER INSERT ON docent.users REFERENCING NEW TABLE AS now_people FOR EACH STATEMENT EXECUTE FUNCTION docent.limit_people()
  CREATE TRIGGER move_department_assessment_attempts AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.assessment_attempts')
  CREATE TRIGGER move_department_attempt_answers AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.attempt_answers')
  CREATE TRIGGER move_department_learner_states AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.learner_states')
  CREATE TRIGGER move_department_learning_progress AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.learning_progress')
  CREATE TRIGGER move_department_mastery_answers AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.mastery_answers')
  CREATE TRIGGER move_department_progress_events AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.progress_events')
  CREATE TRIGGER move_department_recommendations AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.recommendations')
  CREATE TRIGGER move_department_skill_declarations AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.skill_declarations')
  CREATE TRIGGER move_department_skill_mastery AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.skill_mastery')
  CREATE TRIGGER move_department_user_mastery AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.user_mastery')
  CREATE TRIGGER move_department_xapi_statements AFTER UPDATE OF department_id ON docent.users FOR EACH ROW WHEN ((old.department_id IS DISTINCT FROM new.department_id)) EXECUTE FUNCTION docent.move_department('docent.xapi_statements')
  CREATE TRIGGER touch_updated_at BEFORE UPDATE ON docent.users FOR EACH ROW EXECUTE FUNCTION docent.touch_updated_at()
  grant delete, insert, select, update to docent_app
table docent.xapi_statements row level security forced
  org_id uuid not null
  id uuid not null
  user_id uuid
  department_id uuid
  agent text not null
  verb text not null
  activity text
  registration uuid
  raw jsonb not null
  fingerprint bytea not null
  occurred_at timestamp with time zone not null
  stored timestamp with time zone not null
  voids uuid
  voided_by uuid
  effect text not null
  created_by uuid
  constraint xapi_statements_effect_check CHECK ((effect = ANY (ARRAY['none'::text, 'progress'::text, 'attempt'::text, 'answer'::text, 'unknown_actor'::text, 'unknown_activity'::text, 'not_trusted'::text, 'after_passed'::text])))
  constraint xapi_statements_org_id_created_by_fkey FOREIGN KEY (org_id, created_by) REFERENCES docent.users(org_id, id) ON DELETE SET NULL (created_by)
  constraint xapi_statements_org_id_fkey FOREIGN KEY (org_id) REFERENCES docent.organizations(org_id) ON DELETE CASCADE
  constraint xapi_statements_org_id_user_id_fkey FOREIGN KEY (org_id, user_id) REFERENCES docent.users(org_id, id) ON DELETE CASCADE
  constraint xapi_statements_pkey PRIMARY KEY (org_id, id)
  CREATE INDEX xapi_statements_activity ON docent.xapi_statements USING btree (org_id, activity, stored, id)
  CREATE INDEX xapi_statements_agent ON docent.xapi_statements USING btree (org_id, agent, stored, id)
  CREATE INDEX xapi_statements_registration ON docent.xapi_statements USING btree (org_id, user_id, registration, activity) WHERE (registration IS NOT NULL)
  CREATE INDEX xapi_statements_stored ON docent.xapi_statements USING btree (org_id, stored, id)
  CREATE INDEX xapi_statements_user ON docent.xapi_statements USING btree (org_id, user_id) WHERE (user_id IS NOT NULL)
  CREATE INDEX xapi_statements_voids ON docent.xapi_statements USING btree (org_id, voids) WHERE (voids IS NOT NULL)
  policy add for insert with check docent.writes_progress_of(user_id, department_id)
  policy change for update using docent.writes_progress_of(user_id, department_id) with check docent.writes_progress_of(user_id, department_id)
  policy organization as restrictive for all using (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid) with check (org_id = (NULLIF(current_setting('app.org_id'::text, true), ''::text))::uuid)
  policy owner for all using true with check true
  policy read_all for select using ( SELECT docent.acts_as(VARIADIC ARRAY['admin'::text]) AS acts_as)
  policy read_own for select using (user_id = ( SELECT docent.caller_id() AS caller_id))
  policy read_sent for select using (created_by = ( SELECT docent.caller_id() AS caller_id))
  policy remove for delete using docent.writes_progress_of(user_id, department_id)
  policy signed as restrictive for all using ( SELECT docent.principal_holds() AS principal_holds)
  CREATE TRIGGER fill_department BEFORE INSERT ON docent.xapi_statements FOR EACH ROW WHEN (((new.department_id IS NULL) OR (NOT docent.acts_as(VARIADIC ARRAY['worker'::text])))) EXECUTE FUNCTION docent.fill_department()
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
table docent_private.sessions
  pid integer not null
  server_started timestamp with time zone not null
  inner_pad bytea not null
  outer_pad bytea not null
  constraint sessions_pkey PRIMARY KEY (pid)
CREATE OR REPLACE FUNCTION docent.active_people()
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
  select count(*)::int from docent.users u
  where u.org_id = nullif(current_setting('app.org_id', true), '')::uuid and u.status = 'active'
$function$

grant execute on function docent.active_people() to public
CREATE OR REPLACE FUNCTION docent.acts_as(VARIADIC allowed text[])
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$ begin return coalesce(current_setting('app.role', true) = any (array['worker'] || allowed), false); end $function$

grant execute on function docent.acts_as(VARIADIC allowed text[]) to docent_app
grant execute on function docent.acts_as(VARIADIC allowed text[]) to public
CREATE OR REPLACE PROCEDURE docent.audit(IN t regclass, IN kind text, IN masked text[] DEFAULT '{}'::text[], IN ignored text[] DEFAULT '{}'::text[])
 LANGUAGE plpgsql
AS $procedure$
declare
  keys text[];
  called text;
begin
  select array_agg(a.attname order by k.place)
  into keys
  from pg_index x
  cross join lateral unnest(x.indkey::int2[]) with ordinality k (attnum, place)
  join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum
  where x.indrelid = t and x.indisprimary;
  if keys[1] is distinct from 'org_id' then
    raise exception '% needs a primary key that begins with org_id', t;
  end if;
  if cardinality(keys) > 1 then keys := keys[2:]; end if;
  called := format('execute function docent.audit_changes(%L, %L, %L, %L)', kind, keys, masked,
    ignored || '{org_id,created_at,updated_at,last_used_at}'::text[]);
  execute format('create or replace trigger audit_insert after insert on %s
    referencing new table as new_rows for each statement %s', t, called);
  execute format('create or replace trigger audit_update after update on %s
    referencing old table as old_rows new table as new_rows for each statement %s', t, called);
  execute format('create or replace trigger audit_delete after delete on %s
    referencing old table as old_rows for each statement %s', t, called);
end $procedure$

CREATE OR REPLACE FUNCTION docent.audit_actor()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when current_setting('app.role', true) = 'worker' then 'system:worker'
    when coalesce(current_setting('app.api_key_id', true), '') <> ''
      then 'key:' || current_setting('app.api_key_id', true)
    when coalesce(current_setting('app.user_id', true), '') <> ''
      then 'user:' || current_setting('app.user_id', true)
    else 'system:' || session_user end
$function$

grant execute on function docent.audit_actor() to public
CREATE OR REPLACE FUNCTION docent.audit_chain()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  head docent.audit_heads;
  first_seq bigint;
  hashes bytea[] := '{}';
  moment timestamptz;
  beginning text;
  middle text;
  rest text;
begin
  perform from docent.audit_pending p
  where p.org_id = new.org_id and p.transaction = new.transaction and p.statement = new.statement
    and p.position = new.position;
  if not found then return null; end if;

  insert into docent.audit_heads values (new.org_id, 0, '') on conflict do nothing;
  select h.* into head from docent.audit_heads h where h.org_id = new.org_id for update;
  first_seq := head.seq + 1;
  moment := clock_timestamp();
  beginning := docent.audit_field(new.org_id::text);
  middle := docent.audit_field(to_char(moment at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
  for rest in
    select docent.audit_field(p.actor) || docent.audit_field(p.action) || docent.audit_field(p.target_kind)
      || docent.audit_field(p.target_id) || docent.audit_field(p.changes::text)
      || docent.audit_field(p.details::text) || docent.audit_field(p.request_id)
      || docent.audit_field(p.ip) || docent.audit_field(p.user_agent)
    from docent.audit_pending p
    where p.org_id = new.org_id and p.transaction = new.transaction
    order by p.statement, p.position
  loop
    head.seq := head.seq + 1;
    head.hash := sha256(head.hash
      || convert_to(beginning || docent.audit_field(head.seq::text) || middle || rest, 'UTF8'));
    hashes := array_append(hashes, head.hash);
  end loop;

  insert into docent.audit_log
  select e.org_id, first_seq + e.place - 1, moment, e.actor, e.action, e.target_kind, e.target_id, e.changes,
    e.details, e.request_id, e.ip, e.user_agent, hashes[e.place]
  from (
    select p.*, row_number() over (order by p.statement, p.position) as place
    from docent.audit_pending p
    where p.org_id = new.org_id and p.transaction = new.transaction
  ) e;
  delete from docent.audit_pending p where p.org_id = new.org_id and p.transaction = new.transaction;
  update docent.audit_heads h set seq = head.seq, hash = head.hash where h.org_id = new.org_id;
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.audit_changes()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  keys text[] := tg_argv[1];
  masked text[] := tg_argv[2];
  ignored text[] := tg_argv[3];
  number bigint := nextval('docent.audit_statements');
  who text := docent.audit_actor();
  from_request text := nullif(current_setting('app.request_id', true), '');
  from_ip text := nullif(current_setting('app.ip', true), '');
  from_agent text := nullif(current_setting('app.user_agent', true), '');
begin
  -- Settings that the statement itself changed must not name somebody else as its author.
  perform docent.principal_holds();
  -- A table that the statement does not have is not looked for: each branch is planned when it is reached.
  if tg_op = 'INSERT' then
    insert into docent.audit_pending
    select (n.row ->> 'org_id')::uuid, pg_current_xact_id(), number,
      row_number() over (partition by n.row ->> 'org_id'), who, tg_argv[0] || '.created', tg_argv[0],
      array_to_string(array(select n.row ->> k from unnest(keys) k), '/'),
      docent.audit_diff(null, n.row, masked, ignored), '{}', from_request, from_ip, from_agent
    from (select to_jsonb(r) as row from new_rows r) n;
  elsif tg_op = 'DELETE' then
    insert into docent.audit_pending
    select (o.row ->> 'org_id')::uuid, pg_current_xact_id(), number,
      row_number() over (partition by o.row ->> 'org_id'), who, tg_argv[0] || '.deleted', tg_argv[0],
      array_to_string(array(select o.row ->> k from unnest(keys) k), '/'),
      docent.audit_diff(o.row, null, masked, ignored), '{}', from_request, from_ip, from_agent
    from (select to_jsonb(r) as row from old_rows r) o;
  else
    -- A row whose key changed is one deleted and one created.
    insert into docent.audit_pending
    select c.org, pg_current_xact_id(), number, row_number() over (partition by c.org), who,
      tg_argv[0] || case
        when c.old is null then '.created'
        when c.new is null or c.old ->> 'deleted_at' is null and c.new ->> 'deleted_at' is not null then '.deleted'
        else '.updated'
      end,
      tg_argv[0], c.id, c.changes, '{}', from_request, from_ip, from_agent
    from (
      select org, id, o.row as old, n.row as new, docent.audit_diff(o.row, n.row, masked, ignored) as changes
      from (
        select (to_jsonb(r) ->> 'org_id')::uuid as org,
          array_to_string(array(select to_jsonb(r) ->> k from unnest(keys) k), '/') as id, to_jsonb(r) as row
        from old_rows r
      ) o
      full join (
        select (to_jsonb(r) ->> 'org_id')::uuid as org,
          array_to_string(array(select to_jsonb(r) ->> k from unnest(keys) k), '/') as id, to_jsonb(r) as row
        from new_rows r
      ) n using (org, id)
    ) c
    where c.changes <> '{}';
  end if;
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.audit_completion()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform docent.record_action(new.org_id,
    case when new.completed_at is null then 'learning_progress.completion_undone'
      else 'learning_progress.completed' end,
    'learning_progress', new.id::text,
    jsonb_strip_nulls(jsonb_build_object('user_id', new.user_id, 'skill_id', new.skill_id,
      'course_id', new.course_id, 'completed_at', new.completed_at, 'source', new.source)));
  return null;
end $function$

grant execute on function docent.audit_completion() to public
CREATE OR REPLACE FUNCTION docent.audit_diff(old jsonb, new jsonb, masked text[], ignored text[])
 RETURNS jsonb
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  return (
    select coalesce(jsonb_object_agg(c.field, case
      when old is null then jsonb_build_object('new', c.now)
      when new is null then jsonb_build_object('old', c.was)
      else jsonb_build_object('old', c.was, 'new', c.now) end), '{}')
    from (
      select f.field,
        case when w.value = 'null' or w.value is null then w.value
          when f.field = any (masked) then '"***"'
          when pg_column_size(w.value) > 4000 then docent.audit_digest(w.value)
          else w.value end as was,
        case when n.value = 'null' or n.value is null then n.value
          when f.field = any (masked) then '"***"'
          when pg_column_size(n.value) > 4000 then docent.audit_digest(n.value)
          else n.value end as now
      from jsonb_object_keys(coalesce(new, old)) f (field)
      cross join lateral (select old -> f.field) w (value)
      cross join lateral (select new -> f.field) n (value)
      where f.field <> all (ignored)
        and coalesce(w.value, 'null') <> coalesce(n.value, 'null')
    ) c);
end $function$

grant execute on function docent.audit_diff(old jsonb, new jsonb, masked text[], ignored text[]) to public
CREATE OR REPLACE FUNCTION docent.audit_digest(value jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select jsonb_build_object('bytes', octet_length(value::text),
    'sha256', encode(sha256(convert_to(value::text, 'UTF8')), 'hex'))
$function$

grant execute on function docent.audit_digest(value jsonb) to public
CREATE OR REPLACE FUNCTION docent.audit_field(value text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select coalesce(octet_length(value)::text || ':' || value, '-') || ',' $function$

grant execute on function docent.audit_field(value text) to public
CREATE OR REPLACE FUNCTION docent.begin_as(signature bytea, said text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v text[] := string_to_array(said, e'\x1f');
  bytes bytea := convert_to(said, 'UTF8');
  i bytea;
  o bytea;
  made text;
begin
  select s.inner_pad, s.outer_pad into i, o from docent_private.sessions s where s.pid = pg_backend_pid();
  if cardinality(v) <> 12 or signature is distinct from sha256(o || sha256(i || bytes)) then
    raise exception 'the signature of the principal is wrong' using errcode = '42501';
  end if;
  made := concat(
    set_config('app.org_id', v[1], true), set_config('app.user_id', v[2], true),
    set_config('app.role', v[3], true), set_config('app.department_ids', v[4], true),
    set_config('app.department_path', v[5], true), set_config('app.scopes', v[6], true),
    set_config('app.grants', v[7], true), set_config('app.api_key_id', v[8], true),
    set_config('app.issuer', v[9], true), set_config('app.request_id', v[10], true),
    set_config('app.ip', v[11], true), set_config('app.user_agent', v[12], true),
    set_config('app.seal', encode(sha256(o || sha256(i || timestamptz_send(now()) || bytes)), 'hex'), true));
end $function$

grant execute on function docent.begin_as(signature bytea, said text) to docent_app
grant execute on function docent.begin_as(signature bytea, said text) to public
CREATE OR REPLACE FUNCTION docent.bm25_query(org uuid, question text, budget integer DEFAULT 6000)
 RETURNS TABLE(config text, candidates tsquery, weights public.sparsevec, reach double precision, terms jsonb)
 LANGUAGE plpgsql
 STABLE ROWS 2
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
$function$

grant execute on function docent.bm25_vec(config text, v tsvector) to docent_app
grant execute on function docent.bm25_vec(config text, v tsvector) to public
CREATE OR REPLACE FUNCTION docent.caller_department_path()
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$ begin return coalesce(nullif(current_setting('app.department_path', true), ''), '{}')::uuid[]; end $function$

grant execute on function docent.caller_department_path() to docent_app
grant execute on function docent.caller_department_path() to public
CREATE OR REPLACE FUNCTION docent.caller_departments()
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$ begin return coalesce(nullif(current_setting('app.department_ids', true), ''), '{}')::uuid[]; end $function$

grant execute on function docent.caller_departments() to docent_app
grant execute on function docent.caller_departments() to public
CREATE OR REPLACE FUNCTION docent.caller_id()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$ begin return nullif(current_setting('app.user_id', true), '')::uuid; end $function$

grant execute on function docent.caller_id() to docent_app
grant execute on function docent.caller_id() to public
CREATE OR REPLACE FUNCTION docent.caller_org()
 RETURNS uuid
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$ begin return nullif(current_setting('app.org_id', true), '')::uuid; end $function$

grant execute on function docent.caller_org() to docent_app
grant execute on function docent.caller_org() to public
CREATE OR REPLACE FUNCTION docent.caller_tokens()
 RETURNS text[]
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return array['u:' || docent.caller_id()::text, 'r:' || current_setting('app.role', true)]
    || string_to_array('d:' || nullif(array_to_string(
      docent.caller_departments() || docent.caller_department_path(), ',d:'), ''), ',')
    || case when docent.has_scope('content:write') and docent.granted('content:write', 'organization')
      then array['w'] end
    || case when docent.has_scope('content:write') and docent.granted('content:write', 'department')
      then string_to_array('w:' || nullif(array_to_string(docent.caller_departments(), ',w:'), ''), ',') end;
end $function$

grant execute on function docent.caller_tokens() to docent_app
grant execute on function docent.caller_tokens() to public
CREATE OR REPLACE FUNCTION docent.compound_words(config text, body text)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE STRICT
AS $function$
  select string_agg(docent.quote_lexeme('-' || docent.fold(u.lexeme)) || ':' || array_to_string(u.positions, ','), ' ')
  from unnest(to_tsvector(config::regconfig, (select string_agg(joined, ' ') from docent.compounds(body)))) u
$function$

grant execute on function docent.compound_words(config text, body text) to public
CREATE OR REPLACE FUNCTION docent.compounds(body text)
 RETURNS TABLE(written text, joined text)
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT ROWS 3
AS $function$
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
end $function$

grant execute on function docent.compounds(body text) to public
CREATE OR REPLACE FUNCTION docent.edits_evaluations()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select (docent.acts_as('trainer', 'admin') or docent.granted('evaluations:write', 'organization'))
    and docent.has_scope('evaluations:write')
$function$

grant execute on function docent.edits_evaluations() to docent_app
grant execute on function docent.edits_evaluations() to public
CREATE OR REPLACE FUNCTION docent.edits_learning()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return (docent.acts_as('trainer', 'admin') or docent.granted('learning:write', 'organization'))
    and docent.has_scope('learning:write');
end $function$

grant execute on function docent.edits_learning() to docent_app
grant execute on function docent.edits_learning() to public
CREATE OR REPLACE FUNCTION docent.ensure_audit_partitions(months_ahead integer DEFAULT 3)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
 SET lock_timeout TO '2s'
AS $function$
declare
  made int := 0;
  first_day timestamp;
  part text;
begin
  if months_ahead not between 0 and 24 then
    raise exception 'months_ahead must be 0 to 24, got %', months_ahead using errcode = '22023';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('docent.audit_partitions', 0));
  for first_day in
    select date_trunc('month', now() at time zone 'utc') + n * interval '1 month'
    from generate_series(0, months_ahead) n
  loop
    part := 'log_' || to_char(first_day, 'YYYY_MM');
    continue when to_regclass('docent_audit.' || part) is not null;
    continue when exists (
      select from docent_audit.log_default d
      where d.at >= first_day at time zone 'utc'
        and d.at < (first_day + interval '1 month') at time zone 'utc');
    execute format('create table docent_audit.%I partition of docent.audit_log for values from (%L) to (%L)',
      part, first_day at time zone 'utc', (first_day + interval '1 month') at time zone 'utc');
    perform docent.protect_audit_partition(part);
    made := made + 1;
  end loop;
  return made;
exception when lock_not_available then
  return made;
end $function$

grant execute on function docent.ensure_audit_partitions(months_ahead integer) to docent_app
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
  execute format('create policy signed on %s as restrictive using ((select docent.principal_holds()))', t);
  execute format('grant select, insert, update, delete on %s to docent_app', t);
  if exists (select from pg_attribute where attrelid = t and attname = 'updated_at' and not attisdropped) then
    execute format('create trigger touch_updated_at before update on %s
      for each row execute function docent.touch_updated_at()', t);
  end if;
end $procedure$

CREATE OR REPLACE FUNCTION docent.field_words(config text, title text, headings text, body text)
 RETURNS tsvector
 LANGUAGE sql
 STABLE PARALLEL SAFE STRICT
AS $function$
  select setweight(docent.words(config, title), 'A') || setweight(docent.words(config, headings), 'B')
    || docent.words(config, body)
$function$

grant execute on function docent.field_words(config text, title text, headings text, body text) to public
CREATE OR REPLACE FUNCTION docent.fill_department()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  new.department_id := (select u.department_id from docent.users u where u.org_id = new.org_id and u.id = new.user_id);
  return new;
end $function$

CREATE OR REPLACE FUNCTION docent.fill_draft()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  new.draft := exists (
    select from docent.assessments a
    where a.org_id = new.org_id and a.id = new.assessment_id and a.status = 'draft');
  return new;
end $function$

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
CREATE OR REPLACE PROCEDURE docent.follow_department(IN t regclass)
 LANGUAGE plpgsql
AS $procedure$
declare tail constant text := split_part(t::text, '.', 2);
begin
  execute format('create trigger fill_department before insert on %s for each row
    when (new.department_id is null or not docent.acts_as(''worker''))
    execute function docent.fill_department()', t);
  execute format('create trigger %I after update of department_id on docent.users for each row
    when (old.department_id is distinct from new.department_id)
    execute function docent.move_department(%L)', 'move_department_' || tail, t::text);
  execute format('create policy owner on %s to current_user using (true) with check (true)', t);
end $procedure$

CREATE OR REPLACE FUNCTION docent.generate_recommendations(user_id_param text, limit_count integer DEFAULT 10)
 RETURNS TABLE(id text, type text, title text, description text, score double precision, reason text)
 LANGUAGE sql
 STABLE
AS $function$
  with me as (
    select u.org_id as org, u.id as person, coalesce(s.profiling, true) as profiling, m.generation, m.settings
    from docent.users u
    left join docent.learner_states s on s.org_id = u.org_id and s.user_id = u.id
    left join docent.recommend_models m on m.org_id = u.org_id
    where u.org_id = docent.caller_org() and u.id = user_id_param::uuid
  ),
  gaps as (
    select g.skill_id, g.gap, g.importance * g.gap as need
    from me
    cross join lateral docent.skill_gaps(me.org, me.person) g
    where me.profiling and g.gap > 0
  ),
  liked as (
    select t.item_id, t.taste
    from me
    cross join (values ('course'), ('skill')) k (kind)
    cross join lateral (
      select array_agg(h.item_id order by h.back) as items, array_agg(h.weight order by h.back) as weights
      from docent.learner_history(me.org, me.person, k.kind, (me.settings ->> 'decay')::float8) h
    ) h
    cross join lateral docent.recommend_taste(me.org, me.generation, h.items, h.weights,
      (me.settings ->> 'next')::float8, (me.settings ->> 'together')::float8, (me.settings ->> 'similar')::float8,
      (me.settings ->> 'linear')::float8) t
    where me.profiling
  ),
  popular as (
    select p.item_id, p.score / max(p.score) over () as popularity
    from me
    join docent.recommend_popularity p on p.org_id = me.org and p.generation = me.generation
      and p.department_id = '00000000-0000-0000-0000-000000000000'
  ),
  needed as (
    select e.from_id as item_id, sum(g.need * e.weight) / (select sum(need) from gaps) as need
    from me
    join docent.learning_edges e
      on e.org_id = me.org and e.type = 'teaches' and e.from_kind = 'course' and e.status = 'confirmed'
    join gaps g on g.skill_id = e.to_id
    group by e.from_id
    union all
    select g.skill_id, g.need / (select max(need) from gaps)
    from gaps g
  ),
  items as (
    select s.id, 'skill' as type, s.name as title, s.description
    from me
    join docent.skills s on s.org_id = me.org and s.status = 'published'
    union all
    select c.id, 'course', c.title, c.description
    from me
    join docent.courses c on c.org_id = me.org and c.status = 'published'
  )
  select i.id::text, i.type, i.title, i.description,
    0.45 * coalesce(l.taste, 0) + 0.35 * least(coalesce(n.need, 0), 1) + 0.20 * coalesce(p.popularity, 0),
    case
      when coalesce(0.35 * n.need, 0) >= 0.45 * coalesce(l.taste, 0) and n.need > 0 then 'Closes a gap to the targets of your job'
      when l.taste > 0 then 'Follows from what you learned before'
      else 'Popular in your organization'
    end
  from items i
  left join liked l on l.item_id = i.id
  left join needed n on n.item_id = i.id
  left join popular p on p.item_id = i.id
  where coalesce(l.taste, n.need, p.popularity) > 0
    and not exists (
      select from me join docent.learning_progress g on g.org_id = me.org and g.user_id = me.person
      where coalesce(g.course_id, g.skill_id) = i.id and g.status <> 'assigned')
    and not exists (
      select from me join docent.recommendations r on r.org_id = me.org and r.user_id = me.person
      where r.item_id = i.id and r.dismissed_at is not null)
  order by 5 desc, 3
  limit limit_count
$function$

grant execute on function docent.generate_recommendations(user_id_param text, limit_count integer) to docent_app
grant execute on function docent.generate_recommendations(user_id_param text, limit_count integer) to public
CREATE OR REPLACE FUNCTION docent.get_user_learning_analytics(user_id_param text)
 RETURNS TABLE(total_skills integer, completed_skills integer, total_courses integer, completed_courses integer, total_progress double precision, recent_activity jsonb, skill_distribution jsonb, learning_velocity double precision)
 LANGUAGE sql
 STABLE
AS $function$
  with known as (
    select m.skill_id
    from docent.skill_mastery m
    where m.org_id = docent.caller_org() and m.user_id = user_id_param::uuid and m.answers > 0
    union
    select d.skill_id
    from docent.skill_declarations d
    where d.org_id = docent.caller_org() and d.user_id = user_id_param::uuid
    union
    select l.skill_id
    from docent.learning_progress l
    where l.org_id = docent.caller_org() and l.user_id = user_id_param::uuid and l.skill_id is not null
      and l.status <> 'assigned'
  )
  select (select count(*)::int from known), count(p.skill_id) filter (where p.completed_at is not null)::int,
    count(p.course_id)::int, count(p.course_id) filter (where p.completed_at is not null)::int,
    coalesce(avg(p.progress), 0),
    jsonb_build_object(
      'recent_messages', (
        select count(*) from docent.analytics_events e
        where e.org_id = docent.caller_org() and e.user_id = user_id_param::uuid
          and e.event_type = 'chat_message' and e.created_at > now() - interval '7 days'),
      'recent_progress', count(*) filter (where p.occurred_at > now() - interval '7 days'),
      'recent_recommendations', (
        select count(*) from docent.recommendations r
        where r.org_id = docent.caller_org() and r.user_id = user_id_param::uuid
          and r.created_at > now() - interval '7 days')),
    (
      select jsonb_object_agg(c.category, c.skills)
      from (
        select s.category, count(*) as skills
        from known k
        join docent.skills s on s.org_id = docent.caller_org() and s.id = k.skill_id
        group by s.category
      ) c
    ),
    avg(extract(epoch from p.completed_at - p.started_at)::float8 / 3600)
      filter (where p.completed_at > now() - interval '30 days' and p.completed_at >= p.started_at)
  from docent.learning_progress p
  where p.org_id = docent.caller_org() and p.user_id = user_id_param::uuid
$function$

grant execute on function docent.get_user_learning_analytics(user_id_param text) to docent_app
grant execute on function docent.get_user_learning_analytics(user_id_param text) to public
CREATE OR REPLACE FUNCTION docent.granted(wanted text, extent text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return coalesce(string_to_array(current_setting('app.grants', true), ' ') && case extent
    when 'own' then array[wanted || '=own', wanted || '=department', wanted || '=organization']
    when 'department' then array[wanted || '=department', wanted || '=organization']
    else array[wanted || '=organization'] end, false);
end $function$

grant execute on function docent.granted(wanted text, extent text) to docent_app
grant execute on function docent.granted(wanted text, extent text) to public
CREATE OR REPLACE FUNCTION docent.guard_organization()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (new.org_id, new.parent_id, new.path) is distinct from (old.org_id, old.parent_id, old.path) then
    raise exception 'an organization keeps its place' using errcode = '42501';
  end if;
  if not docent.acts_as('worker')
    and (new.status, new.max_users, new.max_storage_bytes, new.max_tokens_per_month)
      is distinct from (old.status, old.max_users, old.max_storage_bytes, old.max_tokens_per_month)
  then
    raise exception 'status and limits of an organization are set from above' using errcode = '42501';
  end if;
  return new;
end $function$

grant execute on function docent.guard_organization() to public
CREATE OR REPLACE FUNCTION docent.guard_users()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  -- Generated columns are still empty before the row is written.
  own constant text[] := array['preferences', 'learning_profile', 'visibility', 'updated_at', 'email_key',
    'user_name_key'];
begin
  -- An update that PostgreSQL itself makes (on delete set null) runs as the owner of the table.
  if docent.may_change_people() or current_user <> 'docent_app' then return new; end if;
  if docent.caller_id() in (old.id, new.id) and to_jsonb(new) - own <> to_jsonb(old) - own then
    raise exception 'row-level security: of themselves people change only %', array_to_string(own[1:3], ', ')
      using errcode = '42501';
  end if;
  if new.role <> old.role then
    raise exception 'row-level security: only an admin changes a role' using errcode = '42501';
  end if;
  return new;
end $function$

grant execute on function docent.guard_users() to public
CREATE OR REPLACE FUNCTION docent.has_scope(wanted text)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return coalesce(string_to_array(current_setting('app.scopes', true), ' ') && array['*', wanted], false);
end $function$

grant execute on function docent.has_scope(wanted text) to docent_app
grant execute on function docent.has_scope(wanted text) to public
CREATE OR REPLACE FUNCTION docent.has_scopes(wanted text[])
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return docent.has_scope('*')
    or coalesce(wanted <@ string_to_array(current_setting('app.scopes', true), ' '), false);
end $function$

grant execute on function docent.has_scopes(wanted text[]) to docent_app
grant execute on function docent.has_scopes(wanted text[]) to public
CREATE OR REPLACE FUNCTION docent.inherit_owner()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  select c.created_by, c.department_id into new.owner_id, new.department_id
    from docent.content c
    where c.org_id = new.org_id and c.id = new.content_id;
  return new;
end $function$

grant execute on function docent.inherit_owner() to public
CREATE OR REPLACE FUNCTION docent.inherit_rights()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  select c.readers, c.created_by, c.department_id
    into new.readers, new.owner_id, new.department_id
    from docent.content c
    where c.org_id = new.org_id and c.id = new.content_id;
  if not found then new.readers := '{}'; end if;
  return new;
end $function$

grant execute on function docent.inherit_rights() to public
CREATE OR REPLACE FUNCTION docent.keep_administrator()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.role = 'admin' and old.status = 'active' and (new.role, new.status) is distinct from ('admin', 'active')
  then
    perform pg_advisory_xact_lock(hashtextextended('docent.people:' || new.org_id, 0));
    if not exists (select from docent.users u
      where u.org_id = new.org_id and u.id <> new.id and u.role = 'admin' and u.status = 'active')
    then
      raise exception 'the last active administrator stays'
        using errcode = '23514', constraint = 'users_last_administrator', table = 'users';
    end if;
  end if;
  return new;
end $function$

grant execute on function docent.keep_administrator() to public
CREATE OR REPLACE FUNCTION docent.known_statements(ids uuid[])
 RETURNS TABLE(id uuid, verb text, fingerprint text, voids uuid, voided_by uuid, created_by uuid, user_id uuid, department_id uuid, activity text, registration uuid, sender_role text, sender_departments uuid[], sender_grants jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
  with known as (
    select s.*
    from docent.xapi_statements s
    where s.org_id = docent.caller_org() and s.id = any (ids)
    union
    select s.*
    from docent.xapi_statements s
    where s.org_id = docent.caller_org() and s.voids = any (ids)
  )
  select k.id, k.verb, encode(k.fingerprint, 'hex'), k.voids, k.voided_by, k.created_by, k.user_id, k.department_id,
    k.activity, k.registration, u.role,
    array(
      select d.id
      from docent.departments d
      where d.org_id = u.org_id
        and (d.id = u.department_id or u.role = 'hr_manager' and d.path @> array[u.department_id])),
    coalesce((
      select jsonb_agg(jsonb_build_object('scope', g.scope, 'extent', g.extent))
      from docent.grants g
      where g.org_id = u.org_id and g.user_id = u.id and g.revoked_at is null
        and (g.expires_at is null or g.expires_at > now())), '[]')
  from known k
  left join docent.users u
    on k.voids is not null and u.org_id = k.org_id and u.id = k.created_by and u.status = 'active'
    and u.deleted_at is null
  where docent.has_scope('progress:write')
$function$

grant execute on function docent.known_statements(ids uuid[]) to docent_app
grant execute on function docent.known_statements(ids uuid[]) to public
CREATE OR REPLACE FUNCTION docent.learner_history(org uuid, person uuid, of_kind text, decay double precision)
 RETURNS TABLE(item_id uuid, back integer, weight double precision)
 LANGUAGE plpgsql
 STABLE ROWS 20
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  select h.item_id, h.back,
    power(decay, h.back) * case
      when h.status = 'completed' then 1
      when h.status = 'dropped' or h.progress < 10 and h.occurred_at < now() - interval '60 days' then 0.2
      else greatest(h.progress / 100, 0.2) end
  from (
    select coalesce(p.course_id, p.skill_id) as item_id, p.status, p.progress, p.occurred_at,
      row_number() over (order by coalesce(p.started_at, p.completed_at, p.occurred_at) desc, p.id desc)::int - 1 as back
    from docent.learning_progress p
    where p.org_id = org and p.user_id = person and p.status <> 'assigned'
      and (p.course_id is not null) = (of_kind = 'course')
  ) h
  where h.back < 50;
end $function$

grant execute on function docent.learner_history(org uuid, person uuid, of_kind text, decay double precision) to docent_app
grant execute on function docent.learner_history(org uuid, person uuid, of_kind text, decay double precision) to public
CREATE OR REPLACE FUNCTION docent.learner_skills(org uuid, person uuid)
 RETURNS TABLE(skill_id uuid, answers integer, points double precision, mastery double precision, retention double precision, last_answered_at timestamp with time zone, declared integer, confirmed integer, completed_at timestamp with time zone, known double precision)
 LANGUAGE plpgsql
 STABLE ROWS 60
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  select s.skill_id, coalesce(l.answers, 0), coalesce(l.points, 0), l.mastery, l.retention, l.last_answered_at,
    coalesce(s.declared, s.claimed), s.confirmed, s.completed_at,
    case
      when l.enough then l.effective_mastery
      when s.confirmed is not null then (s.confirmed - 1) / 4.0
      when s.completed_at is not null then 1
      else (coalesce(s.declared, s.claimed) - 1) / 4.0
    end
  from (
    select a.skill_id, max(a.declared) as declared, max(a.confirmed) as confirmed, max(a.claimed) as claimed,
      max(a.completed_at) as completed_at
    from (
      select m.skill_id, null::int as declared, null::int as confirmed, null::int as claimed,
        null::timestamptz as completed_at
      from docent.skill_mastery m
      where m.org_id = org and m.user_id = person
      union all
      select d.skill_id, case d.kind when 'self' then d.level end, case d.kind when 'manager' then d.level end,
        null, null
      from docent.skill_declarations d
      where d.org_id = org and d.user_id = person
      union all
      select p.skill_id, null, null, case when c.told and c.at is null then s.level end,
        case when c.told then c.at else p.completed_at end
      from docent.learning_progress p
      left join docent.skills s on s.org_id = org and s.id = p.skill_id
      left join lateral (
        select count(*) > 0 as told,
          min(e.occurred_at) filter (
            where e.status in ('passed', 'waived') or e.created_by is distinct from person) as at
        from docent.progress_events e
        where e.org_id = org and e.user_id = person and e.skill_id = p.skill_id
          and (e.status in ('completed', 'passed', 'waived') or e.progress = 100)
      ) c on p.completed_at is not null
      where p.org_id = org and p.user_id = person and p.skill_id is not null
    ) a
    group by a.skill_id
  ) s
  left join docent.skill_levels l on l.org_id = org and l.user_id = person and l.skill_id = s.skill_id;
end $function$

grant execute on function docent.learner_skills(org uuid, person uuid) to docent_app
grant execute on function docent.learner_skills(org uuid, person uuid) to public
CREATE OR REPLACE FUNCTION docent.lex_dim(config text, lexeme text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select abs(hashtextextended(config || ':' || lexeme, 0) % 999999937)::int + 1 $function$

grant execute on function docent.lex_dim(config text, lexeme text) to docent_app
grant execute on function docent.lex_dim(config text, lexeme text) to public
CREATE OR REPLACE FUNCTION docent.limit_people()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  org uuid := docent.caller_org();
  most int;
begin
  if tg_op = 'INSERT' then
    if not exists (select from now_people n where n.status = 'active') then return null; end if;
  elsif not exists (
    select from now_people n join were_people w on w.org_id = n.org_id and w.id = n.id
    where n.status = 'active' and w.status <> 'active')
  then
    return null;
  end if;
  select o.max_users into most from docent.organizations o where o.org_id = org;
  if most is null then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended('docent.people:' || org, 0));
  if docent.active_people() > most then
    raise exception 'the organization has as many people as it may'
      using errcode = '23514', constraint = 'users_limit', table = 'users';
  end if;
  return null;
end $function$

grant execute on function docent.limit_people() to public
CREATE OR REPLACE FUNCTION docent.mark_mastery_stale()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  insert into docent.learner_states (org_id, user_id, mastery_stale)
    select distinct c.org_id, c.user_id, true
    from changed c
    order by c.org_id, c.user_id
  on conflict (org_id, user_id) do update set version = learner_states.version + 1, mastery_stale = true;
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.mastery(theta double precision, skill_theta double precision, skill_difficulty double precision)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select 1 / (1 + exp(-(theta + 0.5 * skill_theta - skill_difficulty))) $function$

grant execute on function docent.mastery(theta double precision, skill_theta double precision, skill_difficulty double precision) to docent_app
grant execute on function docent.mastery(theta double precision, skill_theta double precision, skill_difficulty double precision) to public
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
CREATE OR REPLACE FUNCTION docent.may_change_content(owner uuid, department uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return docent.has_scope('content:write') and (
    docent.acts_as('admin')
    or docent.granted('content:write', 'organization')
    or owner = docent.caller_id()
      and (docent.acts_as('trainer') or docent.granted('content:write', 'own'))
    or department = any (docent.caller_departments()) and docent.granted('content:write', 'department'));
end $function$

grant execute on function docent.may_change_content(owner uuid, department uuid) to public
CREATE OR REPLACE FUNCTION docent.may_change_people()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$ begin return docent.acts_as('admin') and (docent.has_scope('directory:write') or docent.has_scope('scim')); end $function$

grant execute on function docent.may_change_people() to public
CREATE OR REPLACE FUNCTION docent.may_change_people_of(department uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return docent.has_scope('directory:write') and (
    docent.granted('directory:write', 'organization')
    or department = any (docent.caller_departments()) and docent.granted('directory:write', 'department'));
end $function$

grant execute on function docent.may_change_people_of(department uuid) to public
CREATE OR REPLACE FUNCTION docent.move_department()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  execute format('update %s set department_id = $1 where org_id = $2 and user_id = $3', tg_argv[0]::regclass)
    using new.department_id, new.org_id, new.id;
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.note_completion()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  insert into docent.analytics_events (org_id, id, event_type, user_id, metadata)
  values (new.org_id, gen_random_uuid(),
    case when new.completed_at is null then 'learning_completion_undone' else 'learning_completed' end,
    new.user_id,
    jsonb_strip_nulls(jsonb_build_object('progressId', new.id, 'courseId', new.course_id, 'skillId', new.skill_id,
      'completedAt', new.completed_at, 'source', new.source)));
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.note_department()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.department_id := (select u.department_id from docent.users u where u.org_id = new.org_id and u.id = new.user_id);
  return new;
end $function$

grant execute on function docent.note_department() to public
CREATE OR REPLACE FUNCTION docent.note_feedback()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  insert into docent.recommend_exposures (org_id, item_id, shown, enrolled)
    select n.org_id, n.item_id, count(*) filter (where n.shown_at is not null and o.shown_at is null),
      count(*) filter (where n.enrolled_at is not null and o.enrolled_at is null)
    from after_change n
    join before_change o on o.org_id = n.org_id and o.id = n.id
    where n.shown_at is not null and o.shown_at is null or n.enrolled_at is not null and o.enrolled_at is null
    group by n.org_id, n.item_id
    order by n.org_id, n.item_id
  on conflict (org_id, item_id) do update
    set shown = recommend_exposures.shown + excluded.shown, enrolled = recommend_exposures.enrolled + excluded.enrolled;
  -- What was dismissed must be in no list any more.
  insert into docent.learner_states (org_id, user_id)
    select distinct n.org_id, n.user_id
    from after_change n
    join before_change o on o.org_id = n.org_id and o.id = n.id
    where n.dismissed_at is distinct from o.dismissed_at
    order by n.org_id, n.user_id
  on conflict (org_id, user_id) do update set version = learner_states.version + 1;
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.note_uptake()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  update docent.recommendations r
  set enrolled_at = coalesce(r.enrolled_at, c.begun_at),
    completed_at = case when c.completed_at <= r.shown_at + interval '90 days' then c.completed_at end
  from (
    select p.org_id, p.user_id, coalesce(p.course_id, p.skill_id) as item_id,
      coalesce(p.started_at, p.completed_at) as begun_at, p.completed_at
    from changed p
    where p.status in ('in_progress', 'completed')
  ) c
  where r.org_id = c.org_id and r.user_id = c.user_id and r.item_id = c.item_id and r.shown_at is not null
    and c.begun_at between r.shown_at and r.shown_at + interval '14 days'
    and (r.enrolled_at is null or r.completed_at is null and c.completed_at is not null);
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.open_session()
 RETURNS bytea
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  key bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
  for i in 0 .. 31 loop
    inner_pad := set_byte(inner_pad, i, get_byte(inner_pad, i) # get_byte(key, i));
    outer_pad := set_byte(outer_pad, i, get_byte(outer_pad, i) # get_byte(key, i));
  end loop;
  delete from docent_private.sessions s
    where s.server_started <> pg_postmaster_start_time()
      or s.pid <> pg_backend_pid() and not exists (select from pg_stat_activity a where a.pid = s.pid);
  insert into docent_private.sessions
    values (pg_backend_pid(), pg_postmaster_start_time(), inner_pad, outer_pad)
    on conflict (pid) do nothing;
  if not found then
    raise exception 'the key of this connection has been given out' using errcode = '55000';
  end if;
  return key;
end $function$

grant execute on function docent.open_session() to docent_app
grant execute on function docent.open_session() to public
CREATE OR REPLACE FUNCTION docent.pass_on_draft()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  update docent.assessment_questions
     set draft = new.status = 'draft'
   where org_id = new.org_id
     and assessment_id = new.id;
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.pass_rights_on()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update docent.content_versions
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  update docent.chunks
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  update docent.chunk_search
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  update docent.chunk_embeddings
    set readers = new.readers, owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  update docent.passage_labels
    set owner_id = new.created_by, department_id = new.department_id
    where org_id = new.org_id and content_id = new.id;
  return null;
end $function$

grant execute on function docent.pass_rights_on() to public
CREATE OR REPLACE FUNCTION docent.place_department()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and new.parent_id is not distinct from old.parent_id then
    -- Only the trigger below writes a path.
    if pg_trigger_depth() = 1 then new.path := old.path; end if;
    return new;
  end if;
  -- One at a time: two moves that each look fine could together make a ring.
  perform pg_advisory_xact_lock(hashtextextended('docent.departments:' || new.org_id, 0));
  new.path := coalesce((select d.path || d.id from docent.departments d
    where d.org_id = new.org_id and d.id = new.parent_id), '{}');
  if new.id = new.parent_id or new.id = any (new.path) then
    raise exception 'a department cannot be below itself'
      using errcode = '23514', constraint = 'departments_ring', table = 'departments';
  end if;
  return new;
end $function$

grant execute on function docent.place_department() to public
CREATE OR REPLACE FUNCTION docent.place_departments_below()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  update docent.departments d
    set path = new.path || new.id || d.path[cardinality(old.path) + 2 :]
    where d.org_id = new.org_id and d.path @> array[new.id];
  return null;
end $function$

grant execute on function docent.place_departments_below() to public
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
CREATE OR REPLACE FUNCTION docent.principal_holds()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL RESTRICTED SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  seal text := current_setting('app.seal', true);
  i bytea;
  o bytea;
begin
  if seal is null or seal = '' then return false; end if;
  select s.inner_pad, s.outer_pad into i, o from docent_private.sessions s where s.pid = pg_backend_pid();
  if seal is distinct from encode(sha256(o || sha256(i || timestamptz_send(now()) || convert_to(concat_ws(
    e'\x1f', current_setting('app.org_id', true), current_setting('app.user_id', true),
    current_setting('app.role', true), current_setting('app.department_ids', true),
    current_setting('app.department_path', true), current_setting('app.scopes', true),
    current_setting('app.grants', true), current_setting('app.api_key_id', true),
    current_setting('app.issuer', true), current_setting('app.request_id', true),
    current_setting('app.ip', true), current_setting('app.user_agent', true)), 'UTF8'))), 'hex')
  then
    raise exception 'the principal of this transaction was changed' using errcode = '42501';
  end if;
  return true;
end $function$

grant execute on function docent.principal_holds() to docent_app
grant execute on function docent.principal_holds() to public
CREATE OR REPLACE FUNCTION docent.protect_audit_partition(part text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table docent_audit.%I enable row level security', part);
  execute format('alter table docent_audit.%I force row level security', part);
  execute format('create trigger append_only_truncate before truncate on docent_audit.%I
    for each statement execute function docent.refuse_change()', part);
end $function$

CREATE OR REPLACE FUNCTION docent.question_is_used(org uuid, question uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  -- The owner of the tables may see all organizations: who asks about another one learns nothing.
  if org is distinct from docent.caller_org() then return false; end if;
  return exists (select from docent.attempt_answers a where a.org_id = org and a.question_id = question)
    or exists (
      select from docent.assessment_questions q
      join docent.assessment_attempts t on t.org_id = q.org_id and t.assessment_id = q.assessment_id
      where q.org_id = org and q.id = question and t.status = 'open' and question = any (t.question_ids));
end $function$

grant execute on function docent.question_is_used(org uuid, question uuid) to docent_app
grant execute on function docent.question_is_used(org uuid, question uuid) to public
CREATE OR REPLACE FUNCTION docent.quote_lexeme(l text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select '''' || replace(replace(l, '\', '\\'), '''', '''''') || '''' $function$

grant execute on function docent.quote_lexeme(l text) to docent_app
grant execute on function docent.quote_lexeme(l text) to public
CREATE OR REPLACE FUNCTION docent.readers_of(status text, visibility text, departments uuid[], roles text[], users uuid[], owner uuid, department uuid)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case when status <> 'published' or visibility <> 'organization' then
    array['r:admin', 'r:worker', 'w']
    || array(select 'u:' || u::text from unnest(array[owner]) u where u is not null)
    || array(select 'w:' || d::text from unnest(array[department]) d where d is not null)
    || case when status <> 'published' then array['-'] else
        array(select 'd:' || d::text from unnest(departments) d)
        || array(select 'r:' || r from unnest(roles) r)
        || array(select 'u:' || u::text from unnest(users) u) end
    end
$function$

grant execute on function docent.readers_of(status text, visibility text, departments uuid[], roles text[], users uuid[], owner uuid, department uuid) to public
CREATE OR REPLACE FUNCTION docent.reads_evaluations()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select docent.acts_as('trainer', 'admin') or docent.granted('evaluations:read', 'organization')
    or docent.granted('evaluations:write', 'organization')
$function$

grant execute on function docent.reads_evaluations() to docent_app
grant execute on function docent.reads_evaluations() to public
CREATE OR REPLACE FUNCTION docent.recommend_taste(org uuid, of_generation bigint, items uuid[], item_weights double precision[], next_weight double precision, together_weight double precision, similar_weight double precision, linear_weight double precision)
 RETURNS TABLE(item_id uuid, taste double precision, next_part double precision, together_part double precision, similar_part double precision, linear_part double precision)
 LANGUAGE plpgsql
 STABLE ROWS 200
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  with signals as (
    select l.to_id,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'next'), 0) as next,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'together'), 0) as together,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'similar'), 0) as similar,
      coalesce(sum(h.weight * l.score) filter (where l.signal = 'linear'), 0) as linear
    from unnest(items, item_weights) h (item, weight)
    -- One look into the key for each item of the history, whatever the planner thinks of a table just filled.
    cross join lateral (
      select k.signal, k.to_id, k.score
      from docent.recommend_links k
      where k.org_id = org and k.generation = of_generation and k.from_id = h.item
        and (k.signal <> 'next' or next_weight > 0) and (k.signal <> 'together' or together_weight > 0)
        and (k.signal <> 'similar' or similar_weight > 0) and (k.signal <> 'linear' or linear_weight > 0)
      offset 0
    ) l
    where l.to_id <> all (items)
    group by l.to_id
  ),
  parts as (
    select s.to_id,
      next_weight * coalesce(s.next / nullif(max(s.next) over (), 0), 0) as next,
      together_weight * coalesce(s.together / nullif(max(s.together) over (), 0), 0) as together,
      similar_weight * coalesce(s.similar / nullif(max(s.similar) over (), 0), 0) as similar,
      linear_weight * coalesce(s.linear / nullif(greatest(max(s.linear) over (), 0), 0), 0) as linear
    from signals s
  )
  select t.to_id, t.total / t.best, t.next / t.best, t.together / t.best, t.similar / t.best, t.linear / t.best
  from (
    select p.*, p.next + p.together + p.similar + p.linear as total,
      max(p.next + p.together + p.similar + p.linear) over () as best
    from parts p
  ) t
  where t.total > 0;
end $function$

grant execute on function docent.recommend_taste(org uuid, of_generation bigint, items uuid[], item_weights double precision[], next_weight double precision, together_weight double precision, similar_weight double precision, linear_weight double precision) to docent_app
grant execute on function docent.recommend_taste(org uuid, of_generation bigint, items uuid[], item_weights double precision[], next_weight double precision, together_weight double precision, similar_weight double precision, linear_weight double precision) to public
CREATE OR REPLACE FUNCTION docent.recommendation_subject(org uuid, person uuid)
 RETURNS TABLE(user_id uuid, role text, department_id uuid, department_path text[], job_title text, goal text, row_state text, profiling boolean, mastery_stale boolean, version bigint, catalogue bigint, generation bigint, settings jsonb, built_at timestamp with time zone, weights jsonb)
 LANGUAGE plpgsql
 STABLE ROWS 1
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  select u.id, u.role, u.department_id, coalesce(d.path, '{}')::text[], u.job_title,
    nullif(trim(u.learning_profile ->> 'goal'), ''),
    md5(concat_ws('|', u.role, u.department_id, u.job_title, u.learning_profile,
      o.settings -> 'recommendationWeights')),
    coalesce(s.profiling, true), coalesce(s.mastery_stale, false), coalesce(s.version, 0)::bigint,
    coalesce(v.version, 0)::bigint, m.generation::bigint, m.settings, m.built_at,
    o.settings -> 'recommendationWeights'
  from docent.users u
  join docent.organizations o on o.org_id = org
  left join docent.departments d on d.org_id = org and d.id = u.department_id
  left join docent.learner_states s on s.org_id = org and s.user_id = u.id
  left join docent.learning_versions v on v.org_id = org
  left join docent.recommend_models m on m.org_id = org
  where u.org_id = org
    and u.id = person
    and u.deleted_at is null
    and (u.id = docent.caller_id()
      or docent.acts_as('admin')
      or docent.granted('recommendations', 'organization')
      or (docent.acts_as('hr_manager') or docent.granted('recommendations', 'department'))
        and u.department_id = any (docent.caller_departments()));
end $function$

grant execute on function docent.recommendation_subject(org uuid, person uuid) to docent_app
grant execute on function docent.recommendation_subject(org uuid, person uuid) to public
CREATE OR REPLACE FUNCTION docent.record_action(org uuid, what text, kind text, id text, facts jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  if not docent.principal_holds() or org is distinct from docent.caller_org() then
    raise exception 'an action is recorded in the own organization' using errcode = '42501';
  end if;
  insert into docent.audit_pending
  values (org, pg_current_xact_id(), nextval('docent.audit_statements'), 1, docent.audit_actor(), what, kind, id,
    '{}', facts, nullif(current_setting('app.request_id', true), ''),
    nullif(current_setting('app.ip', true), ''), nullif(current_setting('app.user_agent', true), ''));
end $function$

grant execute on function docent.record_action(org uuid, what text, kind text, id text, facts jsonb) to docent_app
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
      -- Also those of one chunk only: what a misspelt word was meant to be may stand in one place.
      where ndoc > 0;
    insert into docent.search_stats (org_id, config, chunk_count)
      select org, c, count(*) from docent.chunk_search where org_id = org and config = c;
  end loop;
end $function$

grant execute on function docent.refresh_search_statistics(org uuid) to docent_app
grant execute on function docent.refresh_search_statistics(org uuid) to public
CREATE OR REPLACE FUNCTION docent.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = '42501';
end $function$

grant execute on function docent.refuse_change() to public
CREATE OR REPLACE FUNCTION docent.request_mastery_replay()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  insert into docent.mastery_replays (org_id, user_id, from_time)
    select c.org_id, c.user_id, min(c.answered_at)
    from changed c
    -- Not for answers that go with their person.
    where exists (select from docent.users u where u.org_id = c.org_id and u.id = c.user_id)
    group by c.org_id, c.user_id
    -- Everybody takes the rows in the same order: no deadlock between two batches.
    order by c.org_id, c.user_id
  on conflict (org_id, user_id) do update
    set from_time = least(excluded.from_time, mastery_replays.from_time), requested_at = now();
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.retention(stability double precision, last_practised timestamp with time zone, at timestamp with time zone)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select power(1 + 0.98037 * greatest(0, extract(epoch from at - last_practised)::float8 / 86400) / stability, -0.1542)
$function$

grant execute on function docent.retention(stability double precision, last_practised timestamp with time zone, at timestamp with time zone) to docent_app
grant execute on function docent.retention(stability double precision, last_practised timestamp with time zone, at timestamp with time zone) to public
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
CREATE OR REPLACE FUNCTION docent.skill_gaps(org uuid, person uuid)
 RETURNS TABLE(skill_id uuid, required integer, importance double precision, known double precision, gap double precision)
 LANGUAGE plpgsql
 STABLE ROWS 20
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
begin
  return query
  select t.skill_id, t.required, t.importance, k.known,
    greatest(0, t.required - (1 + 4 * coalesce(k.known, 0))) / 4
  from (
    select t.skill_id, max(t.level) as required, max(t.importance) as importance
    from docent.users u
    left join docent.departments d on d.org_id = org and d.id = u.department_id
    join docent.skill_targets t
      on t.org_id = org
      and (t.job_role is null or lower(t.job_role) = lower(u.job_title))
      and (t.department_id is null or t.department_id = u.department_id or t.department_id = any (d.path))
    where u.org_id = org and u.id = person
    group by t.skill_id
  ) t
  left join docent.learner_skills(org, person) k on k.skill_id = t.skill_id;
end $function$

grant execute on function docent.skill_gaps(org uuid, person uuid) to docent_app
grant execute on function docent.skill_gaps(org uuid, person uuid) to public
CREATE OR REPLACE FUNCTION docent.stored_bytes()
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
  select coalesce(sum(v.size_bytes), 0)::bigint
  from docent.content_versions v
  where v.org_id = nullif(current_setting('app.org_id', true), '')::uuid
$function$

grant execute on function docent.stored_bytes() to public
CREATE OR REPLACE FUNCTION docent.take_back_statement(statement uuid, by_statement uuid)
 RETURNS TABLE(answers integer, keys jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
declare
  org constant uuid := docent.caller_org();
  caller constant uuid := docent.caller_id();
begin
  update docent.xapi_statements s
     set voided_by = by_statement
   where s.org_id = org
     and s.id = statement
     and s.voided_by is null
     and docent.has_scope('progress:write')
     and (s.created_by = caller and (s.user_id is null or s.user_id = caller)
       or s.user_id is distinct from caller and docent.writes_progress_of(s.user_id, s.department_id));
  if not found then return; end if;

  delete from docent.attempt_answers a where a.org_id = org and a.statement_id = statement;
  get diagnostics answers = row_count;
  delete from docent.assessment_attempts a where a.org_id = org and a.statement_id = statement;
  with gone as (
    delete from docent.progress_events e
    where e.org_id = org and e.statement_id = statement
    returning e.user_id, e.course_id, e.skill_id
  )
  select coalesce(jsonb_agg(jsonb_build_object('userId', g.user_id, 'courseId', g.course_id, 'skillId', g.skill_id)), '[]')
    into keys
    from gone g;
  return next;
end $function$

grant execute on function docent.take_back_statement(statement uuid, by_statement uuid) to docent_app
grant execute on function docent.take_back_statement(statement uuid, by_statement uuid) to public
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
CREATE OR REPLACE FUNCTION docent.touch_catalogue()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  insert into docent.learning_versions (org_id)
    select distinct c.org_id
    from changed c
    where exists (select from docent.organizations o where o.org_id = c.org_id)
    order by c.org_id
  on conflict (org_id) do update set version = learning_versions.version + 1;
  return null;
end $function$

CREATE OR REPLACE FUNCTION docent.touch_learners()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'docent', 'public', 'pg_temp'
AS $function$
begin
  insert into docent.learner_states (org_id, user_id)
    select distinct c.org_id, c.user_id
    from changed c
    where exists (select from docent.users u where u.org_id = c.org_id and u.id = c.user_id)
    order by c.org_id, c.user_id
  on conflict (org_id, user_id) do update set version = learner_states.version + 1;
  return null;
end $function$

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
CREATE OR REPLACE PROCEDURE docent.unaudit(IN t regclass)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('drop trigger audit_insert on %s', t);
  execute format('drop trigger audit_update on %s', t);
  execute format('drop trigger audit_delete on %s', t);
end $procedure$

CREATE OR REPLACE FUNCTION docent.validity(effective_from timestamp with time zone, expires_at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case when expires_at <= now() then 'expired' when effective_from > now() then 'upcoming'
    else 'effective' end
$function$

grant execute on function docent.validity(effective_from timestamp with time zone, expires_at timestamp with time zone) to public
CREATE OR REPLACE FUNCTION docent.words(config text, body text)
 RETURNS tsvector
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
AS $function$
declare
  plain text := docent.plain_words(body);
  folded text := docent.fold(plain);
  found tsvector := to_tsvector(config::regconfig, plain);
  joined text := docent.compound_words(config, body);
begin
  if folded = plain and joined is null then return found; end if;
  return concat_ws(' ', docent.fold(found::text),
    case when folded <> plain then to_tsvector(config::regconfig, folded)::text end, joined);
end $function$

grant execute on function docent.words(config text, body text) to docent_app
grant execute on function docent.words(config text, body text) to public
CREATE OR REPLACE FUNCTION docent.writes_progress_of(person uuid, department uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return docent.has_scope('progress:write') and (person = docent.caller_id()
    or docent.acts_as('admin') or docent.granted('progress:write', 'organization')
    or (docent.acts_as('hr_manager') or docent.granted('progress:write', 'department'))
      and department = any (docent.caller_departments()));
end $function$

grant execute on function docent.writes_progress_of(person uuid, department uuid) to docent_app
grant execute on function docent.writes_progress_of(person uuid, department uuid) to public
