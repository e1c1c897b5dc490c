create or replace trigger a_skill_is_of_its_interactions_posting
  after insert on posting_skills
  referencing new table as added
  for each statement execute function refuse_foreign_skills();
comment on trigger a_skill_is_of_its_interactions_posting on posting_skills is 'Invariant 3 for saved skills.';
