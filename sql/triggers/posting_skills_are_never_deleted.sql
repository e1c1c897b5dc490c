create or replace trigger posting_skills_are_never_deleted
  before delete or truncate on posting_skills
  for each statement execute function refuse_deletion();
comment on trigger posting_skills_are_never_deleted on posting_skills is 'Invariant 1: nothing is deleted, by no role.';
