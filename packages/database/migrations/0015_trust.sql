-- Up Migration

-- When content counts -----------------------------------------------------------------------------

-- From when and until when; null: always. What is not in effect is found by nobody, but it is no secret.
alter table docent.content
  add column effective_from timestamptz,
  add column expires_at timestamptz,
  add constraint content_in_effect check (expires_at > effective_from);
-- Searches leave out what these two find: the rows that are not in effect, not those that are.
create index content_effective_from on docent.content (org_id, effective_from) where effective_from is not null;
create index content_expires_at on docent.content (org_id, expires_at) where expires_at is not null;

create function docent.validity(effective_from timestamptz, expires_at timestamptz) returns text
  language sql stable parallel safe as
$$
  select case when expires_at <= now() then 'expired' when effective_from > now() then 'upcoming'
    else 'effective' end
$$;

-- Where a version's text stands -------------------------------------------------------------------

-- [{"start": 0, "place": {…, "headingPath": […]}}, …] in the order of the text: the place from there to the next
-- one. It stays when chunks of a newer version replace this one's.
alter table docent.content_versions add column places jsonb;

-- Labels of passages ------------------------------------------------------------------------------

-- What those who look after a content should read: passages that speak to a model instead of to a reader.
create table docent.passage_labels (
  org_id uuid not null references docent.organizations (org_id) on delete cascade,
  id uuid not null,
  content_id uuid not null,
  version int not null,
  -- Null: found in the file, in what is not part of the text.
  chunk_id uuid,
  label text not null check (label in ('suspicious')),
  -- The rule that it met.
  reason text not null,
  -- UTF-16 code units of the version's text, end exclusive.
  start_offset int,
  end_offset int,
  excerpt text not null,
  -- SHA-256 of rule and passage: what was reviewed stays reviewed while a new version says the same.
  fingerprint bytea not null,
  dismissed_at timestamptz,
  dismissed_by uuid,
  note text,
  owner_id uuid,
  department_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (org_id, id),
  check ((start_offset is null) = (end_offset is null)),
  check (chunk_id is null or start_offset < end_offset),
  foreign key (org_id, content_id, version)
    references docent.content_versions (org_id, content_id, version) on delete cascade,
  foreign key (org_id, chunk_id) references docent.chunks (org_id, id) on delete cascade,
  foreign key (org_id, dismissed_by) references docent.users (org_id, id) on delete set null (dismissed_by)
);
create index passage_labels_content on docent.passage_labels (org_id, content_id, version, start_offset, id);
create index passage_labels_chunk on docent.passage_labels (org_id, chunk_id) where chunk_id is not null;
create index passage_labels_dismissed_by on docent.passage_labels (org_id, dismissed_by)
  where dismissed_by is not null;

call docent.fence('docent.passage_labels');

-- For whoever may change the content; policies read only their own row.
create function docent.inherit_owner() returns trigger language plpgsql as $$
begin
  select c.created_by, c.department_id into new.owner_id, new.department_id
    from docent.content c
    where c.org_id = new.org_id and c.id = new.content_id;
  return new;
end $$;
create trigger inherit_owner before insert on docent.passage_labels
  for each row execute function docent.inherit_owner();

create policy read on docent.passage_labels for select
  using (docent.may_change_content(owner_id, department_id));
create policy add on docent.passage_labels for insert
  with check (docent.acts_as('worker'));
create policy change on docent.passage_labels for update
  using (docent.may_change_content(owner_id, department_id))
  with check (docent.may_change_content(owner_id, department_id));
create policy remove on docent.passage_labels for delete
  using (docent.acts_as('worker'));

-- On record is what people decide; that labels come and go with versions says nothing.
call docent.audit('docent.passage_labels', 'passage_label',
  ignored => array['owner_id', 'department_id', 'excerpt', 'fingerprint']);
drop trigger audit_insert on docent.passage_labels;
drop trigger audit_delete on docent.passage_labels;

create or replace function docent.pass_rights_on() returns trigger language plpgsql as $$
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
end $$;

-- Down Migration

create or replace function docent.pass_rights_on() returns trigger language plpgsql as $$
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
  return null;
end $$;

drop table docent.passage_labels;
drop function docent.inherit_owner();
alter table docent.content_versions drop column places;
drop index docent.content_expires_at;
drop index docent.content_effective_from;
alter table docent.content drop column effective_from, drop column expires_at;
drop function docent.validity(timestamptz, timestamptz);
