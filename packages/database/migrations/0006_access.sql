-- Up Migration

-- API keys ----------------------------------------------------------------------------------------

alter table docent.api_keys
  -- Second part of the token: live, test, demo.
  add column env text not null default 'live' check (env ~ '^[a-z]{1,10}$'),
  add column description text,
  add column created_by uuid,
  add column rate_limit_per_minute int check (rate_limit_per_minute between 1 and 1000000),
  add column last_used_ip text,
  add column revoked_by uuid,
  add column revoke_reason text,
  -- The key that this one replaces.
  add column rotated_from text,
  add constraint api_keys_created_by foreign key (org_id, created_by) references docent.users (org_id, id)
    on delete set null (created_by),
  add constraint api_keys_revoked_by foreign key (org_id, revoked_by) references docent.users (org_id, id)
    on delete set null (revoked_by),
  add constraint api_keys_rotated_from foreign key (org_id, rotated_from) references docent.api_keys (org_id, id)
    on delete set null (rotated_from);
create index api_keys_owner on docent.api_keys (org_id, user_id, created_at desc);
create index api_keys_maker on docent.api_keys (org_id, created_by) where created_by is not null;
create index api_keys_revoker on docent.api_keys (org_id, revoked_by) where revoked_by is not null;
create unique index api_keys_successor on docent.api_keys (org_id, rotated_from) where rotated_from is not null;

-- Sign-in -----------------------------------------------------------------------------------------

-- Whose access tokens are believed. A token says issuer and audience, and these lead to one organization: the
-- one unique constraint across organizations.
create table docent.issuers (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  name text not null,
  issuer text not null,
  audience text not null,
  jwks_uri text not null,
  algorithms text[] not null
    check (cardinality(algorithms) > 0 and algorithms <@ array['RS256', 'PS256', 'ES256', 'EdDSA']),
  -- Whoever has a token and no identity yet becomes a learner.
  create_people boolean not null,
  -- The issuer makes sure that e-mail addresses are their owners'.
  link_by_email boolean not null,
  department_id uuid,
  -- Where a token has a person's name and e-mail: names of members, outermost first.
  name_claim text[] not null,
  email_claim text[] not null,
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  constraint issuers_bound_once unique (issuer, audience),
  foreign key (org_id, department_id) references docent.departments (org_id, id)
    on delete set null (department_id)
);
create index issuers_department on docent.issuers (org_id, department_id) where department_id is not null;

-- Who a person is to an issuer. An e-mail address is none: it changes hands.
create table docent.identities (
  org_id uuid not null,
  id uuid not null,
  issuer_id uuid not null,
  subject text not null,
  user_id uuid not null,
  -- How it came: an administrator linked it, the e-mail address did, or the person was created with it.
  linked_by text not null check (linked_by in ('administrator', 'email', 'creation')),
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (org_id, id),
  unique (org_id, issuer_id, subject),
  foreign key (org_id, issuer_id) references docent.issuers (org_id, id) on delete cascade,
  foreign key (org_id, user_id) references docent.users (org_id, id) on delete cascade
);
create index identities_person on docent.identities (org_id, user_id);

call docent.fence('docent.issuers');
call docent.fence('docent.identities');

-- The organization of an issuer is not known before its row is read: by its name, to read that row only.
drop policy organization on docent.issuers;
create policy organization_or_issuer on docent.issuers as restrictive for select
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid
    or issuer = nullif(current_setting('app.issuer', true), ''));
create policy organization_insert on docent.issuers as restrictive for insert
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy organization_update on docent.issuers as restrictive for update
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);
create policy organization_delete on docent.issuers as restrictive for delete
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

-- Who decides whose tokens are believed could let themselves in as anybody: only a caller whom nothing
-- narrows may.
create policy look_up on docent.issuers for select
  using (issuer = nullif(current_setting('app.issuer', true), ''));
create policy read on docent.issuers for select
  using ((select docent.acts_as('admin') and docent.has_scope('directory:read')));
create policy add on docent.issuers for insert
  with check (docent.acts_as('admin') and docent.has_scope('*'));
create policy change on docent.issuers for update
  using (docent.acts_as('admin') and docent.has_scope('*'))
  with check (docent.acts_as('admin') and docent.has_scope('*'));
create policy remove on docent.issuers for delete
  using (docent.acts_as('admin') and docent.has_scope('*'));

create policy read on docent.identities for select
  using (user_id = (select docent.caller_id())
    or (select docent.acts_as('admin') and docent.has_scope('directory:read')));
create policy add on docent.identities for insert
  with check (docent.acts_as('admin') and docent.has_scope('*'));
create policy change on docent.identities for update
  using (docent.acts_as('worker')) with check (docent.acts_as('worker'));
create policy remove on docent.identities for delete
  using (docent.acts_as('admin') and docent.has_scope('*'));

-- Security events ---------------------------------------------------------------------------------

-- What an administrator should look at. Nothing refers to users and keys by a foreign key: the event outlives
-- them.
create table docent.security_events (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  at timestamptz not null default now(),
  kind text not null,
  -- How many times since the last one of this kind, key, person and address: a flood is one row a minute.
  count int not null check (count > 0),
  user_id uuid,
  api_key_id text,
  issuer_id uuid,
  -- SHA-256 of issuer and subject.
  identity_hash text,
  ip text not null,
  user_agent text not null,
  request_id text not null,
  details jsonb not null,
  primary key (org_id, id)
);
create index security_events_time on docent.security_events (org_id, at desc, id desc);
create index security_events_kind on docent.security_events (org_id, kind, at desc, id desc);

call docent.fence('docent.security_events');
revoke update on docent.security_events from docent_app;
create policy read on docent.security_events for select
  using ((select docent.acts_as('admin') and docent.has_scope('audit:read')
    or docent.granted('audit:read', 'organization')));
create policy add on docent.security_events for insert
  with check (docent.acts_as('worker'));
-- Addresses are personal data: they are kept for a year.
create policy remove on docent.security_events for delete
  using (docent.acts_as('worker') and at < now() - interval '365 days');

-- On record ---------------------------------------------------------------------------------------

call docent.audit('docent.api_keys', 'api_key', masked => array['secret_hash'], ignored => array['last_used_ip']);
call docent.audit('docent.issuers', 'issuer');
call docent.audit('docent.identities', 'identity', masked => array['subject']);

-- Down Migration

call docent.unaudit('docent.api_keys');
drop table docent.security_events;
drop table docent.identities;
drop table docent.issuers;
alter table docent.api_keys
  drop column env,
  drop column description,
  drop column created_by,
  drop column rate_limit_per_minute,
  drop column last_used_ip,
  drop column revoked_by,
  drop column revoke_reason,
  drop column rotated_from;
drop index docent.api_keys_owner;
