-- Up Migration

-- Questions of drafts are for those who write them: a policy reads only its row, so each question says whether its
-- assessment is a draft. Given when it is added, passed on when the assessment changes.
alter table docent.assessment_questions add column draft boolean;

alter table docent.assessment_questions no force row level security;
alter table docent.assessments no force row level security;
alter table docent.assessment_questions disable trigger user;
update docent.assessment_questions q
   set draft = exists (
     select from docent.assessments a
     where a.org_id = q.org_id and a.id = q.assessment_id and a.status = 'draft');
alter table docent.assessment_questions enable trigger user;
alter table docent.assessment_questions force row level security;
alter table docent.assessments force row level security;
alter table docent.assessment_questions alter column draft set not null;

-- As whoever adds it: those who may add questions read drafts.
create function docent.fill_draft() returns trigger
  language plpgsql set search_path = docent, public, pg_temp as $$
begin
  new.draft := exists (
    select from docent.assessments a
    where a.org_id = new.org_id and a.id = new.assessment_id and a.status = 'draft');
  return new;
end $$;
revoke all on function docent.fill_draft() from public;

create function docent.pass_on_draft() returns trigger
  language plpgsql set search_path = docent, public, pg_temp as $$
begin
  update docent.assessment_questions
     set draft = new.status = 'draft'
   where org_id = new.org_id
     and assessment_id = new.id;
  return null;
end $$;
revoke all on function docent.pass_on_draft() from public;

create trigger fill_draft before insert on docent.assessment_questions for each row
  when (new.draft is null) execute function docent.fill_draft();
create trigger pass_on_draft after update of status on docent.assessments for each row
  when ((old.status = 'draft') is distinct from (new.status = 'draft'))
  execute function docent.pass_on_draft();

drop policy read on docent.assessment_questions;
create policy read on docent.assessment_questions for select
  using ((select docent.acts_as('learner', 'trainer', 'hr_manager', 'admin')) and not draft
    or (select docent.edits_learning()));

-- That a question is published with its assessment is in the entry of the assessment.
call docent.audit('docent.assessment_questions', 'assessment_question', ignored => array['draft']);

-- In one registration nobody fails after having passed (cmi5): such statements are kept and lead to nothing.
alter table docent.xapi_statements drop constraint xapi_statements_effect_check;
alter table docent.xapi_statements add constraint xapi_statements_effect_check check (effect in ('none', 'progress',
  'attempt', 'answer', 'unknown_actor', 'unknown_activity', 'not_trusted', 'after_passed'));
create index xapi_statements_registration on docent.xapi_statements (org_id, user_id, registration, activity)
  where registration is not null;

-- Down Migration

drop index docent.xapi_statements_registration;
alter table docent.xapi_statements drop constraint xapi_statements_effect_check;
alter table docent.xapi_statements no force row level security;
alter table docent.xapi_statements disable trigger user;
update docent.xapi_statements set effect = 'none' where effect = 'after_passed';
alter table docent.xapi_statements enable trigger user;
alter table docent.xapi_statements force row level security;
alter table docent.xapi_statements add constraint xapi_statements_effect_check check (effect in ('none', 'progress',
  'attempt', 'answer', 'unknown_actor', 'unknown_activity', 'not_trusted'));

call docent.audit('docent.assessment_questions', 'assessment_question');
drop policy read on docent.assessment_questions;
create policy read on docent.assessment_questions for select
  using ((select docent.acts_as('learner', 'trainer', 'hr_manager', 'admin')));
drop trigger pass_on_draft on docent.assessments;
drop trigger fill_draft on docent.assessment_questions;
drop function docent.pass_on_draft();
drop function docent.fill_draft();
alter table docent.assessment_questions drop column draft;
