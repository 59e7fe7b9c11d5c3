-- Up Migration

-- What was uploaded together is watched together, also after the page was closed.
alter table docent.content add column upload_batch uuid;
create index content_upload_batch on docent.content (org_id, upload_batch) where upload_batch is not null;

-- Down Migration

drop index docent.content_upload_batch;
alter table docent.content drop column upload_batch;
